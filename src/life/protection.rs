//! `deletion_protection`: what has the attribute, and has it applied as `true`, is not destroyed, whatever the way there.
//!
//! It goes by what is applied, as every destroy does. A plan to delete is refused, and so is every plan that takes the place of
//! the object: by an attribute, by `-replace` or `replace_triggered_by`, or because it is tainted. The delete itself is refused
//! last of all, for the first half of a replacement is planned by nobody. And a group that is destroyed with all that is in it
//! stays for what is protected there, as far as one plan has both. Azure hears nothing of it.

use arm::ResourceId;
use tfplugin::{Diagnostic, Diagnostics, Plan, PlanKind, Value};

use crate::life::displaced::{Cause, Displaced, displaced};
use crate::session::Session;
use crate::thing::{Thing, Words};
use crate::view;

/// The attribute.
const NAME: &str = "deletion_protection";

/// What has this applied is destroyed with all that is in it.
const FORCE: &str = "force_delete";

fn is_protected(object: &Value) -> bool {
    view::is_true(object, &[NAME])
}

/// Refuses a plan that destroys what is protected.
pub(super) fn check<T: Thing>(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    if plan.kind() == PlanKind::Delete {
        check_delete::<T>(plan.prior_value())?;
        return check_inside(session, plan.prior_value());
    }
    for Displaced { object, cause } in displaced::<T>(session, plan) {
        if is_protected(&object) {
            return Err(not_replaced(&T::WORDS, &object, cause, plan).into());
        }
        check_inside(session, &object)?;
    }
    check_outside(session, plan)
}

/// Refuses to destroy a group that takes along what is protected, as far as that has been loaded. The rest is planned later and
/// finds it noted.
fn check_inside(session: &Session, object: &Value) -> Result<(), Diagnostics> {
    let id = view::text(object, &["id"]).and_then(|id| ResourceId::parse(id).ok());
    let Some(id) = id.filter(|_| view::is_true(object, &[FORCE])) else { return Ok(()) };
    // Noted first: of two plans at a time, one finds the other.
    session.plans().empty(&id);
    match session.plans().held_in(&id).into_iter().find(is_protected) {
        Some(inside) => Err(taken_along(&id, &inside).at(FORCE).into()),
        None => Ok(()),
    }
}

/// Refuses to leave what is protected in a group that is destroyed with all that is in it.
fn check_outside(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let prior = plan.prior_value();
    if !is_protected(prior) {
        return Ok(());
    }
    let id = view::text(prior, &["id"]).and_then(|id| ResourceId::parse(id).ok());
    let parents = std::iter::successors(id.and_then(|id| id.parent()), ResourceId::parent);
    match parents.into_iter().find(|parent| session.plans().empties(parent)) {
        Some(parent) => Err(taken_along(&parent, prior).at(NAME).into()),
        None => Ok(()),
    }
}

/// Refuses to delete what is protected.
pub(super) fn check_delete<T: Thing>(state: &Value) -> Result<(), Diagnostics> {
    if is_protected(state) { Err(not_destroyed(&T::WORDS, state).into()) } else { Ok(()) }
}

/// What a create that failed has left is not protected yet: it has to be destroyed before the next try.
pub(super) fn lift(saved: &mut Value) {
    if is_protected(saved) {
        view::put(saved, &[NAME], Value::Bool(false));
    }
}

/// Who it is, in a message.
fn named(words: &Words, object: &Value) -> String {
    format!("{} {:?}", words.noun, view::text(object, &["name"]).unwrap_or_default())
}

fn not_destroyed(words: &Words, object: &Value) -> Diagnostic {
    let (this, id) = (named(words, object), view::text(object, &["id"]).unwrap_or_default());
    let detail = format!(
        "The {this} is not destroyed, because deletion_protection = true is applied. To destroy it, set deletion_protection = false and apply that first. Where it is tainted, untaint it before. Where its block is gone from the configuration, put it back for that.\n\n{id}"
    );
    Diagnostic::error("Deletion Protected", detail).at(NAME)
}

fn not_replaced(words: &Words, object: &Value, cause: Cause, plan: &Plan) -> Diagnostic {
    let (this, id) = (named(words, object), view::text(object, &["id"]).unwrap_or_default());
    let because = cause.because(plan);
    // A tainted object has no other plan than that of its replacement, and one under another address none at all.
    let way = match cause {
        Cause::Attributes | Cause::Asked => {
            "To have it replaced, set deletion_protection = false and apply that alone first."
        }
        Cause::Held => {
            "Where it is tainted, first run \"terraform untaint\" (\"tofu untaint\") with its address; where its block has another address now, first declare that with a moved block. That keeps it. To have it replaced, then set deletion_protection = false and apply that alone, and then apply with -replace."
        }
    };
    let detail = format!(
        "This plan destroys the {this} to create it anew, {because}. It is not destroyed, because deletion_protection = true is applied. {way}\n\n{id}"
    );
    Diagnostic::error("Deletion Protected", detail).at(NAME)
}

/// `object` is in `outer`, whose destruction takes it along.
fn taken_along(outer: &ResourceId, object: &Value) -> Diagnostic {
    let id = view::text(object, &["id"]).unwrap_or_default();
    let detail = format!(
        "This plan destroys the resource group {:?} with all that is in it, because force_delete = true is applied. It is not destroyed, because deletion_protection = true is applied for what is in it. To keep both, leave the group as it is. With force_delete = false, applied alone first, Azure is asked to delete the group only when it is empty. To have both destroyed, set deletion_protection = false and apply that alone first.\n\n{id}",
        outer.name()
    );
    Diagnostic::error("Deletion Protected", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_group_would_take_along_says_how_it_goes() {
        let id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/z";
        let group = ResourceId::resource_group("s", "rg").unwrap();
        let said = taken_along(&group, &Value::object([("id", Value::from(id))])).to_string();
        assert_eq!(
            said,
            format!(
                "Deletion Protected: This plan destroys the resource group \"rg\" with all that is in it, because force_delete = true is applied. It is not destroyed, because deletion_protection = true is applied for what is in it. To keep both, leave the group as it is. With force_delete = false, applied alone first, Azure is asked to delete the group only when it is empty. To have both destroyed, set deletion_protection = false and apply that alone first.\n\n{id}"
            )
        );
    }
}
