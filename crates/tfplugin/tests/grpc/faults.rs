//! What goes wrong: panics, interrupts, peers that send nonsense, and sizes.

use serde_json::{Value, json};
use tfplugin::proto::tfplugin6::*;

use crate::client::Session;
use crate::resource::{creation, plan_create, summaries, thing};
use crate::value::{decode, decode_identity, encode};

const TYPE: &str = "probe_thing";

#[tokio::test]
async fn a_panic_becomes_a_diagnostic_and_the_process_lives() {
    let mut session = Session::start(&[]).await;
    let request = creation(&mut session, &thing("panic", Value::Null)).await;
    let answer = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(answer.diagnostics.len(), 1);
    let diagnostic = &answer.diagnostics[0];
    assert_eq!(diagnostic.severity(), diagnostic::Severity::Error);
    assert_eq!(diagnostic.summary, "Provider Bug");
    let detail = "The provider failed in a way that it should not. This is always a bug in the provider; please \
                  report it to its developers.\n\nthe thing is called panic (at ";
    assert!(diagnostic.detail.starts_with(detail), "{}", diagnostic.detail);
    assert_eq!(decode(answer.new_state.as_ref()), Value::Null);

    let planned = plan_create(&mut session, &thing("a", Value::Null)).await;
    assert_eq!(summaries(&planned.diagnostics), [""; 0]);
    let mut process = session.shut_down().await;
    let (status, _, errors) = process.output().await;
    assert!(status.success());
    for line in errors.lines() {
        let line: Value = serde_json::from_str(line).expect("nothing but log lines");
        assert_eq!(line["@level"], "error");
    }
    assert!(errors.contains("The provider panicked: the thing is called panic"), "{errors}");
}

#[tokio::test]
async fn a_panic_in_a_function_becomes_its_error() {
    let mut session = Session::start(&[]).await;
    let request = call_function::Request {
        name: "join".into(),
        arguments: vec![encode(&json!("panic")).expect("a value")],
    };
    let answer = session.provider.call_function(request).await.expect("an answer").into_inner();
    let error = answer.error.expect("an error");
    let text = "The function join failed in a way that it should not. This is always a bug in the provider; please \
                report it to its developers.";
    assert_eq!(error.text, text);
    assert_eq!(error.function_argument, None);
}

#[tokio::test]
async fn stopping_cancels_what_runs_and_the_provider_serves_on() {
    let mut session = Session::start(&[("TF_LOG", "INFO")]).await;
    for name in ["wait-1", "wait-2"] {
        let request = creation(&mut session, &thing(name, Value::Null)).await;
        let mut provider = session.provider.clone();
        let running = tokio::spawn(async move { provider.apply_resource_change(request).await });
        session.process.errors_until(&format!("{name} is waiting")).await;
        let stopped = session.provider.stop_provider(stop_provider::Request {}).await.expect("an answer");
        assert_eq!(stopped.get_ref().error, "");
        let answer = running.await.expect("no panic").expect("an answer").into_inner();
        assert_eq!(summaries(&answer.diagnostics), ["Stopped"]);
    }
    let request = creation(&mut session, &thing("a", Value::Null)).await;
    let created = session.provider.apply_resource_change(request).await.expect("an answer");
    assert_eq!(decode(created.get_ref().new_state.as_ref())["id"], "thing-a");
}

#[tokio::test]
async fn stopping_ends_a_plan_that_does_not_look() {
    let mut session = Session::start(&[("TF_LOG", "INFO")]).await;
    let config = thing("endless plan", Value::Null);
    let request = plan_resource_change::Request {
        type_name: TYPE.into(),
        proposed_new_state: encode(&config),
        config: encode(&config),
        ..Default::default()
    };
    let mut provider = session.provider.clone();
    let running = tokio::spawn(async move { provider.plan_resource_change(request).await });
    session.process.errors_until("The plan takes its time").await;
    session.provider.stop_provider(stop_provider::Request {}).await.expect("an answer");
    let answer = running.await.expect("no panic").expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Interrupted"]);
}

