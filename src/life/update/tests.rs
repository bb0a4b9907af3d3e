//! What an update sends again, and what it does not put.

use serde_json::{Value as Json, json};
use tfplugin::{Model, Value};

use super::*;
use crate::private_endpoint::PrivateEndpoint;
use crate::workspace::Workspace;

const GROUP: &str = "/subscriptions/s/resourceGroups/g/providers";

fn user(name: &str) -> String {
    format!("{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/{name}")
}

fn workspace(over: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut value = Workspace::default().to_value();
    over.into_iter().for_each(|(name, member)| view::put(&mut value, &[name], member));
    value
}

fn identity(users: &[&str]) -> Value {
    Value::object([
        ("type", Value::from("UserAssigned")),
        ("identity_ids", Value::set_of(users.iter().map(|name| Value::from(user(name))))),
        ("principal_id", Value::Null),
        ("tenant_id", Value::Null),
    ])
}

fn paths(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[test]
fn what_a_failed_update_was_to_take_away_is_taken_away_again() {
    let prior = workspace([("identity", identity(&["u1", "u2"])), ("description", Value::from("new"))]);
    let planned = workspace([("identity", identity(&["u2"])), ("description", Value::from("new"))]);
    assert_eq!(
        body::<Workspace>(&prior, &planned, &paths(&["description", "identity.identity_ids"])),
        json!({
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {user("u1"): null, user("u2"): {}}},
            "properties": {"description": "new"},
        })
    );
}

#[test]
fn a_look_that_is_not_believed_leaves_the_update_open() {
    let key = |id: &str| {
        let members = [("key_vault_id", "v"), ("key_id", id), ("user_assigned_identity_id", "u")];
        Value::object(members.map(|(name, text)| (name, Value::from(text))))
    };
    let planned = workspace([("customer_managed_key", key("k2"))]);
    let open = |answer: Json, changed: &[&str]| leaves_open::<Workspace>(&answer, &planned, &paths(changed));
    let encryption = json!({
        "keyVaultProperties": {"keyVaultArmId": "v", "keyIdentifier": "k1"},
        "identity": {"userAssignedIdentity": "u"},
    });
    let good = json!({"properties": {"encryption": encryption, "description": "old"}});
    let with = |at: &str, value: Json| {
        let mut answer = good.clone();
        crate::document::put(&mut answer, at, value);
        answer
    };
    let all = ["description", "customer_managed_key.key_id", "tags_all", "identity.identity_ids"];
    assert!(!open(good.clone(), &all));
    let bent = || with("properties.description", json!({"x": 1}));
    assert!(open(bent(), &["description"]));
    assert!(!open(bent(), &["display_name"]), "it is not what changes");
    let keyless = || with("properties.encryption.keyVaultProperties.keyIdentifier", Json::Null);
    assert!(open(keyless(), &["customer_managed_key.key_id"]));
    assert!(open(with("identity", json!({"type": ["x"]})), &["identity.identity_ids"]));
    for tags in [json!([]), json!({"a": [1]})] {
        assert!(open(with("tags", tags.clone()), &["tags_all"]));
        assert!(!open(with("tags", tags), &["description"]));
    }
}

#[test]
fn a_document_whose_tags_cannot_be_read_is_not_put_again() {
    let id =
        ResourceId::parse(&format!("{GROUP}/Microsoft.Network/privateEndpoints/e")).expect("it is an ID");
    let prior = PrivateEndpoint::default().to_value();
    let is_whole = |tags: Json| is_whole::<PrivateEndpoint>(&id, &json!({"tags": tags}), &prior);
    is_whole(json!({"a": "1"})).expect("they can be read");
    is_whole(Json::Null).expect("there may be none");
    let error = is_whole(json!([])).expect_err("no tags are a list").to_string();
    assert!(error.contains("this one cannot be read in tags"), "{error}");
}
