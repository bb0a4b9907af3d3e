//! Namespaces that are registered because a request was refused without them.

use super::*;

const MISSING: &str = r#"{"error":{"code":"MissingSubscriptionRegistration","message":"No.","details":[{"code":"MissingSubscriptionRegistration","target":"Microsoft.A","message":"No."}]}}"#;
const PROVIDER: &str = "/subscriptions/s/providers/Microsoft.A";

fn missing() -> Reply {
    reply(409, MISSING)
}

fn state(state: &str) -> Reply {
    reply(200, &format!(r#"{{"namespace":"Microsoft.A","registrationState":"{state}"}}"#))
}

async fn asked(
    replies: Vec<Reply>,
    requests: usize,
) -> (Vec<Result<Response, Error>>, Vec<String>, Vec<u128>) {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let client = Client::builder(server.cloud(), Arc::new(FixedCredential::default()), transport())
        .clock(clock.clone())
        .concurrency(1)
        .register_on_demand(true)
        .build();
    let cx = Context::default();
    let sent = futures::future::join_all((0..requests).map(|_| client.send(write(), &cx))).await;
    let short = |target: String| target.split('?').next().unwrap_or_default().to_owned();
    (sent, server.targets().into_iter().map(short).collect(), clock.slept())
}

#[tokio::test]
async fn the_namespace_is_registered_once_and_every_request_repeated() {
    let registered = || state("Registered");
    let replies = vec![
        missing(),
        missing(),
        state("NotRegistered"),
        reply(200, ""),
        state("Registering"),
        registered(),
        registered(),
        registered(),
        reply(200, ""),
        reply(201, ""),
    ];
    let (sent, targets, _) = asked(replies, 2).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let count = |target: String| targets.iter().filter(|one| **one == target).count();
    assert_eq!(count(format!("POST {PROVIDER}/register")), 1);
    assert_eq!(count(format!("PUT {}", id())), 4);
}

#[tokio::test]
async fn what_is_registered_already_is_asked_for_once_more_only() {
    let (sent, targets, slept) = asked(vec![missing(), state("Registered"), missing()], 1).await;
    assert_eq!(sent[0].as_ref().unwrap_err().code(), Some("MissingSubscriptionRegistration"));
    assert_eq!((targets.len(), slept), (3, vec![]));
}

#[tokio::test]
async fn a_replica_that_lags_is_waited_for() {
    let registered = || state("Registered");
    let replies = vec![
        missing(),
        state("NotRegistered"),
        reply(200, ""),
        registered(),
        registered(),
        registered(),
        missing(),
        missing(),
        reply(201, ""),
    ];
    let (sent, _, slept) = asked(replies, 1).await;
    assert!(sent[0].is_ok());
    assert_eq!(slept, [1000, 2000, 2000, 4000]);
}

#[tokio::test]
async fn a_right_that_is_missing_is_what_the_user_reads() {
    let denied = r#"{"error":{"code":"AuthorizationFailed","message":"No right to register."}}"#;
    let (sent, _, _) = asked(vec![missing(), state("NotRegistered"), reply(403, denied)], 1).await;
    assert_eq!(sent[0].as_ref().unwrap_err().code(), Some("AuthorizationFailed"));
}
