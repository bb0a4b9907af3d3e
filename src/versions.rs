//! The API versions of types that are not this provider's own, but that its resources refer to.

use arm::providers::{self, ResourceType};
use arm::{Client, Context, Error, ResourceId, machine_learning, network, private_dns, resource_management};

/// A type whose version is known without asking, so that nobody needs rights on the subscription for it.
pub(crate) struct Known {
    /// The type.
    kind: &'static str,
    /// A version that serves it.
    pub(crate) version: &'static str,
    /// Whether the same serves the connections of its private endpoints.
    pub(crate) connections: bool,
}

const fn with_connections(kind: &'static str, version: &'static str) -> Known {
    Known { kind, version, connections: true }
}

const fn alone(kind: &'static str, version: &'static str) -> Known {
    Known { kind, version, connections: false }
}

/// What workspaces stand on, and what endpoints and links refer to.
const KNOWN: &[Known] = &[
    with_connections("Microsoft.MachineLearningServices/workspaces", machine_learning::API_VERSION),
    with_connections("Microsoft.Storage/storageAccounts", "2023-05-01"),
    with_connections("Microsoft.KeyVault/vaults", "2023-07-01"),
    with_connections(network::PRIVATE_LINK_SERVICE, network::API_VERSION),
    alone("Microsoft.Insights/components", "2020-02-02"),
    alone("Microsoft.ContainerRegistry/registries", "2023-07-01"),
    alone("Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31"),
    alone("Microsoft.Network/virtualNetworks", network::API_VERSION),
    alone("Microsoft.Network/virtualNetworks/subnets", network::API_VERSION),
    alone("Microsoft.Network/applicationSecurityGroups", network::API_VERSION),
    alone("Microsoft.Network/privateDnsZones", private_dns::API_VERSION),
    alone("Microsoft.Authorization/resourceManagementPrivateLinks", resource_management::API_VERSION),
];

/// What is known of a type.
pub(crate) fn known(kind: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.kind.eq_ignore_ascii_case(kind))
}

/// The version of a resource's type: the one that is known, or what its resource provider says. Nothing where the subscription
/// has no such type.
pub(crate) async fn of(client: &Client, id: &ResourceId, cx: &Context) -> Result<Option<String>, Error> {
    let kind = id.resource_type();
    match known(&kind) {
        Some(known) => Ok(Some(known.version.to_owned())),
        None => asked(client, id, &[kind.split_once('/').unwrap_or_default().1], cx).await,
    }
}

/// What the resource provider of a resource says of the first of these types that it has.
pub(crate) async fn asked(
    client: &Client,
    id: &ResourceId,
    types: &[&str],
    cx: &Context,
) -> Result<Option<String>, Error> {
    let namespace = id.namespace().unwrap_or_default();
    let provider = ResourceId::provider(id.subscription_id().unwrap_or_default(), namespace)?;
    let found = providers::find(client, &provider, cx).await?;
    Ok(newest(&found.map(|provider| provider.resource_types).unwrap_or_default(), types))
}

/// The newest version that is no preview, of the first of these types that there is.
fn newest(there: &[ResourceType], types: &[&str]) -> Option<String> {
    let of = |name: &&str| there.iter().find(|one| one.resource_type.eq_ignore_ascii_case(name));
    let versions = &types.iter().find_map(of)?.api_versions;
    let stable = versions.iter().filter(|version| !version.contains("preview")).max();
    stable.or_else(|| versions.iter().max()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, versions: &[&str]) -> ResourceType {
        ResourceType {
            resource_type: name.to_owned(),
            locations: Vec::new(),
            api_versions: versions.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn previews_are_taken_only_where_there_is_nothing_else() {
        let types = [
            kind("servers", &["2021-11-01", "2024-05-01-preview", "2023-08-01"]),
            kind("new", &["2025-01-01-preview", "2025-03-01-preview"]),
            kind("registries", &["2025-01-01"]),
            kind("registries/PrivateEndpointConnections", &["2023-07-01"]),
        ];
        let newest = |wanted: &[&str]| newest(&types, wanted);
        assert_eq!(newest(&["servers/none", "servers"]).as_deref(), Some("2023-08-01"));
        assert_eq!(newest(&["new"]).as_deref(), Some("2025-03-01-preview"));
        let connections = ["registries/privateEndpointConnections", "registries"];
        assert_eq!(newest(&connections).as_deref(), Some("2023-07-01"), "that of connections");
        assert_eq!(newest(&["other"]), None);
    }
}
