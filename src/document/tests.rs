//! What is believed of an answer, member by member.

use serde_json::json;
use tfplugin::{Attr, Model};

use super::*;

/// A thing.
#[derive(Debug, Clone, Default, Model)]
struct Thing {
    #[attr(required, api = "properties.need")]
    need: Attr<String>,
    #[attr(optional, computed, replaces, api = "place")]
    place: Attr<String>,
    #[attr(optional, api = "properties.note", one_of("A", "B"))]
    note: Attr<String>,
    #[attr(optional, api = "properties.list")]
    list: Attr<Vec<String>>,
    #[attr(computed, api = "properties.count")]
    count: Attr<i64>,
    #[attr(optional, replaces)]
    inner: Attr<Inner>,
    #[attr(computed, keep, api = "properties.made")]
    made: Attr<String>,
    #[attr(computed, keep)]
    facts: Attr<Facts>,
}

/// What is in it.
#[derive(Debug, Clone, Default, Model)]
struct Inner {
    #[attr(required, api = "properties.inner.key")]
    key: Attr<String>,
    #[attr(optional, api = "properties.inner.on")]
    on: Attr<bool>,
}

/// What the service says of it.
#[derive(Debug, Clone, Default, Model)]
struct Facts {
    #[attr(computed, api = "properties.facts.host")]
    host: Attr<String>,
    #[attr(computed, api = "properties.facts.seen")]
    seen: Attr<bool>,
}

fn prior() -> Value {
    let inner = Inner { key: "k".into(), on: true.into() };
    Thing {
        need: "n".into(),
        place: "p".into(),
        note: "A".into(),
        list: Attr::Known(vec!["l".to_owned()]),
        count: 1.into(),
        inner: Attr::Known(inner),
        made: "m".into(),
        facts: Attr::Known(Facts { host: "h".into(), seen: true.into() }),
    }
    .to_value()
}

fn whole() -> Json {
    json!({"place": "p", "properties": {
        "need": "n", "note": "A", "list": ["l"], "count": 1, "inner": {"key": "k", "on": true}, "made": "m",
        "facts": {"host": "h", "seen": true},
    }})
}

fn read_of(document: &Json) -> (Value, Vec<String>) {
    let mut misfits = Misfits::default();
    let object = read(Thing::FIELDS, document, &prior(), false, &mut misfits);
    (object, misfits.found().into_iter().map(|(path, _)| path).collect())
}

