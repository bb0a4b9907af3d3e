//! The rows of `azureml_private_dns_zone`.

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, groups, in_group, tags, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_private_dns_zone",
        rows: rows(),
        names: groups,
        usual: &[("name", "\"{label}.corp\""), ("resource_group_name", "\"scene-rg\"")],
        freeing: &[],
        put: r#"{"location": "global"}"#,
        id: "/subscriptions/{subscription}/resourceGroups/scene-rg/providers/Microsoft.Network/privateDnsZones/{label}.corp",
        update: "PATCH",
        stays: false,
    }
}

/// What Azure counts when it is asked.
fn counted(path: &'static str, pointer: &'static str) -> Attribute {
    Attribute::answered(path, "2024-06-01", pointer)
}

/// Every attribute.
fn rows() -> Vec<Attribute> {
    let own = vec![
        Attribute::new("name", Way::Replace)
            .required("name = «\"{label}.corp\"»", "{}")
            .a("name = «\"{label}-a.corp\"»", "{}")
            .b("name = «\"{label}-b.corp\"»", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::deletion_protection(),
        Attribute::computed("id", "/id"),
        counted("number_of_record_sets", "/properties/numberOfRecordSets"),
        counted("max_number_of_record_sets", "/properties/maxNumberOfRecordSets"),
        counted("number_of_virtual_network_links", "/properties/numberOfVirtualNetworkLinks"),
        counted("max_number_of_virtual_network_links", "/properties/maxNumberOfVirtualNetworkLinks"),
        counted(
            "number_of_virtual_network_links_with_registration",
            "/properties/numberOfVirtualNetworkLinksWithRegistration",
        ),
        counted(
            "max_number_of_virtual_network_links_with_registration",
            "/properties/maxNumberOfVirtualNetworkLinksWithRegistration",
        ),
        Attribute::computed("provisioning_state", "/properties/provisioningState"),
    ];
    [own, in_group(), tags(), timeouts()].concat()
}