#[tokio::test]
async fn work_that_failed_half_way_keeps_what_it_has_made() {
    let mut session = Session::start(&[]).await;
    let request = creation(&mut session, &thing("half", Value::Null)).await;
    let answer = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Half Made"]);
    let expected = json!({"id": "thing-half", "name": "half", "note": null, "secret": null, "size": null});
    assert_eq!(decode(answer.new_state.as_ref()), expected);
    assert_eq!(decode_identity(answer.new_identity.as_ref()), json!({"name": "half"}));
}

#[tokio::test]
async fn large_values_pass_both_ways() {
    let mut session = Session::start(&[]).await;
    let note = "n".repeat(8 << 20);
    let request = creation(&mut session, &thing("a", json!(note))).await;
    let created = session.provider.apply_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(decode(created.new_state.as_ref())["note"], json!(note));
}

#[tokio::test]
async fn nonsense_gets_an_error() {
    let mut session = Session::start(&[]).await;
    let nonsense: [&[u8]; 7] = [
        b"\xc1",
        b"\x85\xa4name",
        b"\xdf\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff\xc0",
        b"\xc6\xff\xff\xff\xff",
        &[0x91; 100_000],
        b"\x81\xa4name\xa1a",
    ];
    for bytes in nonsense {
        let value = Some(DynamicValue { msgpack: bytes.to_vec().into(), json: Vec::new().into() });
        let request = plan_resource_change::Request {
            type_name: TYPE.into(),
            config: value.clone(),
            proposed_new_state: value.clone(),
            ..Default::default()
        };
        let answer = session.provider.plan_resource_change(request).await.expect("an answer").into_inner();
        assert_eq!(summaries(&answer.diagnostics), ["Invalid Value from the CLI"]);
        let request = read_resource::Request {
            type_name: TYPE.into(),
            current_state: value,
            private: bytes.to_vec(),
            ..Default::default()
        };
        let answer = session.provider.read_resource(request).await.expect("an answer").into_inner();
        assert_eq!(summaries(&answer.diagnostics), ["Invalid Value from the CLI"]);
    }
    let request = upgrade_resource_state::Request {
        type_name: TYPE.into(),
        version: 0,
        raw_state: Some(RawState { flatmap: [("name".into(), "a".into())].into(), ..Default::default() }),
    };
    let answer = session.provider.upgrade_resource_state(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Unreadable Resource State"]);
    for json in ["", "{", "[]", "{\"name\": {}}", "null"] {
        let request = upgrade_resource_state::Request {
            type_name: TYPE.into(),
            version: 0,
            raw_state: Some(RawState { json: json.into(), ..Default::default() }),
        };
        let answer = session.provider.upgrade_resource_state(request).await.expect("an answer").into_inner();
        assert_eq!(answer.diagnostics.len(), 1, "{json:?}");
    }
}

#[tokio::test]
async fn requests_for_what_is_not_there_get_an_error() {
    let mut session = Session::start(&[]).await;
    let request = plan_resource_change::Request { type_name: "probe_none".into(), ..Default::default() };
    let answer = session.provider.plan_resource_change(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Unknown Resource Type"]);
    assert_eq!(answer.diagnostics[0].detail, "The provider has no resource type probe_none.");
    let request = read_data_source::Request { type_name: "probe_none".into(), ..Default::default() };
    let answer = session.provider.read_data_source(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Unknown Data Source Type"]);
    let request = open_ephemeral_resource::Request { type_name: "probe_none".into(), ..Default::default() };
    let answer = session.provider.open_ephemeral_resource(request).await.expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Unknown Ephemeral Resource Type"]);
    let request = call_function::Request { name: "none".into(), arguments: Vec::new() };
    let answer = session.provider.call_function(request).await.expect("an answer").into_inner();
    let text = answer.error.expect("an error").text;
    assert_eq!(text, "Unknown Function: The provider has no function none.");
}
