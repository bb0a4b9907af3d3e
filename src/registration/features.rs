//! What Azure Machine Learning needs which namespaces for.

/// A namespace that a feature needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    /// The namespace. The data source has it in this spelling, whatever Resource Manager's is.
    pub(super) namespace: &'static str,
    /// Why.
    pub(super) reason: &'static str,
}

/// Each feature with what it needs.
pub(super) const FEATURES: &[(&str, &[Need])] = &[
    (
        "workspace",
        &[
            need("Microsoft.MachineLearningServices", "Workspaces themselves are its resources."),
            need("Microsoft.Storage", "A workspace keeps its data in a storage account."),
            need("Microsoft.KeyVault", "A workspace keeps its secrets in a key vault."),
            need("Microsoft.ContainerRegistry", "A workspace keeps the images that it builds in a registry."),
            need(
                "Microsoft.Insights",
                "Application Insights takes what a workspace's jobs and endpoints report.",
            ),
            need("Microsoft.OperationalInsights", "Application Insights keeps its data in Log Analytics."),
            need("Microsoft.Notebooks", "Compute instances run the studio's notebooks through it."),
            need(
                "Microsoft.ManagedIdentity",
                "Workspaces and computes can work as user-assigned identities.",
            ),
        ],
    ),
    (
        "customer_managed_key",
        &[
            need(
                "Microsoft.DocumentDB",
                "With a key of your own, Azure makes a Cosmos DB account in your subscription for the workspace's metadata. For that, the application \"Azure Machine Learning\" (0736f41a-0425-4b46-bdb5-1563eff02385) needs the role Contributor on the subscription, and the identity that opens the key vault the key permissions get, wrapKey and unwrapKey.",
            ),
            need(
                "Microsoft.Search",
                "With a key of your own, Azure makes a search service in your subscription that indexes the workspace's metadata.",
            ),
            need(
                "Microsoft.Storage",
                "With a key of your own, Azure makes a storage account in your subscription for the workspace's metadata.",
            ),
            need("Microsoft.KeyVault", "The key is in a key vault."),
        ],
    ),
    (
        "managed_network",
        &[need("Microsoft.Network", "A managed network reaches other resources by private endpoints.")],
    ),
    (
        "kubernetes",
        &[
            need(
                "Microsoft.ContainerService",
                "Models are deployed to clusters of Azure Kubernetes Service.",
            ),
            need(
                "Microsoft.KubernetesConfiguration",
                "The cluster extension for machine learning is its resource.",
            ),
        ],
    ),
    (
        "private_network",
        &[need(
            "Microsoft.Network",
            "Private endpoints, private DNS zones and their links are its resources.",
        )],
    ),
];

/// The feature where none is named.
pub(super) const DEFAULT: &str = "workspace";

/// What `resource_provider_registrations = "required"` registers: what no workspace can be without.
pub(super) fn required() -> impl Iterator<Item = &'static str> {
    let needs = FEATURES.iter().filter(|(feature, _)| *feature == DEFAULT).flat_map(|(_, needs)| *needs);
    needs.map(|need| need.namespace)
}

/// The types of a namespace that this provider, or a workspace, uses.
const TYPES: &[(&str, &[&str])] = &[
    ("Microsoft.ContainerRegistry", &["registries"]),
    ("Microsoft.ContainerService", &["managedClusters"]),
    ("Microsoft.DocumentDB", &["databaseAccounts"]),
    ("Microsoft.Insights", &["components"]),
    ("Microsoft.KeyVault", &["vaults"]),
    ("Microsoft.KubernetesConfiguration", &["extensions"]),
    ("Microsoft.MachineLearningServices", &["workspaces"]),
    ("Microsoft.ManagedIdentity", &["userAssignedIdentities"]),
    ("Microsoft.Network", &["privateEndpoints", "privateDnsZones", "privateDnsZones/virtualNetworkLinks"]),
    ("Microsoft.OperationalInsights", &["workspaces"]),
    ("Microsoft.Search", &["searchServices"]),
    ("Microsoft.Storage", &["storageAccounts"]),
];

const fn need(namespace: &'static str, reason: &'static str) -> Need {
    Need { namespace, reason }
}

/// How the features spell a namespace that is one of theirs.
pub(super) fn spelled(namespace: &str) -> Option<&'static str> {
    let mut needs = FEATURES.iter().flat_map(|(_, needs)| *needs);
    needs.find(|need| need.namespace.eq_ignore_ascii_case(namespace)).map(|need| need.namespace)
}

/// The types of a namespace that are used.
pub(super) fn types(namespace: &str) -> &'static [&'static str] {
    let found = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(namespace));
    found.map_or(&[], |(_, types)| types)
}

/// Why a namespace is needed by these features; by any, where a namespace is not theirs.
pub(super) fn reasons(namespace: &str, features: &[String]) -> Vec<String> {
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        let needs = FEATURES.iter().filter(|(feature, _)| wanted(feature)).flat_map(|(_, needs)| *needs);
        let own = needs.filter(|need| need.namespace.eq_ignore_ascii_case(namespace));
        own.map(|need| need.reason.to_owned()).collect()
    };
    let named = of(&|feature| features.iter().any(|one| one == feature));
    if named.is_empty() { of(&|_| true) } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_namespace_is_needed_for_something() {
        assert_eq!(required().next(), Some("Microsoft.MachineLearningServices"));
        for (namespace, _) in TYPES {
            assert!(!reasons(namespace, &[]).is_empty(), "{namespace}");
        }
        let key = ["customer_managed_key".to_owned()];
        assert!(reasons("microsoft.documentdb", &key)[0].contains("Contributor"));
        assert_eq!(reasons("Microsoft.KeyVault", &key), ["The key is in a key vault."]);
    }
}
