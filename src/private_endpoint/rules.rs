//! The rules across attributes that need no request: what Azure would refuse is refused at plan, at its place.

use arm::{ResourceId, network};
use tfplugin::{Diagnostics, Value};

use crate::check;
use crate::kind::Kind;
use crate::target;
use crate::view;

/// Everything that is wrong with a configuration as a whole.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    target::check_one(config, "An endpoint leads to one target.", found);
    message(config, found);
    groups(config, found);
    workspace_group(config, found);
    one_group(config, found);
    addresses(config, found);
}

fn refuse(found: &mut Diagnostics, summary: &str, detail: impl Into<String>, attribute: &str) {
    found.error_at(view::path(&[attribute]), summary, detail);
}

/// Who has to approve reads a message, and nobody else does.
fn message(config: &Value, found: &mut Diagnostics) {
    let manual = match view::member(config, &["manual_connection"]) {
        Value::Unknown => return,
        value => *value == Value::Bool(true),
    };
    if manual && view::is_null(config, &["request_message"]) {
        let detail = "With manual_connection = true, request_message says to the target's owner what the connection is for.";
        refuse(found, "Missing Request Message", detail, "request_message");
    }
    if !manual && view::text(config, &["request_message"]).is_some() {
        let detail = "request_message is only for connections that somebody approves: set manual_connection = true, or remove it.";
        refuse(found, "Request Message Not Allowed", detail, "request_message");
    }
}

/// A target that is no workspace has groups of which one has to be chosen.
fn groups(config: &Value, found: &mut Diagnostics) {
    if !view::is_null(config, &["group_ids"]) {
        return;
    }
    let target = view::text(config, &["private_connection_resource_id"]);
    let Some(target) = target.and_then(|id| ResourceId::parse(id).ok()) else { return };
    let kind = target.resource_type();
    if [network::PRIVATE_LINK_SERVICE, Kind::Workspace.resource_type()]
        .iter()
        .any(|free| kind.eq_ignore_ascii_case(free))
    {
        return;
    }
    let known = known_groups(&kind).map(|groups| format!(", which has {groups}")).unwrap_or_default();
    let detail = format!(
        "group_ids says which of the target's services the endpoint leads to. It is required for a {kind}{known}. \"az network private-link-resource list --id {target}\" lists the groups of a resource."
    );
    refuse(found, "Missing Group", detail, "group_ids");
}

/// A workspace has one group.
fn workspace_group(config: &Value, found: &mut Diagnostics) {
    let two =
        [target::WORKSPACE, target::RESOURCE].iter().all(|name| view::is_set(config, &[name]) == Some(true));
    if two || target::is_workspace(config) != Some(true) {
        return;
    }
    let known = super::plan::WORKSPACE_GROUP;
    let groups = view::texts(config, &["group_ids"]).unwrap_or_default();
    for other in groups.iter().filter(|group| !check::same_name(group, known)) {
        let detail = format!(
            "A workspace has no group {other:?}: its group is {known:?}. Without group_ids the endpoint leads to that."
        );
        refuse(found, "Unknown Group", detail, "group_ids");
    }
}

/// What there is to do about several groups.
pub(super) const ONE_GROUP: &str = "Leave one group in group_ids, and make a second endpoint for another: one more azureml_private_endpoint, with a name of its own, that leads to the same target.";

/// Azure's own services take one group for each endpoint. Of a workspace's groups each but one is refused already.
fn one_group(config: &Value, found: &mut Diagnostics) {
    let target = view::text(config, &[target::RESOURCE]).and_then(|id| ResourceId::parse(id).ok());
    let Some(kind) = target.map(|id| id.resource_type()).filter(|kind| known_groups(kind).is_some()) else {
        return;
    };
    let groups = view::member(config, &["group_ids"]).elements().unwrap_or_default();
    let groups: Vec<String> =
        groups.iter().filter_map(Value::as_str).map(|group| format!("{group:?}")).collect();
    if groups.len() > 1 {
        let detail = format!(
            "An endpoint leads to one group of a {kind}; these are {}. {ONE_GROUP}",
            groups.join(" and ")
        );
        refuse(found, "Several Groups", detail, "group_ids");
    }
}

/// The groups of a workspace's neighbours.
fn known_groups(kind: &str) -> Option<&'static str> {
    const KNOWN: &[(&str, &str)] = &[
        (
            "Microsoft.Storage/storageAccounts",
            "\"blob\", \"file\", \"queue\", \"table\", \"dfs\" and \"web\"",
        ),
        ("Microsoft.KeyVault/vaults", "\"vault\""),
        ("Microsoft.ContainerRegistry/registries", "\"registry\""),
        ("Microsoft.Authorization/resourceManagementPrivateLinks", "\"ResourceManagement\""),
    ];
    KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind)).map(|(_, groups)| *groups)
}

/// Each address is for one member of one of the endpoint's groups.
fn addresses(config: &Value, found: &mut Diagnostics) {
    const SUMMARY: &str = "Invalid IP Configurations";
    let all = view::member(config, &["ip_configurations"]).elements().unwrap_or_default();
    let text = |one, name: &str| view::text(one, &[name]).unwrap_or_default();
    let is_workspace = target::is_workspace(config) == Some(true);
    for (index, one) in all.iter().enumerate() {
        let name = text(one, "name");
        for member in ["group_id", "member_name"] {
            if is_workspace && view::is_null(one, &[member]) {
                let detail = format!(
                    "The configuration {name:?} needs {member}. A workspace has the group \"amlworkspace\" with the members \"default\", \"notebook\", \"inference\" and \"models\"."
                );
                refuse(found, SUMMARY, detail, "ip_configurations");
            }
        }
        let group = view::text(one, &["group_id"]);
        if let (Some(group), Some(groups)) = (group, wanted_groups(config, is_workspace))
            && !groups.iter().any(|wanted| check::same_name(wanted, group))
        {
            let detail = format!(
                "The configuration {name:?} is for the group {group:?}, which the endpoint does not lead to: that is {}.",
                groups.join(", ")
            );
            refuse(found, SUMMARY, detail, "ip_configurations");
        }
        let twin = |attribute: &str| {
            let mine = view::text(one, &[attribute]);
            all[..index].iter().any(|other| {
                let theirs = view::text(other, &[attribute]);
                mine.zip(theirs).is_some_and(|(a, b)| check::same_name(a, b))
            })
        };
        for attribute in ["name", "private_ip_address", "member_name"] {
            if twin(attribute) {
                let detail = format!("Two configurations have the {attribute} {:?}.", text(one, attribute));
                refuse(found, SUMMARY, detail, "ip_configurations");
            }
        }
    }
}

/// The groups that the endpoint leads to, where they are known.
fn wanted_groups(config: &Value, is_workspace: bool) -> Option<Vec<&str>> {
    match view::texts(config, &["group_ids"]) {
        Some(groups) if groups.is_empty() => is_workspace.then(|| vec![super::plan::WORKSPACE_GROUP]),
        groups => groups,
    }
}
