//! `deletion_protection`: what has the attribute, and has it applied as `true`, is not destroyed, whatever the way there.
//!
//! It goes by what is applied, as every destroy does. A plan to delete is refused, and so is every plan that takes the place of
//! the object: by an attribute, by `-replace` or `replace_triggered_by`, or because it is tainted. The delete itself is refused
//! last of all, for the first half of a replacement is planned by nobody. Azure hears nothing of it.

use tfplugin::{Diagnostic, Diagnostics, Plan, PlanKind, Value};

use crate::life::displaced::{Cause, displaced};
use crate::session::Session;
use crate::thing::{Thing, Words};
use crate::view;

/// The attribute.
const NAME: &str = "deletion_protection";

fn is_protected(object: &Value) -> bool {
    view::is_true(object, &[NAME])
}

/// Refuses a plan that destroys what is protected.
pub(super) fn check<T: Thing>(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    if plan.kind() == PlanKind::Delete {
        return check_delete::<T>(plan.prior_value());
    }
    let protected =
        displaced::<T>(session, plan).into_iter().find(|displaced| is_protected(&displaced.object));
    match protected {
        Some(displaced) => Err(not_replaced(&T::WORDS, &displaced.object, displaced.cause, plan).into()),
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
        "The {this} is not destroyed, because deletion_protection = true is applied. To destroy it, set deletion_protection = false and apply that first. Where its block is gone from the configuration, put it back for that.\n\n{id}"
    );
    Diagnostic::error("Deletion Protected", detail).at(NAME)
}

fn not_replaced(words: &Words, object: &Value, cause: Cause, plan: &Plan) -> Diagnostic {
    let (this, id) = (named(words, object), view::text(object, &["id"]).unwrap_or_default());
    let (because, way_out) = (cause.because(plan), cause.way_out());
    let detail = format!(
        "This plan destroys the {this} to create it anew, {because}. It is not destroyed, because deletion_protection = true is applied. To have it replaced, set deletion_protection = false and apply that alone first.{way_out}\n\n{id}"
    );
    Diagnostic::error("Deletion Protected", detail).at(NAME)
}
