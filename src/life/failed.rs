//! What a plan does about a resource that Azure shows as failed: an update of ours that failed is planned again, and anything else
//! is told. Not in a read, whose warnings would end an apply that has mended it.

use arm::operation::State;
use tfplugin::{Plan, PlanKind};

use crate::thing::Thing;
use crate::{call, messages, view};

/// The attribute that shows it.
const STATE: &str = "provisioning_state";

/// Plans the update again that did not come to a good end, also where its values have arrived: only another update brings the
/// resource into a good state.
pub(super) fn plan_again(plan: &mut Plan) {
    if state(plan).is_some() && call::remembers_failed_update(plan.private()) {
        plan.set_unknown(STATE);
    }
}

/// Says that the resource is in a failed state, where nothing that is planned changes that.
pub(super) fn warn<T: Thing>(plan: &mut Plan) {
    if plan.kind() != PlanKind::Update || plan.changes_anything() {
        return;
    }
    let Some(state) = state(plan) else { return };
    let id = view::text(plan.prior_value(), &["id"]).unwrap_or_default();
    let warning = if call::remembers_failed_creation(plan.private()) {
        messages::interrupted_and_failed(&T::WORDS, id, &state)
    } else {
        messages::failed_before(&T::WORDS, id, &state)
    };
    plan.report(warning);
}

/// The state of the resource, where that is a failure.
fn state(plan: &Plan) -> Option<String> {
    let state = view::text(plan.prior_value(), &[STATE])?;
    State::of_word(state).is_failure().then(|| state.to_owned())
}
