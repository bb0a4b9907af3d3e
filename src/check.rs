//! What may be written into an attribute, as pure functions from text to what is wrong with it.
//!
//! What they say follows the attribute's name: "must be …; it is …".
//! Everything that can be refused without asking Azure is refused here, at plan and at the attribute's path.

use arm::id::{self as names, NameError};
use arm::{Location, ResourceId};

/// Whether two texts are one resource ID in any casing; texts that are no IDs are compared in any casing too.
pub(crate) fn same_id(a: &str, b: &str) -> bool {
    match (ResourceId::parse(a), ResourceId::parse(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => same_name(a, b),
    }
}

/// Whether two texts are one name for Azure, which compares names in any casing.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Whether two texts are one region: `West Europe` is `westeurope`.
pub(crate) fn same_location(a: &str, b: &str) -> bool {
    Location::new(a) == Location::new(b)
}

/// The name of a workspace.
pub(crate) fn workspace_name(text: &str) -> Result<(), String> {
    names::check_workspace_name(text).map_err(rule)
}

/// The name of a resource group.
pub(crate) fn resource_group_name(text: &str) -> Result<(), String> {
    names::check_resource_group_name(text).map_err(rule)
}

/// The ID of a subscription.
pub(crate) fn subscription_id(text: &str) -> Result<(), String> {
    names::check_subscription_id(text).map_err(rule)
}

/// The name of a private DNS zone.
pub(crate) fn private_dns_zone_name(text: &str) -> Result<(), String> {
    names::check_private_dns_zone_name(text).map_err(rule)
}

/// The name of most things of the network: an endpoint, a connection, a zone group, a link.
pub(crate) fn network_name(text: &str) -> Result<(), String> {
    names::check_network_name(text, "thing of the network").map_err(rule)
}

/// A GUID.
pub(crate) fn guid(text: &str) -> Result<(), String> {
    names::check_guid(text, "thing of the tenant").map_err(rule)
}

/// The ID of a resource in a resource group, of any type.
pub(crate) fn resource_id(text: &str) -> Result<(), String> {
    let is_one = |id: &ResourceId| id.resource_group_name().is_some() && id.namespace().is_some();
    if ResourceId::parse(text).is_ok_and(|id| is_one(&id)) {
        return Ok(());
    }
    Err(format!(
        "must be the ID of a resource, /subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>; it is {text:?}"
    ))
}

/// The namespace of a resource provider.
pub(crate) fn namespace(text: &str) -> Result<(), String> {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    if text.contains('.') && text.split('.').all(word) {
        return Ok(());
    }
    Err(format!("must be the namespace of a resource provider such as \"Microsoft.Storage\"; it is {text:?}"))
}

fn rule(error: NameError) -> String {
    match error {
        NameError::Rule { text, rule, .. } => format!("must be {rule}; it is {text:?}"),
        other => format!("is no name: {other}"),
    }
}

/// A region's name in either spelling.
pub(crate) fn location(text: &str) -> Result<(), String> {
    let canonical = Location::new(text).canonical();
    if !canonical.is_empty() && canonical.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(format!("must be a region's name such as \"westeurope\" or \"West Europe\"; it is {text:?}"))
}

/// The parts of the URL of a key in a key vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyUrl<'a> {
    /// The vault's name.
    pub(crate) vault: &'a str,
    /// The host that the vault answers at.
    pub(crate) host: &'a str,
}

/// Reads `https://<vault>.<suffix>/keys/<name>/<version>`.
pub(crate) fn key_url(text: &str) -> Result<KeyUrl<'_>, String> {
    let wrong = |problem: &str| {
        Err(format!(
            "must be the URL of one version of a key, https://<vault>.vault.azure.net/keys/<name>/<version>; in {text:?} {problem}"
        ))
    };
    let Some((scheme, rest)) = text.split_once("://") else { return wrong("the \"https://\" is missing") };
    if !scheme.eq_ignore_ascii_case("https") {
        return wrong("the scheme is not https");
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default().trim_end_matches(":443");
    let name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let Some((vault, suffix)) = host.split_once('.') else {
        return wrong("the host is not that of a key vault");
    };
    if !name(vault) || !suffix.split('.').all(name) {
        return wrong("the host is not that of a key vault");
    }
    match parts.next() {
        Some(collection) if collection.eq_ignore_ascii_case("keys") => {}
        Some("secrets" | "certificates") => {
            return wrong("there is a secret or a certificate instead of a key");
        }
        _ => return wrong("\"/keys/\" does not follow the host"),
    }
    match (parts.next(), parts.next(), parts.next()) {
        (Some(key), Some(version), None) if name(key) && name(version) => Ok(KeyUrl { vault, host }),
        (Some(key), None | Some(""), None) if name(key) => wrong("the version is missing"),
        _ => wrong("the key's name and version do not follow \"/keys/\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v";

    #[test]
    fn ids_are_equal_in_any_casing() {
        assert!(same_id(VAULT, &VAULT.replace("KeyVault", "Keyvault")));
        assert!(same_id(VAULT, &VAULT.to_uppercase()));
        assert!(!same_id(VAULT, &format!("{VAULT}2")));
        assert!(same_id("", ""));
    }

    #[test]
    fn names_are_refused_by_their_rule() {
        assert_eq!(workspace_name("my-workspace"), Ok(()));
        assert_eq!(
            workspace_name("a!").unwrap_err(),
            "must be 3 to 33 letters, digits, \"-\" and \"_\", beginning with a letter or digit; it is \"a!\""
        );
        assert_eq!(
            subscription_id("mine").unwrap_err(),
            "must be a GUID such as 00000000-0000-0000-0000-000000000000; it is \"mine\""
        );
    }

    #[test]
    fn locations() {
        assert_eq!(location("West Europe"), Ok(()));
        assert!(location("west-europe").is_err());
        assert!(location(" ").is_err());
        assert!(same_location("West Europe", "westeurope"));
    }

    #[test]
    fn key_urls() {
        let url = "https://kv-1.vault.azure.net/keys/k/0123";
        assert_eq!(key_url(url), Ok(KeyUrl { vault: "kv-1", host: "kv-1.vault.azure.net" }));
        assert_eq!(key_url("https://kv.vault.azure.net:443/keys/k/0123/").unwrap().vault, "kv");
        for (bad, why) in [
            ("kv.vault.azure.net/keys/k/1", "the \"https://\" is missing"),
            ("http://kv.vault.azure.net/keys/k/1", "the scheme is not https"),
            ("https://kv/keys/k/1", "the host is not that of a key vault"),
            ("https://kv.vault.azure.net/secrets/k/1", "there is a secret or a certificate instead of a key"),
            ("https://kv.vault.azure.net/k/1", "\"/keys/\" does not follow the host"),
            ("https://kv.vault.azure.net/keys/k", "the version is missing"),
            ("https://kv.vault.azure.net/keys/k/", "the version is missing"),
            ("https://kv.vault.azure.net/keys", "the key's name and version do not follow \"/keys/\""),
        ] {
            assert!(
                key_url(bad).unwrap_err().ends_with(&format!("; in {bad:?} {why}")),
                "{bad}: {}",
                key_url(bad).unwrap_err()
            );
        }
    }
}
