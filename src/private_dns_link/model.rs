//! The attributes of `azureml_private_dns_link`: the one declaration of each.

use std::collections::BTreeMap;

use tfplugin::{Attr, Model};

use crate::check;
use crate::marks::*;

text_checks! {
    private_dns_link_name => check::network_name;
}

/// The link of a virtual network to a private DNS zone: what makes the network resolve the zone's names.
///
/// Zone and network may lie in different subscriptions. A network has one link to a zone, and no links to two zones of the
/// same name.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct PrivateDnsLink {
    /// Resource ID of the link.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the link: 1 to 80 letters, digits, hyphens, underscores and dots. Changing it creates a new link.
    #[attr(required, replaces, identity, equal = same_name, validate(private_dns_link_name))]
    pub(crate) name: Attr<String>,

    /// ID of the private DNS zone, in any subscription. Changing it creates a new link.
    #[attr(required, replaces_if_known, identity, equal = same_id, validate(private_dns_zone_id))]
    pub(crate) private_dns_zone_id: Attr<String>,

    /// ID of the virtual network, in any subscription. Changing it creates a new link.
    #[attr(required, replaces_if_known, api = "properties.virtualNetwork.id", equal = same_id, validate(virtual_network_id))]
    pub(crate) virtual_network_id: Attr<String>,

    /// Whether the machines of the network register their names in the zone. Defaults to `false`.
    #[attr(optional, api = "properties.registrationEnabled", default = false)]
    pub(crate) registration_enabled: Attr<bool>,

    /// What a name is that the zone does not have: with `Default` it does not exist, with `NxDomainRedirect` it is looked
    /// for on the internet. For zones whose names begin with `privatelink.` only, of which Azure makes it `Default`.
    #[attr(
        optional,
        computed,
        keep,
        api = "properties.resolutionPolicy",
        one_of("Default", "NxDomainRedirect")
    )]
    pub(crate) resolution_policy: Attr<String>,

    /// Tags of the link. They take precedence over the provider's `default_tags`.
    #[attr(optional, validate(tags))]
    pub(crate) tags: Attr<BTreeMap<String, String>>,

    /// All tags that are on the link: `tags`, the provider's `default_tags`, and those that others have added, which are
    /// kept.
    #[attr(computed)]
    pub(crate) tags_all: Attr<BTreeMap<String, String>>,

    /// How far the link itself is: `InProgress`, or `Completed` when the network resolves the zone's names.
    #[attr(computed, keep, api = "properties.virtualNetworkLinkState")]
    pub(crate) virtual_network_link_state: Attr<String>,

    /// State of the last operation on the link: `Succeeded` when it is ready.
    #[attr(computed, api = "properties.provisioningState")]
    pub(crate) provisioning_state: Attr<String>,
}
