//! The host of a resource: what its answers hold, whatever the resource does.

// What helps a test may fail as the test itself.
#![allow(clippy::unwrap_used)]

mod corners;
mod replacement;
mod thing;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tfplugin::host::{
    ApplyRequest, Capabilities, ImportRequest, MoveRequest, PlanRequest, PlanResponse, ReadRequest,
    ResourceHost, StateResponse,
};
use tfplugin::resource::erase_arc;
use tfplugin::{Diagnostics, ImportTarget, Model, Path, Severity, Stop, Value};

use thing::{Thing, Things};

/// A CLI's side of one resource.
struct Cli {
    things: Arc<Things>,
    host: ResourceHost,
    stop: Stop,
}

impl Cli {
    fn new() -> Self {
        let things = Arc::new(Things::default());
        Self { host: ResourceHost::new(erase_arc(Arc::clone(&things))), things, stop: Stop::default() }
    }

    /// A configuration of these attributes.
    fn config(&self, attributes: &[(&str, Value)]) -> Value {
        let mut config = self.host.schema().nulls();
        for (name, value) in attributes {
            assert!(config.set(&Path::from(*name), value.clone()));
        }
        config
    }

    async fn plan(&self, config: &Value, before: &StateResponse) -> PlanResponse {
        let request = PlanRequest {
            prior: before.state.clone(),
            proposed: config.clone(),
            config: config.clone(),
            private: before.private.clone(),
            identity: before.identity.clone(),
            capabilities: Capabilities::default(),
        };
        self.host.plan(request).await
    }

    async fn apply(&self, config: &Value, before: &StateResponse) -> StateResponse {
        let plan = self.plan(config, before).await;
        assert_eq!(plan.diagnostics.iter().find(|one| one.severity == Severity::Error), None);
        self.host.apply(self.request(config, before, plan)).await
    }

    fn request(&self, config: &Value, before: &StateResponse, plan: PlanResponse) -> ApplyRequest {
        ApplyRequest {
            prior: before.state.clone(),
            planned: plan.planned,
            config: config.clone(),
            private: plan.private,
            identity: plan.identity,
            stop: self.stop.token(),
        }
    }

    /// Creates a thing of this name.
    async fn create(&self, name: &str) -> StateResponse {
        self.apply(&self.config(&[("name", name.into())]), &StateResponse::default()).await
    }

    async fn read(&self, before: &StateResponse) -> StateResponse {
        let request = ReadRequest {
            state: before.state.clone(),
            private: before.private.clone(),
            identity: before.identity.clone(),
            capabilities: Capabilities::default(),
            stop: self.stop.token(),
        };
        self.host.read(request).await
    }

    async fn import(&self, target: ImportTarget) -> StateResponse {
        let stop = self.stop.token();
        self.host.import(ImportRequest { target, capabilities: Capabilities::default(), stop }).await
    }
}

fn texts(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(ToString::to_string).collect()
}

fn thing(response: &StateResponse) -> Thing {
    Thing::from_value(&response.state).unwrap()
}

fn identity(name: &str) -> Option<Value> {
    Some(Value::object([("name", Value::from(name))]))
}

#[tokio::test]
async fn what_is_created_has_its_state_and_identity() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "a".into()), ("secret", "x".into())]);
    let plan = cli.plan(&config, &StateResponse::default()).await;
    assert_eq!(plan.planned.attribute("id"), Some(&Value::Unknown));
    assert_eq!(plan.planned.attribute("secret"), Some(&Value::Null));
    assert_eq!(plan.identity, identity("a"));
    let after = cli.apply(&config, &StateResponse::default()).await;
    assert_eq!(texts(&after.diagnostics), Vec::<String>::new());
    let expected =
        Thing { name: "a".into(), size: 3.into(), id: "1".into(), revision: 1.into(), ..Thing::default() };
    assert_eq!(thing(&after), expected);
    assert_eq!(after.identity, identity("a"));
    assert_eq!(after.state.attribute("timeouts"), Some(&Value::Null));
}

