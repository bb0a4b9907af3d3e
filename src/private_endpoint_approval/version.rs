//! The API version in which a target takes decisions about its connections.

use arm::providers::{self, ResourceType};
use arm::{ResourceId, machine_learning};
use tfplugin::{Diagnostic, Diagnostics};

use super::{Approval, messages};
use crate::call::Call;
use crate::diagnostics;

/// What is known without asking: the targets that workspaces stand on, so that nobody needs rights on the subscription for
/// them, and private link services.
const KNOWN: &[(&str, &str)] = &[
    ("Microsoft.MachineLearningServices/workspaces", machine_learning::API_VERSION),
    ("Microsoft.Storage/storageAccounts", "2023-05-01"),
    ("Microsoft.KeyVault/vaults", "2023-07-01"),
    ("Microsoft.Network/privateLinkServices", "2024-01-01"),
];

/// The version for a connection. For types that are not known it is what their resource provider says.
pub(super) async fn of(call: &Call<Approval>, connection: &ResourceId) -> Result<String, Diagnostics> {
    let target = connection.parent().unwrap_or_else(|| connection.clone());
    let kind = target.resource_type();
    if let Some((_, version)) = KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(&kind)) {
        return Ok((*version).to_owned());
    }
    let (namespace, short) = kind.split_once('/').unwrap_or((kind.as_str(), ""));
    let provider = ResourceId::provider(target.subscription_id().unwrap_or_default(), namespace);
    let provider = provider.map_err(|error| Diagnostic::error("Invalid Name", error.to_string()))?;
    let found = providers::find(call.client(), &provider, call.context()).await;
    let found = found.map_err(|error| diagnostics::failure(messages::NO_VERSION, &error))?;
    let types = found.map(|provider| provider.resource_types).unwrap_or_default();
    newest(&types, short).ok_or_else(|| messages::takes_none(&kind).into())
}

/// The newest version that is no preview, of connections or else of their target.
fn newest(types: &[ResourceType], target: &str) -> Option<String> {
    let connections = format!("{target}/{}", super::connection::CONNECTIONS);
    let of = |name: &str| types.iter().find(|one| one.resource_type.eq_ignore_ascii_case(name));
    let versions = &of(&connections).or_else(|| of(target))?.api_versions;
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
        let newest = |target: &str| newest(&types, target);
        assert_eq!(newest("servers").as_deref(), Some("2023-08-01"));
        assert_eq!(newest("new").as_deref(), Some("2025-03-01-preview"));
        assert_eq!(newest("registries").as_deref(), Some("2023-07-01"), "that of connections");
        assert_eq!(newest("other"), None);
    }
}
