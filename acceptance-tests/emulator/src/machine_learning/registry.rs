//! The container registry that the service makes for a workspace on first use, which nobody asked for.

use serde_json::{Value, json};

use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::store::Document;

/// Lets the registry of a workspace appear, as the first image build does: named by the workspace's own ID without
/// hyphens, in the workspace's group. Answers the registry's ID.
pub fn appear(azure: &mut Azure, workspace: &ResourceId) -> Result<Value, ArmError> {
    let document = azure.store.get(workspace).ok_or_else(|| ArmError::resource_not_found(workspace))?;
    let attached = document.text("/properties/containerRegistry");
    if !attached.is_empty() {
        return Ok(json!({ "id": attached }));
    }
    let owner = ResourceId::parse(&document.id).unwrap_or_else(|| workspace.clone());
    let name = document.text("/properties/workspaceId").replace('-', "");
    let place = document.text("/location").to_owned();
    let id = owner.sibling("Microsoft.ContainerRegistry", "registries", &name);
    let body = json!({
        "id": id.to_string(),
        "name": name,
        "type": "Microsoft.ContainerRegistry/registries",
        "location": place,
        "tags": {},
        "sku": { "name": "Standard", "tier": "Standard" },
        "properties": {
            "loginServer": format!("{name}.azurecr.io"),
            "creationDate": azure.now(),
            "provisioningState": "Succeeded",
            "adminUserEnabled": true,
            "publicNetworkAccess": "Enabled",
        },
    });
    let hidden = super::keys::registry_secrets(azure);
    azure.store.put(Document { id: id.to_string(), body, hidden });
    if let Some(document) = azure.store.get_mut(workspace) {
        document.body["properties"]["containerRegistry"] = json!(id.to_string());
    }
    Ok(json!({ "id": id.to_string() }))
}