#[tokio::test]
async fn a_create_that_fails_once_it_is_saved_leaves_what_it_saved() {
    let cli = Cli::new();
    let after = cli.create("fails").await;
    assert_eq!(texts(&after.diagnostics), ["Broken: It broke."]);
    assert_eq!(thing(&after).id.as_str(), Some("1"));
    assert!(thing(&after).revision.is_null(), "unknown is null once it is over");
    assert_eq!(after.identity, identity("fails"));
}

#[tokio::test]
async fn a_create_that_fails_before_leaves_nothing() {
    let after = Cli::new().create("refused").await;
    assert_eq!((texts(&after.diagnostics), after.state), (vec!["Refused: No.".to_owned()], Value::Null));
}

#[tokio::test]
async fn a_failure_without_a_word_is_a_failure() {
    let after = Cli::new().create("silent").await;
    let expected = "Operation Failed: The operation failed, and the provider does not say why.";
    assert_eq!(texts(&after.diagnostics), [expected]);
}

#[tokio::test]
async fn a_panic_is_a_failure_and_leaves_what_was_saved() {
    let cli = Cli::new();
    let after = cli.create("panics").await;
    let text = texts(&after.diagnostics).remove(0);
    assert!(text.starts_with("Provider Bug: The provider failed in a way that it should not."), "{text}");
    assert!(text.contains("the thing is broken"), "{text}");
    assert_eq!(thing(&after).id.as_str(), Some("1"));
    let config = cli.config(&[("name", "panics at".into())]);
    let plan = cli.plan(&config, &StateResponse::default()).await;
    assert!(texts(&plan.diagnostics).remove(0).contains("the plan is broken"));
}

#[tokio::test]
async fn what_was_begun_goes_on_when_the_request_is_dropped() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "waits".into())]);
    let none = StateResponse::default();
    let plan = cli.plan(&config, &none).await;
    let request = cli.request(&config, &none, plan);
    tokio::select! {
        _ = cli.host.apply(request) => unreachable!("nobody let it go on"),
        () = cli.things.begun.notified() => {}
    }
    cli.things.go_on.notify_one();
    while cli.things.done.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_interrupt_ends_what_runs_and_a_deadline_does() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "bounded".into())]);
    let none = StateResponse::default();
    let (after, ()) = tokio::join!(cli.apply(&config, &none), async {
        cli.things.begun.notified().await;
        cli.stop.stop();
    });
    assert_eq!(texts(&after.diagnostics), ["Ended: the operation was interrupted"]);
    assert_eq!(thing(&after).id.as_str(), Some("1"));
    let mut config = config;
    let nulls = cli.host.schema().timeouts.map(|timeouts| Value::nulls(&timeouts.ty())).unwrap();
    config.set(&Path::from("timeouts"), nulls);
    config.set(&Path::from("timeouts").attribute("create"), "1ms".into());
    let after = cli.apply(&config, &StateResponse::default()).await;
    assert_eq!(texts(&after.diagnostics), ["Ended: the operation did not end within 1ms"]);
}

#[tokio::test]
async fn what_was_remembered_and_said_comes_along() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "remembers".into()), ("secret", "four".into())]);
    let after = cli.apply(&config, &StateResponse::default()).await;
    assert_eq!(after.private, br#"{"length":4}"#);
    assert_eq!(texts(&after.diagnostics), ["Remembered: It will not be forgotten."]);
    let read = cli.read(&after).await;
    assert_eq!((&read.private, &read.identity), (&after.private, &after.identity));
    let planned = cli.plan(&config, &read).await;
    let updated = cli.host.apply(cli.request(&config, &read, planned)).await;
    assert_eq!(updated.private, after.private, "and an update carries it on");
}

#[tokio::test]
async fn a_failed_update_or_delete_leaves_what_there_was() {
    let cli = Cli::new();
    let mut before = cli.create("a").await;
    before.state.set(&Path::from("name"), "refused".into());
    before.identity = identity("refused");
    let config = cli.config(&[("name", "refused".into()), ("size", 4.into())]);
    let after = cli.apply(&config, &before).await;
    assert_eq!(after.state, before.state);
    let plan = cli.plan(&Value::Null, &before).await;
    assert_eq!(texts(&plan.diagnostics), ["Gone: It will be gone."]);
    let after = cli.host.apply(cli.request(&Value::Null, &before, plan)).await;
    assert_eq!((after.state, after.identity), (before.state, before.identity));
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let cli = Cli::new();
    let before = cli.create("a").await;
    assert_eq!(cli.apply(&Value::Null, &before).await, StateResponse::default());
}

