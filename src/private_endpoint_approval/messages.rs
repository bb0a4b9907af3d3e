//! What a user reads about approvals beyond what is said of every resource.

use arm::ResourceId;
use serde_json::Value as Json;
use tfplugin::{Diagnostic, Value};

use super::{Approval, connection};
use crate::lists;
use crate::thing::Thing;
use crate::view;

/// The headline where a target's API version cannot be found out.
pub(super) const NO_VERSION: &str = "No API Version for the Target";

/// As many connections are shown.
const SHOWN: usize = 10;

/// The resource provider of the target knows no such type.
pub(super) fn takes_none(kind: &str) -> Diagnostic {
    let detail = format!(
        "The resource provider has no type {kind} in this subscription, so that there is no API version to ask for its connections. Correct the ID."
    );
    Diagnostic::error(NO_VERSION, detail).at("private_connection_resource_id")
}

/// The target is not there. `named` is the attribute that names it.
pub(super) fn no_target(target: &ResourceId, named: &'static str) -> Diagnostic {
    let detail = format!(
        "The target does not exist, so that no connection arrives there. Correct {named}, or refer to the resource that makes the target, so that it is there first.\n\n{target}"
    );
    Diagnostic::error("Target Not Found", detail).at(named)
}

/// The target is there, and is none that private endpoints lead to.
pub(super) fn without_connections(target: &ResourceId, named: &'static str) -> Diagnostic {
    let detail = format!(
        "A {} takes no private connections, so that there is none to decide about. Set {named} to the ID of the resource that the private endpoint leads to.\n\n{target}",
        target.resource_type()
    );
    Diagnostic::error("Target Without Private Connections", detail).at(named)
}

/// The target has no such connection, but perhaps others.
pub(super) fn not_found(target: &ResourceId, planned: &Value, all: &[Json]) -> Diagnostic {
    let (attribute, wanted) = match view::text(planned, &["private_endpoint_id"]) {
        Some(endpoint) => ("private_endpoint_id", format!("comes from the private endpoint {endpoint}")),
        None => {
            let name = view::text(planned, &["connection_name"]).unwrap_or_default();
            ("connection_name", format!("has the name {name:?}"))
        }
    };
    let there = match all {
        [] => "The target has no connections at all".to_owned(),
        all => format!("The target has these:{}", listed(all)),
    };
    let end = if all.is_empty() { ". " } else { "\n\n" };
    let detail = format!(
        "No connection at {target} {wanted}. {there}{end}A connection is there as soon as its private endpoint has been created with this target."
    );
    Diagnostic::error("Connection Not Found", detail).at(attribute)
}

/// One endpoint has several connections to the target.
pub(super) fn ambiguous(all: &[&Json]) -> Diagnostic {
    let all: Vec<Json> = all.iter().map(|one| (*one).clone()).collect();
    let detail = format!(
        "Several connections at the target come from this private endpoint. Say by connection_name, instead of private_endpoint_id, which one is meant:{}",
        listed(&all)
    );
    Diagnostic::error("Several Connections", detail).at("private_endpoint_id")
}

/// One line for each connection.
fn listed(all: &[Json]) -> String {
    let line = |one: &Json| {
        let (name, status, endpoint) = (
            connection::name(one),
            connection::status(one).unwrap_or("no status"),
            connection::endpoint(one),
        );
        format!("{name:?}: {status}, from {endpoint}")
    };
    format!("\n{}", lists::lines(all, SHOWN, line))
}

/// Somebody has decided differently, or with other words.
pub(super) fn decided_already(id: &ResourceId, connection: &Json) -> Diagnostic {
    let (status, words) =
        (connection::status(connection).unwrap_or_default(), connection::description(connection));
    let words = if words.is_empty() { String::new() } else { format!(" with the words {words:?}") };
    let type_name = Approval::WORDS.type_name;
    let detail = format!(
        "Somebody has decided about this connection: it is {status}{words}. To overrule that, import the decision, with the address of this resource, and apply again:\n\nimport {{\n  to = {type_name}.example\n  id = \"{id}\"\n}}\n\nA decision that is the same is taken over without an import, and so is one with other words where no description is set."
    );
    Diagnostic::error("Connection Decided Already", detail).at("status")
}

/// Azure's answer does not say what has been decided about the connection, or in no text.
pub(super) fn no_status(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure's answer has no status of this connection that can be read. Somebody may have decided about it, so nothing was changed. Try again; if Azure goes on answering so, please report it.\n\n{id}"
    );
    Diagnostic::error("Connection Status Not Read", detail)
}

/// The connection leads nowhere, and no decision changes that.
pub(super) fn disconnected(id: &ResourceId, connection: &Json) -> Diagnostic {
    let endpoint = connection::endpoint(connection);
    let detail = format!(
        "The connection is Disconnected: its private endpoint or its target was deleted at some time, and no decision makes it work again. Its owner has to delete the private endpoint {endpoint} and create it anew, which makes another connection.\n\n{id}"
    );
    Diagnostic::error("Connection Is Disconnected", detail)
}

/// The user interrupted a decision of which nobody knows whether Azure took it.
pub(super) fn interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The decision was interrupted before Azure confirmed it. Should Azure have taken it nevertheless, the next apply finds the connection decided, and takes that over.\n\n{id}"
    );
    Diagnostic::error("Decision Interrupted", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_without_a_status_is_left_alone() {
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/privateEndpointConnections/c";
        let diagnostic = no_status(&ResourceId::parse(id).expect("it is an ID"));
        assert_eq!(diagnostic.summary, "Connection Status Not Read");
        assert_eq!(
            diagnostic.detail,
            format!(
                "Azure's answer has no status of this connection that can be read. Somebody may have decided about it, so nothing was changed. Try again; if Azure goes on answering so, please report it.\n\n{id}"
            )
        );
    }
}
