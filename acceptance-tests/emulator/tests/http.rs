//! HTTP/1.1 byte by byte: odd casings, chunks, expectations, large heads, operations' URLs.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use azureml_emulator::azure::Azure as Box;
use azureml_emulator::error::ArmError;
use azureml_emulator::http::{Request, Response};
use azureml_emulator::id::ResourceId;
use azureml_emulator::operation::{Outcome, Start, Style};
use azureml_emulator::service::Call;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;
use support::Azure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Sends bytes over TLS and returns all that comes back until the connection ends.
async fn raw(
    azure: &Azure,
    versions: &[&'static rustls::SupportedProtocolVersion],
    sent: &[&[u8]],
) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(azure.emulator.authority_pem.as_bytes()).unwrap()).unwrap();
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let port = azure.url("").rsplit_once(':').unwrap().1.to_owned();
    let tcp = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    for bytes in sent {
        tls.write_all(bytes).await.unwrap();
        tls.flush().await.unwrap();
    }
    let mut got = Vec::new();
    tls.read_to_end(&mut got).await.unwrap();
    String::from_utf8(got).unwrap()
}

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    let azure = Azure::start().await;
    for version in BOTH {
        let got = raw(&azure, &[version], &[b"GET /metadata/endpoints?api-version=2022-09-01 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]).await;
        assert!(
            got.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"),
            "{got}"
        );
    }
}

#[tokio::test]
async fn chunks_and_expectations_are_read() {
    let azure = Azure::start().await;
    let head = format!(
        "PUT {}/resourcegroups/rg-a?api-version=2024-11-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: close\r\n",
        support::SUB,
        azure.token
    );
    let chunked = format!("{head}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    let got = raw(
        &azure,
        BOTH,
        &[chunked.as_bytes(), b"9;x=y\r\n{\"locatio\r\nB\r\nn\":\"eastus\"\r\n1\r\n}\r\n0\r\n\r\n"],
    )
    .await;
    assert!(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n"), "{got}");
    let two = "HEAD /subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/rg-a?api-version=2024-11-01 HTTP/1.1\r\nHost: x\r\n";
    let two = format!("{two}Authorization: Bearer {}\r\n", azure.token);
    let got = raw(&azure, BOTH, &[format!("{two}\r\n{two}Connection: close\r\n\r\n").as_bytes()]).await;
    assert_eq!(got.matches("HTTP/1.1 204 No Content\r\n").count(), 2, "{got}");
    assert!(!got.contains("Content-Length"));
}

#[tokio::test]
async fn large_heads_pass_and_larger_ones_are_refused() {
    let azure = Azure::start().await;
    let request = |size: usize| {
        format!(
            "GET /metadata/endpoints?api-version=2022-09-01&x={} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "y".repeat(size)
        )
    };
    assert!(raw(&azure, BOTH, &[request(64 * 1024).as_bytes()]).await.starts_with("HTTP/1.1 200 OK"));
    // The refusal comes while the client still writes, so it sends no more than what is refused.
    let large = request(200 * 1024);
    let got = raw(&azure, BOTH, &[&large.as_bytes()[..132 * 1024]]).await;
    assert!(got.starts_with("HTTP/1.1 431 "), "{got}");
    assert!(raw(&azure, BOTH, &[b"nonsense\r\n\r\n"]).await.starts_with("HTTP/1.1 400 "));
}

#[tokio::test]
async fn a_client_request_id_is_echoed_only_when_asked_for() {
    let azure = Azure::start().await;
    let path = format!("{}?api-version=2022-12-01", support::SUB);
    let request = || azure.request(reqwest::Method::GET, &path).header("x-ms-client-request-id", "mine");
    let silent = support::read(request().header("x-ms-correlation-request-id", "corr")).await.unwrap();
    assert_eq!(
        (silent.header("x-ms-client-request-id"), silent.header("x-ms-correlation-request-id")),
        ("", "corr")
    );
    let echoed = support::read(request().header("x-ms-return-client-request-id", "true")).await.unwrap();
    assert_eq!(echoed.header("x-ms-client-request-id"), "mine");
    let routing = echoed.header("x-ms-routing-request-id");
    assert!(
        routing.starts_with("EASTUS:2") && routing.ends_with(echoed.header("x-ms-request-id")),
        "{routing}"
    );
}

/// Begins an operation of a style that fails or not, and returns the answer's header fields by name.
fn begin(azure: &mut Box, style: Style, fails: bool) -> Vec<(String, String)> {
    let id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w";
    let call = Call { api_version: "2025-12-01".into(), ..Call::default() };
    let mut start = Start::new(style, &ResourceId::parse(id).unwrap(), "East US 2")
        .outcome(Outcome::Value(json!({"a": 1})));
    if fails {
        start = start.fails(&ArmError::bad_request("No."));
    }
    let response = azure.begin(&call, start, Response::empty(202));
    let mut all: Vec<(String, String)> =
        response.headers.iter().map(|(n, v)| (n.to_owned(), v.replace("https://localhost", ""))).collect();
    // Machine Learning says who began it, in front.
    if style == Style::MachineLearning || style == Style::MachineLearningLocation {
        assert_eq!(all.remove(0).0, "x-ms-operation-identifier");
    }
    all
}

fn poll(azure: &mut Box, target: &str) -> (u16, serde_json::Value) {
    let response = azure.answer(&Request::new("GET", target, None));
    (response.status, response.value())
}

#[test]
fn machine_learning_operations_have_both_headers_and_signed_urls() {
    let mut azure = Box::new(true);
    azure.settings.operation_polls = 1;
    let headers = begin(&mut azure, Style::MachineLearning, false);
    assert_eq!(
        headers.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(),
        ["Location", "Azure-AsyncOperation"]
    );
    let (result, status) = (&headers[0].1, &headers[1].1);
    assert!(status.contains("/locations/eastus2/workspaceOperationsStatus/"), "{status}");
    assert!(status.contains("?api-version=2025-12-01&type=async&t="), "{status}");
    assert!(result.contains("&type=location&t=") && (4000..5000).contains(&result.len()), "{}", result.len());
    // Any change of the query is a broken signature.
    for changed in
        [status.replace("&t=", "&T="), status.split('&').next().unwrap().to_owned(), format!("{status}&x=y")]
    {
        let (code, body) = poll(&mut azure, &changed);
        assert_eq!((code, &body["error"]["code"]), (403, &json!("AuthorizationFailed")));
    }
    assert_eq!(poll(&mut azure, status), (200, json!({"status": "InProgress"})));
    assert_eq!(poll(&mut azure, status), (200, json!({"status": "Succeeded", "percentComplete": 100.0})));
    assert_eq!(poll(&mut azure, result), (200, json!({"a": 1})));

    let failed = begin(&mut azure, Style::MachineLearning, true);
    poll(&mut azure, &failed[1].1);
    let end = json!({"status": "Failed", "error": {"code": "BadRequest", "message": "No."}});
    assert_eq!(poll(&mut azure, &failed[1].1), (200, end));
    assert_eq!(poll(&mut azure, &failed[0].1).0, 400);
}

#[test]
fn the_other_styles_have_their_own_headers() {
    let mut azure = Box::new(true);
    azure.settings.operation_polls = 1;
    let names = |headers: &[(String, String)]| headers.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    let network = begin(&mut azure, Style::Network, false);
    assert_eq!(names(&network), ["azure-asyncnotification", "azure-asyncoperation"]);
    assert_eq!(poll(&mut azure, &network[1].1), (200, json!({"status": "InProgress"})));
    assert_eq!(poll(&mut azure, &network[1].1), (200, json!({"status": "Succeeded"})));
    let delete = begin(&mut azure, Style::NetworkDelete, false);
    assert_eq!(names(&delete), ["azure-asyncnotification", "azure-asyncoperation", "location"]);
    assert!(delete[2].1.contains("/operationResults/"));
    let generic = begin(&mut azure, Style::Generic, false);
    assert_eq!(names(&generic), ["Azure-AsyncOperation", "Retry-After"]);
    assert_eq!(poll(&mut azure, &generic[0].1).1["status"], "InProgress");
    assert_eq!(poll(&mut azure, &generic[0].1).1["status"], "Succeeded");
    let location = begin(&mut azure, Style::Location, false);
    assert_eq!(names(&location), ["Location", "Retry-After"]);
    assert_eq!(poll(&mut azure, &location[0].1).0, 202);
    assert_eq!(poll(&mut azure, &location[0].1), (200, json!({"a": 1})));
    let diagnose = begin(&mut azure, Style::MachineLearningLocation, false);
    assert_eq!(names(&diagnose), ["Location"]);
    assert!(diagnose[0].1.ends_with("?api-version=2025-12-01&type=location"));
    assert!(begin(&mut azure, Style::State, false).is_empty());
}
