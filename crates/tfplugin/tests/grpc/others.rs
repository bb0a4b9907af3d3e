//! The provider itself, its schema, and all kinds of things beside resources.

use serde_json::{Value, json};
use tfplugin::proto::tfplugin6::*;
use tonic::Code;

use crate::client::Session;
use crate::resource::summaries;
use crate::value::{decode, decode_identity, dynamic, encode, unknown};

#[tokio::test]
async fn the_schema_has_everything_once() {
    let mut session = Session::start(&[]).await;
    let request = get_provider_schema::Request {};
    let schema = session.provider.get_provider_schema(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&schema.diagnostics), [""; 0]);
    assert!(schema.provider.and_then(|provider| provider.block).is_some());
    assert!(schema.provider_meta.is_none());
    let capabilities = schema.server_capabilities.expect("capabilities");
    assert!(capabilities.plan_destroy);
    assert!(capabilities.get_provider_schema_optional);
    assert!(capabilities.move_resource_state);
    let keys = |schemas: std::collections::BTreeMap<String, Schema>| {
        assert!(schemas.values().all(|schema| schema.block.is_some()));
        schemas.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(keys(schema.resource_schemas), ["probe_thing"]);
    assert_eq!(keys(schema.data_source_schemas), ["probe_echo"]);
    assert_eq!(keys(schema.ephemeral_resource_schemas), ["probe_token"]);
    assert_eq!(keys(schema.list_resource_schemas), ["probe_thing"]);
    assert_eq!(keys(schema.state_store_schemas), [""; 0]);
    assert_eq!(schema.action_schemas.into_keys().collect::<Vec<_>>(), ["probe_ring"]);
    let functions = session.provider.get_functions(get_functions::Request {}).await.expect("an answer");
    assert_eq!(functions.get_ref().functions, schema.functions);
    let join = &schema.functions["join"];
    assert_eq!(join.parameters.len(), 1);
    assert!(join.variadic_parameter.is_some());
    assert_eq!(join.r#return.as_ref().map(|result| &result.r#type[..]), Some(&b"\"string\""[..]));

    let request = get_resource_identity_schemas::Request {};
    let identities = session.provider.get_resource_identity_schemas(request).await.expect("an answer");
    let identity = &identities.get_ref().identity_schemas["probe_thing"];
    assert_eq!(identity.version, 0);
    let member = &identity.identity_attributes[0];
    assert_eq!(
        (&*member.name, member.required_for_import, member.optional_for_import),
        ("name", true, false)
    );

    let metadata =
        session.provider.get_metadata(get_metadata::Request {}).await.expect("an answer").into_inner();
    assert_eq!(metadata.resources.len(), 1);
    assert_eq!(metadata.actions[0].type_name, "probe_ring");
    assert_eq!(metadata.server_capabilities, Some(capabilities));
}

#[tokio::test]
async fn the_provider_is_validated_and_configured() {
    let mut session = Session::start(&[]).await;
    let config = encode(&json!({"greeting": unknown()}));
    let request = validate_provider_config::Request { config };
    let answer = session.provider.validate_provider_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    let request = |greeting: &str| configure_provider::Request {
        config: encode(&json!({"greeting": greeting})),
        ..Default::default()
    };
    let answer = session.provider.configure_provider(request("hello")).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    let answer = session.provider.configure_provider(request("rude")).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Rude Greeting"]);
    let path = answer.diagnostics[0].attribute.clone().expect("a path");
    let name = attribute_path::step::Selector::AttributeName("greeting".into());
    assert_eq!(path.steps[0].selector, Some(name));
}

#[tokio::test]
async fn a_data_source_is_read_with_values_of_any_type() {
    let mut session = Session::start(&[]).await;
    let input = dynamic(&json!(["list", "string"]), &json!(["a", "b"]));
    let config = encode(&json!({"input": input, "output": null}));
    let request =
        validate_data_resource_config::Request { type_name: "probe_echo".into(), config: config.clone() };
    let answer = session.provider.validate_data_resource_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    let request = read_data_source::Request { type_name: "probe_echo".into(), config, ..Default::default() };
    let answer = session.provider.read_data_source(request).await.expect("an answer").into_inner();
    assert_eq!(decode(answer.state.as_ref()), json!({"input": input, "output": input}));
}

#[tokio::test]
async fn a_function_is_called_in_a_process_that_is_not_configured() {
    let mut session = Session::start(&[]).await;
    let request = |arguments: &[Value]| call_function::Request {
        name: "join".into(),
        arguments: arguments.iter().filter_map(encode).collect(),
    };
    let answer = session.provider.call_function(request(&[json!("-"), json!("a"), json!("b")])).await;
    let answer = answer.expect("an answer").into_inner();
    assert_eq!(decode(answer.result.as_ref()), "a-b");
    let answer = session.provider.call_function(request(&[json!("-"), json!("a"), json!("")])).await;
    let error = answer.expect("an answer").into_inner().error.expect("an error");
    assert_eq!((&*error.text, error.function_argument), ("A part is empty.", Some(2)));
}

#[tokio::test]
async fn an_ephemeral_resource_is_opened_renewed_and_closed() {
    let mut session = Session::start(&[]).await;
    let config = encode(&json!({"owner": "me", "token": null}));
    let request = validate_ephemeral_resource_config::Request {
        type_name: "probe_token".into(),
        config: config.clone(),
    };
    let answer = session.provider.validate_ephemeral_resource_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    let request =
        open_ephemeral_resource::Request { type_name: "probe_token".into(), config, ..Default::default() };
    let opened = session.provider.open_ephemeral_resource(request).await.expect("an answer").into_inner();
    assert_eq!(decode(opened.result.as_ref()), json!({"owner": "me", "token": "token of me"}));
    assert_eq!(opened.renew_at.map(|time| time.seconds), Some(1_700_000_000));
    let request = renew_ephemeral_resource::Request {
        type_name: "probe_token".into(),
        private: opened.private.clone(),
    };
    let renewed = session.provider.renew_ephemeral_resource(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&renewed.diagnostics), [""; 0]);
    assert_eq!(renewed.renew_at, None);
    let request =
        close_ephemeral_resource::Request { type_name: "probe_token".into(), private: opened.private };
    let closed = session.provider.close_ephemeral_resource(request).await.expect("an answer");
    assert_eq!(summaries(&closed.get_ref().diagnostics), [""; 0]);
}

