//! The rows: what the matrix knows of each attribute of each type. A new attribute needs a row, a new type a file with its rows
//! and its name in `types!`.

pub(crate) mod management_link;
pub(crate) mod management_link_association;
pub(crate) mod private_dns_link;
pub(crate) mod private_dns_zone;
pub(crate) mod private_endpoint;
pub(crate) mod private_endpoint_approval;
pub(crate) mod resource_group;
pub(crate) mod workspace;

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};

/// The types by the names of their files. Each gets a test of its own, so that they run beside one another.
macro_rules! types {
    ($($name:ident)*) => {
        /// Every type that has rows.
        pub(crate) fn all() -> Vec<Kind> {
            vec![$($name::kind()),*]
        }

        mod every_attribute_takes_every_step {
            $(#[test]
            fn $name() {
                acceptance_tests::every_cli(|cli| crate::steps::all(cli, super::$name::kind()));
            })*
        }
    };
}

types! {
    management_link management_link_association private_dns_link private_dns_zone private_endpoint private_endpoint_approval resource_group workspace
}

/// What cannot take every step, with the reason; a scenario takes it through those that there are.
pub(crate) const ELSEWHERE: &[(&str, &[&str])] = &[
    (
        // No document of its own: tests/registration.rs
        "azureml_resource_provider_registration",
        &[
            "id",
            "namespace",
            "subscription_id",
            "unregister_on_destroy",
            "timeouts.create",
            "timeouts.read",
            "timeouts.update",
            "timeouts.delete",
        ],
    ),
    (
        // Read from the network interface, whose name only Azure knows: tests/private_endpoint
        "azureml_private_endpoint",
        &["private_ip_addresses"],
    ),
    (
        // Which decision it is: another one leaves the one before as it is, and so deletes nothing. And what a destroy
        // rejects, a creation cannot approve again: tests/private_endpoint_approval
        "azureml_private_endpoint_approval",
        &[
            "workspace_id",
            "private_connection_resource_id",
            "private_endpoint_id",
            "connection_name",
            "reject_on_destroy",
        ],
    ),
];

/// One type of resource.
pub(crate) struct Kind {
    /// Its name in configurations.
    pub(crate) type_name: &'static str,
    /// Its attributes.
    pub(crate) rows: Vec<Attribute>,
    /// What the texts of the rows may name in braces, beside `{label}`, `{subscription}` and `{other_subscription}`.
    pub(crate) names: fn(&Scene) -> BTreeMap<&'static str, String>,
    /// The arguments that every resource has, unless its row gives them. Its name begins with `{label}`.
    pub(crate) usual: &'static [(&'static str, &'static str)],
    /// Arguments that let it be replaced, and that concern the provider alone; rows that begin like them go without.
    pub(crate) freeing: &'static [(&'static str, &'static str)],
    /// The body of the PUT that the usual arguments make.
    pub(crate) put: &'static str,
    /// The ID that the usual arguments give.
    pub(crate) id: &'static str,
    /// The method of an update.
    pub(crate) update: &'static str,
    /// Whether a destroy leaves everything as it is, so that the next creation takes it over.
    pub(crate) stays: bool,
}

impl Kind {
    /// What the texts may name in braces; `{label}` is the row's own resource.
    pub(crate) fn all_names(&self, scene: &Scene) -> BTreeMap<&'static str, String> {
        let mut names = (self.names)(scene);
        names.insert("subscription", Emulator::SUBSCRIPTION.to_owned());
        names.insert("other_subscription", Emulator::OTHER_SUBSCRIPTION.to_owned());
        names
    }
}

/// The rows of a `timeouts` block with all four operations.
pub(crate) fn timeouts() -> Vec<Attribute> {
    let operations = [
        ("timeouts.create", "timeouts {\n  create = \"10m\"\n}", "timeouts {\n  create = \"1h30m\"\n}"),
        ("timeouts.read", "timeouts {\n  read = \"10m\"\n}", "timeouts {\n  read = \"1h30m\"\n}"),
        ("timeouts.update", "timeouts {\n  update = \"10m\"\n}", "timeouts {\n  update = \"1h30m\"\n}"),
        ("timeouts.delete", "timeouts {\n  delete = \"10m\"\n}", "timeouts {\n  delete = \"1h30m\"\n}"),
    ];
    operations.map(|(path, a, b)| Attribute::new(path, Way::Local).a(a, "{}").b(b, "{}")).to_vec()
}

/// The rows of what lies in a resource group; `{group_b}` and `{group_c}` are others than the scene's.
pub(crate) fn in_group() -> Vec<Attribute> {
    vec![
        Attribute::new("resource_group_name", Way::Replace)
            .required("resource_group_name = «\"scene-rg\"»", "{}")
            .a("resource_group_name = «\"{group_b}\"»", "{}")
            .b("resource_group_name = «\"{group_c}\"»", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::new("subscription_id", Way::Replace)
            .a("subscription_id = «\"{other_subscription}\"»", "{}")
            .b("subscription_id = «\"{subscription}\"»", "{}")
            .caseless(),
    ]
}

/// Two resource groups beside the scene's, and the scene's again in the other subscription.
pub(crate) fn groups(scene: &Scene) -> BTreeMap<&'static str, String> {
    let location = json!({"location": "eastus"});
    let in_own = ["second-rg", "third-rg"].map(|name| (Emulator::SUBSCRIPTION, name));
    for (subscription, name) in in_own.into_iter().chain([(Emulator::OTHER_SUBSCRIPTION, Scene::GROUP)]) {
        scene.azure.place(&format!("/subscriptions/{subscription}/resourceGroups/{name}"), &location);
    }
    BTreeMap::from([("group_b", "second-rg".to_owned()), ("group_c", "third-rg".to_owned())])
}

/// The rows of tags that are sent in a PATCH.
pub(crate) fn tags() -> Vec<Attribute> {
    vec![
        Attribute::new("tags", Way::Update)
            .a("tags = «{ Team = \"alpha\" }»", r#"{"tags": {"Team": "alpha"}}"#)
            .b("tags = «{ Team = \"beta\", cost = \"7\" }»", r#"{"tags": {"Team": "beta", "cost": "7"}}"#)
            .cleared_by(r#"{"tags": {}}"#)
            .drift(r#"{"tags": {"Team": "theirs"}}"#),
        Attribute::computed("tags_all", "/tags"),
    ]
}
