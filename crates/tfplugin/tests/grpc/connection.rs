//! Who is let in, and what is served beside the provider.

use std::os::unix::fs::PermissionsExt as _;

use tfplugin::proto::health::HealthCheckRequest;
use tfplugin::proto::health::health_check_response::ServingStatus;
use tfplugin::proto::health::health_client::HealthClient;
use tfplugin::proto::plugin::ConnInfo;
use tfplugin::proto::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin::proto::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin::proto::tfplugin6::get_provider_schema;
use tonic::Code;

use crate::client::{Greeting, Identity, Session, connect, provider};
use crate::process::{Handshake, Process};

/// Whether a client that introduces itself like this gets as far as a schema.
async fn served(handshake: &Handshake, greeting: Greeting<'_>) -> bool {
    // With TLS 1.3 a client learns only by its first request that it was refused.
    match connect(handshake, greeting).await {
        Err(_) => false,
        Ok(channel) => provider(&channel).get_provider_schema(get_provider_schema::Request {}).await.is_ok(),
    }
}

#[tokio::test]
async fn only_the_client_that_was_announced_is_let_in() {
    let (ours, foreign) = (Identity::new(), Identity::new());
    let mut process = Process::start_by_cli(&[("PLUGIN_CLIENT_CERT", &ours.pem)]);
    let handshake = process.handshake().await;
    assert!(!served(&handshake, Greeting::Anonymous).await);
    assert!(!served(&handshake, Greeting::As(&foreign)).await);
    assert!(!served(&handshake, Greeting::Plain).await);
    assert!(served(&handshake, Greeting::As(&ours)).await);
}

#[tokio::test]
async fn without_a_client_certificate_the_connection_is_plain() {
    let mut process = Process::start_by_cli(&[]);
    let handshake = process.handshake().await;
    assert_eq!(handshake.certificate, "");
    assert!(served(&handshake, Greeting::Plain).await);
}

#[tokio::test]
async fn a_client_certificate_that_cannot_be_read_is_no_reason_to_go_without() {
    let mut process = Process::start_by_cli(&[("PLUGIN_CLIENT_CERT", "nonsense")]);
    let (status, out, errors) = process.output().await;
    assert_eq!(status.code(), Some(1));
    assert_eq!(out, "");
    assert!(
        errors.starts_with(
            "The provider cannot start: cannot set up the connection's TLS: \
             PLUGIN_CLIENT_CERT holds no certificate in PEM form"
        ),
        "{errors}"
    );
}

#[tokio::test]
async fn the_socket_lies_in_a_folder_of_its_own() {
    let folder = tempfile::Builder::new().prefix("s").tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    let mut process = Process::start_by_cli(&[("PLUGIN_UNIX_SOCKET_DIR", path)]);
    let handshake = process.handshake().await;
    assert_eq!(handshake.network, "unix");
    let socket = std::path::Path::new(&handshake.address);
    assert!(socket.starts_with(folder.path()));
    let parent = socket.parent().expect("a folder").metadata();
    assert_eq!(parent.expect("a folder").permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn where_no_socket_can_be_made_a_port_is_served_to_the_announced_client_alone() {
    let ours = Identity::new();
    // The longest path of a socket has some hundred bytes.
    let folder = tempfile::Builder::new().prefix(&"long".repeat(30)).tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    let env = [("PLUGIN_CLIENT_CERT", &*ours.pem), ("PLUGIN_UNIX_SOCKET_DIR", path)];
    let mut process = Process::start_by_cli(&env);
    let handshake = process.handshake().await;
    assert_eq!(handshake.network, "tcp");
    assert!(handshake.address.starts_with("127.0.0.1:"), "{}", handshake.address);
    assert!(served(&handshake, Greeting::As(&ours)).await);
    assert!(!served(&handshake, Greeting::Anonymous).await);
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 0);
}

#[tokio::test]
async fn clients_that_ask_about_multiplexing_get_an_answer() {
    let mut process = Process::start_by_cli(&[("PLUGIN_MULTIPLEX_GRPC", "true")]);
    let line = process.line().await.expect("a handshake line");
    assert!(line.ends_with("|grpc||false"), "{line}");
}

#[tokio::test]
async fn health_is_served_under_go_plugins_name() {
    let session = Session::start(&[]).await;
    let mut health = HealthClient::new(session.channel.clone());
    let mut check = async |service: &str| {
        let request = HealthCheckRequest { service: service.to_owned() };
        health.check(request).await.map(|answer| answer.into_inner().status())
    };
    assert_eq!(check("plugin").await.expect("a status"), ServingStatus::Serving);
    assert_eq!(check("").await.expect("a status"), ServingStatus::Serving);
    let unknown = check("other").await.expect_err("no such service");
    assert_eq!(unknown.code(), Code::NotFound);
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    let mut watch = health.watch(request).await.expect("a stream").into_inner();
    let first = watch.message().await.expect("a message").expect("a status");
    assert_eq!(first.status(), ServingStatus::Serving);
}

#[tokio::test]
async fn the_streams_that_nobody_uses_stay_open_and_hold_up_nothing() {
    let session = Session::start(&[]).await;
    let mut stdio = GrpcStdioClient::new(session.channel.clone());
    let mut stdio = stdio.stream_stdio(()).await.expect("a stream").into_inner();
    let mut broker = GrpcBrokerClient::new(session.channel.clone());
    let messages = futures::stream::iter([ConnInfo::default()]);
    let messages = futures::StreamExt::chain(messages, futures::stream::pending());
    let broker = broker.start_stream(messages).await.expect("a stream");
    let mut broker = broker.into_inner();
    assert!(served_after(&session).await);
    let mut process = session.shut_down().await;
    assert!(matches!(stdio.message().await, Ok(None)));
    assert!(matches!(broker.message().await, Ok(None)));
    assert!(process.ended().await.success());
}

async fn served_after(session: &Session) -> bool {
    let mut provider = session.provider.clone();
    let request = get_provider_schema::Request {};
    provider.get_provider_schema(request).await.is_ok()
}
