//! The attributes of `azureml_private_endpoint`: the one declaration of each.
//!
//! What the marks cannot say is in `rules`, `plan`, `document` and `zone_group`.

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::schema::validators::length;
use tfplugin::{Attr, Model, Set};

use crate::private_endpoint::marks::*;

/// A private endpoint: addresses in a subnet that lead to a workspace, or to any other resource that takes private
/// connections.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct PrivateEndpoint {
    /// Resource ID of the endpoint.
    #[attr(computed, keep, equal = same_id)]
    pub(crate) id: Attr<String>,

    /// Name of the endpoint: 1 to 80 letters, digits, hyphens, underscores and dots. Changing it creates a new endpoint.
    #[attr(required, replaces, identity, equal = same_name, validate(network_name))]
    pub(crate) name: Attr<String>,

    /// Name of the resource group, which exists already. Changing it creates a new endpoint.
    #[attr(required, replaces_if_known, identity, equal = same_name, validate(resource_group_name))]
    pub(crate) resource_group_name: Attr<String>,

    /// ID of the subscription. Defaults to the provider's. Changing it creates a new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, identity_optional, equal = same_name, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// Region of the endpoint, which is that of its virtual network. Defaults to the resource group's. Changing it creates a
    /// new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, api = "location", equal = same_location, validate(location))]
    pub(crate) location: Attr<String>,

    /// ID of the subnet that gives the endpoint its addresses, in any subscription. Changing it creates a new endpoint.
    #[attr(required, replaces_if_known, api = "properties.subnet.id", equal = same_id, validate(subnet_id))]
    pub(crate) subnet_id: Attr<String>,

    /// ID of the workspace that the endpoint leads to. Either this or `private_connection_resource_id` is set; changing from
    /// one to the other with the same target is no change. Another target creates a new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, equal = same_id, validate(workspace_id))]
    pub(crate) workspace_id: Attr<String>,

    /// ID of the resource that the endpoint leads to, where that is no workspace: a storage account, a key vault, a
    /// container registry, a private link service, … Another target creates a new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, equal = same_id, validate(resource_id))]
    pub(crate) private_connection_resource_id: Attr<String>,

    /// Which group of the target's services the endpoint leads to, such as `blob`, `vault` or `registry`. Defaults to
    /// `amlworkspace` for a workspace, and is required for all else but private link services, which have none. Changing it
    /// creates a new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, equal = same_name, validate(length(1, 16), group_ids))]
    pub(crate) group_ids: Attr<BTreeSet<String>>,

    /// Name of the endpoint's end of the connection. Defaults to the endpoint's name. Changing it creates a new endpoint.
    #[attr(optional, computed, keep, replaces_if_known, equal = same_name, validate(network_name))]
    pub(crate) connection_name: Attr<String>,

    /// Whether the target's owner has to approve the connection: for those who may not approve it themselves. Defaults to
    /// `false`. Changing it creates a new endpoint.
    #[attr(optional, replaces_if_known, default = false)]
    pub(crate) manual_connection: Attr<bool>,

    /// What the target's owner reads when asked to approve. Required with `manual_connection`, and not allowed for other
    /// connections.
    #[attr(optional, validate(length(1, 140)))]
    pub(crate) request_message: Attr<String>,

    /// Addresses of your choice, where the subnet's next free ones will not do. Changing them creates a new endpoint.
    #[attr(optional, replaces_if_known)]
    pub(crate) ip_configurations: Attr<Set<IpConfiguration>>,

    /// Name of the endpoint's network interface, where Azure's own will not do. Changing it creates a new endpoint.
    #[attr(optional, replaces_if_known, api = "properties.customNetworkInterfaceName", equal = same_name, validate(network_name))]
    pub(crate) custom_network_interface_name: Attr<String>,

    /// IDs of the application security groups that the endpoint belongs to. Where none are set, those that others set are
    /// kept; an empty set takes them away.
    #[attr(optional, computed, keep, equal = same_id, validate(application_security_group_ids))]
    pub(crate) application_security_group_ids: Attr<BTreeSet<String>>,

    /// Name of the edge zone that the endpoint lies in. Changing it creates a new endpoint.
    #[attr(optional, replaces_if_known, api = "extendedLocation.name", equal = same_name, validate(length(1, 80)))]
    pub(crate) edge_zone: Attr<String>,

    /// Tags of the endpoint. They take precedence over the provider's `default_tags`.
    #[attr(optional, validate(tags))]
    pub(crate) tags: Attr<BTreeMap<String, String>>,

    /// All tags that are on the endpoint: `tags`, the provider's `default_tags`, and those that others have added, which are
    /// kept.
    #[attr(computed)]
    pub(crate) tags_all: Attr<BTreeMap<String, String>>,

    /// The private DNS zones that get the names of the endpoint. Removing it removes the group again, and with it the names,
    /// once an apply has made or changed the endpoint with it: a group that is known by an import alone stays, and a plan says
    /// so. A group that something else made, such as an Azure policy, is left alone while none is set here.
    #[attr(optional, computed, keep)]
    pub(crate) private_dns_zone_group: Attr<ZoneGroup>,

    /// Whether an apply waits until the connection is approved, and fails if it is rejected. Defaults to `false`: a pending
    /// connection is a warning. Not for an endpoint whose connection an `azureml_private_endpoint_approval` of the same
    /// configuration approves: that waits until the endpoint is made, and so neither of them would come to an end.
    #[attr(optional, default = false)]
    pub(crate) wait_for_approval: Attr<bool>,

    /// Whether the endpoint is protected from this configuration: no destroy and no replacement deletes it until `false` is applied.
    /// Azure knows nothing of it. A destroy goes by the value that was applied last. Defaults to `false`.
    #[attr(optional, default = false)]
    pub(crate) deletion_protection: Attr<bool>,

    /// Whether the connection is `Approved`, `Pending`, `Rejected` or `Disconnected`.
    #[attr(computed, keep)]
    pub(crate) connection_status: Attr<String>,

    /// What the target's owner wrote when deciding about the connection.
    #[attr(computed, keep)]
    pub(crate) connection_description: Attr<String>,

    /// What the target's service asks to be done about the connection, `None` where that is nothing.
    #[attr(computed, keep)]
    pub(crate) connection_actions_required: Attr<String>,

    /// IDs of the endpoint's network interfaces.
    #[attr(computed, keep)]
    pub(crate) network_interface_ids: Attr<Vec<String>>,

    /// Addresses of the endpoint in its subnet.
    #[attr(computed, keep)]
    pub(crate) private_ip_addresses: Attr<Vec<String>>,

    /// Names of the target with the addresses that they are to have in the virtual network, once the connection is approved.
    #[attr(computed, keep)]
    pub(crate) custom_dns_configs: Attr<Vec<CustomDnsConfig>>,

    /// What the zone group has written into each of its private DNS zones.
    #[attr(computed, keep_unless(private_dns_zone_group))]
    pub(crate) private_dns_zone_configs: Attr<Vec<ZoneConfig>>,

    /// State of the last operation on the endpoint: `Succeeded` when it is ready.
    #[attr(computed, api = "properties.provisioningState")]
    pub(crate) provisioning_state: Attr<String>,
}

