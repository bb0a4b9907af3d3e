//! The last word on a plan: what depends on more than one attribute, or on the provider.

use arm::ResourceId;
use tfplugin::{Diagnostics, Plan, Private, Value};

use crate::call;
use crate::check;
use crate::life::{self, Cause, Displaced};
use crate::session::Session;
use crate::view;
use crate::workspace::model::Workspace;
use crate::workspace::{identity, messages};

/// Completes a plan, or refuses it.
pub(super) fn modify(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
    plan_identity(plan);
    life::plan::<Workspace>(session, plan);
    refuse_tombstone(session, plan)
}

/// A workspace that declares no identity has a system-assigned one.
fn plan_identity(plan: &mut Plan) {
    if view::is_null(plan.config_value(), &["identity"]) {
        let planned = identity::undeclared(plan.prior_value());
        plan.set("identity", planned);
    }
}

/// After a soft delete, a create of the same name fails, and then neither workspace is there.
fn refuse_tombstone(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let planned = plan.planned_value();
    for Displaced { object, cause } in life::displaced::<Workspace>(session, plan) {
        // What a plan has of it is the private state of its own resource.
        let private = Some(plan.private()).filter(|_| cause != Cause::Held);
        if is_named_as(&object, planned) && leaves_tombstone(&object, private) && !purges(&object, planned) {
            let purge_is_new = view::is_true(planned, &["purge_on_destroy"]);
            return Err(messages::replaced_over_tombstone(plan, &object, cause, purge_is_new).into());
        }
    }
    Ok(())
}

/// The same where the new block of a workspace that was renamed without `moved` was planned before the old one.
pub(super) fn refuse_delete(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let old = plan.prior_value();
    let id = view::text(old, &["id"]).and_then(|id| ResourceId::parse(id).ok());
    match id.and_then(|id| session.plans().made(&id)) {
        Some(new) if leaves_tombstone(old, Some(plan.private())) && !purges(old, &new) => {
            Err(messages::replaced_over_tombstone(plan, old, Cause::Held, false).into())
        }
        _ => Ok(()),
    }
}

fn is_named_as(old: &Value, new: &Value) -> bool {
    let same = |name: &str| {
        let (old, new) = (view::text(old, &[name]), view::text(new, &[name]));
        old.zip(new).is_some_and(|(old, new)| check::same_name(old, new))
    };
    ["name", "resource_group_name", "subscription_id"].into_iter().all(same)
}

/// Whether the name is free for the new workspace, by what is applied or by what is planned.
fn purges(old: &Value, new: &Value) -> bool {
    view::is_true(old, &["purge_on_destroy"])
        || view::is_true(new, &["purge_soft_deleted"])
        || view::member(new, &["purge_soft_deleted"]).is_unknown()
}

/// Whether Azure keeps it and its name when it is deleted. A creation that failed leaves nothing to recover; a workspace whose
/// update failed is in the same state, and is kept as any other. Which it was, the private state says, and where a plan has
/// none, as that of a tainted workspace, what only a creation that came to an end leaves.
fn leaves_tombstone(old: &Value, private: Option<&Private>) -> bool {
    if !matches!(view::text(old, &["provisioning_state"]), Some("Failed") | None) {
        return true;
    }
    match private {
        Some(private) if call::remembers_failed_update(private) => true,
        Some(private) if call::remembers_failed_creation(private) => false,
        _ => ["workspace_id", "discovery_url"].into_iter().any(|name| view::text(old, &[name]).is_some()),
    }
}
