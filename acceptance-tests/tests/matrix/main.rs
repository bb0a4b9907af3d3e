//! The attribute matrix: for every attribute in the schema, every way its value can change, with the exact request of each.
//!
//! `providers schema` says which attributes there are; one without a row in `rows.rs` fails the matrix. Every attribute has
//! a workspace of its own, and all of them take each step in one configuration, so that a step costs one plan and one apply.

mod attribute;
mod rows;
mod steps;

use acceptance_tests::{Provider, Workdir, every_cli};
use serde_json::Value;

#[test]
fn every_attribute_of_the_schema_has_a_row() {
    every_cli(|cli| {
        let dir = Workdir::new(cli, &Provider::azureml());
        let schema = dir.provider_schema("azureml/azureml");
        let mut declared = Vec::new();
        paths(&schema["resource_schemas"]["azureml_workspace"]["block"], "", &mut declared);
        declared.sort();
        let mut covered: Vec<String> = rows::rows().iter().map(|row| row.path.to_owned()).collect();
        covered.sort();
        let missing: Vec<_> = declared.iter().filter(|path| !covered.contains(path)).collect();
        let stale: Vec<_> = covered.iter().filter(|path| !declared.contains(path)).collect();
        assert!(
            missing.is_empty(),
            "the matrix has no values for {missing:?}: add rows to tests/matrix/rows.rs"
        );
        assert!(stale.is_empty(), "the matrix has rows for {stale:?}, which the schema does not have");
    });
}

#[test]
fn every_attribute_takes_every_step() {
    every_cli(steps::all);
}

/// The paths of all leaves: attributes, members of nested attributes, attributes of blocks.
fn paths(block: &Value, prefix: &str, found: &mut Vec<String>) {
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        let path = format!("{prefix}{name}");
        match attribute.get("nested_type") {
            Some(nested) => paths(nested, &format!("{path}."), found),
            None => found.push(path),
        }
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        paths(&nested["block"], &format!("{prefix}{name}."), found);
    }
}
