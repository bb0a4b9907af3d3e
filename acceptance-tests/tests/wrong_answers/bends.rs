//! The table of documents that are wrong in part: the envelope, and each member that a play names.

use serde_json::{Value, json};

use crate::plays::{Member, Play, Role, Shape};

/// What is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// It is not the document of the resource: an error.
    NotIt,
    /// Nothing: it is believed as it is.
    Nothing,
    /// The state keeps what it had, and a warning says so.
    Kept,
    /// The state may lose what it had, and the next apply sets it again.
    Drift,
}

/// The true document with a change.
#[derive(Debug, Clone)]
pub(crate) struct Bend {
    pub(crate) name: String,
    pub(crate) means: Means,
    /// The members of the fault `bend`; pointers are from the document's root.
    pub(crate) changes: Value,
}

impl Bend {
    /// Whether it is of a member that the play names.
    pub(crate) fn is_of_a_member(&self) -> bool {
        self.name.contains('/') && self.name != "as text/html"
    }
}

fn bend(name: &str, means: Means, changes: Value) -> Bend {
    Bend { name: name.to_owned(), means, changes }
}

/// All for a play, from the ID and the true document. What is not there cannot be taken away.
pub(crate) fn all(play: &Play, id: &str, document: &Value) -> Vec<Bend> {
    let mut all = envelope(id);
    all.extend(whole());
    for one in play.members {
        let is_there = document.pointer(one.0).is_some_and(|value| !value.is_null() && *value != json!([]));
        all.extend(member(one).into_iter().skip(if is_there { 0 } else { 2 }).map(|bend| match one.2 {
            Shape::Object if !is_there => Bend { means: Means::Nothing, ..bend },
            _ => bend,
        }));
    }
    all
}

/// What is no document of this resource, and what is one in an odd dress.
fn envelope(id: &str) -> Vec<Bend> {
    let (parent, name) = id.rsplit_once('/').unwrap_or_default();
    let elsewhere = id
        .replace("/resourceGroups/", "/resourceGroups/not-")
        .replace("/managementGroups/", "/managementGroups/1");
    let longer = format!("{id}/children/one");
    vec![
        bend("no id", Means::NotIt, json!({"remove": ["/id"]})),
        bend("id null", Means::NotIt, json!({"set": {"/id": null}})),
        bend("id a number", Means::NotIt, json!({"set": {"/id": 7}})),
        bend("id an object", Means::NotIt, json!({"set": {"/id": {"id": id}}})),
        bend("id of another name", Means::NotIt, json!({"set": {"/id": format!("{parent}/not-{name}")}})),
        bend(
            "id of another group",
            Means::NotIt,
            json!({"set": {"/id": if elsewhere == id { longer.clone() } else { elsewhere }}}),
        ),
        bend("id of a child", Means::NotIt, json!({"set": {"/id": longer}})),
        bend(
            "id of the parent",
            Means::NotIt,
            json!({"set": {"/id": parent.rsplit_once('/').unwrap_or_default().0}}),
        ),
        bend("in an object", Means::NotIt, json!({"wrap": "value"})),
        bend("another status", Means::Nothing, json!({"status": 201})),
        bend("id in upper case", Means::Nothing, json!({"set": {"/id": id.to_uppercase()}})),
        bend("id with a slash", Means::Nothing, json!({"set": {"/id": format!("{id}/")}})),
        bend("a BOM before it", Means::Nothing, json!({"prefix": "\u{feff}"})),
        bend("as text/html", Means::Nothing, json!({"content_type": "text/html"})),
        bend("as octet-stream", Means::Nothing, json!({"content_type": "application/octet-stream"})),
        bend("without a content type", Means::Nothing, json!({"content_type": ""})),
        bend(
            "with more members",
            Means::Nothing,
            json!({"set": {"/novel": {"a": [1]}, "/properties/novel": "x"}}),
        ),
        bend("name null", Means::Nothing, json!({"set": {"/name": null, "/type": 7}})),
    ]
}

/// What every document has.
fn whole() -> Vec<Bend> {
    let properties = |value: Value| json!({"set": {"/properties": value}});
    let state = |value: Value| json!({"set": {"/properties/provisioningState": value}});
    let tags = |value: Value| json!({"set": {"/tags": value}});
    vec![
        bend("no properties", Means::Drift, json!({"remove": ["/properties"]})),
        bend("properties null", Means::Drift, properties(Value::Null)),
        bend("properties {}", Means::Drift, properties(json!({}))),
        bend("properties a list", Means::Drift, properties(json!([{"a": 1}]))),
        bend("properties a text", Means::Drift, properties(json!("none"))),
        bend("no state", Means::Nothing, json!({"remove": ["/properties/provisioningState"]})),
        bend("state null", Means::Nothing, state(Value::Null)),
        bend("state a novel word", Means::Nothing, state(json!("Pondering"))),
        bend("state a number", Means::Nothing, state(json!(7))),
        bend("no tags", Means::Drift, json!({"remove": ["/tags"]})),
        bend("tags null", Means::Drift, tags(Value::Null)),
        bend("tags a list", Means::Drift, tags(json!(["a"]))),
        bend("tags a number", Means::Drift, tags(json!(7))),
        bend("tags of numbers", Means::Drift, tags(json!({"step": 7, "other": null, "third": {"a": 1}}))),
    ]
}

/// A member that is gone, and one of every other shape.
fn member(&(at, role, shape): &Member) -> Vec<Bend> {
    let gone = match role {
        Role::Fixed => Means::Kept,
        Role::Settable => Means::Drift,
        Role::Computed | Role::Unread => Means::Nothing,
    };
    let set = |value: Value| json!({"set": {at: value}});
    let mut all = vec![
        bend(&format!("no {at}"), gone, json!({"remove": [at]})),
        bend(&format!("{at} null"), gone, set(Value::Null)),
    ];
    let others = [
        (Shape::Text, json!("text")),
        (Shape::Number, json!(7)),
        (Shape::Bool, json!(true)),
        (Shape::List, json!([{"a": 1}, 7])),
        (Shape::Object, json!({"a": 1})),
    ];
    let is_text = matches!(shape, Shape::Text | Shape::Word);
    for (other, value) in others {
        if other == shape || other == Shape::Text && is_text {
            continue;
        }
        // What is walked into has nothing in it then.
        let is_around =
            shape == Shape::Object || shape == Shape::List && role == Role::Settable || role == Role::Unread;
        let means = if is_around { gone } else { Means::Kept };
        all.push(bend(&format!("{at} {value}"), means, set(value)));
    }
    if shape == Shape::List {
        all.push(bend(&format!("{at} of objects and numbers"), gone, set(json!([{"a": 1}, 7, null]))));
    }
    if shape == Shape::Word && role != Role::Fixed {
        all.push(bend(&format!("{at} a novel word"), gone, set(json!("Novel"))));
    }
    all
}
