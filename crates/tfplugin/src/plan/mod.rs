//! The plan engine: from what was and what is configured to what will be. It reads tables and values only, and says
//! the same each time that it is asked the same.

mod build;
mod changes;
mod hook;
mod pairing;
mod readback;
mod replace;

pub use changes::{Change, changes};
pub use hook::{Plan, PlanKind};
pub(crate) use readback::{after_apply, after_failure, after_read, as_configured};

use build::Computed;

use crate::path::Path;
use crate::private::Private;
use crate::schema::{Schema, TIMEOUTS};
use crate::value::Value;

/// A plan without a resource's own hook: what the declarations say.
pub(crate) fn declared(schema: &Schema, config: Value, prior: Value, private: Private) -> Plan {
    let (settled, planned) = planned(schema, &config, &prior);
    let found = if prior.is_null() {
        replace::Found::default()
    } else {
        replace::paths(schema.fields, &config, &prior, &settled)
    };
    let mut plan = Plan::new(config, prior, planned, found.replace, private);
    plan.undecided = found.undecided;
    plan
}

/// A plan to delete.
pub(crate) fn deletion(config: Value, prior: Value, private: Private) -> Plan {
    Plan::new(config, prior, Value::Null, Vec::new(), private)
}

/// The planned object, first with computed values as they were, then as it is to be told.
fn planned(schema: &Schema, config: &Value, prior: &Value) -> (Value, Value) {
    let mut settled = build::object(schema.fields, config, prior, Computed::Stay);
    let mut planned = if !prior.is_null() && same_attributes(schema, &settled, prior) {
        settled.clone()
    } else {
        build::object(schema.fields, config, prior, Computed::Unknown)
    };
    if schema.timeouts.is_some() {
        // Not of the remote object, so that a change of it alone makes nothing unknown.
        let timeouts = build::member(config, TIMEOUTS);
        for object in [&mut settled, &mut planned] {
            object.set(&Path::from(TIMEOUTS), timeouts.clone());
        }
    }
    (settled, planned)
}

/// Whether two objects have the same attributes, whatever their timeouts.
fn same_attributes(schema: &Schema, one: &Value, other: &Value) -> bool {
    schema.fields.iter().all(|field| build::member(one, field.name) == build::member(other, field.name))
}

/// What a hook's changes entail: if nothing changed before and does now, computed values are not known any more.
/// What the hook itself has set stands. Write-only values never are in a plan.
pub(crate) fn after_hook(schema: &Schema, plan: &mut Plan, before: &Value) {
    if plan.planned.is_null() {
        return;
    }
    let unchanged = |object: &Value| !plan.prior.is_null() && same_attributes(schema, object, &plan.prior);
    if unchanged(before) && !unchanged(&plan.planned) {
        let marked = build::object(schema.fields, &plan.config, &plan.prior, Computed::Unknown);
        for field in schema.fields {
            let untouched = build::member(&plan.planned, field.name) == build::member(before, field.name);
            if untouched && !plan.spoken.contains(field.name) {
                let value = build::member(&marked, field.name).clone();
                plan.planned.set(&Path::from(field.name), value);
            }
        }
    }
    let (prior, planned) = (&plan.prior, &plan.planned);
    plan.replace = plan.replace.iter().filter_map(|path| replace::there(path, prior, planned)).collect();
    plan.replace.sort();
    plan.replace.dedup();
}
