//! What a plan adds for every resource: the subscription, all tags, and what stays as it is.

use tfplugin::{Plan, PlanKind, Value};

use crate::life::{displaced, failed, undecided};
use crate::session::Session;
use crate::tags::{self, Known, Tags};
use crate::thing::Thing;
use crate::{call, messages, view};

/// What is unknown until Azure has done something.
const STATE: &[&str] = &["provisioning_state"];

/// The state after every operation that succeeds.
const READY: &str = "Succeeded";

/// What a plan adds for a resource, as far as it has the attributes.
pub(crate) fn plan<T: Thing>(session: &Session, plan: &mut Plan) {
    let has = |name| T::FIELDS.iter().any(|field| field.name == name);
    plan_subscription(session, plan);
    if has("tags_all") {
        plan_tags(session, plan);
    }
    undecided::settle(session, plan);
    if has("provisioning_state") {
        plan_state::<T>(plan);
    }
    displaced::note::<T>(session, plan);
}

/// A resource that names no subscription is in the provider's.
fn plan_subscription(session: &Session, plan: &mut Plan) {
    if view::member(plan.planned_value(), &["subscription_id"]).is_unknown()
        && view::is_null(plan.config_value(), &["subscription_id"])
    {
        match session.known_subscription() {
            Some(subscription) => {
                plan.set("subscription_id", Value::from(subscription));
            }
            // Before the first half of a replacement has destroyed what the second one cannot create.
            None if session.lacks_subscription() => plan.report(messages::no_subscription()),
            None => {}
        }
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
        all: tags::of_value(view::member(prior, &["tags_all"])),
        own: tags::of_value(view::member(prior, &["tags"])),
        defaults: call::remembered_default_tags(plan.private()),
    };
    let all: Tags = tags::planned(&known, &defaults, &tags::of_value(own));
    plan.set("tags_all", tags::to_value(all));
}

/// A resource that is ready is so again after an update, which otherwise fails; and a change that sends nothing to Azure
/// leaves any resource in the state that it is in. Every plan of an update would show the attribute otherwise.
fn plan_state<T: Thing>(plan: &mut Plan) {
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
    if call::remembers_failed_update(plan.private()) {
        failed::plan_again(plan);
    } else if planned.is_wholly_known() && T::change(plan.prior_value(), &planned).is_none() {
        plan.set("provisioning_state", state);
    }
}
