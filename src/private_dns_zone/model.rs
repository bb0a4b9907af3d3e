//! The attributes of `azureml_private_dns_zone`: the one declaration of each.

use std::collections::BTreeMap;

use tfplugin::{Attr, Model};

use crate::check;
use crate::marks::*;

text_checks! {
    private_dns_zone_name => check::private_dns_zone_name;
}

/// A private DNS zone: names that only linked virtual networks resolve.
///
/// A workspace with a private endpoint needs two of them, whose names `provider::azureml::private_dns_zone_names` gives.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct PrivateDnsZone {
    /// Resource ID of the zone.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the zone, such as `privatelink.api.azureml.ms`. Changing it creates a new zone.
    #[attr(required, replaces, identity, equal = same_name, validate(private_dns_zone_name))]
    pub(crate) name: Attr<String>,

    /// Name of the resource group, which exists already. Changing it creates a new zone.
    #[attr(required, replaces_if_known, identity, equal = same_name, validate(resource_group_name))]
    pub(crate) resource_group_name: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it creates a new zone.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Tags of the zone. They take precedence over the provider's `default_tags`.
    #[attr(optional, validate(tags))]
    pub(crate) tags: Attr<BTreeMap<String, String>>,

    /// All tags that are on the zone: `tags`, the provider's `default_tags`, and those that others have added, which are
    /// kept.
    #[attr(computed)]
    pub(crate) tags_all: Attr<BTreeMap<String, String>>,

    /// Whether the zone is protected from this configuration: no destroy and no replacement deletes it until `false` is applied.
    /// Azure knows nothing of it. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) deletion_protection: Attr<bool>,

    /// How many record sets the zone has. The one that each zone begins with is counted.
    #[attr(computed, keep, api = "properties.numberOfRecordSets")]
    pub(crate) number_of_record_sets: Attr<i64>,

    /// How many record sets the zone may have.
    #[attr(computed, keep, api = "properties.maxNumberOfRecordSets")]
    pub(crate) max_number_of_record_sets: Attr<i64>,

    /// How many virtual networks are linked to the zone.
    #[attr(computed, keep, api = "properties.numberOfVirtualNetworkLinks")]
    pub(crate) number_of_virtual_network_links: Attr<i64>,

    /// How many virtual networks may be linked to the zone.
    #[attr(computed, keep, api = "properties.maxNumberOfVirtualNetworkLinks")]
    pub(crate) max_number_of_virtual_network_links: Attr<i64>,

    /// How many of the linked virtual networks register their machines in the zone.
    #[attr(computed, keep, api = "properties.numberOfVirtualNetworkLinksWithRegistration")]
    pub(crate) number_of_virtual_network_links_with_registration: Attr<i64>,

    /// How many of the linked virtual networks may register their machines in the zone.
    #[attr(computed, keep, api = "properties.maxNumberOfVirtualNetworkLinksWithRegistration")]
    pub(crate) max_number_of_virtual_network_links_with_registration: Attr<i64>,

    /// State of the last operation on the zone: `Succeeded` when it is ready.
    #[attr(computed, api = "properties.provisioningState")]
    pub(crate) provisioning_state: Attr<String>,
}
