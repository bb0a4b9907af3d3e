//! The rows of `azureml_resource_group`.

use std::collections::BTreeMap;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, tags, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_resource_group",
        rows: rows(),
        names: |scene| {
            let owner = |kind: &str| scene.dependents.id(kind).to_owned();
            BTreeMap::from([
                ("owner_a", owner("container_registry")),
                ("owner_b", owner("user_assigned_identity")),
            ])
        },
        usual: &[("name", "\"{label}\""), ("location", "\"eastus\"")],
        freeing: &[],
        put: r#"{"location": "eastus"}"#,
        id: "/subscriptions/{subscription}/resourceGroups/{label}",
        update: "PATCH",
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
        Attribute::new("subscription_id", Way::Replace)
            .a("subscription_id = «\"{other_subscription}\"»", "{}")
            .b("subscription_id = «\"{subscription}\"»", "{}")
            .caseless(),
        Attribute::new("location", Way::Replace)
            .required("location = «\"eastus\"»", "{}")
            .a("location = «\"West US\"»", r#"{"location": "West US"}"#)
            .b("location = «\"northeurope\"»", r#"{"location": "northeurope"}"#)
            .cleared_by("{}")
            .caseless(),
        Attribute::new("managed_by", Way::Replace)
            .a("managed_by = «\"{owner_a}\"»", r#"{"managedBy": "{owner_a}"}"#)
            .b("managed_by = «\"{owner_b}\"»", r#"{"managedBy": "{owner_b}"}"#)
            .drift(r#"{"managedBy": "{owner_b}"}"#)
            .caseless(),
        Attribute::new("force_delete", Way::Local)
            .a("force_delete = «true»", "{}")
            .b("force_delete = «false»", "{}"),
        Attribute::deletion_protection(),
        Attribute::computed("id", "/id"),
    ];
    [own, tags(), timeouts()].concat()
}