#[tokio::test]
async fn what_is_gone_is_null_and_what_cannot_be_read_stays() {
    let cli = Cli::new();
    assert_eq!(cli.read(&cli.create("gone").await).await.state, Value::Null);
    let before = cli.create("unreadable").await;
    let after = cli.read(&before).await;
    assert_eq!((after.state, after.identity), (before.state, before.identity));
    assert_eq!(texts(&after.diagnostics), ["Unreadable: No."]);
}

#[tokio::test]
async fn a_casing_of_the_service_is_no_change() {
    let cli = Cli::new();
    let config = cli.config(&[("name", "loud".into()), ("color", "red".into())]);
    let after = cli.apply(&config, &StateResponse::default()).await;
    assert_eq!(thing(&after).color.as_str(), Some("red"));
    let read = cli.read(&after).await;
    assert_eq!(thing(&read).color.as_str(), Some("red"));
    let recased = cli.config(&[("name", "loud".into()), ("color", "RED".into())]);
    assert_eq!(cli.plan(&recased, &read).await.planned, read.state);
}

#[tokio::test]
async fn a_hook_has_the_last_word() {
    let cli = Cli::new();
    let before = cli.create("counts").await;
    let config = cli.config(&[("name", "counts".into())]);
    let plan = cli.plan(&config, &before).await;
    assert_eq!(plan.planned.attribute("revision"), Some(&Value::from(7)));
    assert_eq!(plan.planned.attribute("id"), Some(&Value::from("1")));
    let plan = cli.plan(&cli.config(&[("name", "unwanted".into())]), &before).await;
    assert_eq!(texts(&plan.diagnostics), ["Unwanted: Not that. (at name)"]);
    assert_eq!(plan.planned, before.state);
}

#[tokio::test]
async fn another_name_replaces_and_another_timeout_changes_nothing_else() {
    let cli = Cli::new();
    let before = cli.create("a").await;
    let plan = cli.plan(&cli.config(&[("name", "b".into())]), &before).await;
    assert_eq!(plan.replace, [Path::from("name")]);
    let mut config = cli.config(&[("name", "a".into())]);
    let timeouts = Value::object([
        ("create", Value::Null),
        ("read", Value::Null),
        ("update", "1h".into()),
        ("delete", Value::Null),
    ]);
    config.set(&Path::from("timeouts"), timeouts);
    let plan = cli.plan(&config, &before).await;
    assert_eq!(plan.planned.attribute("revision"), Some(&Value::from(1)));
    assert_ne!(plan.planned, before.state);
}

#[tokio::test]
async fn the_first_read_after_an_import_fills_everything_in() {
    let cli = Cli::new();
    let imported = cli.import(ImportTarget::Id("a".to_owned())).await;
    assert_eq!(imported.identity, identity("a"));
    assert!(thing(&imported).revision.is_null());
    let read = cli.read(&imported).await;
    assert_eq!((thing(&read).size, thing(&read).revision), (3.into(), 5.into()));
    assert!(read.private.is_empty(), "the mark of the import is gone");
    let by_identity = cli.import(ImportTarget::Identity(identity("b").unwrap())).await;
    assert_eq!(thing(&by_identity).name.as_str(), Some("b"));
    let nothing = cli.import(ImportTarget::Identity(Value::object([("name", Value::Null)]))).await;
    assert_eq!(
        texts(&nothing.diagnostics),
        ["Incomplete Identity: The identity must have a known value for name."]
    );
}

