//! What `#[derive(Model)]` makes of a struct: a table of fields, and the way to and from values.

// What helps a test may fail as the test itself.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use tfplugin::schema::validators::length;
use tfplugin::schema::{IdentityPart, Keep, Literal, Nesting, Replaces};
use tfplugin::{Attr, Model, Set, Type, Value};

/// A thing.
///
/// It has `parts`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
struct Thing {
    /// Its name.
    #[attr(required, replaces, identity, validate(lowercase, length(1, 32)))]
    name: Attr<String>,
    /// Its kind.
    #[attr(optional, default = "Plain", one_of("Plain", "Fancy"), api = "properties.kind")]
    r#type: Attr<String>,
    #[attr(optional, clear = "", unset = "")]
    note: Attr<String>,
    #[attr(optional, clear = null, unset = {}, deprecated = "Use note instead.")]
    labels: Attr<BTreeMap<String, String>>,
    #[attr(optional, sensitive, write_only)]
    secret: Attr<String>,
    #[attr(optional, computed, keep_unless(type, name))]
    count: Attr<i64>,
    #[attr(computed, keep)]
    id: Attr<String>,
    #[attr(optional)]
    part: Attr<Part>,
    #[attr(optional)]
    list: Attr<Vec<Part>>,
    #[attr(optional)]
    set: Attr<Set<Part>>,
    #[attr(optional)]
    map: Attr<BTreeMap<String, Part>>,
    #[attr(optional, one_of("a", "b"))]
    tags: Attr<BTreeSet<String>>,
    #[attr(optional)]
    any: Attr<Value>,
    #[attr(optional, default = {})]
    zones: Attr<Vec<Attr<String>>>,
}

/// A part.
#[derive(Debug, Clone, Default, PartialEq, Model)]
struct Part {
    /// On or off.
    #[attr(required)]
    on: Attr<bool>,
}

fn lowercase(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.chars().any(char::is_uppercase) => Err("must be lowercase".to_owned()),
        _ => Ok(()),
    }
}

fn field(name: &str) -> &'static tfplugin::schema::Field {
    Thing::FIELDS.iter().find(|field| field.name == name).unwrap()
}

#[test]
fn a_field_becomes_a_declaration() {
    assert_eq!(Thing::DOC, "A thing.\n\nIt has `parts`.");
    let name = field("name");
    assert_eq!((name.doc, name.required, name.optional, name.computed), ("Its name.", true, false, false));
    assert!(matches!(name.replaces, Replaces::Always));
    assert_eq!((name.identity, name.validators.len()), (IdentityPart::Required, 2));
    let kind = field("type");
    assert!(matches!(kind.default, Some(Literal::Text("Plain"))) && kind.computed);
    assert_eq!((kind.one_of, kind.api), (&["Plain", "Fancy"][..], Some("properties.kind")));
    assert!(matches!(field("count").keep, Keep::Unless(["type", "name"])));
    assert!(matches!(field("labels").unset, Some(Literal::Empty)));
    assert_eq!(field("labels").deprecated, Some("Use note instead."));
    assert!(field("secret").write_only && field("secret").sensitive);
}

#[test]
fn a_fields_type_becomes_its_shape() {
    assert_eq!(field("labels").ty(), Type::map(Type::String));
    assert_eq!(field("tags").ty(), Type::set(Type::String));
    assert_eq!(field("zones").ty(), Type::list(Type::String));
    assert_eq!(field("any").ty(), Type::Dynamic);
    let nesting = |name| field(name).nested().map(|(nesting, _)| nesting);
    assert_eq!(nesting("part"), Some(Nesting::Single));
    assert_eq!(nesting("list"), Some(Nesting::List));
    assert_eq!(nesting("set"), Some(Nesting::Set));
    assert_eq!(nesting("map"), Some(Nesting::Map));
    assert_eq!(nesting("tags"), None);
}

#[test]
fn a_model_goes_to_its_value_and_back() {
    let part = Part { on: Attr::Known(true) };
    let thing = Thing {
        name: "a".into(),
        r#type: Attr::Unknown,
        count: 3.into(),
        part: part.clone().into(),
        list: Attr::Known(vec![part.clone()]),
        set: Attr::Known(Set(vec![part.clone()])),
        map: Attr::Known(BTreeMap::from([("x".to_owned(), part)])),
        tags: Attr::Known(BTreeSet::from(["a".to_owned()])),
        any: Attr::Known(Value::dynamic(Type::Bool, Value::Bool(true))),
        zones: Attr::Known(vec![Attr::Unknown, Attr::Null, "1".into()]),
        ..Thing::default()
    };
    let value = thing.to_value();
    assert_eq!(Thing::from_value(&value).unwrap(), thing);
    assert_eq!(Thing::from_value(&Value::Null).unwrap(), Thing::default());
}

#[test]
fn a_value_of_which_a_part_is_unknown_is_unknown() {
    let value = Value::object([("tags", Value::Set(vec![Value::from("a"), Value::Unknown]))]);
    assert_eq!(Thing::from_value(&value).unwrap().tags, Attr::Unknown);
}

#[test]
fn what_does_not_fit_is_named() {
    let value = Value::object([("part", Value::object([("on", Value::from("yes"))]))]);
    assert_eq!(
        Thing::from_value(&value).unwrap_err().to_string(),
        "attribute part: attribute on: a bool was expected"
    );
}

/// A provider block that has nothing to configure.
#[derive(Model)]
struct Nothing {}

#[test]
fn a_model_may_have_no_attributes() {
    assert!(Nothing::FIELDS.is_empty());
    let nothing = Nothing::from_value(&Value::Null).expect("null stands for an object of nulls");
    assert_eq!(nothing.to_value(), Value::object::<&str>([]));
}
