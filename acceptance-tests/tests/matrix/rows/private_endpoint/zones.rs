//! The rows of the zone group, which is a document of its own within the endpoint's.

use crate::attribute::{Attribute, Way};

/// The PUT of a zone group of one zone, alone and as a list of writes.
macro_rules! part {
    ($zone:literal) => {
        concat!(
            r#"["PUT", {"properties": {"privateDnsZoneConfigs": [{"name": "zone-"#,
            $zone,
            r#"-example", "properties": {"privateDnsZoneId": "{zone_"#,
            $zone,
            r#"}"}}]}}]"#
        )
    };
}
macro_rules! grouped {
    ($zone:literal) => {
        concat!("[", part!($zone), "]")
    };
}

/// The zones that get the names.
pub(super) fn in_zones() -> Vec<Attribute> {
    vec![
        Attribute::new("private_dns_zone_group.name", Way::Within)
            .a(
                "private_dns_zone_group = { name = «\"one\"», private_dns_zone_ids = [\"{zone_a}\"] }",
                grouped!("a"),
            )
            .b(
                "private_dns_zone_group = { name = «\"two\"», private_dns_zone_ids = [\"{zone_a}\"] }",
                concat!(r#"[["DELETE", null], "#, part!("a"), "]"),
            )
            .cleared_by(r#"[["DELETE", null]]"#)
            .caseless(),
        Attribute::new("private_dns_zone_group.private_dns_zone_ids", Way::Within)
            .a("private_dns_zone_group = { private_dns_zone_ids = «[\"{zone_a}\"]» }", grouped!("a"))
            .b("private_dns_zone_group = { private_dns_zone_ids = «[\"{zone_b}\"]» }", grouped!("b"))
            .cleared_by(r#"[["DELETE", null]]"#)
            .caseless(),
    ]
}

/// What Azure writes into a zone.
pub(super) fn written() -> Vec<Attribute> {
    macro_rules! written {
        ($path:literal, $pointer:literal) => {
            Attribute::computed(
                concat!("private_dns_zone_configs.", $path),
                concat!(
                    "/subscriptions/{subscription}/resourceGroups/scene-rg/providers/Microsoft.Network/privateEndpoints/{label}/privateDnsZoneGroups/default#/properties/privateDnsZoneConfigs/0",
                    $pointer
                ),
            )
            .shown_by("private_dns_zone_group = { private_dns_zone_ids = [\"{zone_a}\"] }", grouped!("a"))
        };
    }
    vec![
        written!("name", "/name"),
        written!("private_dns_zone_id", "/properties/privateDnsZoneId"),
        written!("record_sets.name", "/properties/recordSets/0/recordSetName"),
        written!("record_sets.type", "/properties/recordSets/0/recordType"),
        written!("record_sets.fqdn", "/properties/recordSets/0/fqdn"),
        written!("record_sets.ttl", "/properties/recordSets/0/ttl"),
        written!("record_sets.ip_addresses", "/properties/recordSets/0/ipAddresses"),
    ]
}
