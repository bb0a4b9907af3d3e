//! The rows of `azureml_private_endpoint`.

mod zones;

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, groups, in_group, timeouts};

/// A document's only connection.
macro_rules! connection {
    ($name:literal, $target:literal, $group:literal) => {
        concat!(
            r#"{"properties": {"privateLinkServiceConnections": [{"name": ""#,
            $name,
            r#"", "properties": {"privateLinkServiceId": ""#,
            $target,
            r#"", "groupIds": [""#,
            $group,
            r#""]}}]}}"#
        )
    };
}

/// The same for a connection that somebody approves.
macro_rules! asked {
    ($message:literal) => {
        concat!(
            r#"{"properties": {"privateLinkServiceConnections": "(absent)", "#,
            r#""manualPrivateLinkServiceConnections": [{"name": "{label}", "properties": {"#,
            r#""privateLinkServiceId": "{workspace}", "groupIds": ["amlworkspace"], "requestMessage": ""#,
            $message,
            r#""}}]}}"#
        )
    };
}

/// A document's only address, and the argument that gives it. The value of the row stands between marks.
macro_rules! address {
    ($name:literal, $address:literal, $member:literal) => {
        concat!(
            r#"{"properties": {"ipConfigurations": [{"name": ""#,
            $name,
            r#"", "properties": {"groupId": "amlworkspace", "memberName": ""#,
            $member,
            r#"", "privateIPAddress": ""#,
            $address,
            r#""}}]}}"#
        )
    };
}
macro_rules! addressed {
    ($name:literal, $address:literal, $group:literal, $member:literal) => {
        concat!(
            "ip_configurations = [{ name = ",
            $name,
            ", private_ip_address = ",
            $address,
            ", group_id = ",
            $group,
            ", member_name = ",
            $member,
            " }]"
        )
    };
}

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_private_endpoint",
        rows: rows(),
        names,
        usual: &[
            ("name", "\"{label}\""),
            ("resource_group_name", "\"scene-rg\""),
            ("subnet_id", "\"{subnet}\""),
            ("workspace_id", "\"{workspace}\""),
        ],
        freeing: &[],
        put: r#"{
            "location": "eastus",
            "properties": {
                "subnet": {"id": "{subnet}"},
                "privateLinkServiceConnections": [{
                    "name": "{label}",
                    "properties": {"privateLinkServiceId": "{workspace}", "groupIds": ["amlworkspace"]}
                }]
            }
        }"#,
        id: "/subscriptions/{subscription}/resourceGroups/scene-rg/providers/Microsoft.Network/privateEndpoints/{label}",
        update: "PUT",
        stays: false,
    }
}

/// Networks in three regions, and three workspaces.
fn names(scene: &Scene) -> BTreeMap<&'static str, String> {
    let mut names = groups(scene);
    let own = scene.azure.seed_network(Scene::GROUP, "own");
    names.insert("subnet", own.id("subnet").to_owned());
    names.insert("subnet_b", own.id("other_subnet").to_owned());
    let of = |rest: &str| {
        let group = format!("/subscriptions/{}/resourceGroups/{}", Emulator::SUBSCRIPTION, Scene::GROUP);
        format!("{group}/providers/Microsoft.Network/{rest}")
    };
    for (name, location) in
        [("subnet_c", "eastus"), ("subnet_west", "westus"), ("subnet_north", "northeurope")]
    {
        let id = of(&format!("virtualNetworks/{}", name.replace('_', "-")));
        let subnet = json!({"name": "endpoints", "properties": {"addressPrefix": "10.9.1.0/24"}});
        let properties = json!({"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": [subnet]});
        let body = json!({"location": location, "properties": properties});
        scene.azure.by_policy("PUT", &id, "2024-01-01", &body);
        names.insert(name, format!("{id}/subnets/endpoints"));
    }
    for name in ["asg_a", "asg_b"] {
        let id = of(&format!("applicationSecurityGroups/{}", name.replace('_', "-")));
        scene.azure.by_policy("PUT", &id, "2024-01-01", &json!({"location": "eastus"}));
        names.insert(name, id);
    }
    for (name, zone) in [("zone_a", "zone.a.example"), ("zone_b", "zone.b.example")] {
        let id = of(&format!("privateDnsZones/{zone}"));
        scene.azure.make_zone(&id);
        names.insert(name, id);
    }
    for name in ["workspace", "workspace_b", "workspace_c"] {
        let id = Scene::id_of(&name.replace('_', "-"));
        scene.azure.by_policy("PUT", &id, "2025-12-01", &scene.minimal_put());
        names.insert(name, id);
    }
    names.insert("storage", scene.dependents.id("storage_account").to_owned());
    names
}

