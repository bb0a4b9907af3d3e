//! What a private endpoint leads to: a workspace, or any other resource. Either of two attributes names it, and a workspace may
//! be named by both, so that going from one attribute to the other is no change.

use tfplugin::{Diagnostics, Model, Plan, Value};

use crate::exactly_one::ExactlyOne;
use crate::kind::Kind;
use crate::view;

/// The attribute that names a workspace.
pub(crate) const WORKSPACE: &str = "workspace_id";
/// The attribute that names any resource.
pub(crate) const RESOURCE: &str = "private_connection_resource_id";

/// The ID of the target, by whichever attribute has it.
pub(crate) fn of(object: &Value) -> Option<&str> {
    view::text(object, &[WORKSPACE]).or(view::text(object, &[RESOURCE]))
}

/// Either of the two names the target.
const ONE: ExactlyOne = ExactlyOne {
    attributes: [WORKSPACE, RESOURCE],
    none: [
        "Missing Target",
        "Set workspace_id to the ID of a workspace, or private_connection_resource_id to that of another resource.",
    ],
    two: [
        "Two Targets",
        "Set workspace_id, or private_connection_resource_id for what is no workspace, and remove the other.",
    ],
};

/// Refuses two targets and none, with what there has to be to it: `An endpoint leads to one target.`
pub(crate) fn check_one(config: &Value, why: &str, found: &mut Diagnostics) {
    ONE.check(config, why, found);
}

/// Whether the target is a workspace, as far as that is known: an attribute that is for workspaces has one, and another ID tells
/// it by its type. One of the two is set in the end.
pub(crate) fn is_workspace(config: &Value) -> Option<bool> {
    match (view::is_set(config, &[WORKSPACE]), view::is_set(config, &[RESOURCE])) {
        (Some(true), _) | (None, Some(false)) => Some(true),
        _ => view::text(config, &[RESOURCE]).map(|id| Kind::Workspace.check(id).is_ok()),
    }
}

/// Plans that both attributes name a workspace, whichever is configured, and that anything else has the one name. Answers
/// whether the target is a workspace, as far as that is known.
pub(crate) fn plan<T: Model>(plan: &mut Plan) -> Option<bool> {
    let config = plan.config_value();
    let is_workspace = is_workspace(config);
    let (leads, follows) = match [WORKSPACE, RESOURCE].map(|name| view::is_null(config, &[name])) {
        [false, true] => (WORKSPACE, RESOURCE),
        [true, false] => (RESOURCE, WORKSPACE),
        // Which of them is null is known in the apply.
        _ => return is_workspace,
    };
    let other = match is_workspace {
        Some(true) => view::member(config, &[leads]).clone(),
        Some(false) => Value::Null,
        None => Value::Unknown,
    };
    set::<T>(plan, follows, other);
    is_workspace
}

/// Plans a value, unless what is planned already means the same.
pub(crate) fn set<T: Model>(plan: &mut Plan, name: &str, value: Value) {
    let field = T::FIELDS.iter().find(|field| field.name == name);
    let planned = view::member(plan.planned_value(), &[name]);
    if !field.is_some_and(|field| field.same(planned, &value)) {
        plan.set(name, value);
    }
}
