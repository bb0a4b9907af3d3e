//! Replacements that would do harm, whichever way they come about, in the words that a user reads. Without Azure: what is refused
//! here is refused before anything is asked of it.

use tfplugin::host::{ApplyRequest, PlanRequest, PlanResponse, ResourceHost};
use tfplugin::{Attr, Path, Private, Stop, Value};

use super::hooks::{config, host, plan, plan_with, state};
use super::*;

const ON: Value = Value::Bool(true);

/// The one message of a plan, with its place.
fn said(planned: &PlanResponse) -> Option<(String, String)> {
    assert!(planned.diagnostics.iter().count() <= 1, "{}", planned.diagnostics);
    let found = planned.diagnostics.iter().next()?;
    Some((found.path.clone().unwrap_or_default().to_string(), found.detail.clone()))
}

/// Both halves of a replacement for which nothing in the plan calls: what the second one says.
async fn asked_for(host: &ResourceHost, prior: &Value, config: &Value) -> PlanResponse {
    let first = plan(host, prior, config).await;
    assert!(!first.diagnostics.has_errors() && first.replace.is_empty(), "{}", first.diagnostics);
    let second = PlanRequest {
        proposed: config.clone(),
        config: config.clone(),
        private: first.private,
        ..PlanRequest::default()
    };
    host.plan(second).await
}

/// The state is loaded, as before every plan.
fn load(host: &ResourceHost, state: &Value) {
    let json = tfplugin::codec::json::encode(state, host.ty()).unwrap();
    assert!(host.upgrade_state(0, &json).diagnostics.is_empty());
}

/// The plan to delete this.
async fn deletion(host: &ResourceHost, prior: &Value) -> PlanResponse {
    host.plan(PlanRequest { prior: prior.clone(), ..PlanRequest::default() }).await
}

/// A workspace whose last operation failed, once it was there.
fn failed(host: &ResourceHost) -> Value {
    state(host, [("provisioning_state", "Failed".into())])
}

/// What a creation that failed leaves.
fn never_made(host: &ResourceHost) -> Value {
    state(host, [("provisioning_state", "Failed".into()), ("workspace_id", Value::Null)])
}

#[tokio::test]
async fn a_replacement_over_a_tombstone_is_refused() {
    let host = host(Attr::Null);
    let elsewhere = ("storage_account_id", Value::from(id("Microsoft.Storage/storageAccounts/other")));
    let refused = async |state: Value, config: Value| {
        let planned = plan(&host, &state, &config).await;
        said(&planned).map(|(at, detail)| {
            assert_eq!(at, "storage_account_id");
            detail
        })
    };
    let before = format!(
        "This plan replaces the workspace \"ws-1\" by one of the same name, because storage_account_id changes from {:?} to {:?}. Azure keeps a deleted workspace and its name for 14 days, so that the create would fail after the destroy. ",
        storage(),
        id("Microsoft.Storage/storageAccounts/other")
    );
    assert_eq!(
        refused(state(&host, []), config(&host, [elsewhere.clone()])).await.unwrap(),
        format!(
            "{before}Set purge_soft_deleted = true to have the old workspace removed for good, with all that it still holds, before the new one is created; or apply purge_on_destroy = true first; or choose another name. If you are destroying it instead, run the destroy with -refresh=false."
        )
    );
    let on = |name: &'static str| (name, Value::from(true));
    assert_eq!(
        refused(state(&host, []), config(&host, [elsewhere.clone(), on("purge_on_destroy")])).await.unwrap(),
        format!(
            "{before}purge_on_destroy = true is not applied yet, and a destroy goes by what is applied: set purge_soft_deleted = true as well, or apply purge_on_destroy alone first. If you are destroying it instead, run the destroy with -refresh=false."
        )
    );
    assert_eq!(
        refused(state(&host, []), config(&host, [elsewhere.clone(), on("purge_soft_deleted")])).await,
        None
    );
    assert_eq!(
        refused(state(&host, [on("purge_on_destroy")]), config(&host, [elsewhere.clone()])).await,
        None
    );
    assert_eq!(
        refused(state(&host, []), config(&host, [elsewhere, ("name", Value::from("ws-2"))])).await,
        None
    );
}

#[tokio::test]
async fn all_that_forces_a_replacement_is_named() {
    let host = host(Attr::Null);
    let changed = config(
        &host,
        [
            ("customer_managed_key", encryption(&key("k"), Value::Null)),
            ("hbi_workspace", ON),
            ("kind", "Hub".into()),
        ],
    );
    let (at, said) = said(&plan(&host, &state(&host, []), &changed).await).unwrap();
    assert_eq!(at, "customer_managed_key");
    assert!(
        said.contains(", because customer_managed_key is added, hbi_workspace changes from false to true and kind changes from \"Default\" to \"Hub\". Azure keeps"),
        "{said}"
    );
}

