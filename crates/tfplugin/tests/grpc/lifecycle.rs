//! How the process begins and ends.

use serde_json::Value;
use tfplugin::proto::tfplugin6::{apply_resource_change, get_provider_schema};
use tonic::{Response, Status};

use crate::client::{Greeting, Session, connect, provider};
use crate::process::{Handshake, Process};
use crate::resource::{creation, summaries, thing};

#[tokio::test]
async fn a_run_by_hand_explains_itself() {
    let (status, out, errors) = Process::start(&[], &[]).output().await;
    assert_eq!(status.code(), Some(1));
    assert_eq!(out, "");
    assert_eq!(
        errors,
        "This is the provider probe 1.2.3 for Terraform and OpenTofu. It does nothing by itself: terraform and\n\
         tofu start it when a configuration needs it.\n\n\
         Options:\n  \
         --debug    run until interrupted, for a debugger, and say how the CLIs find this process\n  \
         --version  print the version\n  \
         --help     print this\n"
    );
}

#[tokio::test]
async fn the_version_is_printed() {
    let (status, out, errors) = Process::start(&["--version"], &[]).output().await;
    assert!(status.success());
    assert_eq!(out, "terraform-provider-probe 1.2.3\n");
    assert_eq!(errors, "");
}

#[tokio::test]
async fn an_unknown_argument_is_refused() {
    let (status, _, errors) = Process::start(&["--fast"], &[]).output().await;
    assert_eq!(status.code(), Some(1));
    assert!(errors.starts_with("Unknown argument --fast.\n\nThis is the provider"), "{errors}");
}

#[tokio::test]
async fn a_shutdown_ends_the_process_gracefully() {
    let session = Session::start(&[]).await;
    let mut process = session.shut_down().await;
    assert!(process.ended().await.success());
    assert!(process.left_nothing());
}

#[tokio::test]
async fn an_interrupt_is_left_to_the_cli() {
    let mut session = Session::start(&[]).await;
    session.process.signal("INT").await;
    let request = get_provider_schema::Request {};
    let answer = session.provider.get_provider_schema(request).await;
    assert!(answer.is_ok());
    let mut process = session.shut_down().await;
    assert!(process.ended().await.success());
}

#[tokio::test]
async fn a_termination_ends_the_process_gracefully() {
    let mut process = Process::start_by_cli(&[]);
    process.handshake().await;
    process.signal("TERM").await;
    assert!(process.ended().await.success());
    assert!(process.left_nothing());
}

#[tokio::test]
async fn a_termination_ends_the_process_with_a_client_connected() {
    let mut session = Session::start(&[]).await;
    session.process.signal("TERM").await;
    assert!(session.process.ended().await.success());
    assert!(session.process.left_nothing());
}

/// Begins to create a thing, and waits until the provider says something of it.
async fn begin(session: &mut Session, name: &str, said: &str) -> Creating {
    let request = creation(session, &thing(name, Value::Null)).await;
    let mut provider = session.provider.clone();
    let running = tokio::spawn(async move { provider.apply_resource_change(request).await });
    session.process.errors_until(said).await;
    running
}

type Creating = tokio::task::JoinHandle<Result<Response<apply_resource_change::Response>, Status>>;

#[tokio::test]
async fn a_termination_cancels_what_runs_and_waits_for_its_answer() {
    let mut session = Session::start(&[("TF_LOG", "INFO")]).await;
    let running = begin(&mut session, "wait", "wait is waiting").await;
    session.process.signal("TERM").await;
    let answer = running.await.expect("no panic").expect("an answer").into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Stopped"]);
    assert!(session.process.ended().await.success());
    assert!(session.process.left_nothing());
}

#[tokio::test]
async fn work_that_ignores_everything_does_not_hold_up_the_end() {
    let mut session = Session::start(&[("TF_LOG", "INFO")]).await;
    let running = begin(&mut session, "stuck", "stuck ignores").await;
    let mut process = session.shut_down().await;
    process.ended().await;
    assert!(process.left_nothing());
    assert!(running.await.expect("no panic").is_err());
}

#[tokio::test]
async fn a_provider_does_not_outlive_a_cli_that_was_killed() {
    let mut shell = Process::start_below_a_shell();
    shell.handshake().await;
    shell.signal("KILL").await;
    shell.ended().await;
    // The provider has the other end of the pipe: it ends with the provider.
    assert_eq!(shell.line().await, None);
    assert!(shell.left_nothing());
}

/// What a process that was started by hand says of where it is.
async fn reattach(process: &mut Process) -> (Handshake, Value) {
    loop {
        let line = process.line().await.expect("instructions");
        let Some(value) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS='") else {
            continue;
        };
        let value: Value = serde_json::from_str(value.trim_end_matches('\'')).expect("JSON");
        let address = &value["example/probe"]["Addr"];
        let text = |name: &str| address[name].as_str().unwrap_or_default().to_owned();
        let handshake =
            Handshake { network: text("Network"), address: text("String"), certificate: String::new() };
        return (handshake, value);
    }
}

#[tokio::test]
async fn a_process_for_a_debugger_serves_one_client_after_the_other() {
    let mut process = Process::start(&["--debug"], &[]);
    let (handshake, value) = reattach(&mut process).await;
    assert_eq!(value["example/probe"]["Pid"], process.id());
    for _ in 0..3 {
        let channel = connect(&handshake, Greeting::Plain).await.expect("a connection");
        let request = get_provider_schema::Request {};
        let answer = provider(&channel).get_provider_schema(request).await;
        assert!(answer.is_ok());
        let mut controller =
            tfplugin::proto::plugin::grpc_controller_client::GrpcControllerClient::new(channel);
        let answer = controller.shutdown(tfplugin::proto::plugin::Empty {}).await;
        assert!(answer.is_ok());
    }
    process.signal("INT").await;
    assert!(process.ended().await.success());
    assert!(process.left_nothing());
}
