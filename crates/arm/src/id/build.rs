//! Making IDs from their parts.

use super::{Provider, ResourceId, canonical};

/// Why a text cannot be a part of a resource ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The part is an empty text.
    #[error("a part of a resource ID cannot be empty")]
    Empty,
    /// The part has a character that would end it or lead elsewhere.
    #[error("{text:?} cannot be a part of a resource ID: it contains {found:?}")]
    Character {
        /// The part.
        text: String,
        /// The character.
        found: char,
    },
    /// The name breaks the rule for names of its kind.
    #[error("{text:?} is no name of a {what}: it must be {rule}")]
    Rule {
        /// The name.
        text: String,
        /// What it should name.
        what: &'static str,
        /// What names of that kind look like.
        rule: &'static str,
    },
    /// The part is `.` or `..`, which a URL would resolve away.
    #[error("{0:?} cannot be a part of a resource ID")]
    Dots(String),
}

/// Refuses what would change the meaning of the URL that the ID becomes a part of.
pub(super) fn check_segment(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text == "." || text == ".." {
        return Err(NameError::Dots(text.to_owned()));
    }
    let bad = |c: char| {
        matches!(c, '/' | '\\' | '?' | '#' | '%' | '&' | '<' | '>' | '"')
            || c.is_control()
            || c.is_whitespace() && c != ' '
    };
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err(NameError::Character { text: text.to_owned(), found: ' ' });
    }
    match text.chars().find(|c| bad(*c)) {
        Some(found) => Err(NameError::Character { text: text.to_owned(), found }),
        None => Ok(()),
    }
}

impl ResourceId {
    /// The ID of a subscription.
    pub fn subscription(subscription: &str) -> Result<Self, NameError> {
        check_segment(subscription)?;
        let subscription = Some(subscription.to_owned());
        Ok(Self { subscription, group: None, providers: Vec::new(), text: String::new() }.printed())
    }

    /// The ID of a resource group.
    pub fn resource_group(subscription: &str, group: &str) -> Result<Self, NameError> {
        check_segment(group)?;
        let subscription = Self::subscription(subscription)?;
        Ok(Self { group: Some(group.to_owned()), ..subscription }.printed())
    }

    /// The ID of a resource provider in a subscription, such as what is registered.
    pub fn provider(subscription: &str, namespace: &str) -> Result<Self, NameError> {
        check_segment(namespace)?;
        let mut id = Self::subscription(subscription)?;
        id.providers.push(Provider { namespace: canonical::namespace(namespace), path: Vec::new() });
        Ok(id.printed())
    }

    /// The ID of a resource of `namespace` in this scope: of an extension, where this is a resource.
    pub fn resource(&self, namespace: &str, kind: &str, name: &str) -> Result<Self, NameError> {
        [namespace, kind, name].into_iter().try_for_each(check_segment)?;
        let mut id = self.clone();
        let path = vec![(canonical::kind(namespace, kind), name.to_owned())];
        id.providers.push(Provider { namespace: canonical::namespace(namespace), path });
        Ok(id.printed())
    }

    /// The ID of a resource inside this one.
    ///
    /// On a subscription or a group, which hold resources of a namespace only, use [`ResourceId::resource`]; here they
    /// take the namespace `Microsoft.Resources`.
    pub fn child(&self, kind: &str, name: &str) -> Result<Self, NameError> {
        [kind, name].into_iter().try_for_each(check_segment)?;
        let mut id = self.clone();
        let Some(provider) = id.providers.last_mut() else {
            return self.resource("Microsoft.Resources", kind, name);
        };
        let kind = canonical::kind(&provider.namespace, kind);
        provider.path.push((kind, name.to_owned()));
        Ok(id.printed())
    }

    /// The ID of a Machine Learning workspace.
    pub fn workspace(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource(
            "Microsoft.MachineLearningServices",
            "workspaces",
            name,
        )
    }

    /// The ID of a storage account.
    pub fn storage_account(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource("Microsoft.Storage", "storageAccounts", name)
    }

    /// The ID of a key vault.
    pub fn key_vault(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource("Microsoft.KeyVault", "vaults", name)
    }

    /// The ID of a user-assigned managed identity.
    pub fn user_assigned_identity(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource(
            "Microsoft.ManagedIdentity",
            "userAssignedIdentities",
            name,
        )
    }

    /// The ID of a private endpoint.
    pub fn private_endpoint(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource("Microsoft.Network", "privateEndpoints", name)
    }

    /// The ID of a private DNS zone.
    pub fn private_dns_zone(subscription: &str, group: &str, name: &str) -> Result<Self, NameError> {
        Self::resource_group(subscription, group)?.resource("Microsoft.Network", "privateDnsZones", name)
    }
}