#[tokio::test]
async fn a_replacement_that_is_asked_for_is_none_over_a_tombstone() {
    let host = host(Attr::Null);
    let refused = "This plan replaces the workspace \"ws-1\" by one of the same name, because -replace or replace_triggered_by asks for it. Azure keeps a deleted workspace and its name for 14 days, so that the create would fail after the destroy. Set purge_soft_deleted = true to have the old workspace removed for good, with all that it still holds, before the new one is created; or apply purge_on_destroy = true first; or choose another name. If you are destroying it instead, run the destroy with -refresh=false.";
    let second = asked_for(&host, &state(&host, []), &config(&host, [])).await;
    assert_eq!(said(&second), Some(("name".to_owned(), refused.to_owned())));
    let purging = asked_for(&host, &state(&host, []), &config(&host, [("purge_soft_deleted", ON)])).await;
    assert_eq!(said(&purging), None);
    let purges = state(&host, [("purge_on_destroy", ON)]);
    let purged = asked_for(&host, &purges, &config(&host, [("purge_on_destroy", ON)])).await;
    assert_eq!(said(&purged), None);
    let once = asked_for(&host, &failed(&host), &config(&host, [])).await;
    assert_eq!(said(&once), Some(("name".to_owned(), refused.to_owned())), "an update failed");
    let never = asked_for(&host, &never_made(&host), &config(&host, [])).await;
    assert_eq!(said(&never), None, "it leaves nothing to recover");
}

const HELD: &str = "This plan replaces the workspace \"ws-1\" by one of the same name, because the state holds it as tainted, or under another address. Azure keeps a deleted workspace and its name for 14 days, so that the create would fail after the destroy. Set purge_soft_deleted = true to have the old workspace removed for good, with all that it still holds, before the new one is created; or apply purge_on_destroy = true first; or choose another name. To keep it where it is tainted, run \"terraform untaint\" (\"tofu untaint\") with its address. To keep it where its block has another address now, declare that with a moved block. If you are destroying it instead, run the destroy with -refresh=false.";

#[tokio::test]
async fn what_the_state_holds_is_not_made_over_itself() {
    let host = host(Attr::Null);
    let refused = Some(("name".to_owned(), HELD.to_owned()));
    let creation = async || said(&plan(&host, &Value::Null, &config(&host, [])).await);
    assert_eq!(creation().await, None, "nothing is there");
    load(
        &host,
        &state(
            &host,
            [("id", state(&host, []).attribute("id").unwrap().as_str().unwrap().to_uppercase().into())],
        ),
    );
    assert_eq!(creation().await, refused);
    load(&host, &never_made(&host));
    assert_eq!(creation().await, None, "a creation that failed is tried again");
    load(&host, &failed(&host));
    assert_eq!(creation().await, refused, "an update failed");
    load(&host, &state(&host, []));
    let unknown = config(&host, [("name", Value::Unknown)]);
    assert_eq!(said(&plan(&host, &Value::Null, &unknown).await), None, "nothing is known of it");
    // Another workspace that gets its name, as where one is taken out of the middle of a list.
    let other = state(
        &host,
        [("id", id("Microsoft.MachineLearningServices/workspaces/ws-2").into()), ("name", "ws-2".into())],
    );
    assert_eq!(said(&plan(&host, &other, &config(&host, [])).await), refused);
}

#[tokio::test]
async fn an_address_that_is_given_up_finds_who_takes_over() {
    let host = host(Attr::Null);
    let old = state(&host, []);
    assert_eq!(said(&deletion(&host, &old).await), None);
    assert_eq!(said(&plan(&host, &Value::Null, &config(&host, [])).await), None);
    assert_eq!(said(&deletion(&host, &old).await), Some(("name".to_owned(), HELD.to_owned())));
    assert_eq!(said(&deletion(&host, &state(&host, [("purge_on_destroy", ON)])).await), None);
}

#[tokio::test]
async fn a_renamed_block_of_what_was_never_made_passes_in_both_orders() {
    for (object, passes) in [(never_made as fn(&ResourceHost) -> Value, true), (failed, false)] {
        let old_first = host(Attr::Null);
        let object = object(&old_first);
        load(&old_first, &object);
        assert_eq!(said(&deletion(&old_first, &object).await), None);
        let created = plan(&old_first, &Value::Null, &config(&old_first, [])).await;
        assert_eq!(said(&created).is_none(), passes);
        let new_first = host(Attr::Null);
        assert_eq!(said(&plan(&new_first, &Value::Null, &config(&new_first, [])).await), None);
        assert_eq!(said(&deletion(&new_first, &object).await).is_none(), passes);
    }
}

