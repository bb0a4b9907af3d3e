//! The last word on a plan: what the target, the names and the zone group depend on.

use tfplugin::{Plan, PlanKind, Value};

use crate::private_endpoint::{PrivateEndpoint, messages, zone_group};
use crate::{check, target, view};

/// The group of a workspace's services.
pub(super) const WORKSPACE_GROUP: &str = "amlworkspace";

/// Completes a plan.
pub(super) fn modify(plan: &mut Plan) {
    plan_target(plan);
    if view::is_null(plan.config_value(), &["connection_name"])
        && view::member(plan.planned_value(), &["connection_name"]).is_unknown()
    {
        let name = view::member(plan.planned_value(), &["name"]).clone();
        plan.set("connection_name", name);
    }
    plan_zone_group(plan);
}

/// A workspace has one group.
fn plan_target(plan: &mut Plan) {
    let is_workspace = target::plan::<PrivateEndpoint>(plan);
    if view::is_null(plan.config_value(), &["group_ids"]) {
        let groups = match is_workspace {
            Some(true) => Value::set_of([Value::from(WORKSPACE_GROUP)]),
            Some(false) => Value::Null,
            None => Value::Unknown,
        };
        target::set::<PrivateEndpoint>(plan, "group_ids", groups);
    }
}

/// A group that the configuration no longer has goes, unless it never had it; one of another name leaves a gap.
fn plan_zone_group(plan: &mut Plan) {
    if plan.kind() != PlanKind::Update {
        return;
    }
    let declared = !view::is_null(plan.config_value(), &[zone_group::NAME]);
    let had = !view::is_null(plan.prior_value(), &[zone_group::NAME]);
    if !declared && had && zone_group::was_declared(plan.private()) {
        plan.set(zone_group::NAME, Value::Null);
        plan.set("private_dns_zone_configs", Value::List(Vec::new()));
    }
    let name = |object| view::text(object, &[zone_group::NAME, "name"]);
    if let (Some(old), Some(new)) = (name(plan.prior_value()), name(plan.planned_value()))
        && !check::same_name(old, new)
        && !plan.replaces()
    {
        let warning = messages::gap(old, new);
        plan.report(warning);
    }
}
