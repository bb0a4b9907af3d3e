//! The connections of a target: their list, one of them, and what a document says of one.

use arm::operation::State;
pub(super) use arm::private_link::CONNECTIONS;
use arm::{Error, Request, ResourceId, private_link};
use serde_json::Value as Json;
use tfplugin::Value;

use super::Approval;
use crate::call::Call;
use crate::kind::Kind;
use crate::{check, document, view};

const STATE: &str = "properties.privateLinkServiceConnectionState";

/// All connections that arrive at a target.
pub(super) async fn list(
    call: &Call<Approval>,
    target: &ResourceId,
    version: &str,
) -> Result<Vec<Json>, Error> {
    private_link::connections(call.client(), target, version, call.context()).await
}

/// One of them, which may be gone.
pub(super) async fn read(
    call: &Call<Approval>,
    id: &ResourceId,
    version: &str,
) -> Result<Option<Json>, Error> {
    call.client().find(Request::get(id, version), call.context()).await
}

/// Those that an object means, by the endpoint or by the name.
pub(super) fn meant<'a>(all: &'a [Json], object: &Value) -> Vec<&'a Json> {
    let text = |name: &str| view::text(object, &[name]);
    let fits = |one: &&Json| match (text("private_endpoint_id"), text(super::CONNECTION)) {
        (Some(wanted), _) => check::same_id(endpoint(one), wanted),
        (None, Some(wanted)) => check::same_name(name(one), wanted),
        (None, None) => false,
    };
    all.iter().filter(fits).collect()
}

/// The ID of a connection.
pub(super) fn id(connection: &Json) -> Option<ResourceId> {
    Kind::PrivateEndpointConnection.check(document::get(connection, "id").as_str()?).ok()
}

/// Its name at the target.
pub(super) fn name(connection: &Json) -> &str {
    let id = document::get(connection, "id").as_str().unwrap_or_default();
    id.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The endpoint that it comes from.
pub(super) fn endpoint(connection: &Json) -> &str {
    document::get(connection, "properties.privateEndpoint.id").as_str().unwrap_or_default()
}

/// What has been decided about it; nothing where the document does not say that in a text.
pub(super) fn status(connection: &Json) -> Option<&str> {
    state(connection, "status").filter(|status| !status.is_empty())
}

/// Whether the last decision about it ended in failure: what the document says of it may not be what holds.
pub(super) fn has_failed(connection: &Json) -> bool {
    State::of_resource(connection).is_some_and(State::is_failure)
}

/// The words of the decision.
pub(super) fn description(connection: &Json) -> &str {
    state(connection, "description").unwrap_or_default()
}

/// What is to be done by the endpoint's owner. Storage accounts and some others have another name for it.
pub(super) fn actions_required(connection: &Json) -> &Json {
    let member = |name| document::get(document::get(connection, STATE), name);
    match member("actionsRequired") {
        Json::Null => member("actionRequired"),
        required => required,
    }
}

fn state<'a>(connection: &'a Json, name: &str) -> Option<&'a str> {
    document::get(document::get(connection, STATE), name).as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TARGET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/privateEndpointConnections";
    const ENDPOINT: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/e";

    fn connection(name: &str, endpoint: &str) -> Json {
        let state = json!({"status": "Pending", "actionRequired": "None"});
        json!({
            "id": format!("{TARGET}/{name}"),
            "properties": {"privateEndpoint": {"id": endpoint}, "privateLinkServiceConnectionState": state},
        })
    }

    fn object(endpoint: Option<&str>, name: Option<&str>) -> Value {
        let value = |text: Option<&str>| text.map_or(Value::Unknown, Value::from);
        Value::object([("private_endpoint_id", value(endpoint)), ("connection_name", value(name))])
    }

    #[test]
    fn connections_are_found_in_any_casing() {
        let all = [connection("e.1", ENDPOINT), connection("f.2", &ENDPOINT.replace("/e", "/f"))];
        let by_endpoint = object(Some(&ENDPOINT.to_uppercase()), None);
        assert_eq!(meant(&all, &by_endpoint), [&all[0]]);
        assert_eq!(meant(&all, &object(None, Some("F.2"))), [&all[1]]);
        assert!(meant(&all, &object(None, Some("e"))).is_empty(), "no half names");
        assert!(meant(&all, &object(None, None)).is_empty());
    }

    #[test]
    fn what_is_required_is_read_under_both_names() {
        let mut connection = connection("e.1", ENDPOINT);
        assert_eq!(actions_required(&connection), "None");
        connection["properties"]["privateLinkServiceConnectionState"]["actionsRequired"] = json!("Restart");
        assert_eq!(actions_required(&connection), "Restart");
        assert_eq!(actions_required(&json!({})), &Json::Null);
    }
}