/// An address of your choice.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct IpConfiguration {
    /// Name of the configuration.
    #[attr(required, equal = same_name, validate(network_name))]
    pub(crate) name: Attr<String>,

    /// The address, which is free in the subnet.
    #[attr(required, equal = same_address, validate(ip_address))]
    pub(crate) private_ip_address: Attr<String>,

    /// The group of the target's services, one of `group_ids`. Required unless the endpoint leads to a private link service.
    #[attr(optional, equal = same_name)]
    pub(crate) group_id: Attr<String>,

    /// The member of the group that is reached at the address: `default`, `notebook`, `inference` and `models` for a
    /// workspace. Required unless the endpoint leads to a private link service.
    #[attr(optional, equal = same_name)]
    pub(crate) member_name: Attr<String>,
}

/// The private DNS zones that get the names of an endpoint.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct ZoneGroup {
    /// Name of the group. Changing it replaces the group; until the new one exists, the
    /// names do not resolve. Defaults to `default`.
    #[attr(optional, default = "default", equal = same_name, validate(network_name))]
    pub(crate) name: Attr<String>,

    /// IDs of the zones, in any subscription.
    #[attr(required, equal = same_id, validate(length(1, 5), private_dns_zone_ids))]
    pub(crate) private_dns_zone_ids: Attr<BTreeSet<String>>,
}

/// A name with its addresses.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct CustomDnsConfig {
    /// The name.
    #[attr(computed)]
    pub(crate) fqdn: Attr<String>,

    /// Its addresses.
    #[attr(computed)]
    pub(crate) ip_addresses: Attr<Vec<String>>,
}

/// What the zone group has written into one zone.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct ZoneConfig {
    /// Name of the zone's part of the group.
    #[attr(computed)]
    pub(crate) name: Attr<String>,

    /// ID of the zone.
    #[attr(computed)]
    pub(crate) private_dns_zone_id: Attr<String>,

    /// The records.
    #[attr(computed)]
    pub(crate) record_sets: Attr<Vec<RecordSet>>,
}

/// Records of one name and type in a zone.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct RecordSet {
    /// Name of the records within the zone.
    #[attr(computed)]
    pub(crate) name: Attr<String>,

    /// Type of the records: `A`.
    #[attr(computed)]
    pub(crate) r#type: Attr<String>,

    /// The whole name.
    #[attr(computed)]
    pub(crate) fqdn: Attr<String>,

    /// Seconds for which an answer may be kept.
    #[attr(computed)]
    pub(crate) ttl: Attr<i64>,

    /// The addresses.
    #[attr(computed)]
    pub(crate) ip_addresses: Attr<Vec<String>>,
}
