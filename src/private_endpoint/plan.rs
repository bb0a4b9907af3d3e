//! The last word on a plan: what the target, the names and the zone group depend on.

use arm::ResourceId;
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
    plan_approval(plan);
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

/// The name of the zone group.
const NAME: &[&str] = &[zone_group::NAME, "name"];

/// What an approval brings with it.
const OF_APPROVAL: [&str; 5] = [
    "connection_status",
    "connection_description",
    "connection_actions_required",
    "custom_dns_configs",
    "private_dns_zone_configs",
];

/// A wait for an approval is an update, also where nothing else changes: one that was interrupted, or was too long, goes on.
fn plan_approval(plan: &mut Plan) {
    if plan.kind() != PlanKind::Update || !view::is_true(plan.planned_value(), &["wait_for_approval"]) {
        return;
    }
    let waits = match view::text(plan.prior_value(), &["connection_status"]) {
        Some("Pending") => true,
        Some("Approved") => false,
        _ => plan.changes("wait_for_approval"),
    };
    if waits {
        OF_APPROVAL.into_iter().for_each(|name| {
            plan.set_unknown(name);
        });
    }
}

/// A group that the configuration no longer has goes, unless nothing says that it ever had it; one of another name leaves a gap.
fn plan_zone_group(plan: &mut Plan) {
    if plan.kind() != PlanKind::Update {
        return;
    }
    let prior = plan.prior_value();
    let Some(old) = view::text(prior, NAME).map(str::to_owned) else { return };
    let endpoint = view::text(prior, &["id"]).and_then(|id| ResourceId::parse(id).ok());
    let warning = if !view::is_null(plan.config_value(), &[zone_group::NAME]) {
        // A change of it that failed is made again, also where Azure shows it as made.
        if zone_group::has_failed(plan.private()) {
            plan.set_unknown("private_dns_zone_configs");
        }
        let new = view::text(plan.planned_value(), NAME).filter(|new| !check::same_name(&old, new));
        new.map(|new| messages::gap(&old, new))
    } else if zone_group::was_declared(plan.private()) {
        plan.set(zone_group::NAME, Value::Null);
        plan.set("private_dns_zone_configs", Value::List(Vec::new()));
        None
    } else {
        endpoint.map(|endpoint| messages::zone_group_stays(&endpoint, &old))
    };
    if let Some(warning) = warning.filter(|_| !plan.replaces()) {
        plan.report(warning);
    }
}
