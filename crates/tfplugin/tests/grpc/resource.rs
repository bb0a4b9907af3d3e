//! Managed resources: the RPCs in the order in which a CLI calls them.

use serde_json::{Value, json};
use tfplugin::proto::tfplugin6::*;

use crate::client::Session;
use crate::value::{decode, decode_identity, encode, encode_json, identity, unknown};

const TYPE: &str = "probe_thing";

/// A configuration, or what the CLI proposes for it.
pub(crate) fn thing(name: &str, note: Value) -> Value {
    json!({"id": null, "name": name, "note": note, "secret": null, "size": null})
}

pub(crate) fn summaries(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| &*diagnostic.summary).collect()
}

/// Plans the creation of what `config` says.
pub(crate) async fn plan_create(session: &mut Session, config: &Value) -> plan_resource_change::Response {
    let request = plan_resource_change::Request {
        type_name: TYPE.into(),
        prior_state: encode(&Value::Null),
        proposed_new_state: encode(config),
        config: encode(config),
        ..Default::default()
    };
    session.provider.plan_resource_change(request).await.expect("an answer").into_inner()
}

/// What a CLI sends to have something created.
pub(crate) async fn creation(session: &mut Session, config: &Value) -> apply_resource_change::Request {
    let planned = plan_create(session, config).await;
    assert_eq!(summaries(&planned.diagnostics), [""; 0]);
    apply_resource_change::Request {
        type_name: TYPE.into(),
        prior_state: encode(&Value::Null),
        planned_state: planned.planned_state,
        config: encode(config),
        planned_private: planned.planned_private,
        planned_identity: planned.planned_identity,
        ..Default::default()
    }
}

#[tokio::test]
async fn a_resource_lives_from_plan_to_destroy() {
    let mut session = Session::start(&[]).await;
    let config = thing("a", json!("first"));
    let request = validate_resource_config::Request {
        type_name: TYPE.into(),
        config: encode(&config),
        ..Default::default()
    };
    let answer = session.provider.validate_resource_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);

    let planned = plan_create(&mut session, &config).await;
    let mut expected = config.clone();
    expected["id"] = unknown();
    expected["size"] = unknown();
    assert_eq!(decode(planned.planned_state.as_ref()), expected);
    assert!(!planned.legacy_type_system);

    let request = creation(&mut session, &config).await;
    let created = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    let state = json!({"id": "thing-a", "name": "a", "note": "first", "secret": null, "size": 5});
    assert_eq!(decode(created.new_state.as_ref()), state);
    assert_eq!(decode_identity(created.new_identity.as_ref()), json!({"name": "a"}));
    assert_eq!(summaries(&created.diagnostics), [""; 0]);

    let request = read_resource::Request {
        type_name: TYPE.into(),
        current_state: encode(&state),
        private: created.private.clone(),
        current_identity: created.new_identity.clone(),
        ..Default::default()
    };
    let read = session.provider.read_resource(request).await.expect("an answer").into_inner();
    assert_eq!(decode(read.new_state.as_ref()), state);
    assert_eq!(read.private, created.private, "private data is carried on");
    assert_eq!(read.new_identity, created.new_identity, "the identity is carried on");

    let mut config = thing("b", json!("first"));
    let mut proposed = state.clone();
    proposed["name"] = json!("b");
    let request = plan_resource_change::Request {
        type_name: TYPE.into(),
        prior_state: encode(&state),
        proposed_new_state: encode(&proposed),
        config: encode(&config),
        prior_private: created.private.clone(),
        prior_identity: created.new_identity.clone(),
        ..Default::default()
    };
    let planned = session.provider.plan_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(planned.requires_replace.len(), 1);
    let step = planned.requires_replace[0].steps[0].selector.clone();
    assert_eq!(step, Some(attribute_path::step::Selector::AttributeName("name".into())));

    config = Value::Null;
    let request = plan_resource_change::Request {
        type_name: TYPE.into(),
        prior_state: encode(&state),
        proposed_new_state: encode(&config),
        config: encode(&config),
        prior_private: created.private.clone(),
        prior_identity: created.new_identity.clone(),
        ..Default::default()
    };
    let planned = session.provider.plan_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(decode(planned.planned_state.as_ref()), Value::Null);

    let request = apply_resource_change::Request {
        type_name: TYPE.into(),
        prior_state: encode(&state),
        planned_state: planned.planned_state,
        config: encode(&config),
        planned_private: planned.planned_private,
        ..Default::default()
    };
    let gone = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(decode(gone.new_state.as_ref()), Value::Null);
    assert_eq!(summaries(&gone.diagnostics), [""; 0]);
}

#[tokio::test]
async fn stored_state_is_taken_with_attributes_that_are_gone() {
    let mut session = Session::start(&[]).await;
    let stored = json!({"id": "thing-a", "name": "a", "colour": "red", "size": 5});
    let request = upgrade_resource_state::Request {
        type_name: TYPE.into(),
        version: 0,
        raw_state: Some(RawState { json: stored.to_string().into_bytes(), ..Default::default() }),
    };
    let answer = session.provider.upgrade_resource_state(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);
    let expected = json!({"id": "thing-a", "name": "a", "note": null, "secret": null, "size": 5});
    assert_eq!(decode(answer.upgraded_state.as_ref()), expected);
}

