//! The members of a workspace and of what lies inside it, with the versions that declare them.

use super::shape::Member;
use super::shape::Shape::{Anything, Choice, Count, Flag, Object, Objects, Rules, Text, Texts};

/// How much of the outside a managed network lets its members reach, from open to closed.
pub(super) const ISOLATION_MODES: &[&str] =
    &["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];

const ON_OFF: &[&str] = &["Enabled", "Disabled"];

/// `properties` of a workspace. The PATCH dates before 2024-04-01 are from general knowledge of those versions.
pub(super) const WORKSPACE: &[Member] = &[
    Member::read_only("workspaceId", Text),
    Member::new("friendlyName", Text).patch("2018-11-19", "2018-03-01"),
    Member::new("description", Text).patch("2018-11-19", "2018-03-01"),
    Member::new("storageAccount", Text),
    Member::new("keyVault", Text),
    Member::new("applicationInsights", Text).patch("2022-05-01", "2022-01-01"),
    Member::new("containerRegistry", Text).patch("2022-05-01", "2022-01-01"),
    Member::read_only("discoveryUrl", Text),
    Member::read_only("provisioningState", Text),
    Member::read_only("creationTime", Text),
    Member::new("hbiWorkspace", Flag).since("2020-01-01", "2020-02-18"),
    Member::new("encryption", Object(ENCRYPTION))
        .since("2020-01-01", "2020-02-18")
        .patch("2023-10-01", "2023-06-01"),
    Member::read_only("serviceProvisionedResourceGroup", Text).since("2020-01-01", "2020-02-18"),
    Member::new("imageBuildCompute", Text)
        .since("2020-03-01", "2020-05-01")
        .patch("2021-01-01", "2021-03-01"),
    Member::new("allowPublicAccessWhenBehindVnet", Flag).since("2020-03-01", "2020-05-01"),
    Member::read_only("privateLinkCount", Count).since("2020-03-01", "2020-05-01"),
    Member::read_only("privateEndpointConnections", Anything).since("2020-03-01", "2020-05-01"),
    Member::new("sharedPrivateLinkResources", Objects(SHARED_LINK)).since("2020-03-01", "2020-05-01"),
    Member::read_only("notebookInfo", Anything).since("2020-04-01", "2021-03-01"),
    Member::new("primaryUserAssignedIdentity", Text)
        .since("2021-01-01", "2021-03-01")
        .patch("2021-01-01", "2021-03-01"),
    Member::new("serviceManagedResourcesSettings", Object(MANAGED_RESOURCES))
        .since("2021-01-01", "2021-03-01")
        .patch("2021-01-01", "2021-03-01"),
    Member::read_only("tenantId", Text).since("2021-04-01", "2021-03-01"),
    Member::new("publicNetworkAccess", Choice(ON_OFF))
        .since("2021-07-01", "2022-01-01")
        .patch("2021-07-01", "2022-01-01"),
    Member::read_only("storageHnsEnabled", Flag).since("2021-07-01", "2022-01-01"),
    Member::read_only("mlFlowTrackingUri", Text).since("2021-07-01", "2022-01-01"),
    Member::new("v1LegacyMode", Flag).since("2022-05-01", "2022-06-01").patch("2023-10-01", "2023-06-01"),
    Member::new("featureStoreSettings", Object(FEATURE_STORE))
        .since("2023-10-01", "2022-12-01")
        .patch("2023-10-01", "2023-02-01"),
    Member::new("systemDatastoresAuthMode", Choice(&["AccessKey", "Identity", "UserDelegationSAS"]))
        .since("2025-06-01", "2022-12-01")
        .patch("2025-06-01", "2024-10-01"),
    Member::new("managedNetwork", Object(MANAGED_NETWORK))
        .since("2023-10-01", "2022-12-01")
        .patch("2023-10-01", "2022-12-01"),
    Member::new("associatedWorkspaces", Texts).since("2024-04-01", "2023-04-01"),
    Member::new("enableDataIsolation", Flag)
        .since("2024-04-01", "2023-04-01")
        .patch("2024-04-01", "2023-06-01"),
    Member::new("hubResourceId", Text).since("2024-04-01", "2023-04-01"),
    Member::new("workspaceHubConfig", Object(HUB_CONFIG)).since("2024-04-01", "2023-06-01"),
    Member::new("serverlessComputeSettings", Object(SERVERLESS))
        .since("2023-10-01", "2023-08-01")
        .patch("2024-04-01", "2023-08-01"),
    Member::new("enableServiceSideCMKEncryption", Flag).since("2025-06-01", "2024-07-01"),
    Member::new("provisionNetworkNow", Flag).since("2025-06-01", "2024-10-01"),
    Member::new("allowRoleAssignmentOnRG", Flag).preview("2024-07-01").patch("", "2024-07-01"),
    Member::new("enableSoftwareBillOfMaterials", Flag).preview("2024-01-01").patch("", "2024-01-01"),
    Member::new("ipAllowlist", Texts).preview("2024-01-01").patch("", "2024-01-01"),
    Member::new("networkAcls", Object(NETWORK_ACLS)).preview("2024-10-01").patch("", "2024-10-01"),
    Member::new("softDeleteRetentionInDays", Count).preview("2023-02-01").patch("", "2023-06-01"),
    Member::new("containerRegistries", Texts).preview("2023-04-01"),
    Member::new("existingWorkspaces", Texts).preview("2023-04-01"),
    Member::new("keyVaults", Texts).preview("2023-04-01"),
    Member::new("storageAccounts", Texts).preview("2023-04-01"),
    Member::new("enableSimplifiedCmk", Flag).preview("2024-07-01"),
    Member::read_only("agentsEndpointUri", Text).preview("2024-10-01"),
    // Members of single old previews, and those that are answered and never declared.
    Member::new("batchaiWorkspace", Text).preview("2018-03-01"),
    Member::new("allowRecoverSoftDeletedWorkspace", Flag).preview("2022-01-01"),
    Member::read_only("softDeleteEnabled", Flag).preview("2022-01-01"),
    Member::read_only("softDeletedAt", Text).preview("2022-06-01"),
    Member::read_only("scheduledPurgeDate", Text).preview("2022-06-01"),
    Member::read_only("linkedModelInventoryArmId", Text).preview(""),
    Member::read_only("sdkTelemetryAppInsightsKey", Text).preview(""),
    Member::read_only("sasGetterUri", Text).preview(""),
];

/// Members that are answered at versions that do not declare them: recorded at 2024-04-01 in 2025, and for
/// `enableDataIsolation` at 2022-10-01-preview in 2023.
pub(super) const ALWAYS_ANSWERED: &[&str] = &[
    "creationTime",
    "softDeleteEnabled",
    "linkedModelInventoryArmId",
    "sdkTelemetryAppInsightsKey",
    "allowRoleAssignmentOnRG",
    "ipAllowlist",
    "networkAcls",
    "enableSoftwareBillOfMaterials",
    "enableDataIsolation",
];

/// Members that a PATCH carries at every version, although only previews declare them: the service's own SDK counts on
/// it at 2025-12-01.
pub(super) const ALWAYS_PATCHED: &[&str] = &["allowRoleAssignmentOnRG", "networkAcls"];

/// Members that keep the value of the workspace's creation.
pub(super) const FIXED: &[&str] = &[
    "storageAccount",
    "keyVault",
    "hbiWorkspace",
    "enableDataIsolation",
    "hubResourceId",
    "enableServiceSideCMKEncryption",
];

/// `encryption`. The three `…ArmId` spellings are those of the service's own deployment template.
pub(super) const ENCRYPTION: &[Member] = &[
    Member::new("status", Choice(ON_OFF)),
    Member::new("keyVaultProperties", Object(ENCRYPTION_KEY)),
    Member::new("identity", Object(&[Member::new("userAssignedIdentity", Text)])),
    Member::new("cosmosDbResourceId", Text),
    Member::new("storageAccountResourceId", Text),
    Member::new("searchAccountResourceId", Text),
    Member::new("cosmosDbArmId", Text),
    Member::new("storageAccountArmId", Text),
    Member::new("searchAccountArmId", Text),
];

const ENCRYPTION_KEY: &[Member] = &[
    Member::new("keyVaultArmId", Text),
    Member::new("keyIdentifier", Text),
    Member::new("identityClientId", Text),
];

const SHARED_LINK: &[Member] = &[
    Member::new("name", Text),
    Member::new(
        "properties",
        Object(&[
            Member::new("privateLinkResourceId", Text),
            Member::new("groupId", Text),
            Member::new("requestMessage", Text),
            Member::new("status", Choice(LINK_STATES)),
        ]),
    ),
];

/// How far a private link connection has come.
pub(super) const LINK_STATES: &[&str] = &["Pending", "Approved", "Rejected", "Disconnected", "Timeout"];

const MANAGED_RESOURCES: &[Member] =
    &[Member::new("cosmosDb", Object(&[Member::new("collectionsThroughput", Count)]))];

const FEATURE_STORE: &[Member] = &[
    Member::new("computeRuntime", Object(&[Member::new("sparkRuntimeVersion", Text)])),
    Member::new("offlineStoreConnectionName", Text),
    Member::new("onlineStoreConnectionName", Text),
    Member::new("allowRoleAssignmentsOnResourceGroupLevel", Flag),
];

const MANAGED_NETWORK: &[Member] = &[
    Member::new("isolationMode", Choice(ISOLATION_MODES)),
    Member::new("outboundRules", Rules),
    Member::new("firewallSku", Choice(&["Standard", "Basic"])),
    Member::new("managedNetworkKind", Choice(&["V1", "V2"])),
    Member::new("enableNetworkMonitor", Flag),
    Member::new("enableFirewallLog", Flag),
    Member::read_only("networkId", Text),
    Member::read_only("status", Anything),
    Member::read_only("firewallPublicIpAddress", Text),
    Member::read_only("changeableIsolationModes", Texts),
];

const HUB_CONFIG: &[Member] = &[
    Member::new("additionalWorkspaceStorageAccounts", Texts),
    Member::new("defaultWorkspaceResourceGroup", Text),
];

const SERVERLESS: &[Member] =
    &[Member::new("serverlessComputeCustomSubnet", Text), Member::new("serverlessComputeNoPublicIP", Flag)];

const NETWORK_ACLS: &[Member] = &[
    Member::new("defaultAction", Choice(&["Allow", "Deny"])),
    Member::new("ipRules", Objects(&[Member::new("value", Text)])),
    Member::read_only("bypass", Text),
    Member::read_only("resourceAccessRules", Anything),
];

/// Members of a managed network that later versions added, as (name, first stable, first preview).
pub(super) const NETWORK_SINCE: &[(&str, &str, &str)] = &[
    ("status", "2023-10-01", "2023-04-01"),
    ("firewallSku", "2024-10-01", "2024-10-01"),
    ("managedNetworkKind", "2025-04-01", "2024-10-01"),
    ("enableNetworkMonitor", "2025-09-01", "2024-10-01"),
    ("enableFirewallLog", "2025-09-01", ""),
    ("firewallPublicIpAddress", "2025-04-01", "2024-10-01"),
    ("changeableIsolationModes", "", "2023-08-01"),
];
