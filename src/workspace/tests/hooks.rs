//! Plans through the engine, as the CLIs ask for them, without Azure.

use std::sync::Arc;

use tfplugin::host::{PlanRequest, PlanResponse, ResourceHost};
use tfplugin::{Attr, Path, Private, Value};

use super::*;
use crate::life::ManagedResource;
use crate::session::Session;
use crate::settings::{Config, Settings, Variables};
use crate::tags::Tags;
use crate::workspace::Workspace;

/// A host whose provider has these default tags.
pub(super) fn host(default_tags: Attr<Tags>) -> ResourceHost {
    let session = Session::default();
    let subscription_id = Attr::from("00000000-0000-0000-0000-000000000001");
    // No way to sign in: a replacement looks at what it refers to, if it can.
    let use_cli = Attr::from(false);
    session.configure(Settings {
        config: Config { subscription_id, default_tags, use_cli, ..Config::default() },
        variables: Variables::of(&[]),
    });
    ResourceHost::new(tfplugin::resource::erase(ManagedResource::<Workspace>::new(&Arc::new(session))))
}

fn default_tags(pairs: &[(&str, &str)]) -> Attr<Tags> {
    Attr::Known(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// An object of the resource's type with these attributes.
fn object(host: &ResourceHost, attributes: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut value = host.schema().nulls();
    for (name, attribute) in attributes {
        view::put(&mut value, &[name], attribute);
    }
    value
}

/// A configuration of what has to be in one, and of what is given.
pub(super) fn config<const N: usize>(host: &ResourceHost, over: [(&'static str, Value); N]) -> Value {
    let least = [
        ("name", Value::from("ws-1")),
        ("resource_group_name", Value::from("rg")),
        ("storage_account_id", Value::from(storage())),
        ("key_vault_id", Value::from(vault())),
    ];
    object(host, least.into_iter().chain(over))
}

/// The state after the create of such a configuration, and after what is given happened to it.
pub(super) fn state<const N: usize>(host: &ResourceHost, over: [(&'static str, Value); N]) -> Value {
    let mut created = identity("SystemAssigned", Value::Null);
    view::put(&mut created, &["principal_id"], Value::from("p"));
    view::put(&mut created, &["tenant_id"], Value::from("t"));
    let computed = [
        ("id", Value::from(id("Microsoft.MachineLearningServices/workspaces/ws-1"))),
        ("subscription_id", Value::from("00000000-0000-0000-0000-000000000001")),
        ("location", Value::from("eastus2")),
        ("kind", Value::from("Default")),
        ("sku", Value::from("Basic")),
        ("identity", created),
        ("public_network_access", Value::from("Enabled")),
        ("hbi_workspace", Value::from(false)),
        ("purge_on_destroy", Value::from(false)),
        ("purge_soft_deleted", Value::from(false)),
        ("deletion_protection", Value::from(false)),
        ("tags_all", map(&[])),
        ("workspace_id", Value::from("w")),
        ("provisioning_state", Value::from("Succeeded")),
    ];
    let mut value = config(host, []);
    for (name, attribute) in computed.into_iter().chain(over) {
        view::put(&mut value, &[name], attribute);
    }
    value
}

pub(super) async fn plan(host: &ResourceHost, prior: &Value, config: &Value) -> PlanResponse {
    plan_with(host, prior, config, Private::default()).await
}

pub(super) async fn plan_with(
    host: &ResourceHost,
    prior: &Value,
    config: &Value,
    private: Private,
) -> PlanResponse {
    let request = PlanRequest {
        prior: prior.clone(),
        proposed: config.clone(),
        config: config.clone(),
        private: private.encode(),
        ..PlanRequest::default()
    };
    host.plan(request).await
}

#[tokio::test]
async fn a_new_workspace() {
    let host = host(default_tags(&[("env", "test")]));
    let planned = plan(&host, &Value::Null, &config(&host, [("tags", map(&[("a", "1")]))])).await;
    assert!(planned.diagnostics.is_empty(), "{}", planned.diagnostics);
    let at = |path: &[&str]| view::member(&planned.planned, path).clone();
    assert_eq!(at(&["subscription_id"]), Value::from("00000000-0000-0000-0000-000000000001"));
    assert_eq!(at(&["identity", "type"]), Value::from("SystemAssigned"));
    assert_eq!(at(&["identity", "principal_id"]), Value::Unknown);
    assert_eq!(at(&["tags_all"]), map(&[("a", "1"), ("env", "test")]));
    assert_eq!(at(&["public_network_access"]), Value::from("Enabled"));
    for unknown in ["id", "location", "kind", "sku", "container_registry_id", "hbi_workspace", "workspace_id"]
    {
        assert_eq!(at(&[unknown]), Value::Unknown, "{unknown}");
    }
}

#[tokio::test]
async fn nothing_changes_where_nothing_did() {
    let host = host(Attr::Null);
    // A policy has added a tag, and Azure a registry.
    let state = state(
        &host,
        [("tags_all", map(&[("policy", "1")])), ("container_registry_id", Value::from(registry("made")))],
    );
    let planned = plan(&host, &state, &config(&host, [])).await;
    assert_eq!(planned.planned, state);
    let recased = config(
        &host,
        [
            ("name", Value::from("WS-1")),
            ("location", Value::from("East US 2")),
            ("kind", Value::from("default")),
            ("public_network_access", Value::from("ENABLED")),
            ("key_vault_id", Value::from(vault().to_lowercase())),
        ],
    );
    let planned = plan(&host, &state, &recased).await;
    assert_eq!((planned.planned, planned.replace), (state, Vec::new()));
}

#[tokio::test]
async fn one_change_leaves_the_rest_known() {
    let host = host(Attr::Null);
    let changed = config(&host, [("description", Value::from("new"))]);
    let planned = plan(&host, &state(&host, []), &changed).await;
    assert_eq!(planned.planned, state(&host, [("description", Value::from("new"))]));
    assert_eq!(planned.replace, Vec::new());
    // An update may heal a workspace that failed before.
    let failed = state(&host, [("provisioning_state", Value::from("Failed"))]);
    let planned = plan(&host, &failed, &changed).await;
    assert_eq!(view::member(&planned.planned, &["provisioning_state"]), &Value::Unknown);
}

#[tokio::test]
async fn what_azure_does_not_hear_of_leaves_everything_known() {
    let host = host(Attr::Null);
    let config = config(&host, [("purge_on_destroy", Value::from(true))]);
    let planned = plan(&host, &state(&host, []), &config).await;
    assert_eq!(planned.planned, state(&host, [("purge_on_destroy", Value::from(true))]));
}

#[tokio::test]
async fn another_type_of_identity_has_another_principal() {
    let host = host(Attr::Null);
    let mut both = identity("SystemAssigned,UserAssigned", texts(&[user_identity("u")]));
    view::put(&mut both, &["principal_id"], Value::Null);
    view::put(&mut both, &["tenant_id"], Value::Null);
    let over = [("identity", both), ("primary_user_assigned_identity_id", Value::from(user_identity("u")))];
    let planned = plan(&host, &state(&host, []), &config(&host, over)).await;
    assert_eq!(view::member(&planned.planned, &["identity", "principal_id"]), &Value::Unknown);
    assert_eq!(planned.replace, Vec::new());
    // And taken out of the configuration, it is the system-assigned one again.
    let mut held = identity("UserAssigned", texts(&[user_identity("u")]));
    view::put(&mut held, &["principal_id"], Value::Null);
    view::put(&mut held, &["tenant_id"], Value::from("t"));
    let planned = plan(&host, &state(&host, [("identity", held)]), &config(&host, [])).await;
    assert_eq!(view::text(&planned.planned, &["identity", "type"]), Some("SystemAssigned"));
    assert_eq!(view::member(&planned.planned, &["identity", "principal_id"]), &Value::Unknown);
}

#[tokio::test]
async fn default_tags_come_and_go() {
    let host = host(default_tags(&[("env", "new")]));
    let mut private = Private::default();
    private.set("default_tags", &serde_json::json!({"old": "1"})).unwrap();
    let state = state(&host, [("tags_all", map(&[("old", "1"), ("policy", "x")]))]);
    let planned = plan_with(&host, &state, &config(&host, []), private).await;
    assert_eq!(view::member(&planned.planned, &["tags_all"]), &map(&[("env", "new"), ("policy", "x")]));
    assert_eq!(view::text(&planned.planned, &["provisioning_state"]), Some("Succeeded"));
    let unknown = self::host(Attr::Unknown);
    let planned = plan(&unknown, &state, &config(&unknown, [])).await;
    assert_eq!(view::member(&planned.planned, &["tags_all"]), &Value::Unknown);
}

#[tokio::test]
async fn keys_rotate_and_vaults_replace() {
    let host = host(Attr::Null);
    let purging = ("purge_soft_deleted", Value::from(true));
    let cmk = |value| ("customer_managed_key", value);
    let state = state(&host, [cmk(encryption(&key("k"), Value::Null)), purging.clone()]);
    let replace =
        async |key: Value| plan(&host, &state, &config(&host, [cmk(key), purging.clone()])).await.replace;
    assert_eq!(replace(encryption(&key("k2"), Value::Null)).await, Vec::new());
    let mut unknown = encryption("", Value::Null);
    view::put(&mut unknown, &["key_id"], Value::Unknown);
    assert_eq!(replace(unknown).await, Vec::new(), "an unknown key plans an update");
    let mut elsewhere = encryption("https://kv2.vault.azure.net/keys/k/1", Value::Null);
    view::put(&mut elsewhere, &["key_vault_id"], Value::from(format!("{}2", vault())));
    let within = |name: &str| Path::from("customer_managed_key").attribute(name);
    assert_eq!(replace(elsewhere).await, vec![within("key_vault_id")]);
    assert_eq!(
        replace(encryption(&key("k"), Value::from(user_identity("u")))).await,
        vec![within("user_assigned_identity_id")]
    );
    assert_eq!(replace(Value::Null).await, vec![Path::from("customer_managed_key")]);
}
