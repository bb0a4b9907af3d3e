//! The attributes of `azureml_workspace`: the one declaration of each.
//!
//! A field's comment is its documentation, its marks are its schema, its checks, its behaviour in plans, and its member in
//! Azure's document. What they cannot say is in `rules`, `plan`, `identity` and `encryption`.

use std::collections::BTreeMap;

use tfplugin::{Attr, Model};

use crate::workspace::identity::Identity;
use crate::workspace::marks::*;

/// An Azure Machine Learning workspace.
///
/// The workspace uses a storage account and a key vault that exist already, and an Application Insights component and a
/// container registry if it is given them.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Workspace {
    /// Resource ID of the workspace.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the workspace: 3 to 33 letters, digits, hyphens and underscores. Changing it creates a new workspace.
    #[attr(required, replaces, identity, equal = same_name, validate(workspace_name))]
    pub(crate) name: Attr<String>,

    /// Name of the resource group, which exists already. Changing it creates a new workspace.
    #[attr(required, replaces_if_known, identity, equal = same_name, validate(resource_group_name))]
    pub(crate) resource_group_name: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it creates a new workspace.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Region of the workspace, such as `westeurope` or `West Europe`. Defaults to the resource group's. Changing it
    /// creates a new workspace.
    #[attr(optional, computed, keep, replaces_if_known, api = "location", equal = same_location, validate(location))]
    pub(crate) location: Attr<String>,

    /// Kind of the workspace: `Default`, `Hub` or `FeatureStore`. Where none is set, Azure makes it `Default`. Changing it
    /// creates a new workspace.
    #[attr(
        optional,
        computed,
        keep,
        replaces_if_known,
        api = "kind",
        one_of("Default", "Hub", "FeatureStore")
    )]
    pub(crate) kind: Attr<String>,

    /// Name under which the studio shows the workspace.
    #[attr(optional, api = "properties.friendlyName", clear = "")]
    pub(crate) display_name: Attr<String>,

    /// What the workspace is for.
    #[attr(optional, api = "properties.description", clear = "")]
    pub(crate) description: Attr<String>,

    /// Tags of the workspace. They take precedence over the provider's `default_tags`.
    #[attr(optional, validate(tags))]
    pub(crate) tags: Attr<BTreeMap<String, String>>,

    /// All tags that are on the workspace: `tags`, the provider's `default_tags`, and those that others have added, which are
    /// kept.
    #[attr(computed)]
    pub(crate) tags_all: Attr<BTreeMap<String, String>>,

    /// Managed identities of the workspace. Defaults to a system-assigned one.
    #[attr(optional, computed, keep)]
    pub(crate) identity: Attr<Identity>,

    /// ID of the user-assigned identity that the workspace acts as, one of `identity.identity_ids`. Required where there
    /// are any.
    #[attr(optional, api = "properties.primaryUserAssignedIdentity", clear = "", equal = same_id, validate(user_assigned_identity_id))]
    pub(crate) primary_user_assigned_identity_id: Attr<String>,

    /// ID of the storage account that holds the workspace's data. It needs blobs and files, and cannot have a hierarchical
    /// namespace or be premium. Changing it creates a new workspace.
    #[attr(required, replaces_if_known, api = "properties.storageAccount", equal = same_id, validate(storage_account_id))]
    pub(crate) storage_account_id: Attr<String>,

    /// ID of the key vault that holds the workspace's secrets. Changing it creates a new workspace.
    #[attr(required, replaces_if_known, api = "properties.keyVault", equal = same_id, validate(key_vault_id))]
    pub(crate) key_vault_id: Attr<String>,

    /// ID of the Application Insights component that the workspace reports to.
    #[attr(optional, api = "properties.applicationInsights", clear = "", equal = same_id, validate(application_insights_id))]
    pub(crate) application_insights_id: Attr<String>,

    /// ID of the container registry that holds the workspace's images. Where none is set, Azure makes one when the first
    /// image is built, which does not show as drift. A registry can be exchanged for another in place, but not be taken
    /// away.
    #[attr(optional, computed, keep, api = "properties.containerRegistry", equal = same_id, validate(container_registry_id))]
    pub(crate) container_registry_id: Attr<String>,

    /// Whether the workspace can be reached from public networks: `Enabled` or `Disabled`.
    #[attr(
        optional,
        api = "properties.publicNetworkAccess",
        default = "Enabled",
        one_of("Enabled", "Disabled")
    )]
    pub(crate) public_network_access: Attr<String>,

    /// Name of the compute cluster that builds images, for registries that are reached through private endpoints. The
    /// cluster can be created afterwards.
    #[attr(optional, api = "properties.imageBuildCompute", clear = "")]
    pub(crate) image_build_compute: Attr<String>,

    /// Whether the workspace holds sensitive (high business impact) data, so that Microsoft collects less diagnostic data
    /// about it. Changing it creates a new workspace.
    #[attr(optional, computed, keep, replaces_if_known, api = "properties.hbiWorkspace")]
    pub(crate) hbi_workspace: Attr<bool>,

    /// Key of your own that encrypts what the workspace stores. Adding or removing it creates a new workspace.
    #[attr(optional, replaces_if = appears_or_goes)]
    pub(crate) customer_managed_key: Attr<CustomerManagedKey>,

    /// Name of the SKU. Where none is set, Azure makes it `Basic`.
    #[attr(optional, computed, keep, api = "sku.name", one_of("Free", "Basic", "Standard", "Premium"))]
    pub(crate) sku: Attr<String>,

    /// Whether a destroy removes the workspace for good and frees its name. Otherwise Azure keeps it, soft-deleted, for 14
    /// days. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) purge_on_destroy: Attr<bool>,

    /// Whether a create first removes a soft-deleted workspace of the same name for good, with all that it still holds.
    /// Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) purge_soft_deleted: Attr<bool>,

    /// Whether the workspace is protected from this configuration: no destroy and no replacement deletes it until `false` is applied.
    /// Azure knows nothing of it. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) deletion_protection: Attr<bool>,

    /// The immutable ID by which the workspace's own services know it.
    #[attr(computed, keep, api = "properties.workspaceId")]
    pub(crate) workspace_id: Attr<String>,

    /// Where clients find the workspace's services.
    #[attr(computed, keep, api = "properties.discoveryUrl")]
    pub(crate) discovery_url: Attr<String>,

    /// Where MLflow clients send their runs.
    #[attr(computed, keep, api = "properties.mlFlowTrackingUri")]
    pub(crate) mlflow_tracking_uri: Attr<String>,

    /// Name of the resource group that Azure made for what a workspace with a customer-managed key stores.
    #[attr(computed, keep, api = "properties.serviceProvisionedResourceGroup")]
    pub(crate) service_provisioned_resource_group: Attr<String>,

    /// The notebooks of the workspace.
    #[attr(computed, keep)]
    pub(crate) notebook_info: Attr<NotebookInfo>,

    /// State of the last operation on the workspace: `Succeeded` when it is ready.
    #[attr(computed, api = "properties.provisioningState")]
    pub(crate) provisioning_state: Attr<String>,
}