/// The whole document with one member changed.
fn with(pointer: &str, value: Json) -> Json {
    let mut document = whole();
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

#[test]
fn what_is_as_it_was_needs_no_word() {
    assert_eq!(read_of(&whole()), (prior(), vec![]));
}

#[test]
fn a_member_of_another_shape_keeps_the_value_of_before() {
    let shapes = || {
        [
            json!(1),
            json!(true),
            json!("text"),
            json!(["a", 1.5]),
            json!([null]),
            json!([{"a": 1}]),
            json!({"a": "b"}),
        ]
    };
    let fits = |pointer: &str, value: &Json| match pointer {
        "/properties/list" => false,
        "/properties/count" => value.is_i64(),
        "/properties/inner/on" => value.is_boolean(),
        // A number is a text in some services, but no reason to replace anything.
        "/properties/note" | "/properties/made" => value.is_string() || value.is_number(),
        _ => value.is_string(),
    };
    for (pointer, attribute) in [
        ("/place", "place"),
        ("/properties/need", "need"),
        ("/properties/note", "note"),
        ("/properties/list", "list"),
        ("/properties/count", "count"),
        ("/properties/inner/key", "inner.key"),
        ("/properties/inner/on", "inner.on"),
        ("/properties/made", "made"),
    ] {
        for value in shapes().into_iter().filter(|value| !fits(pointer, value)) {
            if pointer == "/properties/list" && value == json!(["a", 1.5]) {
                continue;
            }
            let (object, kept) = read_of(&with(pointer, value.clone()));
            assert_eq!((object, kept), (prior(), vec![attribute.to_owned()]), "{pointer} = {value}");
        }
    }
}

#[test]
fn what_is_required_or_replaces_is_never_missing() {
    for nothing in [Json::Null, json!(""), json!([]), json!({})] {
        for (pointer, attribute) in
            [("/place", "place"), ("/properties/need", "need"), ("/properties/inner/key", "inner.key")]
        {
            let (object, kept) = read_of(&with(pointer, nothing.clone()));
            assert_eq!((object, kept), (prior(), vec![attribute.to_owned()]), "{pointer} = {nothing}");
        }
    }
    let (object, kept) = read_of(&json!({"id": "x"}));
    assert_eq!(kept, ["need", "place", "inner.key"]);
    assert_eq!(view::text(&object, &["inner", "key"]), Some("k"));
    // What an update can set again is read as missing.
    for name in ["note", "list"] {
        assert!(view::is_null(&object, &[name]), "{name}");
    }
}

#[test]
fn what_is_in_the_way_of_members_is_not_their_absence() {
    let all = ["need", "note", "list", "count", "inner.key", "inner.on", "made", "facts.host", "facts.seen"];
    let parts = |with: &str| all.into_iter().filter(|path| path.starts_with(with)).collect::<Vec<_>>();
    for (pointer, attributes) in [
        ("/properties", all.to_vec()),
        ("/properties/inner", parts("inner.")),
        ("/properties/facts", parts("facts.")),
    ] {
        for odd in [json!("x"), json!(1), json!(false), json!([]), json!([{"key": "k"}])] {
            let (object, kept) = read_of(&with(pointer, odd.clone()));
            assert_eq!(object, prior(), "{pointer} = {odd}");
            assert_eq!(kept, attributes, "{pointer} = {odd}");
        }
    }
    let mut misfits = Misfits::default();
    read(Thing::FIELDS, &with("/properties/inner", json!("x")), &prior(), false, &mut misfits);
    let said = misfits.warnings("/id").remove(0).detail;
    let start =
        "For inner.key, Azure answered with a text where an object that holds it is expected. The answer";
    assert!(said.starts_with(start), "{said}");
}

#[test]
fn what_only_the_service_fills_in_stays_where_a_plan_promises_it() {
    for nothing in [Json::Null, json!("")] {
        assert_eq!(read_of(&with("/properties/made", nothing)), (prior(), vec![]));
    }
    assert_eq!(read_of(&with("/properties/facts", Json::Null)), (prior(), vec![]));
    assert_eq!(read_of(&with("/properties/facts", json!({"seen": true}))), (prior(), vec![]));
    let (object, _) = read_of(&with("/properties/facts", json!({"seen": false})));
    assert_eq!(view::text(&object, &["facts", "host"]), Some("h"));
    assert_eq!(view::member(&object, &["facts", "seen"]), &Value::from(false));
    let (object, _) = read_of(&with("/properties/made", json!("other")));
    assert_eq!(view::text(&object, &["made"]), Some("other"));
    // What no plan promises goes, and there is nothing to keep of what is not known yet.
    let (object, _) = read_of(&with("/properties/count", Json::Null));
    assert!(view::is_null(&object, &["count"]));
    let mut planned = prior();
    view::put(&mut planned, &["made"], Value::Unknown);
    let document = with("/properties/made", Json::Null);
    let object = read(Thing::FIELDS, &document, &planned, false, &mut Misfits::default());
    assert!(view::is_null(&object, &["made"]));
}

/// What the first read after an import refuses, and what it notes.
fn imported(document: &Json) -> [Vec<(String, Misfit)>; 2] {
    let mut misfits = Misfits::of_read(true);
    let nothing = Value::nulls(&tfplugin::schema::object_type(Thing::FIELDS));
    read(Thing::FIELDS, document, &nothing, true, &mut misfits);
    [misfits.refused(), misfits.found()]
}

#[test]
fn an_import_refuses_what_a_plan_would_replace_for() {
    let text = |found| Misfit::Bent(Unfit { expected: "a text", found });
    let one = |path: &str, misfit| vec![(path.to_owned(), misfit)];
    assert_eq!(imported(&whole()), [vec![], vec![]]);
    assert_eq!(imported(&with("/place", json!(1))), [one("place", text("a number")), vec![]]);
    assert_eq!(imported(&with("/properties/need", json!(["n"]))), [one("need", text("a list")), vec![]]);
    assert_eq!(imported(&with("/properties/need", json!(""))), [one("need", Misfit::Missing), vec![]]);
    let key = "/properties/inner/key";
    assert_eq!(imported(&with(key, json!({}))), [one("inner.key", text("an object")), vec![]]);
    assert_eq!(imported(&with(key, Json::Null)), [one("inner.key", Misfit::Missing), vec![]]);
    // What is not there at all, or may be without a value, can be imported so.
    assert_eq!(imported(&with("/place", Json::Null)), [vec![], vec![]]);
    for nothing in [Json::Null, json!({}), json!({"key": "", "on": null})] {
        assert_eq!(imported(&with("/properties/inner", nothing)), [vec![], vec![]]);
    }
    assert_eq!(imported(&with("/properties/note", json!({}))), [vec![], one("note", text("an object"))]);
}

#[test]
fn a_user_reads_why_an_import_is_refused_and_what_it_left_out() {
    let mut misfits = Misfits::of_read(true);
    let document = json!({"properties": {"note": ["A"]}});
    read(Thing::FIELDS, &document, &Value::Null, true, &mut misfits);
    let said = misfits.errors("/id").remove(0);
    assert_eq!(
        (said.summary.as_str(), said.path.unwrap().to_string().as_str()),
        ("Unexpected Answer", "need")
    );
    assert_eq!(
        said.detail,
        "Azure's answer has no need, which cannot be missing. The resource cannot be imported from this answer: with no value there, a plan would replace it. Nothing was imported. Import it again; if Azure goes on answering so, please report it.\n\n/id"
    );
    assert_eq!(
        misfits.warnings("/id").remove(0).detail,
        "For note, Azure answered with a list where a text is expected. The answer is not believed in this: it is imported without a value, and the next refresh takes what Azure answers then. If Azure goes on answering so, please report it.\n\n/id"
    );
}

#[test]
fn shapes_are_named_by_words_of_everyday() {
    let mut misfits = Misfits::default();
    let document = json!({"place": true, "properties": {"inner": {"on": []}}});
    read(Thing::FIELDS, &document, &prior(), false, &mut misfits);
    let said: Vec<_> = misfits.warnings("/id").into_iter().map(|one| one.detail).collect();
    for start in [
        "For place, Azure answered with true or false where a text is expected.",
        "For inner.on, Azure answered with a list where true or false is expected.",
    ] {
        assert!(said.iter().any(|one| one.starts_with(start)), "{start}: {said:?}");
    }
}

#[test]
fn a_new_word_is_read_as_the_text_that_it_is() {
    let (object, kept) = read_of(&with("/properties/note", json!("C")));
    assert_eq!((view::text(&object, &["note"]), kept.len()), (Some("C"), 0));
}

#[test]
fn a_user_reads_which_attribute_keeps_its_value_and_why() {
    let mut misfits = Misfits::default();
    let document = json!({"place": {"a": 1}, "properties": {"inner": {"on": true}}});
    read(Thing::FIELDS, &document, &prior(), false, &mut misfits);
    let said: Vec<_> =
        misfits.warnings("/id").into_iter().map(|one| (one.path.unwrap().to_string(), one.detail)).collect();
    let rest = "The answer is not believed in this: the value of before stays, and nothing is planned for it. If Azure goes on answering so, please report it.\n\n/id";
    let expected = [
        ("need", format!("Azure's answer has no need, which cannot be missing. {rest}")),
        ("place", format!("For place, Azure answered with an object where a text is expected. {rest}")),
        ("inner.key", format!("Azure's answer has no inner.key, which cannot be missing. {rest}")),
    ];
    assert_eq!(said, expected.map(|(path, detail)| (path.to_owned(), detail)));
}
