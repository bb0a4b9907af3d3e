//! `azureml_workspace`.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "workspace",
        kind: "azureml_workspace",
        prepare: |_| {},
        before: |world| config(world, "Before"),
        after: |world| config(world, "After"),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/properties/friendlyName", "After"),
        members: &[
            ("/location", Role::Fixed, Shape::Text),
            ("/kind", Role::Fixed, Shape::Word),
            ("/sku", Role::Settable, Shape::Object),
            ("/sku/name", Role::Settable, Shape::Word),
            ("/identity", Role::Settable, Shape::Object),
            ("/identity/type", Role::Settable, Shape::Word),
            ("/identity/principalId", Role::Computed, Shape::Text),
            ("/properties/friendlyName", Role::Settable, Shape::Text),
            ("/properties/description", Role::Settable, Shape::Text),
            ("/properties/storageAccount", Role::Fixed, Shape::Text),
            ("/properties/keyVault", Role::Fixed, Shape::Text),
            ("/properties/applicationInsights", Role::Settable, Shape::Text),
            ("/properties/containerRegistry", Role::Settable, Shape::Text),
            ("/properties/publicNetworkAccess", Role::Settable, Shape::Word),
            ("/properties/hbiWorkspace", Role::Fixed, Shape::Bool),
            ("/properties/workspaceId", Role::Computed, Shape::Text),
            ("/properties/discoveryUrl", Role::Computed, Shape::Text),
            ("/properties/mlFlowTrackingUri", Role::Computed, Shape::Text),
            ("/properties/notebookInfo", Role::Computed, Shape::Object),
            ("/properties/encryption", Role::Fixed, Shape::Object),
        ],
    }
}

fn config(world: &World, name: &str) -> Value {
    json!({
        "name": "wronged", "resource_group_name": World::GROUP, "location": "eastus", "kind": "Default", "sku": "Basic",
        "storage_account_id": world.dependents.id("storage_account"),
        "key_vault_id": world.dependents.id("key_vault"),
        "application_insights_id": world.dependents.id("application_insights"),
        "container_registry_id": world.dependents.id("container_registry"),
        "hbi_workspace": true, "public_network_access": "Enabled", "identity": {"type": "SystemAssigned"},
        "display_name": name, "description": "for good", "tags": {"step": name}, "purge_on_destroy": true,
        "purge_soft_deleted": true,
    })
}

fn id(_: &World) -> String {
    World::id_of("Microsoft.MachineLearningServices/workspaces/wronged")
}