#[tokio::test]
async fn states_of_earlier_versions_are_read() {
    let cli = Cli::new();
    let current = cli.host.upgrade_state(2, br#"{"name":"a","dropped":{"x":[1]},"size":4}"#);
    assert_eq!(texts(&current.diagnostics), Vec::<String>::new());
    assert_eq!((thing(&current).name.as_str(), thing(&current).size), (Some("a"), 4.into()));
    let first = cli.host.upgrade_state(0, br#"{"title":"a"}"#);
    assert_eq!(thing(&first).name.as_str(), Some("a"));
    let newer = cli.host.upgrade_state(3, b"{}");
    assert_eq!(
        texts(&newer.diagnostics),
        [
            "Unreadable Resource State: The stored state of a test_thing cannot be used. It was written by a newer \
          version of the provider: the state has version 3, and this provider knows versions up to 2. Upgrade the \
          provider."
        ]
    );
    assert!(cli.host.upgrade_state(2, b"{").diagnostics.has_errors());
    assert!(cli.host.upgrade_state(2, b"null").diagnostics.has_errors());
    assert_eq!(cli.host.upgrade_identity(b"").identity, None);
    assert_eq!(cli.host.upgrade_identity(br#"{"name":"a","more":1}"#).identity, identity("a"));
}

#[tokio::test]
async fn states_of_other_types_are_taken_over() {
    let cli = Cli::new();
    let source = |source_type: &str| MoveRequest {
        source_provider: "example.test/a/other".to_owned(),
        source_type: source_type.to_owned(),
        source_state: br#"{"name":"a"}"#.to_vec(),
        ..MoveRequest::default()
    };
    let moved = cli.host.move_state(source("other_thing"));
    assert_eq!((thing(&moved).name.as_str(), moved.identity), (Some("a"), identity("a")));
    assert_eq!(
        texts(&cli.host.move_state(source("stranger")).diagnostics),
        [
            "Unable to Move Resource State: A test_thing cannot take over the state of a stranger of the provider \
          example.test/a/other (version 0 of its state)."
        ]
    );
}

#[test]
fn all_that_is_wrong_with_a_configuration_is_said_at_once() {
    let cli = Cli::new();
    let tags = Value::map([("a", Value::from("b"))]);
    let wrong = cli.config(&[
        ("color", "blue".into()),
        ("size", 10.into()),
        ("secret", "x".into()),
        ("tags", tags),
        ("id", "1".into()),
    ]);
    assert_eq!(
        texts(&cli.host.validate(&wrong, Capabilities::default())),
        [
            "Missing Configuration for Required Attribute: The attribute name must be set, and not to null. (at name)",
            "Invalid Attribute Value: The attribute color must be one of \"Red\" or \"Green\"; it is \"blue\". (at color)",
            "Invalid Attribute Value: The attribute size must lie between 1 and 9; it is 10. (at size)",
            "Write-Only Attribute Not Allowed: The attribute secret is write-only, which needs Terraform 1.11, OpenTofu \
             1.11 or later. (at secret)",
            "Attribute Deprecated: Use labels instead. (at tags)",
            "Invalid Configuration for Read-Only Attribute: The attribute id is set by the provider alone. Remove it \
             from the configuration. (at id)",
        ]
    );
    let able = Capabilities { write_only: true, ..Capabilities::default() };
    let wrong = cli.config(&[("name", "far too long!".into()), ("secret", "x".into())]);
    assert_eq!(
        texts(&cli.host.validate(&wrong, able)),
        [
            "Invalid Attribute Value: The attribute name must have between 1 and 12 characters; it has 13. (at name)",
            "Invalid Attribute Value: The attribute name cannot be spoken. (at name)",
        ]
    );
    let red = cli.config(&[("name", "a".into()), ("color", "Red".into()), ("size", 9.into())]);
    assert_eq!(
        texts(&cli.host.validate(&red, able)),
        ["Too Much: A red thing cannot be that big. (at size)"]
    );
    let fraction = cli.config(&[("name", "a".into()), ("size", Value::Number("1.5".parse().unwrap()))]);
    assert!(texts(&cli.host.validate(&fraction, able)).iter().any(|text| {
        text == "Invalid Attribute Value: The attribute size must be a whole number of at most 64 bits; it is 1.5. (at size)"
    }));
    let unknown = cli.config(&[("name", Value::Unknown), ("color", Value::Unknown)]);
    assert!(cli.host.validate(&unknown, able).is_empty());
}

#[test]
fn a_configuration_is_made_from_a_state() {
    let cli = Cli::new();
    let state =
        cli.config(&[("name", "a".into()), ("size", 3.into()), ("color", "Red".into()), ("id", "1".into())]);
    let config = cli.host.generate_config(&state).config;
    assert_eq!(config, cli.config(&[("name", "a".into()), ("color", "Red".into())]));
}
