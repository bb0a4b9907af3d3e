//! Wrong answers: another one altogether, or the true one with changes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::Response;

/// What is answered instead of the truth.
#[derive(Debug, Clone, Deserialize)]
pub struct Wrong {
    /// HTTP status.
    #[serde(default = "ok")]
    pub status: u16,
    /// Content-Type; an empty one is left out.
    #[serde(default = "json_type")]
    pub content_type: String,
    /// Further header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, as text.
    #[serde(default)]
    pub body: String,
    /// Whether all is done first.
    #[serde(default)]
    pub after: bool,
}

fn ok() -> u16 {
    200
}

fn json_type() -> String {
    "application/json; charset=utf-8".to_owned()
}

impl Wrong {
    /// The answer.
    pub fn response(&self) -> Response {
        let bare = Response::empty(self.status).body(self.body.clone());
        let typed = match self.content_type.as_str() {
            "" => bare,
            kind => bare.header("Content-Type", kind),
        };
        self.headers.iter().fold(typed, |answer, (name, value)| answer.header(name, value))
    }
}

/// How the true answer is changed, in the order of the members. JSON pointers name members of its body; a change of
/// what is not there does nothing, but `set` makes the last member of its pointer.
#[derive(Debug, Clone, Deserialize)]
pub struct Bend {
    /// Members that are taken away.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Members that get another name.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Members that get another value; the empty pointer is the whole.
    #[serde(default)]
    pub set: Map<String, Value>,
    /// The body becomes the only member of this name.
    pub wrap: Option<String>,
    /// Text before the body.
    #[serde(default)]
    pub prefix: String,
    /// Another Content-Type; an empty one is left out.
    pub content_type: Option<String>,
    /// Another HTTP status.
    pub status: Option<u16>,
}

impl Bend {
    /// The answer, changed. A body that is no JSON stays as it is.
    pub fn apply(&self, mut response: Response) -> Response {
        if let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) {
            self.change(&mut body);
            response.body = format!("{}{body}", self.prefix).into_bytes();
        }
        if let Some(kind) = &self.content_type {
            response.headers.remove("Content-Type");
            if !kind.is_empty() {
                response.headers.push("Content-Type", kind);
            }
        }
        response.status = self.status.unwrap_or(response.status);
        response
    }

    fn change(&self, body: &mut Value) {
        for pointer in &self.remove {
            take(body, pointer);
        }
        for (pointer, name) in &self.rename {
            if let Some(value) = take(body, pointer) {
                put(body, &format!("{}/{}", parent(pointer), escaped(name)), value);
            }
        }
        for (pointer, value) in &self.set {
            put(body, pointer, value.clone());
        }
        if let Some(name) = &self.wrap {
            *body = json!({ name: body.take() });
        }
    }
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last name of a pointer, as the member is called.
fn name(pointer: &str) -> String {
    let last = pointer.rsplit_once('/').map_or("", |(_, name)| name);
    last.replace("~1", "/").replace("~0", "~")
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn take(body: &mut Value, pointer: &str) -> Option<Value> {
    match body.pointer_mut(parent(pointer))? {
        Value::Object(members) => members.shift_remove(&name(pointer)),
        Value::Array(items) => {
            let index = name(pointer).parse().ok().filter(|index| *index < items.len())?;
            Some(items.remove(index))
        }
        _ => None,
    }
}

fn put(body: &mut Value, pointer: &str, value: Value) {
    if let Some(there) = body.pointer_mut(pointer) {
        *there = value;
    } else if let Some(Value::Object(members)) = body.pointer_mut(parent(pointer)) {
        members.insert(name(pointer), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bent(order: Value) -> Value {
        let bend: Bend = serde_json::from_value(order).unwrap();
        let truth = json!({"id": "/a", "properties": {"a/b": 1, "list": [1, 2]}});
        bend.apply(Response::json(200, &truth)).value()
    }

    #[test]
    fn members_are_removed_renamed_and_set() {
        assert_eq!(
            bent(json!({"remove": ["/id", "/properties/a~1b", "/properties/list/0", "/nothing/at", "/all"]})),
            json!({"properties": {"list": [2]}})
        );
        assert_eq!(
            bent(
                json!({"rename": {"/properties/list": "L/"}, "set": {"/id": null, "/tags": {}}, "remove": []})
            ),
            json!({"id": null, "properties": {"a/b": 1, "L/": [1, 2]}, "tags": {}})
        );
        assert_eq!(bent(json!({"set": {"": []}, "wrap": "value"})), json!({"value": []}));
        assert_eq!(bent(json!({"set": {"/id/x": 1, "/properties/list/7": 1}}))["id"], "/a");
    }

    #[test]
    fn the_rest_of_an_answer_is_changed_too() {
        let bend: Bend =
            serde_json::from_value(json!({"prefix": "\u{feff}", "content_type": "text/html", "status": 202}))
                .unwrap();
        let answer = bend.apply(Response::json(200, &json!({})));
        assert_eq!((answer.status, answer.headers.get("content-type")), (202, Some("text/html")));
        assert_eq!(answer.body, "\u{feff}{}".as_bytes());
        assert_eq!(bend.apply(Response::empty(204).body("<html>")).body, b"<html>");
    }
}
