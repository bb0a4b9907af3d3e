use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::attempt::LONGEST;
use super::time::GRACE;
use super::*;
use crate::error::NetworkKind;
use crate::request::Response;
use crate::testing::{FakeClock, FixedCredential, Log, Reply, Server, fault, reply, transport};

mod ends;
mod lists;
mod on_demand;
mod throttling;
mod turns;

const VERSION: &str = "2025-12-01";

fn id() -> ResourceId {
    ResourceId::workspace("s", "g", "w").unwrap()
}

fn read() -> Request {
    Request::get(&id(), VERSION)
}

fn write() -> Request {
    Request::put(&id(), VERSION, &json!({"location": "eastus"})).unwrap()
}

async fn sent(replies: Vec<Reply>, request: Request) -> (Result<Response, Error>, usize, Vec<u128>) {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let result = server.client(&clock).send(request, &Context::default()).await;
    (result, server.received().len(), clock.slept())
}

#[tokio::test]
async fn a_request_says_who_asks_for_what() {
    let server = Server::start([reply(200, "{}").with("x-ms-request-id", "r-1")]).await;
    let cx = Context::default();
    let request = write().query("forceToPurge", "true").header("If-None-Match", "*");
    let response = server.client(&FakeClock::new()).send(request, &cx).await.unwrap();
    assert_eq!(response.request_id().as_deref(), Some("r-1"));
    let received = &server.received()[0];
    assert_eq!(
        received.target,
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w\
         ?api-version=2025-12-01&forceToPurge=true"
    );
    assert_eq!(received.body, r#"{"location":"eastus"}"#);
    assert_eq!(received.header("authorization"), Some("Bearer token-1"));
    assert_eq!(received.header("user-agent"), Some("arm-tests/1.0"));
    assert_eq!(received.header("if-none-match"), Some("*"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("x-ms-return-client-request-id"), Some("true"));
    assert_eq!(
        received.header("x-ms-correlation-request-id"),
        Some(cx.correlation_id().to_string().as_str())
    );
    assert!(Uuid::parse_str(received.header("x-ms-client-request-id").unwrap()).is_ok());
}

#[tokio::test]
async fn other_tenants_are_proved_beside_the_own_and_renewed_with_it() {
    let server = Server::start([reply(401, ""), reply(200, ""), reply(200, "")]).await;
    let client = Client::builder(server.cloud(), Arc::new(FixedCredential::default()), transport())
        .clock(FakeClock::new())
        .auxiliary_tenants(vec!["b".to_owned(), "c".to_owned()])
        .build();
    client.send(read(), &Context::default()).await.unwrap();
    client.send(read(), &Context::default()).await.unwrap();
    let proofs: Vec<_> = server
        .received()
        .iter()
        .map(|request| {
            ["authorization", "x-ms-authorization-auxiliary"]
                .map(|name| request.header(name).unwrap().to_owned())
        })
        .collect();
    let first = ["Bearer token-1", "Bearer token-2-b, Bearer token-3-c"];
    let renewed = ["Bearer token-4", "Bearer token-5-b, Bearer token-6-c"];
    assert_eq!(proofs, [first, renewed, renewed]);
}

#[tokio::test]
async fn an_error_is_the_services_own() {
    let answer = reply(409, &fault("Conflict", "It is busy."))
        .with("x-ms-request-id", "r-9")
        .with("x-ms-correlation-request-id", "c-9");
    let (result, requests, _) = sent(vec![answer], write()).await;
    let error = result.unwrap_err();
    assert_eq!(requests, 1);
    assert!(error.is_conflict() && !error.is_absent() && !error.outcome_unknown());
    assert_eq!(error.code(), Some("Conflict"));
    assert_eq!(error.service().unwrap().correlation_id.as_deref(), Some("c-9"));
    assert_eq!(
        error.to_string(),
        "PUT /subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w: \
         HTTP 409: Conflict: It is busy. (request ID r-9)"
    );
}

#[tokio::test]
async fn reads_are_repeated_until_they_succeed() {
    let replies = vec![
        reply(500, ""),
        reply(502, "<html>"),
        Reply::Truncate,
        Reply::Close,
        reply(503, ""),
        reply(200, r#"{"a":1}"#),
    ];
    let (result, requests, slept) = sent(replies, read()).await;
    assert_eq!(result.unwrap().json::<Value>().unwrap(), json!({"a": 1}));
    assert_eq!(requests, 6);
    assert_eq!(slept, [250, 500, 1000, 2000, 4000]);
}

#[tokio::test]
async fn a_read_that_a_front_door_does_not_bring_to_azure_is_repeated() {
    for (status, requests) in [(520, 2), (524, 2), (529, 2), (501, 1), (530, 1)] {
        let (result, sent, _) = sent(vec![reply(status, "<html>"), reply(200, "{}")], read()).await;
        assert_eq!((result.is_ok(), sent), (requests == 2, requests), "{status}");
        let (_, sent, _) = self::sent(vec![reply(status, "<html>"), reply(200, "{}")], write()).await;
        assert_eq!(sent, 1, "{status}");
    }
}

#[tokio::test]
async fn a_read_that_keeps_failing_is_given_up() {
    let (result, requests, _) = sent(vec![reply(500, &fault("Internal", "Sorry.")); 9], read()).await;
    assert_eq!(result.unwrap_err().code(), Some("Internal"));
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn a_write_is_repeated_only_when_nothing_was_accepted() {
    let accepted = || reply(200, "{}");
    for (first, repeated) in [
        (reply(429, "").with("retry-after", "3"), true),
        (reply(429, ""), true),
        (reply(503, "").with("Retry-After", "3"), true),
        (reply(503, ""), false),
        (reply(500, ""), false),
        (reply(408, ""), false),
        (Reply::Close, false),
        (Reply::Truncate, false),
    ] {
        for request in [write(), Request::delete(&id(), VERSION), Request::post(&id(), "diagnose", VERSION)] {
            let (result, requests, _) = sent(vec![first.clone(), accepted()], request).await;
            assert_eq!(
                (result.is_ok(), requests),
                if repeated { (true, 2) } else { (false, 1) },
                "{first:?}"
            );
            assert!(result.is_ok() || result.is_err_and(|error| error.outcome_unknown()), "{first:?}");
        }
    }
    let (result, requests, _) =
        sent(vec![Reply::Close, accepted()], Request::post(&id(), "listKeys", VERSION).repeatable()).await;
    assert_eq!((result.is_ok(), requests), (true, 2));
}

#[tokio::test]
async fn retry_after_is_kept_in_seconds_and_as_a_date() {
    for value in ["17", "Mon, 23 Nov 2026 12:00:17 GMT"] {
        for status in [429, 503] {
            let (result, _, slept) =
                sent(vec![reply(status, "").with("Retry-After", value), reply(200, "")], write()).await;
            result.unwrap();
            assert_eq!(slept, [17_000], "{status} {value}");
        }
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = Server::start([reply(401, ""), reply(200, ""), reply(200, "")]).await;
    let credential = Arc::new(FixedCredential::default());
    let client = server.client_with(&FakeClock::new(), credential.clone());
    client.send(write(), &Context::default()).await.unwrap();
    client.send(write(), &Context::default()).await.unwrap();
    let tokens: Vec<_> =
        server.received().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
    assert_eq!(credential.given.load(Ordering::SeqCst), 2);
    let (result, requests, _) =
        sent(vec![reply(401, &fault("InvalidAuthenticationToken", "No.")); 3], read()).await;
    assert_eq!((result.unwrap_err().code().unwrap(), requests), ("InvalidAuthenticationToken", 2));
}

#[tokio::test]
async fn a_token_refused_to_a_wrong_clock_says_so() {
    let refusal =
        reply(401, &fault("InvalidAuthenticationToken", "No.")).with("date", "Mon, 23 Nov 2026 13:30:00 GMT");
    let (result, _, _) = sent(vec![refusal; 2], read()).await;
    let text = result.unwrap_err().to_string();
    assert!(
        text.ends_with("InvalidAuthenticationToken: No.; this machine's clock is 90 minutes behind Azure's, which says 2026-11-23T13:30:00Z; set it right"),
        "{text}"
    );
}

#[tokio::test]
async fn namespaces_are_asked_in_the_versions_that_were_chosen() {
    let poll = "{base}/subscriptions/s/providers/Microsoft.MachineLearningServices/op/1?api-version=2026-09-01&t=%2b";
    let accepted = reply(202, "").with("azure-asyncoperation", poll);
    let server =
        Server::start([accepted, reply(200, r#"{"status":"Succeeded"}"#), reply(200, r#"{"id":"{path}"}"#)])
            .await;
    let client = Client::builder(server.cloud(), Arc::new(FixedCredential::default()), transport())
        .clock(FakeClock::new())
        .api_versions([("MICROSOFT.machinelearningservices".to_owned(), "2023-10-01".to_owned())])
        .build();
    let id = crate::ResourceId::workspace("00000000-0000-0000-0000-000000000000", "g", "w").unwrap();
    let put = Request::put(&id, "2026-09-01", &serde_json::json!({})).unwrap();
    let cx = Context::default();
    crate::operation::start(&client, put, &cx).await.unwrap().wait(&client, &cx).await.unwrap();
    let targets = server.targets();
    assert_eq!(targets[0], format!("PUT {id}?api-version=2023-10-01"));
    assert_eq!(
        targets[1],
        "GET /subscriptions/s/providers/Microsoft.MachineLearningServices/op/1?api-version=2026-09-01&t=%2b"
    );
    assert_eq!(targets[2], format!("GET {id}?api-version=2023-10-01"));
}

#[tokio::test]
async fn the_ways_of_failing_are_told_apart() {
    let clock = FakeClock::new();
    let failure = async |manager: &str| {
        let cloud = Cloud::custom("x", manager, manager, None).unwrap();
        let client = Client::builder(cloud, Arc::new(FixedCredential::default()), transport())
            .clock(clock.clone())
            .build();
        match client.send(write(), &Context::default()).await.unwrap_err() {
            Error::Network(error) => *error,
            other => panic!("{other}"),
        }
    };
    assert_eq!(failure("https://no-such-host.invalid").await.kind, NetworkKind::Name);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = failure(&format!("http://{free}")).await;
    assert_eq!(refused.kind, NetworkKind::Connect);
    assert!(
        refused.to_string().contains(&format!(": cannot connect to {free}: Connection refused")),
        "{refused}"
    );
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Speak TLS elsewhere\r\n\r\n").await;
        }
    });
    let before = clock.slept().len();
    let tls = failure(&format!("https://{address}")).await;
    assert_eq!(tls.kind, NetworkKind::Tls, "{tls:?}");
    assert_eq!(clock.slept().len(), before, "TLS does not mend itself");
}

#[tokio::test]
async fn https_alone_is_spoken_unless_told_otherwise() {
    let server = Server::start([]).await;
    let client =
        Client::builder(server.cloud(), Arc::new(FixedCredential::default()), Transport::new("x")).build();
    assert!(client.send(write(), &Context::default()).await.is_err());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn each_request_is_one_line_without_secrets() {
    let log = Log::capture();
    let keys = r#"{"primaryKey":"k3y-s3cret","status":"Active"}"#;
    let server = Server::start([reply(200, keys).with("x-ms-request-id", "r-1")]).await;
    let request = Request::post(&id(), "listKeys", VERSION)
        .query("sig", "s1gned")
        .body(&json!({"password": "p4ss"}))
        .unwrap();
    server.client(&FakeClock::new()).send(request, &Context::default()).await.unwrap();
    let lines = log.own();
    let line = lines.iter().find(|line| line.contains("DEBUG") && line.contains("listKeys"));
    let line = line.unwrap_or_else(|| panic!("{}", log.text()));
    for part in [
        "method=\"POST\"",
        "status=200",
        "attempt=1",
        "request_id=\"r-1\"",
        "duration_ms=",
        "api_version=\"2025-12-01\"",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    let own = lines.join("\n");
    assert!(own.contains(r#"{\"primaryKey\":\"<10 characters>\",\"status\":\"Active\"}"#), "{own}");
    for secret in ["k3y-s3cret", "s1gned", "p4ss", "token-1"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
}

#[test]
fn urls_that_lead_elsewhere_are_not_followed() {
    let cloud = Cloud::custom("x", "https://management.local:8443", "https://login.local", None).unwrap();
    let client = Client::builder(cloud, Arc::new(FixedCredential::default()), transport()).build();
    let host = |url: &str| match client.own_url("PUT /x", url) {
        Ok(url) => Ok(url.as_str().to_owned()),
        Err(Error::ForeignUrl { host, .. }) => Err(host),
        Err(other) => panic!("{other}"),
    };
    let signed = "https://management.local:8443/o/a=?api-version=1&t=%2f%2F&c=MII-_~x=&s=a+b&type=async";
    assert_eq!(host(signed), Ok(signed.to_owned()));
    assert_eq!(host("/o?x=1"), Ok("https://management.local:8443/o?x=1".to_owned()));
    assert!(host("https://eastus.management.local:8443/o").is_ok());
    for (url, named) in [
        ("https://evil.test:8443/o?s=secret", "evil.test"),
        ("https://management.local/o", "management.local"),
        ("http://management.local:8443/o", "management.local"),
        ("https://evilmanagement.local:8443/o", "evilmanagement.local"),
        ("https://user@management.local:8443/o", "management.local"),
        ("//evil.test/o", "evil.test"),
    ] {
        assert_eq!(host(url), Err(named.to_owned()), "{url}");
    }
    let error = client.own_url("PUT /x", "https://evil.test/o?s=secret").unwrap_err();
    assert_eq!(
        error.to_string(),
        "PUT /x was answered with a URL on evil.test, which is not this cloud's Resource Manager; it was not followed"
    );
}

#[test]
fn the_default_port_may_be_named() {
    let cloud = Cloud::custom("x", "https://management.local", "https://login.local", None).unwrap();
    let client = Client::builder(cloud, Arc::new(FixedCredential::default()), transport()).build();
    // As recorded of Private DNS in 2021.
    let rest = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsOperationStatuses/RnJvbnRFbmRBc3luY09wZXJhdGlvbjtVcHNlcnRQcml2YXRlRG5zWm9uZTs2ZTZkMWViMi1mYTcwLTRmODEtYmYyNS05OWNjNWU2N2QyM2E=?api-version=2018-09-01&t=%2f%2F&s=a+b_~";
    let url = client.own_url("PUT /x", &format!("https://management.local:443{rest}")).unwrap();
    assert_eq!(url.port_or_known_default(), Some(443));
    assert_eq!(&url[url::Position::BeforePath..], rest, "asked for byte for byte");
}