/// A key of your own that encrypts what the workspace stores.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct CustomerManagedKey {
    /// ID of the key vault that holds the key, with purge protection. Changing it creates a new workspace.
    #[attr(required, replaces_if_known, api = "properties.encryption.keyVaultProperties.keyVaultArmId", equal = same_id, validate(key_vault_id))]
    pub(crate) key_vault_id: Attr<String>,

    /// URL of one version of the key: `https://<vault>.vault.azure.net/keys/<name>/<version>`. Another version, or another key in
    /// the same vault, is taken over in place.
    #[attr(required, api = "properties.encryption.keyVaultProperties.keyIdentifier", equal = same_url, validate(key_id))]
    pub(crate) key_id: Attr<String>,

    /// ID of the user-assigned identity that reads the key, one of `identity.identity_ids`. Required where the workspace
    /// has no system-assigned one. Changing it creates a new workspace.
    #[attr(optional, replaces_if_known, api = "properties.encryption.identity.userAssignedIdentity", equal = same_id, validate(user_assigned_identity_id))]
    pub(crate) user_assigned_identity_id: Attr<String>,
}

/// The notebooks of a workspace.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct NotebookInfo {
    /// ID of the notebooks' own resource.
    #[attr(computed, api = "properties.notebookInfo.resourceId")]
    pub(crate) resource_id: Attr<String>,

    /// Host at which the notebooks are.
    #[attr(computed, api = "properties.notebookInfo.fqdn")]
    pub(crate) fqdn: Attr<String>,

    /// Whether the notebooks are reached through a private link.
    #[attr(computed, api = "properties.notebookInfo.isPrivateLinkEnabled")]
    pub(crate) is_private_link_enabled: Attr<bool>,
}
