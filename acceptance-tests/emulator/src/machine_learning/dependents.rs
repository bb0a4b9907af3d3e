//! The resources that a workspace names: whether they are there, and whether they will do.

use serde_json::Value;

use super::refusal;
use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::providers;
use crate::store::Document;

const NAMESPACE: &str = "Microsoft.MachineLearningServices";

/// Members that name a resource, and its type.
const TYPES: &[(&str, &str)] = &[
    ("storageAccount", "Microsoft.Storage/storageAccounts"),
    ("keyVault", "Microsoft.KeyVault/vaults"),
    ("applicationInsights", "Microsoft.Insights/components"),
    ("containerRegistry", "Microsoft.ContainerRegistry/registries"),
];

/// The resource that a member names, refused when it is not there. In another subscription that one must have registered
/// the service's namespace.
pub(super) fn find<'a>(
    azure: &'a Azure,
    workspace: &ResourceId,
    member: &str,
    text: &str,
) -> Result<&'a Document, ArmError> {
    let wanted = TYPES.iter().find(|(name, _)| *name == member).map_or("", |(_, kind)| *kind);
    let id = ResourceId::parse(text).filter(|id| id.group.is_some() && id.is(wanted)).ok_or_else(|| {
        refusal::invalid(format!("'{text}' is not the ID of a resource of type '{wanted}'."), member)
    })?;
    if !id.subscription.eq_ignore_ascii_case(&workspace.subscription) {
        known_subscription(azure, &id)?;
        providers::require_registered(azure, &id.subscription, NAMESPACE)?;
    }
    azure.store.get(&id).ok_or_else(|| {
        ArmError::bad_request(format!("The resource '{text}' that {member} names was not found."))
            .target(member)
    })
}

fn known_subscription(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    match azure.caller.may_refer_to(&id.subscription) {
        true => Ok(()),
        // A subscription of another tenant cannot be told from one that does not exist.
        false => Err(ArmError::new(
            403,
            "LinkedAuthorizationFailed",
            format!(
                "The client has permission to perform action 'Microsoft.MachineLearningServices/workspaces/write', however the current tenant '{}' is not authorized to access linked subscription '{}'.",
                azure.caller.tenant, id.subscription
            ),
        )),
    }
}

/// A registry must let an administrator sign in to be attached.
pub(super) fn check_registry(document: &Document) -> Result<(), ArmError> {
    match document.at("/properties/adminUserEnabled") {
        Value::Bool(true) => Ok(()),
        _ => Err(ArmError::bad_request(format!(
            "The container registry '{}' must have its admin user enabled to be attached to a workspace.",
            document.id
        ))
        .target("containerRegistry")),
    }
}

/// What makes a storage account unfit to be the default one; the service finds it while it creates the workspace. The
/// first sentence is recorded, the others are not.
pub(super) fn storage_failure(document: &Document, kind: &str) -> Option<ArmError> {
    let sku = document.text("/sku/name");
    let account = document.text("/kind");
    if document.at("/properties/isHnsEnabled") == &Value::Bool(true) && kind != "FeatureStore" {
        return Some(ArmError::bad_request("Cannot use storage with HNS enabled."));
    }
    if sku.to_ascii_lowercase().starts_with("premium") {
        return Some(ArmError::bad_request("Cannot use premium storage."));
    }
    if ["BlobStorage", "BlockBlobStorage", "FileStorage"].iter().any(|k| k.eq_ignore_ascii_case(account)) {
        return Some(ArmError::bad_request(format!("Cannot use storage of kind {account}.")));
    }
    None
}
