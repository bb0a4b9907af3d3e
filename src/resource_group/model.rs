//! The attributes of `azureml_resource_group`, and what it says of itself to the common life.

use std::collections::BTreeMap;

use arm::{ResourceId, resources};
use tfplugin::schema::validators::length;
use tfplugin::{Attr, Model, Value};

use crate::kind::Kind;
use crate::marks::*;
use crate::thing::{self, Thing, Unnamed, Words};

/// A resource group, which holds workspaces and what they stand on.
///
/// A group that still holds resources is not destroyed, unless `force_delete` says so: Azure would delete all of them with it,
/// whoever made them.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct ResourceGroup {
    /// Resource ID of the group.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the group: 1 to 90 letters, digits, hyphens, underscores, periods and parentheses, not ending with a
    /// period. Changing it creates a new group.
    #[attr(required, replaces, identity, equal = same_name, validate(resource_group_name))]
    pub(crate) name: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it creates a new group.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Region that holds the group's own data, such as `westeurope` or `West Europe`; its resources can be in others. Changing
    /// it creates a new group.
    #[attr(required, replaces_if_known, api = "location", equal = same_location, validate(location))]
    pub(crate) location: Attr<String>,

    /// ID of the resource that manages the group for its owner, such as a managed application. Where none is set, the one
    /// that others have set stays. Azure lets nobody change it: changing it creates a new group.
    #[attr(optional, computed, keep, replaces_if_known, api = "managedBy", equal = same_id, validate(length(1, 2048)))]
    pub(crate) managed_by: Attr<String>,

    /// Tags of the group. They take precedence over the provider's `default_tags`.
    #[attr(optional, validate(tags))]
    pub(crate) tags: Attr<BTreeMap<String, String>>,

    /// All tags that are on the group: `tags`, the provider's `default_tags`, and those that others have added, which are
    /// kept.
    #[attr(computed)]
    pub(crate) tags_all: Attr<BTreeMap<String, String>>,

    /// Whether the group is protected from this configuration: no destroy and no replacement deletes it until `false` is applied.
    /// Azure knows nothing of it. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) deletion_protection: Attr<bool>,

    /// Whether a destroy deletes the group with every resource that is still in it. A destroy goes by the value that was
    /// applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) force_delete: Attr<bool>,
}

impl Thing for ResourceGroup {
    const WORDS: Words =
        Words { type_name: "azureml_resource_group", noun: "resource group", title: "Resource Group" };
    const KIND: Kind = Kind::ResourceGroup;
    const API_VERSION: &'static str = resources::API_VERSION;
    const ABOUT: &'static [(&'static str, &'static str)] =
        &[("LocationNotAvailableForResourceGroup", "location"), ("InvalidResourceGroupLocation", "location")];

    fn id(object: &Value, subscription: Option<&str>) -> Result<ResourceId, Unnamed> {
        thing::in_group(object, subscription, |subscription, _, name| {
            ResourceId::resource_group(subscription, name)
        })
    }

    fn named(id: &ResourceId) -> Vec<(&'static str, String)> {
        let subscription = id.subscription_id().unwrap_or_default();
        vec![("name", id.name().to_owned()), ("subscription_id", subscription.to_owned())]
    }
}
