//! The casings that Microsoft documents for the namespaces and types that a workspace meets.

/// Namespaces with the types in them whose casing is known.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "Microsoft.Authorization",
        &[
            "locks",
            "policyAssignments",
            "privateLinkAssociations",
            "resourceManagementPrivateLinks",
            "roleAssignments",
            "roleDefinitions",
        ],
    ),
    ("Microsoft.Cache", &["redis"]),
    ("Microsoft.CognitiveServices", &["accounts"]),
    ("Microsoft.ContainerRegistry", &["registries"]),
    ("Microsoft.ContainerService", &["managedClusters"]),
    ("Microsoft.DocumentDB", &["databaseAccounts"]),
    ("Microsoft.Insights", &["actionGroups", "components", "diagnosticSettings", "metricAlerts"]),
    ("Microsoft.KeyVault", &["vaults", "managedHSMs"]),
    (
        "Microsoft.MachineLearningServices",
        &[
            "capabilityHosts",
            "computes",
            "connections",
            "datastores",
            "locations",
            "managedNetworks",
            "onlineEndpoints",
            "outboundRules",
            "privateEndpointConnections",
            "privateLinkResources",
            "registries",
            "workspaces",
            "workspaceOperationsStatus",
        ],
    ),
    ("Microsoft.ManagedIdentity", &["userAssignedIdentities", "federatedIdentityCredentials"]),
    ("Microsoft.Management", &["managementGroups"]),
    (
        "Microsoft.Network",
        &[
            "applicationSecurityGroups",
            "networkInterfaces",
            "networkSecurityGroups",
            "privateDnsZoneConfigs",
            "privateDnsZoneGroups",
            "privateDnsZones",
            "privateEndpoints",
            "privateLinkServices",
            "publicIPAddresses",
            "subnets",
            "virtualNetworkLinks",
            "virtualNetworks",
        ],
    ),
    ("Microsoft.Notebooks", &[]),
    ("Microsoft.OperationalInsights", &["workspaces"]),
    ("Microsoft.Resources", &["deployments", "resourceGroups", "subscriptions"]),
    ("Microsoft.Search", &["searchServices"]),
    ("Microsoft.Storage", &["storageAccounts", "blobServices", "fileServices", "containers", "shares"]),
];

/// The documented casing of a namespace, or the text as given.
pub(super) fn namespace(text: &str) -> String {
    KNOWN
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(text))
        .map_or(text, |(known, _)| known)
        .to_owned()
}

/// The documented casing of a type in a namespace, or the text as given.
pub(super) fn kind(namespace: &str, text: &str) -> String {
    KNOWN
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(namespace))
        .and_then(|(_, kinds)| kinds.iter().find(|kind| kind.eq_ignore_ascii_case(text)))
        .map_or(text, |kind| kind)
        .to_owned()
}
