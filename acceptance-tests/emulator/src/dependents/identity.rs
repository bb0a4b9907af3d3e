//! Microsoft.ManagedIdentity/userAssignedIdentities.

use serde_json::{Value, json};

use super::engine::default;
use super::{Dependent, Flow, names};
use crate::azure::{Azure, TENANT_ID};
use crate::error::ArmError;
use crate::service::{Call, Reply, ResourceType};
use crate::shape::Shape;
use crate::store::Document;

/// User-assigned identities.
pub static IDENTITIES: Dependent = Dependent {
    namespace: "Microsoft.ManagedIdentity",
    types: &[ResourceType {
        name: "userAssignedIdentities",
        api_versions: &["2024-11-30", "2023-07-31-preview", "2023-01-31", "2022-01-31-preview", "2018-11-30"],
        regional: true,
    }],
    put: BODY,
    patch: BODY,
    create: Flow::Sync(201, 200),
    delete: Flow::Sync(200, 200),
    creating: "Creating",
    check,
    fill,
    action: |_, _, _, _| None,
    beside: |_: &mut Azure, _: &Call| -> Option<Reply> { None },
    soft_delete: false,
};

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    (
        "properties",
        Shape::Object(&[
            ("tenantId", Shape::Text),
            ("principalId", Shape::Text),
            ("clientId", Shape::Text),
            ("isolationScope", Shape::OneOf(&["None", "Regional"])),
        ]),
    ),
]);

fn check(_: &Azure, call: &Call, _: Option<&Document>) -> Result<(), ArmError> {
    let name = call.id().name();
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match names::fits(name, 3, 128, good) && name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        true => Ok(()),
        false => Err(ArmError::new(
            400,
            "InvalidResourceName",
            format!(
                "The resource name '{name}' is invalid. It must start with a letter or number, be between 3 and 128 characters, and contain letters, numbers, '-' and '_' only."
            ),
        )),
    }
}

fn fill(azure: &mut Azure, _: &Call, document: &mut Document) {
    // This service answers IDs with resourcegroups in lower case.
    let id = document.id.replacen("/resourceGroups/", "/resourcegroups/", 1);
    document.body["id"] = Value::String(id);
    let (principal, client) = (azure.guid(), azure.guid());
    default(&mut document.body, "/properties/tenantId", json!(TENANT_ID));
    default(&mut document.body, "/properties/principalId", json!(principal));
    default(&mut document.body, "/properties/clientId", json!(client));
}
