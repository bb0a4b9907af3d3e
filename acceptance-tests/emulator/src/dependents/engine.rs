//! The engine behind every dependent: PUT, PATCH, GET, DELETE, lists and actions.

use serde_json::{Value, json};

use super::{Dependent, Flow};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::operation::{Effect, Outcome, Start};
use crate::service::{Call, Reply};
use crate::store::Document;

/// Members of a body that a client sets beside properties.
const ENVELOPE: &[&str] = &["tags", "sku", "kind", "identity", "etag", "zones"];

pub(super) fn handle(kind: &Dependent, azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    match (call.method.as_str(), call.path.tail.as_deref()) {
        ("GET", Some(_)) => list(kind, azure, call),
        ("GET", None) => {
            let document = azure.store.get(id).ok_or_else(|| ArmError::resource_not_found(id))?;
            Ok(Response::json(200, &document.body))
        }
        ("POST", Some(action)) => {
            let mut document =
                azure.store.get(id).cloned().ok_or_else(|| ArmError::resource_not_found(id))?;
            (kind.action)(azure, &mut document, &action.to_lowercase(), &call.body)
                .unwrap_or_else(|| Err(ArmError::method_not_allowed("POST")))
        }
        ("PUT", None) => put(kind, azure, call),
        ("PATCH", None) => patch(kind, azure, call),
        ("DELETE", None) => delete(kind, azure, call),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

fn list(kind: &Dependent, azure: &Azure, call: &Call) -> Reply {
    let wanted = format!("{}/{}", kind.namespace, kind.types[0].name);
    if !call.path.collection_type().eq_ignore_ascii_case(&wanted) {
        return Err(ArmError::method_not_allowed("GET"));
    }
    let scope = match call.id().group {
        Some(_) => call.id().group_id(),
        None => ResourceId { subscription: call.id().subscription.clone(), ..ResourceId::default() },
    };
    let found: Vec<&Value> = azure.store.list(&scope, &wanted).into_iter().map(|d| &d.body).collect();
    Ok(Response::json(200, &json!({ "value": found })))
}

fn not_busy(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    match azure.running(id) {
        None => Ok(()),
        Some(_) => Err(ArmError::new(
            409,
            "AnotherOperationInProgress",
            format!("Another operation on this or dependent resource is in progress: '{id}'."),
        )),
    }
}

fn put(kind: &Dependent, azure: &mut Azure, call: &Call) -> Reply {
    kind.put.check(&call.body, azure.strict)?;
    let id = call.id();
    not_busy(azure, id)?;
    let existing = azure.store.get(id).cloned();
    (kind.check)(azure, call, existing.as_ref())?;
    let is_new = existing.is_none();
    let mut document = existing.unwrap_or_else(|| {
        let mut body = json!({
            "id": id.to_string(),
            "name": id.name(),
            "type": format!("{}/{}", kind.namespace, kind.types[0].name),
            "location": location::canonical(call.at("/location").as_str().unwrap_or_default()),
            "tags": {},
            "properties": {},
        });
        if let Some(kind) = call.body.get("kind") {
            body["kind"] = kind.clone();
        }
        Document::new(id, body)
    });
    overlay(&mut document.body, &call.body);
    (kind.fill)(azure, call, &mut document);
    let id = document.id.clone();
    match kind.create {
        Flow::Accepted { status, style, body } if is_new => {
            let ended = document.at("/properties/provisioningState").clone();
            document.body["properties"]["provisioningState"] = json!(kind.creating);
            azure.store.put(document.clone());
            let state = |word: &Value| json!({"properties": {"provisioningState": word}});
            let start = Start::new(style, call.id(), document.text("/location"))
                .then(Effect::Merge { id: id.clone(), patch: state(&ended) })
                .on_failure(Effect::Merge { id, patch: state(&json!("Failed")) });
            let accepted =
                if body { Response::json(status, &document.body) } else { Response::empty(status) };
            Ok(azure.begin(call, start, accepted))
        }
        flow => {
            azure.store.put(document.clone());
            let (new, old) = match flow {
                Flow::Sync(new, old) => (new, old),
                Flow::Accepted { .. } => (200, 200),
            };
            Ok(Response::json(if is_new { new } else { old }, &document.body))
        }
    }
}

fn patch(kind: &Dependent, azure: &mut Azure, call: &Call) -> Reply {
    kind.patch.check(&call.body, azure.strict)?;
    let id = call.id();
    let mut document = azure.store.get(id).cloned().ok_or_else(|| ArmError::resource_not_found(id))?;
    not_busy(azure, id)?;
    (kind.check)(azure, call, Some(&document))?;
    overlay(&mut document.body, &call.body);
    (kind.fill)(azure, call, &mut document);
    azure.store.put(document.clone());
    Ok(Response::json(200, &document.body))
}

fn delete(kind: &Dependent, azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let Some(document) = azure.store.get(id) else { return Ok(Response::empty(204)) };
    let place = document.text("/location").to_owned();
    not_busy(azure, id)?;
    match kind.delete {
        Flow::Sync(..) => {
            remove(kind, azure, id);
            Ok(Response::empty(200))
        }
        Flow::Accepted { status, style, .. } => {
            if let Some(document) = azure.store.get_mut(id) {
                document.body["properties"]["provisioningState"] = json!("Deleting");
            }
            let start = Start::new(style, id, &place)
                .then(Effect::Step {
                    namespace: kind.namespace.to_owned(),
                    name: "remove".to_owned(),
                    argument: json!({"id": id.to_string(), "force": call.parameter("force") == Some("true")}),
                })
                .outcome(Outcome::Empty);
            Ok(azure.begin(call, start, Response::empty(status)))
        }
    }
}

pub(super) fn step(
    kind: &Dependent,
    azure: &mut Azure,
    name: &str,
    argument: &Value,
) -> Result<Value, ArmError> {
    let id = argument["id"].as_str().and_then(ResourceId::parse);
    match (name, id) {
        ("remove", Some(id)) => {
            remove(kind, azure, &id);
            if argument["force"] == true {
                azure.store.purge(&id);
            }
        }
        ("purge", Some(id)) => drop(azure.store.purge(&id)),
        _ => return Err(ArmError::new(500, "InternalServerError", format!("No step '{name}'."))),
    }
    Ok(Value::Null)
}

/// Removes a resource, softly where its type has that.
pub(super) fn remove(kind: &Dependent, azure: &mut Azure, id: &ResourceId) {
    crate::network::target_gone(azure, id);
    if !kind.soft_delete || !id.is(&format!("{}/{}", kind.namespace, kind.types[0].name)) {
        azure.store.remove(&id.key());
        return;
    }
    let now = azure.now();
    if let Some(document) = azure.store.bury(id) {
        document.hidden["deleted"] = json!(now);
    }
}

/// Lays what a client sent over a document: members of the envelope whole, properties one by one and into objects.
fn overlay(body: &mut Value, sent: &Value) {
    for name in ENVELOPE {
        if let Some(value) = sent.get(*name).filter(|v| !v.is_null()) {
            body[*name] = value.clone();
        }
    }
    if let Some(properties) = sent.get("properties") {
        lay(&mut body["properties"], properties);
    }
}

/// Like a merge patch, but null leaves what is there.
fn lay(target: &mut Value, sent: &Value) {
    match (target, sent) {
        (Value::Object(target), Value::Object(sent)) => {
            for (name, value) in sent {
                let known = target.keys().find(|k| k.eq_ignore_ascii_case(name)).cloned();
                lay(target.entry(known.unwrap_or_else(|| name.clone())).or_insert(Value::Null), value);
            }
            target.retain(|_, v| !v.is_null());
        }
        (_, Value::Null) => {}
        (target, sent) => *target = sent.clone(),
    }
}

/// Sets a member at a JSON pointer of one level or more below the body, unless it is there already.
pub(super) fn default(body: &mut Value, pointer: &str, value: Value) {
    let mut at = body;
    for word in pointer.split('/').skip(1) {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[word];
    }
    if at.is_null() {
        *at = value;
    }
}
