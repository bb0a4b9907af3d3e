//! What a user reads about a private endpoint beyond Azure's own words.

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Path};

use super::zone_group::NAME;
use crate::diagnostics;

/// What the target's owner does.
fn approve(target: &str) -> String {
    format!(
        "Whoever owns the target approves the connection: with the resource azureml_private_endpoint_approval (not in a configuration whose endpoint has wait_for_approval = true, for which it would wait), in the Azure portal, or with \"az network private-endpoint-connection approve --id <ID>\", where \"az network private-endpoint-connection list --id {target}\" shows the connection's ID."
    )
}

/// What becomes of an endpoint whose creation failed after it was made.
const TAINTED: &str = "The state has the endpoint marked as tainted, so that the next apply would replace it";
const UNTAINT: &str =
    "To keep this one, run \"terraform untaint\" (\"tofu untaint\") with its address before.";

/// The connection waits for its approval, and nothing here waits for it.
pub(super) fn pending(id: &ResourceId, target: &str) -> Diagnostic {
    let detail = format!(
        "The endpoint exists, but it carries no traffic until its connection is approved. {} With wait_for_approval = true an apply waits for that.\n\n{id}",
        approve(target)
    );
    Diagnostic::warning("Connection Waits for Approval", detail).at("manual_connection")
}

/// The owner has decided against the connection, or has taken it away, while its endpoint was being made or later.
pub(super) fn refused(id: &ResourceId, status: &str, description: &str, created: bool) -> Diagnostic {
    let words = words(description);
    let detail = match (status, created) {
        ("Disconnected", true) => format!(
            "The target has removed the connection{words}. The endpoint carries no traffic, and its connection cannot be restored. {TAINTED} by one that asks anew, if the target still exists.\n\n{id}"
        ),
        ("Disconnected", false) => format!(
            "The target has removed the connection{words}. The endpoint carries no traffic any more, and its connection cannot be restored: run apply with \"-replace\" and its address for a new one, if the target still exists.\n\n{id}"
        ),
        (_, true) => format!(
            "The target's owner has rejected the connection{words}. The endpoint exists, but carries no traffic. {TAINTED} by one that asks the owner again. {UNTAINT}\n\n{id}"
        ),
        (_, false) => format!(
            "The target's owner has rejected the connection{words}. The endpoint carries no traffic, and its connection is not asked for again: once the owner agrees, run apply with \"-replace\" and its address for a new one.\n\n{id}"
        ),
    };
    Diagnostic::error(format!("Connection {status}"), detail)
}

/// The same as a warning, of an endpoint that is only read.
pub(super) fn is_refused(id: &ResourceId, status: &str, description: &str) -> Diagnostic {
    let Diagnostic { summary, detail, .. } = refused(id, status, description, false);
    Diagnostic::warning(summary, detail)
}

fn words(description: &str) -> String {
    match description {
        "" => String::new(),
        text => format!(", with the words {text:?}"),
    }
}

/// The time passed before the connection was approved.
pub(super) fn not_approved_in_time(
    id: &ResourceId,
    target: &str,
    error: &Error,
    created: bool,
) -> Diagnostic {
    let (azure, approve) = (diagnostics::account(error), approve(target));
    let then = if created {
        format!("{TAINTED} by one that asks anew. {UNTAINT}")
    } else {
        "The next apply waits again.".to_owned()
    };
    let detail = format!(
        "The endpoint exists, but nobody has approved its connection yet. {approve} {then}\n\n{azure}\n\n{id}"
    );
    Diagnostic::error("Connection Not Approved in Time", detail).at("wait_for_approval")
}

/// The user interrupted the wait for the approval.
pub(super) fn wait_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The endpoint exists, but its connection was not approved yet. The next apply waits again, and then does what else the configuration wants.\n\n{id}"
    );
    Diagnostic::warning("Wait for Approval Interrupted", detail)
}

/// The zone group could not be made what is planned.
pub(super) fn zone_group_not_applied(error: &Error) -> Diagnostic {
    diagnostics::failure("Private DNS Zone Group Not Applied", error).at(NAME)
}

/// Azure has taken the zone group, and shows it as failed.
pub(super) fn zone_group_failed(state: &str) -> Diagnostic {
    let detail = format!(
        "Azure's work on the zone group ended with the state {state:?}; the service gives no reason."
    );
    Diagnostic::error("Private DNS Zone Group Not Applied", detail).at(NAME)
}

/// The zone group could not be deleted.
pub(super) fn zone_group_not_deleted(error: &Error) -> Diagnostic {
    diagnostics::failure("Private DNS Zone Group Not Deleted", error)
}

/// What is wrong with the zone group of an endpoint that has just been made, and what becomes of the endpoint.
pub(super) fn but_the_endpoint_exists(error: Diagnostic) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe endpoint itself exists and is in order; only its zone group is not what is planned. {TAINTED} all the same. {UNTAINT}",
        error.detail
    );
    Diagnostic { detail, ..error }
}

/// The user interrupted a change of the zone group.
pub(super) fn zone_group_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The endpoint exists; the change of its zone group was interrupted. The next plan reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Change of the Private DNS Zone Group Interrupted", detail)
}

/// Something else has given the endpoint a group of another name.
pub(super) fn other_zone_group(endpoint: &ResourceId, name: &str) -> Diagnostic {
    let detail = format!(
        "An endpoint has one zone group, and something else, such as an Azure policy, has given this one the group {name:?}. To leave that as it is, remove private_dns_zone_group; to manage it here, set private_dns_zone_group.name to {name:?}; or delete it first.\n\n{endpoint}"
    );
    Diagnostic::error("Private DNS Zone Group Exists Already", detail).at(Path::from(NAME).attribute("name"))
}

/// A plan leaves a group that is known by an import alone.
pub(super) fn zone_group_stays(endpoint: &ResourceId, name: &str) -> Diagnostic {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let detail = format!(
        "The endpoint has the zone group {name:?}, and the configuration has no private_dns_zone_group. The group came into the state by an import, and nothing says that the configuration ever had it: so it stays, and its names stay in the zones. That is as it should be where something else manages it, such as an Azure policy. If it is to go, delete it, and the next plan says no more of it:\n\naz network private-endpoint dns-zone-group delete --name {name} --endpoint-name {} --resource-group {} --subscription {}\n\n{endpoint}",
        endpoint.name(),
        text(endpoint.resource_group_name()),
        text(endpoint.subscription_id()),
    );
    Diagnostic::warning("Private DNS Zone Group Stays", detail)
}

/// A plan renames the group.
pub(super) fn gap(old: &str, new: &str) -> Diagnostic {
    let detail = format!(
        "A zone group cannot be renamed: with another private_dns_zone_group.name, {old:?} is deleted, and {new:?} is made afterwards. In between, and until DNS caches expire, the names of the endpoint do not resolve to its addresses. Changes of private_dns_zone_ids alone leave no such gap."
    );
    Diagnostic::warning("Gap in Name Resolution", detail).at(Path::from(NAME).attribute("name"))
}
