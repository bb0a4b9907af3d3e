//! The last word on a plan: what depends on more than one attribute, or on the provider.

use tfplugin::{Diagnostics, Plan, PlanKind};

use crate::check;
use crate::life;
use crate::session::Session;
use crate::view;
use crate::workspace::model::Workspace;
use crate::workspace::{identity, messages};

/// Completes a plan, or refuses it.
pub(super) fn modify(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
    plan_identity(plan);
    life::plan::<Workspace>(session, plan);
    refuse_tombstone(plan)
}

/// A workspace that declares no identity has a system-assigned one.
fn plan_identity(plan: &mut Plan) {
    if view::is_null(plan.config_value(), &["identity"]) {
        let planned = identity::undeclared(plan.prior_value());
        plan.set("identity", planned);
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