#[tokio::test]
async fn the_private_state_tells_a_failed_update_from_a_failed_creation() {
    let host = host(Attr::Null);
    let changed = config(&host, [("location", "westus".into())]);
    let refused = async |state: &Value, name: &str, value: serde_json::Value| {
        let mut private = Private::default();
        private.set(name, &value).unwrap();
        let planned = plan_with(&host, state, &changed, private).await;
        said(&planned).is_some_and(|(at, _)| at == "location")
    };
    let update = serde_json::json!(["description"]);
    assert!(refused(&never_made(&host), "update_failed", update).await);
    assert!(!refused(&failed(&host), "created_failed", true.into()).await);
    assert!(refused(&failed(&host), "else", true.into()).await);
}

#[tokio::test]
async fn what_is_protected_says_how_it_goes() {
    let host = host(Attr::Null);
    let at = "deletion_protection".to_owned();
    let own = id("Microsoft.MachineLearningServices/workspaces/ws-1");
    let protected = state(&host, [("deletion_protection", ON), ("purge_on_destroy", ON)]);
    let destroy = format!(
        "The workspace \"ws-1\" is not destroyed, because deletion_protection = true is applied. To destroy it, set deletion_protection = false and apply that first. Where it is tainted, untaint it before. Where its block is gone from the configuration, put it back for that.\n\n{own}"
    );
    assert_eq!(said(&deletion(&host, &protected).await), Some((at.clone(), destroy.clone())));
    let replaced = |because: &str, way: &str| {
        format!(
            "This plan destroys the workspace \"ws-1\" to create it anew, {because}. It is not destroyed, because deletion_protection = true is applied. {way}\n\n{own}"
        )
    };
    let way = "To have it replaced, set deletion_protection = false and apply that alone first.";
    let changed = config(&host, [("location", "westus".into()), ("name", "ws-2".into())]);
    let because =
        "because location changes from \"eastus2\" to \"westus\" and name changes from \"ws-1\" to \"ws-2\"";
    assert_eq!(said(&plan(&host, &protected, &changed).await), Some((at.clone(), replaced(because, way))));
    let unnamed = config(&host, [("name", Value::Unknown)]);
    let because = "because name is not known yet";
    assert_eq!(said(&plan(&host, &protected, &unnamed).await), Some((at.clone(), replaced(because, way))));
    let asked = "because -replace or replace_triggered_by asks for it";
    let same = config(&host, []);
    assert_eq!(said(&asked_for(&host, &protected, &same).await), Some((at.clone(), replaced(asked, way))));
    load(&host, &protected);
    let held = "because the state holds it as tainted, or under another address";
    let way = "Where it is tainted, first run \"terraform untaint\" (\"tofu untaint\") with its address; where its block has another address now, first declare that with a moved block. That keeps it. To have it replaced, then set deletion_protection = false and apply that alone, and then apply with -replace.";
    assert_eq!(said(&plan(&host, &Value::Null, &same).await), Some((at.clone(), replaced(held, way))));
    // The first half of a replacement is planned by nobody: the delete itself holds too, without a way to Azure.
    let request = ApplyRequest {
        prior: protected.clone(),
        planned: Value::Null,
        config: Value::Null,
        private: Vec::new(),
        identity: None,
        stop: Stop::default().token(),
    };
    let kept = host.apply(request).await;
    assert_eq!(kept.state, protected);
    let details: Vec<_> = kept.diagnostics.iter().map(|found| found.detail.clone()).collect();
    assert_eq!(details, [destroy]);
}

#[tokio::test]
async fn a_key_that_is_not_known_yet_is_taken_for_the_one_that_is_there() {
    let host = host(Attr::Null);
    let keyed = state(&host, [("customer_managed_key", encryption(&key("k"), Value::Null))]);
    let mut part = encryption(&key("k"), Value::Null);
    view::put(&mut part, &["key_vault_id"], Value::Unknown);
    for (before, key, path) in [
        (&keyed, Value::Unknown, "customer_managed_key"),
        (&state(&host, []), Value::Unknown, "customer_managed_key"),
        (&keyed, part, "customer_managed_key.key_vault_id"),
    ] {
        let planned = plan(&host, before, &config(&host, [("customer_managed_key", key)])).await;
        assert_eq!(planned.replace, Vec::<Path>::new());
        assert_eq!(said(&planned).map(|(at, _)| at).as_deref(), Some(path));
    }
}
