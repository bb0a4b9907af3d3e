//! What a user reads about a private endpoint beyond Azure's own words.

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Path};

use crate::diagnostics;

/// What the target's owner does.
fn approve(target: &str) -> String {
    format!(
        "Whoever owns the target approves the connection: with the resource azureml_private_endpoint_approval, in the Azure portal, or with \"az network private-endpoint-connection approve --id <ID>\", where \"az network private-endpoint-connection list --id {target}\" shows the connection's ID."
    )
}

/// The connection waits for its approval, and nothing here waits for it.
pub(super) fn pending(id: &ResourceId, target: &str) -> Diagnostic {
    let detail = format!(
        "The endpoint exists, and its connection leads nowhere until it is approved. {} With wait_for_approval = true an apply waits for that.\n\n{id}",
        approve(target)
    );
    Diagnostic::warning("Connection Waits for Approval", detail).at("manual_connection")
}

/// The owner has decided against the connection, or has taken it away.
pub(super) fn refused(id: &ResourceId, status: &str, description: &str) -> Diagnostic {
    let detail = match status {
        "Disconnected" => format!(
            "The target has given the connection up{}. The endpoint leads nowhere any more, and its connection cannot be mended: run apply with \"-replace\" and its address for a new one, if the target still exists.\n\n{id}",
            words(description)
        ),
        _ => format!(
            "The target's owner has rejected the connection{}. The endpoint leads nowhere, and its connection is not asked for again: once the owner agrees, run apply with \"-replace\" and its address for a new one.\n\n{id}",
            words(description)
        ),
    };
    Diagnostic::error(format!("Connection {status}"), detail)
}

/// The same as a warning, of an endpoint that is only read.
pub(super) fn is_refused(id: &ResourceId, status: &str, description: &str) -> Diagnostic {
    let Diagnostic { summary, detail, .. } = refused(id, status, description);
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
        "The state has the endpoint, marked as tainted, so that the next apply would replace it and ask anew. To go on with this one, run \"terraform untaint\" (\"tofu untaint\") with its address."
    } else {
        "The next apply waits again."
    };
    let detail = format!(
        "The endpoint exists, but nobody has approved its connection yet. {approve} {then}\n\n{azure}\n\n{id}"
    );
    Diagnostic::error("Connection Not Approved in Time", detail).at("wait_for_approval")
}

/// The user interrupted the wait for the approval.
pub(super) fn wait_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The endpoint exists; its connection was not approved yet. What the configuration wants beyond that, the next apply does.\n\n{id}"
    );
    Diagnostic::warning("Wait for Approval Interrupted", detail)
}

/// The zone group could not be made what is planned.
pub(super) fn zone_group_not_applied(error: &Error) -> Diagnostic {
    diagnostics::failure("Private DNS Zone Group Not Applied", error)
}

/// The user interrupted a change of the zone group.
pub(super) fn zone_group_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The endpoint exists; the change of its zone group was interrupted. The next plan reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Private DNS Zone Group Interrupted", detail)
}

/// Something else has given the endpoint a group of another name.
pub(super) fn other_zone_group(endpoint: &ResourceId, name: &str) -> Diagnostic {
    let detail = format!(
        "An endpoint has one zone group, and something else, such as an Azure policy, has given this one the group {name:?}. To leave that as it is, remove private_dns_zone_group; to manage it here, set its name to {name:?}; or delete it first.\n\n{endpoint}"
    );
    Diagnostic::error("Private DNS Zone Group Exists Already", detail)
        .at(Path::from("private_dns_zone_group").attribute("name"))
}

/// A plan renames the group.
pub(super) fn gap(old: &str, new: &str) -> Diagnostic {
    let detail = format!(
        "A zone group cannot be renamed: {old:?} is deleted, and {new:?} is made afterwards. In between, and until caches have forgotten, the names of the endpoint do not resolve to its addresses. Changes of private_dns_zone_ids alone leave no such gap."
    );
    Diagnostic::warning("Gap in Name Resolution", detail)
        .at(Path::from("private_dns_zone_group").attribute("name"))
}
