//! The life of a resource that is one document under one ID: create, read, update, delete, import, and its part of a plan.
//!
//! Each operation is a list of steps that a resource runs whole, or with steps of its own in between. What becomes of
//! lost answers, interrupts and deadlines is decided here, once for all resources.

mod create;
mod delete;
mod displaced;
mod failed;
mod import;
mod managed;
mod plan;
mod protection;
mod read;
mod references;
mod undecided;
mod update;

pub(crate) use create::Creation;
pub(crate) use delete::{delete, not_deleted};
pub(crate) use displaced::{Cause, DESTROYING, Displaced, displaced};
pub(crate) use import::import;
pub(crate) use managed::{Managed, ManagedResource};
pub(crate) use plan::plan;
pub(crate) use read::{is_in_order, not_read, or_not_believed, read};
pub(crate) use references::{PATIENCE, Reference};
pub(crate) use update::update;

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Value};

use crate::call::Call;
use crate::thing::{self, Thing};
use crate::{diagnostics, messages};

/// What a user reads when Azure refuses an operation: the resource's own words, or else the usual ones.
fn refusal<T: Thing>(id: &ResourceId, error: &Error, what: &str) -> Diagnostic {
    let summary = messages::title(&T::WORDS, what);
    let usual = || thing::at_attribute::<T>(error, diagnostics::failure(&summary, error));
    T::refused(id, error, &summary).unwrap_or_else(usual)
}

/// The same of what is wanted, at the attribute whose ID Azure names, where nothing else says which one it is about.
fn refusal_of<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    error: &Error,
    what: &str,
    wanted: &Value,
) -> Diagnostic {
    let diagnostic = refusal::<T>(id, error, what);
    let is_configured = |name: &str| !call.cx.config::<Value>(name).is_null();
    match thing::named_in(error, wanted, is_configured) {
        Some(attribute) if diagnostic.path.is_none() => diagnostic.at(attribute),
        _ => diagnostic,
    }
}
