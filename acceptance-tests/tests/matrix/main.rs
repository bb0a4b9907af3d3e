//! The attribute matrix: for every attribute in the schema, every way its value can change, with the exact request of each.
//!
//! `providers schema` says which types and attributes there are; one without rows in `rows/` fails the matrix. Every attribute
//! has a resource of its own, and all of a type take each step in one configuration, so that a step costs one plan and one apply.

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
        let types = schema["resource_schemas"].as_object().cloned().unwrap_or_default();
        let mut declared = Vec::new();
        for (name, schema) in &types {
            paths(&schema["block"], &format!("{name}."), &mut declared);
        }
        let kinds = rows::all();
        let of = |kind: &rows::Kind| -> Vec<String> {
            kind.rows.iter().map(|row| format!("{}.{}", kind.type_name, row.path)).collect()
        };
        let elsewhere = rows::ELSEWHERE
            .iter()
            .flat_map(|(name, paths)| paths.iter().map(move |path| format!("{name}.{path}")));
        let covered: Vec<String> = kinds.iter().flat_map(of).chain(elsewhere).collect();
        let missing: Vec<_> = declared.iter().filter(|path| !covered.contains(path)).collect();
        let stale: Vec<_> = covered.iter().filter(|path| !declared.contains(path)).collect();
        assert!(
            missing.is_empty(),
            "the matrix has no values for {missing:?}: add rows to tests/matrix/rows"
        );
        assert!(stale.is_empty(), "the matrix has rows for {stale:?}, which the schema does not have");
    });
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
