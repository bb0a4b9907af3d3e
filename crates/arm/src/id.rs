//! Resource IDs, which Azure compares in any casing and answers in casings of its own.
//!
//! An ID is a path of scopes: a tenant (nothing), a subscription, a resource group, and after each
//! `/providers/` a namespace with nested types and names. A second `/providers/` makes an extension resource.

mod build;
mod canonical;
mod names;
mod namespace;
mod parse;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

pub use build::NameError;
pub use names::{
    check_guid, check_network_name, check_private_dns_zone_name, check_resource_group_name,
    check_subscription_id, check_workspace_name,
};
pub(crate) use namespace::namespace_of;
pub use parse::IdError;

/// The ID of a tenant-level thing, a subscription, a resource group or a resource.
///
/// Two IDs are equal in any casing. An ID prints with the casing that Microsoft documents for the namespaces and types
/// this crate knows, and as given for all others and for names.
#[derive(Clone)]
pub struct ResourceId {
    subscription: Option<String>,
    group: Option<String>,
    providers: Vec<Provider>,
    text: String,
}

/// One `/providers/<namespace>/<type>/<name>…` of an ID.
#[derive(Clone, Debug)]
struct Provider {
    namespace: String,
    path: Vec<(String, String)>,
}

impl ResourceId {
    /// Reads an ID in any casing.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        parse::parse(text)
    }

    /// The ID as it is printed, from its leading slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ID of the subscription, unless this is a thing of the tenant.
    pub fn subscription_id(&self) -> Option<&str> {
        self.subscription.as_deref()
    }

    /// The name of the resource group, unless this is a thing of a subscription or of the tenant.
    pub fn resource_group_name(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The namespace of the resource provider: of the extension, where there is one.
    pub fn namespace(&self) -> Option<&str> {
        self.providers.last().map(|provider| provider.namespace.as_str())
    }

    /// The full type, such as `Microsoft.Storage/storageAccounts`, or `Microsoft.Resources/resourceGroups`.
    pub fn resource_type(&self) -> String {
        match self.providers.last() {
            Some(provider) => {
                let types = provider.path.iter().map(|(kind, _)| kind.as_str());
                std::iter::once(provider.namespace.as_str()).chain(types).collect::<Vec<_>>().join("/")
            }
            None if self.group.is_some() => "Microsoft.Resources/resourceGroups".to_owned(),
            None => "Microsoft.Resources/subscriptions".to_owned(),
        }
    }

    /// Whether this ID is of the type, in any casing.
    pub fn is_type(&self, resource_type: &str) -> bool {
        self.resource_type().eq_ignore_ascii_case(resource_type)
    }

    /// This ID if it is of the type, or a sentence that says what was given instead.
    pub fn expect_type(self, resource_type: &str) -> Result<Self, IdError> {
        if self.is_type(resource_type) { Ok(self) } else { Err(IdError::wrong_type(&self, resource_type)) }
    }

    /// The last name: of the resource, the group or the subscription; of a bare provider, its namespace.
    pub fn name(&self) -> &str {
        match self.providers.last() {
            Some(provider) => provider.path.last().map_or(&provider.namespace, |(_, name)| name),
            None => self.group.as_deref().or(self.subscription.as_deref()).unwrap_or_default(),
        }
    }

    /// The name that belongs to a type anywhere in the ID: `segment("workspaces")`.
    pub fn segment(&self, kind: &str) -> Option<&str> {
        self.providers
            .iter()
            .flat_map(|provider| &provider.path)
            .find(|(name, _)| name.eq_ignore_ascii_case(kind))
            .map(|(_, name)| name.as_str())
    }

    /// What this ID lies in: the outer resource, the group, the subscription.
    pub fn parent(&self) -> Option<Self> {
        let mut parent = self.clone();
        if let Some(provider) = parent.providers.last_mut() {
            provider.path.pop();
            if provider.path.is_empty() {
                parent.providers.pop();
            }
        } else if parent.group.take().is_none() {
            return None;
        }
        let something = parent.subscription.is_some() || !parent.providers.is_empty();
        something.then(|| parent.printed())
    }

    /// The group that this ID lies in.
    pub fn resource_group_id(&self) -> Option<Self> {
        self.group.as_ref()?;
        Some(Self { providers: Vec::new(), ..self.clone() }.printed())
    }

    /// Sets the text from the parts.
    fn printed(mut self) -> Self {
        let mut text = String::new();
        if let Some(subscription) = &self.subscription {
            text.push_str("/subscriptions/");
            text.push_str(subscription);
        }
        if let Some(group) = &self.group {
            text.push_str("/resourceGroups/");
            text.push_str(group);
        }
        for provider in &self.providers {
            text.push_str("/providers/");
            text.push_str(&provider.namespace);
            for (kind, name) in &provider.path {
                text.push('/');
                text.push_str(kind);
                text.push('/');
                text.push_str(name);
            }
        }
        self.text = text;
        self
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResourceId({})", self.text)
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.text.to_lowercase() == other.text.to_lowercase()
    }
}

impl Eq for ResourceId {}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.to_lowercase().hash(state);
    }
}

impl FromStr for ResourceId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl AsRef<str> for ResourceId {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl serde::Serialize for ResourceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for ResourceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
