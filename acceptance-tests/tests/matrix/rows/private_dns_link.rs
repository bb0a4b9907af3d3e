//! The rows of `azureml_private_dns_link`.

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, tags, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_private_dns_link",
        rows: rows(),
        names,
        usual: &[
            ("name", "\"{label}\""),
            ("private_dns_zone_id", "\"{zones}/privatelink.{label}.corp\""),
            ("virtual_network_id", "\"{network}\""),
        ],
        freeing: &[],
        put: r#"{
            "location": "global",
            "properties": {"virtualNetwork": {"id": "{network}"}, "registrationEnabled": false}
        }"#,
        id: "{zones}/privatelink.{label}.corp/virtualNetworkLinks/{label}",
        update: "PATCH",
        stays: false,
    }
}

/// Networks, and a zone for each subject, as a network has one link to a zone. The last of each is in the other subscription.
fn names(scene: &Scene) -> BTreeMap<&'static str, String> {
    let (own, other) = (Emulator::SUBSCRIPTION, Emulator::OTHER_SUBSCRIPTION);
    let of = |subscription: &str, kind: &str| {
        let group = format!("/subscriptions/{subscription}/resourceGroups/{}", Scene::GROUP);
        format!("{group}/providers/Microsoft.Network/{kind}")
    };
    let group = format!("/subscriptions/{other}/resourceGroups/{}", Scene::GROUP);
    scene.azure.place(&group, &json!({"location": "eastus"}));
    let subjects = (0..rows().len()).map(|index| format!("it-{index:02}"));
    for label in subjects.chain(["it-computed".to_owned(), "zone-b".to_owned()]) {
        scene.azure.make_zone(&of(own, &format!("privateDnsZones/privatelink.{label}.corp")));
    }
    scene.azure.make_zone(&of(other, "privateDnsZones/privatelink.zone-c.corp"));
    let mut names = BTreeMap::from([
        ("zones", of(own, "privateDnsZones")),
        ("zone_b", of(own, "privateDnsZones/privatelink.zone-b.corp")),
        ("zone_c", of(other, "privateDnsZones/privatelink.zone-c.corp")),
    ]);
    for (name, subscription) in [("network", own), ("network_b", own), ("network_c", other)] {
        let id = of(subscription, &format!("virtualNetworks/{}", name.replace('_', "-")));
        scene.azure.make_network(&id);
        names.insert(name, id);
    }
    names
}

/// Every attribute.
fn rows() -> Vec<Attribute> {
    let own = vec![
        Attribute::new("name", Way::Replace)
            .required("name = «\"{label}\"»", "{}")
            .a("name = «\"{label}-a\"»", "{}")
            .b("name = «\"{label}-b\"»", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::new("private_dns_zone_id", Way::Replace)
            .required("private_dns_zone_id = «\"{zones}/privatelink.{label}.corp\"»", "{}")
            .a("private_dns_zone_id = «\"{zone_b}\"»", "{}")
            .b("private_dns_zone_id = «\"{zone_c}\"»", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::new("virtual_network_id", Way::Replace)
            .required("virtual_network_id = «\"{network}\"»", "{}")
            .a(
                "virtual_network_id = «\"{network_b}\"»",
                r#"{"properties": {"virtualNetwork": {"id": "{network_b}"}}}"#,
            )
            .b(
                "virtual_network_id = «\"{network_c}\"»",
                r#"{"properties": {"virtualNetwork": {"id": "{network_c}"}}}"#,
            )
            .cleared_by("{}")
            .caseless(),
        Attribute::new("registration_enabled", Way::Update)
            .a("registration_enabled = «true»", r#"{"properties": {"registrationEnabled": true}}"#)
            .b("registration_enabled = «false»", r#"{"properties": {"registrationEnabled": false}}"#)
            .drift(r#"{"properties": {"registrationEnabled": false}}"#),
        Attribute::new("resolution_policy", Way::Update)
            .a(
                "resolution_policy = «\"NxDomainRedirect\"»",
                r#"{"properties": {"resolutionPolicy": "NxDomainRedirect"}}"#,
            )
            .b("resolution_policy = «\"Default\"»", r#"{"properties": {"resolutionPolicy": "Default"}}"#)
            .drift(r#"{"properties": {"resolutionPolicy": "Default"}}"#)
            .caseless(),
        Attribute::computed("id", "/id"),
        Attribute::computed("virtual_network_link_state", "/properties/virtualNetworkLinkState"),
        Attribute::computed("provisioning_state", "/properties/provisioningState"),
    ];
    [own, tags(), timeouts()].concat()
}