#[tokio::test]
async fn an_identity_that_is_not_known_yet_is_not_planned() {
    let mut session = Session::start(&[]).await;
    let mut config = thing("a", Value::Null);
    let planned = plan_create(&mut session, &config).await;
    assert_eq!(decode_identity(planned.planned_identity.as_ref()), json!({"name": "a"}));
    config["name"] = unknown();
    assert_eq!(plan_create(&mut session, &config).await.planned_identity, None);
}

#[tokio::test]
async fn an_identity_that_was_never_stored_is_upgraded_to_none() {
    let mut session = Session::start(&[]).await;
    for raw_identity in [None, Some(RawState::default())] {
        let request = upgrade_resource_identity::Request { type_name: TYPE.into(), version: 0, raw_identity };
        let answer =
            session.provider.upgrade_resource_identity(request).await.expect("an answer").into_inner();
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        assert_eq!(decode_identity(answer.upgraded_identity.as_ref()), Value::Null);
    }
    let request = upgrade_resource_identity::Request {
        type_name: TYPE.into(),
        version: 0,
        raw_identity: Some(RawState { json: br#"{"name": "a"}"#.to_vec(), ..Default::default() }),
    };
    let answer = session.provider.upgrade_resource_identity(request).await.expect("an answer").into_inner();
    assert_eq!(decode_identity(answer.upgraded_identity.as_ref()), json!({"name": "a"}));
}

#[tokio::test]
async fn what_exists_is_imported_by_id_and_by_identity() {
    let mut session = Session::start(&[]).await;
    let by_id =
        import_resource_state::Request { type_name: TYPE.into(), id: "thing-a".into(), ..Default::default() };
    let by_identity = import_resource_state::Request {
        type_name: TYPE.into(),
        identity: identity(&json!({"name": "a"})),
        ..Default::default()
    };
    for request in [by_id, by_identity] {
        let answer = session.provider.import_resource_state(request).await.expect("an answer").into_inner();
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        assert_eq!(answer.imported_resources.len(), 1);
        let imported = &answer.imported_resources[0];
        assert_eq!(imported.type_name, TYPE);
        assert_eq!(decode(imported.state.as_ref())["id"], "thing-a");
        assert_eq!(decode_identity(imported.identity.as_ref()), json!({"name": "a"}));
    }
}

#[tokio::test]
async fn state_of_another_type_is_moved_or_refused() {
    let mut session = Session::start(&[]).await;
    let request = |source: &str| move_resource_state::Request {
        source_provider_address: "registry.terraform.io/example/other".into(),
        source_type_name: source.into(),
        source_state: Some(RawState { json: br#"{"label": "a"}"#.to_vec(), ..Default::default() }),
        target_type_name: TYPE.into(),
        ..Default::default()
    };
    let moved = session.provider.move_resource_state(request("other_thing")).await.expect("an answer");
    let moved = moved.into_inner();
    assert_eq!(summaries(&moved.diagnostics), [""; 0]);
    assert_eq!(decode(moved.target_state.as_ref())["name"], "a");
    let refused = session.provider.move_resource_state(request("other_stuff")).await.expect("an answer");
    assert_eq!(summaries(&refused.get_ref().diagnostics), ["Unable to Move Resource State"]);
}

#[tokio::test]
async fn a_configuration_is_written_for_what_was_imported() {
    let mut session = Session::start(&[]).await;
    let state = json!({"id": "thing-a", "name": "a", "note": "n", "secret": null, "size": 1});
    let request = generate_resource_config::Request { type_name: TYPE.into(), state: encode(&state) };
    let answer = session.provider.generate_resource_config(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);
    assert_eq!(decode(answer.config.as_ref()), thing("a", json!("n")));
}

#[tokio::test]
async fn values_are_taken_in_both_encodings() {
    let mut session = Session::start(&[]).await;
    let config = thing("a", Value::Null);
    let request = plan_resource_change::Request {
        type_name: TYPE.into(),
        proposed_new_state: encode_json(&config),
        config: encode_json(&config),
        ..Default::default()
    };
    let planned = session.provider.plan_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&planned.diagnostics), [""; 0]);
    assert_eq!(decode(planned.planned_state.as_ref())["name"], "a");
}

#[tokio::test]
async fn write_only_values_reach_the_provider_and_no_answer() {
    let mut session = Session::start(&[]).await;
    let mut config = thing("a", Value::Null);
    config["secret"] = json!("hush");
    let mut planned = plan_create(&mut session, &config).await;
    assert_eq!(decode(planned.planned_state.as_ref())["secret"], Value::Null);
    let request = apply_resource_change::Request {
        type_name: TYPE.into(),
        planned_state: planned.planned_state.take(),
        config: encode(&config),
        planned_private: planned.planned_private,
        ..Default::default()
    };
    let created = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    let state = decode(created.new_state.as_ref());
    assert_eq!(state["secret"], Value::Null);
    assert_eq!(state["size"], 4, "the secret's length");
}
