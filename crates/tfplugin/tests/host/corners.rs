//! Corners of the protocol: chains of kept values, replacements, paths, nested objects, parts that are not known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tfplugin::host::{
    ApplyRequest, Capabilities, ListHost, ListRequest, PlanRequest, PlanResponse, ReadRequest, ResourceHost,
};
use tfplugin::list::{Found, Listed};
use tfplugin::schema::validators::length;
use tfplugin::{
    Attr, Cx, Diagnostics, ListResource, Model, Path, Plan, PlanKind, Private, Resource, Set, Stop, Value,
    View, list, resource,
};

/// A box.
#[derive(Debug, Clone, Default, Model)]
struct Crate {
    /// Its name.
    #[attr(required)]
    name: Attr<String>,
    /// How it is closed.
    #[attr(optional)]
    lid: Attr<Lid>,
    /// What is in it.
    #[attr(optional)]
    items: Attr<Vec<Item>>,
    /// What is in it, by place.
    #[attr(optional)]
    places: Attr<BTreeMap<String, Item>>,
    /// What sticks to it.
    #[attr(optional)]
    stickers: Attr<Set<Sticker>>,
    /// Sizes.
    #[attr(optional, validate(length(1, 1)))]
    sizes: Attr<BTreeSet<i64>>,
    /// Depth on depth.
    #[attr(optional)]
    layers: Attr<Vec<Vec<i64>>>,
    /// Any.
    #[attr(optional)]
    any: Attr<Value>,
    /// The code; another one for another name.
    #[attr(computed, keep_unless(name))]
    code: Attr<String>,
    /// The seal; another one for another code.
    #[attr(computed, keep_unless(code))]
    seal: Attr<String>,
    /// One that hangs on another,
    #[attr(computed, keep_unless(right))]
    left: Attr<String>,
    /// which hangs on it.
    #[attr(computed, keep_unless(left))]
    right: Attr<String>,
    /// Old, and needed.
    #[attr(required, deprecated = "Nothing.")]
    old: Attr<String>,
}

/// A lid.
#[derive(Debug, Clone, Default, Model)]
struct Lid {
    /// Color.
    #[attr(optional)]
    color: Attr<String>,
    /// Locked.
    #[attr(optional, unset = false)]
    locked: Attr<bool>,
}

/// An item.
#[derive(Debug, Clone, Default, Model)]
struct Item {
    /// Title.
    #[attr(required)]
    title: Attr<String>,
    /// Weight.
    #[attr(optional, default = 1)]
    weight: Attr<i64>,
    /// Tags.
    #[attr(optional)]
    tags: Attr<BTreeSet<String>>,
}

/// A sticker.
#[derive(Debug, Clone, Default, Model)]
struct Sticker {
    /// Text.
    #[attr(required)]
    text: Attr<String>,
}

#[derive(Debug)]
struct Crates;

impl Resource for Crates {
    type Model = Crate;
    const TYPE: &'static str = "test_crate";

    async fn modify_plan(&self, plan: &mut Plan) -> Result<(), Diagnostics> {
        if plan.planned::<String>("name").as_str() == Some("elsewhere") && plan.kind() == PlanKind::Update {
            plan.replace("name");
            plan.replace(Path::from("items").index(7).attribute("title"));
            plan.replace(Path::from("stickers").index(0).attribute("text"));
            plan.replace("nowhere");
        }
        Ok(())
    }

    async fn create(self: Arc<Self>, cx: Cx<Crate>, plan: Crate) -> Result<Crate, Diagnostics> {
        let any = match plan.name.as_str() {
            // A value of a dynamic attribute without its type.
            Some("untyped") => Attr::Known(Value::from("x")),
            _ => plan.any.clone(),
        };
        let heirloom = cx.private::<String>("heirloom").unwrap_or_else(|| "none".to_owned());
        let text = |text: &str| Attr::Known(text.to_owned());
        Ok(Crate { any, code: text("c"), seal: text(&heirloom), left: text("l"), right: text("r"), ..plan })
    }

    async fn read(self: Arc<Self>, _: Cx<Crate>, mut state: Crate) -> Result<Option<Crate>, Diagnostics> {
        state.lid = match state.name.as_str() {
            Some("omits") => Attr::Null,
            Some("fills in") => Lid { color: Attr::Null, locked: false.into() }.into(),
            _ => state.lid,
        };
        Ok(Some(state))
    }

    async fn update(self: Arc<Self>, _: Cx<Crate>, _: Crate, plan: Crate) -> Result<Crate, Diagnostics> {
        Ok(plan)
    }

