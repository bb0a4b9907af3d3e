//! What is read from the repository: the examples, and the commands of the guide.

use std::path::Path;

use serde_json::{Value, json};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file of the examples.
pub(crate) fn example(name: &str) -> String {
    read(&format!("examples/pipelines/{name}"))
}

/// A guide's text.
pub(crate) fn guide(name: &str) -> String {
    read(&format!("docs/guides/{name}"))
}

/// A pipeline file.
pub(crate) fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&example(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The federated credentials that the guide's commands make, in their order.
pub(crate) fn records(page: &str) -> Vec<Value> {
    let parameters = page.split("--parameters '").skip(1);
    let texts = parameters.map(|rest| rest.split('\'').next().unwrap_or_default());
    texts.map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))).collect()
}

/// A record of the guide as the emulator takes it, with the issuer's address there.
pub(crate) fn record(known: &Value, issuer: &Value) -> Value {
    json!({
        "name": known["name"], "issuer": issuer, "subject": known["subject"],
        "audience": known["audiences"][0],
    })
}
