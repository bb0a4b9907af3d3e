//! The rows of `azureml_resource_management_private_link_association`.

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_resource_management_private_link_association",
        rows: rows(),
        names,
        usual: &[
            ("name", "\"00000000-0000-4000{guid_end}\""),
            ("management_group_id", "\"{root}\""),
            ("private_link_id", "\"{link}\""),
        ],
        freeing: &[],
        put: r#"{"properties": {"privateLink": "{link}", "publicNetworkAccess": "Enabled"}}"#,
        id: "{root}/providers/Microsoft.Authorization/privateLinkAssociations/00000000-0000-4000{guid_end}",
        update: "PUT",
        stays: false,
    }
}

/// The root management group, and links to choose from.
fn names(scene: &Scene) -> BTreeMap<&'static str, String> {
    let root = format!("/providers/Microsoft.Management/managementGroups/{}", Emulator::TENANT);
    let group = format!("/subscriptions/{}/resourceGroups/{}", Emulator::SUBSCRIPTION, Scene::GROUP);
    let mut names = BTreeMap::from([("root", root)]);
    for (name, link) in [("link", "one"), ("link_b", "two"), ("link_c", "three")] {
        let id = format!("{group}/providers/Microsoft.Authorization/resourceManagementPrivateLinks/{link}");
        scene.azure.by_policy("PUT", &id, "2020-05-01", &json!({"location": "eastus"}));
        names.insert(name, id);
    }
    names
}

/// Every attribute.
fn rows() -> Vec<Attribute> {
    const ROOT: &str = "management_group_id = \"{root}\"";
    let own = vec![
        Attribute::new("name", Way::Replace)
            .a("name = «\"aaaaaaaa-0000-4000{guid_end}\"»", "{}")
            .b("name = «\"bbbbbbbb-0000-4000{guid_end}\"»", "{}")
            .without("name = \"00000000-0000-4000{guid_end}\"", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::new("management_group_id", Way::Fixed).required(ROOT, "{}").a(ROOT, "{}").b(ROOT, "{}"),
        Attribute::new("private_link_id", Way::Replace)
            .required("private_link_id = «\"{link}\"»", "{}")
            .a("private_link_id = «\"{link_b}\"»", r#"{"properties": {"privateLink": "{link_b}"}}"#)
            .b("private_link_id = «\"{link_c}\"»", r#"{"properties": {"privateLink": "{link_c}"}}"#)
            .cleared_by("{}")
            .caseless(),
        Attribute::new("public_network_access", Way::Update)
            .a(
                "public_network_access = «\"Disabled\"»",
                r#"{"properties": {"publicNetworkAccess": "Disabled"}}"#,
            )
            .b(
                "public_network_access = «\"Enabled\"»",
                r#"{"properties": {"publicNetworkAccess": "Enabled"}}"#,
            )
            .drift(r#"{"properties": {"publicNetworkAccess": "Enabled"}}"#)
            .caseless(),
        Attribute::computed("id", "/id"),
        Attribute::computed("tenant_id", "/properties/tenantID"),
        Attribute::computed("scope", "/properties/scope"),
    ];
    [own, timeouts()].concat()
}
