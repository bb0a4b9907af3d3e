//! The last word on a plan: what depends on more than one attribute, or on the provider.

use tfplugin::{Diagnostics, Plan, PlanKind, Value};

use crate::check;
use crate::session::Session;
use crate::tags::{self, Known, Tags};
use crate::view;
use crate::workspace::{call, document, identity, messages};

/// What is unknown until Azure has done something.
const STATE: &[&str] = &["provisioning_state"];

/// The state after every operation that succeeds.
const READY: &str = "Succeeded";

/// Completes a plan, or refuses it.
pub(super) fn modify(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
    if plan.kind() == PlanKind::Delete {
        return Ok(());
    }
    plan_subscription(session, plan);
    plan_identity(plan);
    plan_tags(session, plan);
    plan_state(plan);
    refuse_tombstone(plan)
}

/// A workspace that names no subscription is in the provider's.
fn plan_subscription(session: &Session, plan: &mut Plan) {
    if view::member(plan.planned_value(), &["subscription_id"]).is_unknown()
        && view::is_null(plan.config_value(), &["subscription_id"])
        && let Some(subscription) = session.known_subscription()
    {
        plan.set("subscription_id", Value::from(subscription));
    }
}

/// A workspace that declares no identity has a system-assigned one.
fn plan_identity(plan: &mut Plan) {
    if view::is_null(plan.config_value(), &["identity"]) {
        let planned = identity::undeclared(plan.prior_value());
        plan.set("identity", planned);
    }
}

/// All tags follow from `tags`, `default_tags` and what others have added.
fn plan_tags(session: &Session, plan: &mut Plan) {
    let own = view::member(plan.planned_value(), &["tags"]);
    let (true, Some(defaults)) = (own.is_wholly_known(), session.default_tags()) else {
        plan.set_unknown("tags_all");
        return;
    };
    let prior = plan.prior_value();
    let known = Known {
        all: document::tags(view::member(prior, &["tags_all"])),
        own: document::tags(view::member(prior, &["tags"])),
        defaults: call::remembered_default_tags(plan.private()),
    };
    let all: Tags = tags::planned(&known, &defaults, &document::tags(own));
    plan.set("tags_all", Value::map(all.into_iter().map(|(name, value)| (name, Value::from(value)))));
}

/// A workspace that is ready is so again after an update, which otherwise fails; and a change that sends nothing to Azure
/// leaves any workspace in the state that it is in. Every plan of an update would show the attribute otherwise.
fn plan_state(plan: &mut Plan) {
    if plan.kind() != PlanKind::Update || plan.replaces() {
        return;
    }
    let state = view::member(plan.prior_value(), STATE).clone();
    if state == Value::from(READY) {
        plan.set("provisioning_state", state);
        return;
    }
    let mut planned = plan.planned_value().clone();
    view::put(&mut planned, STATE, state.clone());
    if planned.is_wholly_known() && document::patch_body(plan.prior_value(), &planned).is_none() {
        plan.set("provisioning_state", state);
    }
}

/// After a soft delete, a create of the same name fails, and then neither workspace is there.
fn refuse_tombstone(plan: &Plan) -> Result<(), Diagnostics> {
    if plan.kind() != PlanKind::Update || !plan.replaces() {
        return Ok(());
    }
    let (prior, planned) = (plan.prior_value(), plan.planned_value());
    let same = |name: &str| {
        let (old, new) = (view::text(prior, &[name]), view::text(planned, &[name]));
        old.zip(new).is_some_and(|(old, new)| check::same_name(old, new))
    };
    let same_name = ["name", "resource_group_name", "subscription_id"].into_iter().all(same);
    let purges = view::is_true(prior, &["purge_on_destroy"])
        || view::is_true(planned, &["purge_soft_deleted"])
        || view::member(planned, &["purge_soft_deleted"]).is_unknown();
    if !same_name || purges {
        return Ok(());
    }
    let name = view::text(planned, &["name"]).unwrap_or_default();
    Err(messages::replaced_over_tombstone(name, view::is_true(planned, &["purge_on_destroy"])).into())
}