/// Every attribute.
fn rows() -> Vec<Attribute> {
    let settable =
        [placed(), in_group(), connected(), asked_for(), addresses(), changed_in_place(), zones::in_zones()];
    [settable.concat(), computed(), zones::written(), timeouts()].concat()
}

/// What it is called and where it lies.
fn placed() -> Vec<Attribute> {
    vec![
        Attribute::new("name", Way::Replace)
            .required("name = «\"{label}\"»", "{}")
            .a("name = «\"{label}-a\"»", connection!("{label}-a", "{workspace}", "amlworkspace"))
            .b("name = «\"{label}-b\"»", connection!("{label}-b", "{workspace}", "amlworkspace"))
            .cleared_by("{}")
            .caseless(),
        Attribute::new("location", Way::Replace)
            .without("location = «\"eastus\"»", "{}")
            .a(
                "location = «\"West US\"»\nsubnet_id = \"{subnet_west}\"",
                r#"{"location": "West US", "properties": {"subnet": {"id": "{subnet_west}"}}}"#,
            )
            .b(
                "location = «\"northeurope\"»\nsubnet_id = \"{subnet_north}\"",
                r#"{"location": "northeurope", "properties": {"subnet": {"id": "{subnet_north}"}}}"#,
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("subnet_id", Way::Replace)
            .required("subnet_id = «\"{subnet}\"»", "{}")
            .a("subnet_id = «\"{subnet_b}\"»", r#"{"properties": {"subnet": {"id": "{subnet_b}"}}}"#)
            .b("subnet_id = «\"{subnet_c}\"»", r#"{"properties": {"subnet": {"id": "{subnet_c}"}}}"#)
            .cleared_by("{}")
            .caseless(),
        Attribute::new("edge_zone", Way::Replace)
            .a(
                "edge_zone = «\"losangeles\"»",
                r#"{"extendedLocation": {"name": "losangeles", "type": "EdgeZone"}}"#,
            )
            .b(
                "edge_zone = «\"newyork\"»",
                r#"{"extendedLocation": {"name": "newyork", "type": "EdgeZone"}}"#,
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("custom_network_interface_name", Way::Replace)
            .a(
                "custom_network_interface_name = «\"{label}-nic-a\"»",
                r#"{"properties": {"customNetworkInterfaceName": "{label}-nic-a"}}"#,
            )
            .b(
                "custom_network_interface_name = «\"{label}-nic-b\"»",
                r#"{"properties": {"customNetworkInterfaceName": "{label}-nic-b"}}"#,
            )
            .cleared_by("{}")
            .caseless(),
    ]
}

/// What it leads to.
fn connected() -> Vec<Attribute> {
    vec![
        Attribute::new("workspace_id", Way::Replace)
            .without("workspace_id = «\"{workspace}\"»", "{}")
            .a(
                "workspace_id = «\"{workspace_b}\"»",
                connection!("{label}", "{workspace_b}", "amlworkspace"),
            )
            .b(
                "workspace_id = «\"{workspace_c}\"»",
                connection!("{label}", "{workspace_c}", "amlworkspace"),
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("private_connection_resource_id", Way::Replace)
            .a(
                "workspace_id = null\nprivate_connection_resource_id = «\"{workspace_b}\"»",
                connection!("{label}", "{workspace_b}", "amlworkspace"),
            )
            .b(
                "workspace_id = null\nprivate_connection_resource_id = «\"{workspace_c}\"»",
                connection!("{label}", "{workspace_c}", "amlworkspace"),
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("group_ids", Way::Replace)
            .a(
                "workspace_id = null\nprivate_connection_resource_id = \"{storage}\"\ngroup_ids = «[\"blob\"]»",
                connection!("{label}", "{storage}", "blob"),
            )
            .b(
                "workspace_id = null\nprivate_connection_resource_id = \"{storage}\"\ngroup_ids = «[\"file\"]»",
                connection!("{label}", "{storage}", "file"),
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("connection_name", Way::Replace)
            .a("connection_name = «\"way-a\"»", connection!("way-a", "{workspace}", "amlworkspace"))
            .b("connection_name = «\"way-b\"»", connection!("way-b", "{workspace}", "amlworkspace"))
            .caseless(),
    ]
}

/// A connection that somebody approves, and what it says.
fn asked_for() -> Vec<Attribute> {
    vec![
        Attribute::new("manual_connection", Way::Replace)
            .a("manual_connection = «true»\nrequest_message = \"please\"", asked!("please"))
            .b("manual_connection = «false»", "{}"),
        Attribute::new("request_message", Way::Update)
            .without("manual_connection = true\nrequest_message = «\"please\"»", asked!("please"))
            .a("manual_connection = true\nrequest_message = «\"for training\"»", asked!("for training"))
            .b("manual_connection = true\nrequest_message = «\"for scoring\"»", asked!("for scoring"))
            .cleared_by(asked!("please")),
    ]
}

/// Addresses of one's choice.
fn addresses() -> Vec<Attribute> {
    // A workspace has one group.
    const GROUP: &str = addressed!("\"one\"", "\"10.0.1.206\"", "\"amlworkspace\"", "\"default\"");
    const SENT: &str = address!("one", "10.0.1.206", "default");
    vec![
        Attribute::new("ip_configurations.name", Way::Replace)
            .a(
                addressed!("«\"one\"»", "\"10.0.1.200\"", "\"amlworkspace\"", "\"default\""),
                address!("one", "10.0.1.200", "default"),
            )
            .b(
                addressed!("«\"two\"»", "\"10.0.1.200\"", "\"amlworkspace\"", "\"default\""),
                address!("two", "10.0.1.200", "default"),
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("ip_configurations.private_ip_address", Way::Replace)
            .a(
                addressed!("\"one\"", "«\"10.0.1.202\"»", "\"amlworkspace\"", "\"default\""),
                address!("one", "10.0.1.202", "default"),
            )
            .b(
                addressed!("\"one\"", "«\"10.0.1.203\"»", "\"amlworkspace\"", "\"default\""),
                address!("one", "10.0.1.203", "default"),
            )
            .cleared_by("{}"),
        Attribute::new("ip_configurations.member_name", Way::Replace)
            .a(
                addressed!("\"one\"", "\"10.0.1.204\"", "\"amlworkspace\"", "«\"default\"»"),
                address!("one", "10.0.1.204", "default"),
            )
            .b(
                addressed!("\"one\"", "\"10.0.1.204\"", "\"amlworkspace\"", "«\"notebook\"»"),
                address!("one", "10.0.1.204", "notebook"),
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("ip_configurations.group_id", Way::Fixed)
            .without(GROUP, SENT)
            .a(GROUP, SENT)
            .b(GROUP, SENT),
    ]
}

/// What needs no new endpoint.
fn changed_in_place() -> Vec<Attribute> {
    vec![
        Attribute::new("application_security_group_ids", Way::Update)
            .a(
                "application_security_group_ids = «[\"{asg_a}\"]»",
                r#"{"properties": {"applicationSecurityGroups": [{"id": "{asg_a}"}]}}"#,
            )
            .b(
                "application_security_group_ids = «[\"{asg_b}\"]»",
                r#"{"properties": {"applicationSecurityGroups": [{"id": "{asg_b}"}]}}"#,
            )
            .drift(r#"{"properties": {"applicationSecurityGroups": [{"id": "{asg_b}"}]}}"#)
            .caseless(),
        Attribute::new("tags", Way::Update)
            .a("tags = «{ Team = \"alpha\" }»", r#"{"tags": {"Team": "alpha"}}"#)
            .b("tags = «{ Team = \"beta\", cost = \"7\" }»", r#"{"tags": {"Team": "beta", "cost": "7"}}"#)
            .cleared_by("{}")
            .drift(r#"{"tags": {"Team": "theirs"}}"#),
        Attribute::new("wait_for_approval", Way::Local)
            .a("wait_for_approval = «true»", "{}")
            .b("wait_for_approval = «false»", "{}"),
        Attribute::deletion_protection(),
    ]
}

/// What only Azure sets.
fn computed() -> Vec<Attribute> {
    vec![
        Attribute::computed("id", "/id"),
        Attribute::computed("tags_all", "/tags"),
        Attribute::computed(
            "connection_status",
            "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status",
        ),
        Attribute::computed(
            "connection_description",
            "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/description",
        ),
        Attribute::computed(
            "connection_actions_required",
            "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/actionsRequired",
        ),
        Attribute::computed("network_interface_ids", "/properties/networkInterfaces/0/id"),
        Attribute::computed("custom_dns_configs.fqdn", "/properties/customDnsConfigs/0/fqdn"),
        Attribute::computed("custom_dns_configs.ip_addresses", "/properties/customDnsConfigs/0/ipAddresses"),
        Attribute::computed("provisioning_state", "/properties/provisioningState"),
    ]
}