    async fn delete(self: Arc<Self>, _: Cx<Crate>, _: Crate) -> Result<(), Diagnostics> {
        Ok(())
    }
}

fn host() -> ResourceHost {
    ResourceHost::new(resource::erase(Crates))
}

fn config(attributes: &[(&str, Value)]) -> Value {
    let mut config = host().schema().nulls();
    config.set(&"name".into(), "a".into());
    config.set(&"old".into(), "o".into());
    for (name, value) in attributes {
        assert!(config.set(&Path::from(*name), value.clone()));
    }
    config
}

/// A state of this configuration, with all that is computed.
fn state(attributes: &[(&str, Value)]) -> Value {
    let mut state = config(attributes);
    for name in ["code", "seal", "left", "right"] {
        state.set(&Path::from(name), name.into());
    }
    state
}

async fn plan(config: &Value, prior: &Value) -> PlanResponse {
    let (prior, config, proposed) = (prior.clone(), config.clone(), config.clone());
    host().plan(PlanRequest { prior, config, proposed, ..PlanRequest::default() }).await
}

async fn create(config: &Value, private: Vec<u8>) -> tfplugin::host::StateResponse {
    let plan = plan(config, &Value::Null).await;
    assert!(!plan.diagnostics.has_errors(), "{}", plan.diagnostics);
    let request = ApplyRequest {
        prior: Value::Null,
        planned: plan.planned,
        config: config.clone(),
        private,
        identity: None,
        stop: Stop::default().token(),
    };
    host().apply(request).await
}

#[tokio::test]
async fn what_hangs_on_a_value_that_will_be_another_is_not_kept() {
    let prior = state(&[]);
    let plan = plan(&config(&[("name", "b".into())]), &prior).await;
    let planned = |name: &str| plan.planned.attribute(name).cloned().unwrap();
    assert_eq!(planned("code"), Value::Unknown);
    assert_eq!(planned("seal"), Value::Unknown);
    assert_eq!(planned("left"), Value::from("left"));
    assert_eq!(planned("right"), Value::from("right"));
}

#[tokio::test]
async fn paths_that_replace_lead_somewhere_and_not_into_sets() {
    let sticker = |text: &str| Value::object([("text", Value::from(text))]);
    let items = Value::List(vec![Value::object([
        ("title", Value::from("t")),
        ("weight", Value::from(1)),
        ("tags", Value::Null),
    ])]);
    let parts = [("items", items), ("stickers", Value::set_of([sticker("s")]))];
    let mut moved = parts.to_vec();
    moved.push(("name", "elsewhere".into()));
    let plan = plan(&config(&moved), &state(&parts)).await;
    assert_eq!(plan.replace, [Path::from("items"), "name".into(), "stickers".into()]);
}

#[tokio::test]
async fn what_replaces_another_does_not_remember_for_it() {
    let mut private = Private::default();
    private.set("heirloom", &"a watch").unwrap();
    let created = create(&config(&[]), private.encode()).await;
    assert_eq!(created.state.attribute("seal"), Some(&Value::from("none")));
    assert_eq!(created.private, b"");
}

#[tokio::test]
async fn what_cannot_be_encoded_does_not_take_the_state_along() {
    let created = create(&config(&[("name", "untyped".into()), ("any", Value::Unknown)]), Vec::new()).await;
    assert_eq!(created.state.attribute("code"), Some(&Value::from("c")));
    assert_eq!(created.state.attribute("any"), Some(&Value::Null));
    assert_eq!(
        created.diagnostics.to_string(),
        "Invalid Value from the Provider: The provider made a value of any that does not fit its own schema, and so is \
         not in the state. This is always a bug in the provider; please report it to its developers.\n\na value with \
         its type is required (at any)"
    );
}

#[tokio::test]
async fn an_object_that_says_nothing_is_as_good_as_none() {
    let lid = Value::object([("color", Value::Null), ("locked", Value::Null)]);
    for (name, lid) in [("omits", lid), ("fills in", Value::Null)] {
        let before = state(&[("name", name.into()), ("lid", lid)]);
        let request = ReadRequest {
            state: before.clone(),
            private: Vec::new(),
            identity: None,
            capabilities: Capabilities::default(),
            stop: Stop::default().token(),
        };
        let read = host().read(request).await;
        assert_eq!(read.state, before, "{name}");
    }
}

