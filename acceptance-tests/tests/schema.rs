//! The schema as the tools print it, held in a file: every change to it is a change that users see.
//!
//! `UPDATE_GOLDEN=1 cargo test -p acceptance-tests --test schema` writes the file anew.

use std::path::Path;

use acceptance_tests::{Provider, Workdir, every_cli};
use serde_json::Value;

#[test]
fn the_schema_is_as_written_down() {
    every_cli(|cli| {
        let dir = Workdir::new(cli, &Provider::azureml());
        let mut schema = dir.provider_schema("azureml/azureml");
        // Only Terraform prints these; they stay empty until something is served under them.
        for kind in ["list_resource_schemas", "action_schemas", "state_store_schemas"] {
            if let Some(dropped) = schema.as_object_mut().and_then(|all| all.remove(kind)) {
                assert!(
                    dropped.as_object().is_none_or(serde_json::Map::is_empty),
                    "{kind} are served by now"
                );
            }
        }
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/schema.json");
        // Terraform prints identities from 1.12 on; what prints them is what the file is written from.
        let identities = "resource_identity_schemas";
        if std::env::var_os("UPDATE_GOLDEN").is_some() && schema.get(identities).is_some() {
            std::fs::write(&golden, written(&schema)).expect("the golden file can be written");
        }
        let text = std::fs::read_to_string(&golden).expect("the golden file is there");
        let mut held: Value = serde_json::from_str(&text).expect("the golden file is JSON");
        if schema.get(identities).is_none() {
            held.as_object_mut().and_then(|all| all.remove(identities));
        }
        let (held, printed) = (written(&held), written(&schema));
        let differing = held.lines().zip(printed.lines()).position(|(one, other)| one != other);
        assert!(
            held == printed,
            "the schema differs from {} at line {:?}; UPDATE_GOLDEN=1 writes it anew",
            golden.display(),
            differing.map(|line| line + 1)
        );
    });
}

/// As the file has it.
fn written(schema: &Value) -> String {
    format!("{:#}\n", sorted(schema.clone()))
}

/// The same with the members of every object in order, which the tools do not promise.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
