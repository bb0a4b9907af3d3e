//! What reaches the CLI's log.

use regex::Regex;
use serde_json::{Value, json};
use tfplugin::proto::tfplugin6::*;

use crate::client::Session;
use crate::resource::{creation, thing};

/// The log of a process that made one thing, and failed to make another.
async fn log(env: &[(&str, &str)]) -> Vec<Value> {
    let mut session = Session::start(env).await;
    for name in ["a", "half"] {
        let request = creation(&mut session, &thing(name, Value::Null)).await;
        session.provider.apply_resource_change(request).await.expect("an answer");
    }
    let request = read_data_source::Request { type_name: "probe_none".into(), ..Default::default() };
    session.provider.read_data_source(request).await.expect("an answer");
    let mut process = session.shut_down().await;
    let (_, out, errors) = process.output().await;
    assert_eq!(out, "", "nothing but the handshake is on standard output");
    assert!(errors.is_empty() || errors.ends_with('\n'));
    errors.lines().map(|line| serde_json::from_str(line).expect("an object per line")).collect()
}

#[tokio::test]
async fn every_line_is_one_that_the_cli_can_read() {
    let lines = log(&[("TF_LOG", "TRACE")]).await;
    let time = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$").expect("an expression");
    assert!(!lines.is_empty());
    for line in &lines {
        let text = |name: &str| line[name].as_str().unwrap_or_else(|| panic!("{name} in {line}"));
        assert!(["trace", "debug", "info", "warn", "error"].contains(&text("@level")), "{line}");
        assert!(!text("@message").is_empty(), "{line}");
        assert!(["sdk.proto", "provider"].contains(&text("@module")), "{line}");
        assert!(time.is_match(text("@timestamp")), "{line}");
    }
}

#[tokio::test]
async fn requests_are_logged_with_the_fields_that_providers_have() {
    let lines = log(&[("TF_LOG_PROVIDER_PROBE", "TRACE"), ("TF_LOG", "OFF")]).await;
    let of = |message: &str, rpc: &str| -> Vec<Value> {
        let found = lines.iter().filter(|line| line["@message"] == message && line["tf_rpc"] == rpc);
        found.cloned().collect()
    };
    let received = of("Received request", "ApplyResourceChange");
    let served = of("Served request", "ApplyResourceChange");
    assert_eq!((received.len(), served.len()), (2, 2));
    for line in received.iter().chain(&served) {
        assert_eq!(line["@level"], "trace");
        assert_eq!(line["@module"], "sdk.proto");
        assert_eq!(line["tf_resource_type"], "probe_thing");
        assert_eq!(line["tf_provider_addr"], "registry.terraform.io/example/probe");
        assert_eq!(line["tf_proto_version"], "6.11");
        assert_eq!(line["tf_req_id"].as_str().map(str::len), Some(36));
    }
    assert_eq!(received[0]["tf_req_id"], served[0]["tf_req_id"]);
    assert_ne!(received[0]["tf_req_id"], received[1]["tf_req_id"]);
    assert!(served[0]["tf_req_duration_ms"].is_u64());
    assert_eq!(served[0]["diagnostic_error_count"], 0);
    assert_eq!(served[1]["diagnostic_error_count"], 1);
    assert_eq!(served[1]["diagnostic_warning_count"], 0);

    let failed = of("Response contains error diagnostic", "ApplyResourceChange");
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["@level"], "error");
    assert_eq!(failed[0]["diagnostic_summary"], "Half Made");
    assert_eq!(failed[0]["diagnostic_detail"], "The other half is missing.");
    let unknown = of("Response contains error diagnostic", "ReadDataSource");
    assert_eq!(unknown[0]["tf_data_source_type"], "probe_none");
    assert_eq!(unknown[0]["tf_resource_type"], json!(null));
}

#[tokio::test]
async fn without_a_level_only_errors_are_logged() {
    let lines = log(&[]).await;
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["@level"] == "error"));
}

#[tokio::test]
async fn a_level_of_off_means_silence() {
    let lines = log(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "OFF")]).await;
    assert_eq!(lines.len(), 0);
}