#[tokio::test]
async fn parts_that_are_not_known_are_no_fault() {
    let item = |title: Value, weight: Value, tags: Value| {
        Value::object([("title", title), ("weight", weight), ("tags", tags)])
    };
    let half = item(Value::Unknown, Value::Unknown, Value::set_of([Value::Unknown, "t".into()]));
    let parts = [
        ("lid", Value::object([("color", Value::Unknown), ("locked", Value::Unknown)])),
        (
            "items",
            Value::List(vec![half.clone(), Value::Unknown, item("x".into(), 2.into(), Value::Unknown)]),
        ),
        ("places", Value::map([("a", half), ("b", Value::Unknown)])),
        ("stickers", Value::set_of([Value::object([("text", Value::Unknown)]), Value::Unknown])),
        ("sizes", Value::set_of([Value::Unknown, 1.into()])),
        ("layers", Value::List(vec![Value::Unknown, Value::List(vec![Value::Unknown])])),
        ("any", Value::Unknown),
    ];
    let config = config(&parts);
    let validated = host().validate(&config, Capabilities::default());
    let spoken: Vec<String> = validated.iter().map(ToString::to_string).collect();
    assert_eq!(spoken, ["Attribute Deprecated: Nothing. (at old)"]);
    for prior in [Value::Null, state(&[]), state(&[("items", Value::List(Vec::new()))])] {
        let plan = plan(&config, &prior).await;
        assert!(plan.diagnostics.is_empty(), "{}", plan.diagnostics);
        for name in ["lid", "places", "stickers", "sizes", "layers", "any"] {
            assert_eq!(plan.planned.attribute(name), config.attribute(name), "{name}");
        }
    }
}

#[test]
fn one_fault_is_said_once() {
    let half: Value = Value::Number("1.5".parse().unwrap());
    let items = Value::List(vec![Value::object([
        ("title", Value::from("t")),
        ("weight", half),
        ("tags", Value::Null),
    ])]);
    let faults = host().validate(&config(&[("items", items)]), Capabilities::default());
    let spoken: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        spoken,
        [
            "Invalid Attribute Value: The attribute items[0].weight must be a whole number of at most 64 bits; it is 1.5. (at \
             items[0].weight)",
            "Attribute Deprecated: Nothing. (at old)",
        ]
    );
    let sizes = Value::set_of([1.into(), 2.into(), Value::Unknown]);
    let faults = host().validate(&config(&[("sizes", sizes)]), Capabilities::default());
    assert!(faults.has_errors(), "two that differ cannot turn out to be one");
    let faults =
        host().validate(&config(&[("sizes", Value::set_of([Value::Null]))]), Capabilities::default());
    assert_eq!(
        faults.iter().next_back().map(ToString::to_string).as_deref(),
        Some(
            "Invalid Attribute Value: The value does not fit: a whole number of at most 64 bits was expected, not null. \
             (at sizes)"
        )
    );
}

#[test]
fn a_configuration_made_from_a_state_has_what_it_must_have() {
    let config = host().generate_config(&state(&[])).config;
    assert_eq!(View::new(&config).get::<String>("old"), Attr::Known("o".to_owned()));
}

/// Two crates, and a search for more that never ends.
struct Search;

#[derive(Debug, Clone, Default, Model)]
struct Query {}

impl ListResource for Search {
    type Config = Query;
    type Model = Crate;
    const TYPE: &'static str = "test_crate";

    async fn list(self: Arc<Self>, _: Cx<Query>, _: Query, found: Found<Crate>) -> Result<(), Diagnostics> {
        for name in ["a", "b"] {
            let resource = Crate { name: name.into(), ..Crate::default() };
            found
                .send(Listed { display_name: name.to_owned(), resource, diagnostics: Diagnostics::new() })
                .await;
        }
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_query_ends_once_nobody_wants_more() {
    let host = Arc::new(ListHost::new(list::erase(Search), Some(Arc::new(host()))));
    let request = |limit| ListRequest {
        config: host.schema().nulls(),
        limit,
        include_resource: false,
        stop: Stop::default().token(),
    };
    let mut events = host.list(request(2));
    let mut names = Vec::new();
    while let Some(event) = events.recv().await {
        names.push(event.display_name);
    }
    assert_eq!(names, ["a", "b"]);

    let before = Arc::strong_count(&host);
    let events = host.list(request(0));
    drop(events);
    while Arc::strong_count(&host) > before {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_state_from_before_an_attribute_has_its_default() {
    let cli = crate::Cli::new();
    let size = |json: &[u8]| crate::thing(&cli.host.upgrade_state(2, json)).size;
    assert_eq!(size(br#"{"name":"a"}"#), 3.into());
    // One that has it as null keeps that.
    assert_eq!(size(br#"{"name":"a","size":null}"#), Attr::Null);
    let older = crate::thing(&cli.host.upgrade_state(0, br#"{"title":"a"}"#));
    assert_eq!((older.name.as_str(), older.size), (Some("a"), 3.into()));
}
