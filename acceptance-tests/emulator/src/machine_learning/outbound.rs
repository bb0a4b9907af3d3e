//! The managed network's own operations: bringing it into being, and its outbound rules one by one.

use serde_json::{Value, json};

use super::{answer, finish, network, rules, workspace_id};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const PROVISION: Shape = Shape::Object(&[("includeSpark", Shape::LooseBool)]);

/// Answers `provisionManagedNetwork`.
pub(super) fn provision(azure: &mut Azure, call: &Call) -> Reply {
    PROVISION.check(&call.body, azure.strict)?;
    let document = super::found(azure, call)?.clone();
    require_network(&document)?;
    let spark = match call.at("/includeSpark") {
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        value => value == true,
    };
    begin(azure, call, &document, "provisioned", json!({ "id": document.id, "spark": spark }), Outcome::Empty)
}

/// Only a workspace with a managed network has rules and can be provisioned. (K)
fn require_network(document: &Document) -> Result<(), ArmError> {
    match document.at("/properties/managedNetwork").is_object() {
        true => Ok(()),
        false => Err(ArmError::bad_request(
            "The workspace has no managed network: set managedNetwork.isolationMode first.",
        )
        .target("managedNetwork")),
    }
}

fn begin(
    azure: &mut Azure,
    call: &Call,
    document: &Document,
    step: &str,
    argument: Value,
    outcome: Outcome,
) -> Reply {
    let id = ResourceId::parse(&document.id).unwrap_or_else(|| workspace_id(call));
    finish::refuse_while_running(azure, &id)?;
    let start = Start::new(Style::MachineLearningNetwork, &id, document.text("/location"))
        .then(finish::effect(step, argument))
        .outcome(outcome);
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

fn rules_of(document: &Document) -> Vec<(&String, &Value)> {
    let rules = document.at("/properties/managedNetwork/outboundRules").as_object();
    rules.map(|rules| rules.iter().collect()).unwrap_or_default()
}

fn find<'a>(document: &'a Document, name: &str) -> Option<(&'a String, &'a Value)> {
    rules_of(document).into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name))
}

fn resource(workspace: &str, name: &str, rule: &Value) -> Value {
    json!({
        "id": format!("{workspace}/outboundRules/{name}"),
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/outboundRules",
        "properties": rule,
    })
}

/// Answers the list of a workspace's rules.
pub(super) fn list(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?;
    let all: Vec<Value> =
        rules_of(document).into_iter().map(|(name, rule)| resource(&document.id, name, rule)).collect();
    Ok(answer::json(200, &json!({ "value": all })))
}

/// Answers requests for one rule.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?.clone();
    let name = call.id().name().to_owned();
    match call.method.as_str() {
        "GET" => {
            let (name, rule) =
                find(&document, &name).ok_or_else(|| ArmError::resource_not_found(call.id()))?;
            Ok(answer::json(200, &resource(&document.id, name, rule)))
        }
        "PUT" => put(azure, call, &document, &name),
        "DELETE" => delete(azure, call, &document, &name),
        method => Err(ArmError::method_not_allowed(method)),
    }
}

fn put(azure: &mut Azure, call: &Call, document: &Document, name: &str) -> Reply {
    refuse_service_rule(document, name)?;
    rules::check_name(name)?;
    require_network(document)?;
    let rule = rules::read_rule(call.at("/properties"), "properties", azure.strict)?;
    let name = find(document, name).map_or(name, |(name, _)| name.as_str());
    let argument = json!({ "id": document.id, "name": name, "rule": rule });
    begin(azure, call, document, "rule", argument, Outcome::Empty)
}

fn delete(azure: &mut Azure, call: &Call, document: &Document, name: &str) -> Reply {
    refuse_service_rule(document, name)?;
    let Some((name, _)) = find(document, name) else {
        return Ok(answer::standard(Response::empty(204)));
    };
    begin(azure, call, document, "unrule", json!({ "id": document.id, "name": name }), Outcome::Empty)
}

/// The service's own rules come and go with what they are for.
fn refuse_service_rule(document: &Document, name: &str) -> Result<(), ArmError> {
    match find(document, name) {
        Some((name, rule)) if rule["category"] != "UserDefined" => Err(ArmError::bad_request(format!(
            "The outbound rule '{name}' of category '{}' is made by the service and cannot be changed.",
            rule["category"].as_str().unwrap_or_default()
        ))
        .target("outboundRules")),
        _ => Ok(()),
    }
}

/// Adds or replaces a rule at the end of its operation, and answers it.
pub(super) fn finish_put(azure: &mut Azure, id: &ResourceId, argument: &Value) -> Result<Value, ArmError> {
    let name = argument["name"].as_str().unwrap_or_default().to_owned();
    let network = change(azure, id, &json!({ "outboundRules": { &name: argument["rule"] } }))?;
    Ok(resource(&id.to_string(), &name, &network["outboundRules"][&name]))
}

/// Takes a rule away at the end of its operation.
pub(super) fn finish_delete(azure: &mut Azure, id: &ResourceId, argument: &Value) -> Result<Value, ArmError> {
    let name = argument["name"].as_str().unwrap_or_default();
    change(azure, id, &json!({ "outboundRules": { name: null } }))?;
    Ok(Value::Null)
}

fn change(azure: &mut Azure, id: &ResourceId, wanted: &Value) -> Result<Value, ArmError> {
    let Some(mut document) = azure.store.get(id).cloned() else {
        return Err(ArmError::resource_not_found(id));
    };
    let workspace = document.body["properties"].as_object().cloned().unwrap_or_default();
    let current = document.at("/properties/managedNetwork").clone();
    let network = network::on_write(&azure.store, &workspace, &current, wanted)?;
    document.body["properties"]["managedNetwork"] = network.clone();
    azure.store.put(document);
    Ok(network)
}
