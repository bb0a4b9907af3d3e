//! The rows of `azureml_resource_management_private_link`.

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, groups, in_group, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_resource_management_private_link",
        rows: rows(),
        names: groups,
        usual: &[("name", "\"{label}\""), ("resource_group_name", "\"scene-rg\"")],
        freeing: &[],
        put: r#"{"location": "eastus"}"#,
        id: "/subscriptions/{subscription}/resourceGroups/scene-rg/providers/Microsoft.Authorization/resourceManagementPrivateLinks/{label}",
        update: "PUT",
        stays: false,
    }
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
        Attribute::new("location", Way::Replace)
            .a("location = «\"West US\"»", r#"{"location": "West US"}"#)
            .b("location = «\"northeurope\"»", r#"{"location": "northeurope"}"#)
            .caseless(),
        Attribute::computed("id", "/id"),
        Attribute::computed("private_endpoint_connection_ids", "/properties/privateEndpointConnections"),
    ];
    [own, in_group(), timeouts()].concat()
}
