//! The outside of a request's body: everything but `properties`, which Resource Manager checks before the service sees it.

use serde_json::{Map, Value, json};

use super::members::WORKSPACE;
use super::refusal;
use super::shape::read_object;
use crate::error::ArmError;
use crate::service::Call;
use crate::shape::Shape;

const PUT: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("systemData", Shape::Any),
    ("location", Shape::Text),
    ("kind", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("sku", SKU),
    ("identity", IDENTITY),
    ("properties", Shape::Map(&Shape::Any)),
]);

const PATCH: Shape = Shape::Object(&[
    ("tags", Shape::Map(&Shape::Text)),
    ("sku", SKU),
    ("identity", IDENTITY),
    ("properties", Shape::Map(&Shape::Any)),
]);

const SKU: Shape = Shape::Object(&[
    ("name", Shape::Text),
    ("tier", Shape::OneOf(&["Free", "Basic", "Standard", "Premium"])),
    ("size", Shape::Text),
    ("family", Shape::Text),
    ("capacity", Shape::Integer),
]);

const IDENTITY: Shape = Shape::Object(&[
    ("type", Shape::Text),
    ("principalId", Shape::Text),
    ("tenantId", Shape::Text),
    ("userAssignedIdentities", Shape::Map(&Shape::Map(&Shape::Text))),
]);

/// A request's body, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Envelope {
    /// Kind as the service spells it.
    pub(super) kind: Option<&'static str>,
    /// SKU as sent.
    pub(super) sku: Option<Value>,
    /// Identity as sent; null when absent.
    pub(super) identity: Value,
    /// Tags as sent.
    pub(super) tags: Option<Value>,
    /// Properties in the service's form.
    pub(super) properties: Map<String, Value>,
}

const KINDS: &[&str] = &["Default", "Hub", "Project", "FeatureStore"];

impl Envelope {
    /// Reads the body of a PUT.
    pub(super) fn of_put(call: &Call, strict: bool) -> Result<Self, ArmError> {
        PUT.check(&call.body, strict)?;
        Self::read(call, strict)
    }

    /// Reads the body of a PATCH, which has fewer members. More are always refused: the service has nowhere to put them.
    pub(super) fn of_patch(call: &Call, strict: bool) -> Result<Self, ArmError> {
        for name in ["location", "kind", "name", "id", "type"] {
            if call.body.get(name).is_some_and(|v| !v.is_null()) {
                return Err(ArmError::bad_request(format!(
                    "A PATCH of a workspace cannot carry '{name}': only identity, properties, sku and tags."
                ))
                .target(name));
            }
        }
        PATCH.check(&call.body, strict)?;
        Self::read(call, strict)
    }

    fn read(call: &Call, strict: bool) -> Result<Self, ArmError> {
        let properties = match call.body.get("properties").filter(|p| !p.is_null()) {
            Some(properties) => read_object(WORKSPACE, properties, "properties", strict)?,
            None => Map::new(),
        };
        let member = |name: &str| call.body.get(name).filter(|v| !v.is_null()).cloned();
        let kind = match member("kind").as_ref().and_then(Value::as_str).filter(|k| !k.is_empty()) {
            Some(kind) => Some(kind_of(kind)?),
            None => None,
        };
        let sku = member("sku");
        if sku.as_ref().is_some_and(|sku| sku["name"].as_str().is_none_or(str::is_empty)) {
            return Err(refusal::invalid("sku.name is required.", "workspace.Sku"));
        }
        Ok(Self {
            kind,
            sku,
            identity: member("identity").unwrap_or(Value::Null),
            tags: member("tags"),
            properties,
        })
    }
}

fn kind_of(text: &str) -> Result<&'static str, ArmError> {
    KINDS.iter().copied().find(|k| k.eq_ignore_ascii_case(text)).ok_or_else(|| {
        refusal::invalid(format!("'{text}' is no kind of workspace: {}.", KINDS.join(", ")), "workspace.Kind")
    })
}

/// An SKU as answered: its tier is its name where none was sent.
pub(super) fn sku(sent: Option<&Value>) -> Value {
    let Some(sent) = sent else {
        return json!({ "name": "Basic", "tier": "Basic" });
    };
    let mut sku = sent.clone();
    if sku["tier"].is_null() {
        sku["tier"] = sku["name"].clone();
    }
    sku
}