#[tokio::test]
async fn what_exists_is_listed_as_far_as_the_limit() {
    let mut session = Session::start(&[]).await;
    let config = encode(&json!({"prefix": "x"}));
    let request = validate_list_resource_config::Request {
        type_name: "probe_thing".into(),
        config: config.clone(),
        ..Default::default()
    };
    let answer = session.provider.validate_list_resource_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    for include_resource_object in [false, true] {
        let request = list_resource::Request {
            type_name: "probe_thing".into(),
            config: config.clone(),
            include_resource_object,
            limit: 3,
        };
        let mut events = session.provider.list_resource(request).await.expect("a stream").into_inner();
        let mut names = Vec::new();
        while let Some(event) = events.message().await.expect("an event") {
            names.push(event.display_name.clone());
            let name = decode_identity(event.identity.as_ref())["name"].clone();
            assert_eq!(name, json!(event.display_name));
            assert_eq!(event.resource_object.is_some(), include_resource_object);
        }
        assert_eq!(names, ["x0", "x1", "x2"]);
    }
}

#[tokio::test]
async fn an_endless_list_ends_with_its_reader() {
    let mut session = Session::start(&[("TF_LOG", "INFO")]).await;
    let request = list_resource::Request {
        type_name: "probe_thing".into(),
        config: encode(&json!({"prefix": null})),
        include_resource_object: false,
        limit: i64::MAX,
    };
    let mut events = session.provider.list_resource(request).await.expect("a stream").into_inner();
    assert!(events.message().await.expect("an event").is_some());
    drop(events);
    session.process.errors_until("Listed enough").await;
}

#[tokio::test]
async fn an_action_tells_its_progress_and_completes_once() {
    let mut session = Session::start(&[]).await;
    let config = |times: i64| encode(&json!({"times": times}));
    let request = validate_action_config::Request { type_name: "probe_ring".into(), config: config(2) };
    let answer = session.provider.validate_action_config(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    let request = plan_action::Request {
        action_type: "probe_ring".into(),
        config: encode(&json!({"times": unknown()})),
        ..Default::default()
    };
    let answer = session.provider.plan_action(request).await.expect("an answer");
    assert_eq!(summaries(&answer.get_ref().diagnostics), [""; 0]);
    for (times, progress, failure) in [
        (2, &["Ring 1", "Ring 2"][..], None),
        (-1, &[], Some("Provider Bug")),
        (-2, &[], Some("Out of Order")),
    ] {
        let request = invoke_action::Request {
            action_type: "probe_ring".into(),
            config: config(times),
            ..Default::default()
        };
        let mut events = session.provider.invoke_action(request).await.expect("a stream").into_inner();
        let (mut rings, mut completed) = (Vec::new(), Vec::new());
        while let Some(event) = events.message().await.expect("an event") {
            match event.r#type.expect("a type") {
                invoke_action::event::Type::Progress(progress) => rings.push(progress.message),
                invoke_action::event::Type::Completed(end) => completed.push(end.diagnostics),
            }
        }
        assert_eq!(rings, progress);
        assert_eq!(completed.len(), 1);
        assert_eq!(summaries(&completed[0]), failure.into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn state_stores_are_not_served() {
    let mut session = Session::start(&[]).await;
    let refused = session.provider.get_states(get_states::Request::default()).await;
    assert_eq!(refused.expect_err("not served").code(), Code::Unimplemented);
    let refused = session.provider.read_state_bytes(read_state_bytes::Request::default()).await;
    assert_eq!(refused.map(|_| ()).expect_err("not served").code(), Code::Unimplemented);
}
