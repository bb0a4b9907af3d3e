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

fn client(server: &Server, clock: &Arc<FakeClock>) -> Client {
    Client::builder(server.cloud(), Arc::new(FixedCredential::default()), transport())
        .clock(clock.clone())
        .concurrency(1)
        .register_on_demand(true)
        .build()
}

/// Methods and paths of what was received.
fn received(server: &Server) -> Vec<String> {
    let short = |target: String| target.split('?').next().unwrap_or_default().to_owned();
    server.targets().into_iter().map(short).collect()
}

async fn asked(
    replies: Vec<Reply>,
    requests: usize,
) -> (Vec<Result<Response, Error>>, Vec<String>, Vec<u128>) {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let (client, cx) = (client(&server, &clock), Context::default());
    let sent = futures::future::join_all((0..requests).map(|_| client.send(write(), &cx))).await;
    (sent, received(&server), clock.slept())
}

/// A workspace on a storage account and a vault of other subscriptions.
fn linked() -> Request {
    let of = |subscription: &str| {
        format!("/subscriptions/{subscription}/resourceGroups/g/providers/Microsoft.X/x/x")
    };
    let body = json!({"properties": {"storageAccount": of("b"), "keyVault": of("c")}, "tags": {"a": "/b"}});
    Request::put(&id(), VERSION, &body).unwrap()
}

fn lack(error: &Error) -> (&str, bool) {
    let missing = error.service().unwrap().missing_registration.as_ref().unwrap();
    (missing.subscription.as_deref().unwrap(), missing.in_vain)
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

#[tokio::test]
async fn what_another_subscription_lacks_is_registered_there() {
    let registered = || state("Registered");
    let mut replies = vec![missing(), registered(), registered(), state("NotRegistered"), reply(200, "")];
    replies.extend([registered(), registered(), registered(), reply(201, "")]);
    let server = Server::start(replies).await;
    client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap();
    let asked = received(&server);
    assert_eq!(
        asked[1..5],
        [
            format!("GET {PROVIDER}"),
            format!("GET {}", PROVIDER.replace("/s/", "/b/")),
            format!("GET {}", PROVIDER.replace("/s/", "/c/")),
            format!("POST {}/register", PROVIDER.replace("/s/", "/c/")),
        ]
    );
    assert_eq!(asked.last(), Some(&format!("PUT {}", id())));
}

#[tokio::test]
async fn only_the_subscription_that_azure_names_is_asked() {
    let named = "00000000-0000-0000-0000-000000000002";
    let error = format!(
        r#"{{"error":{{"code":"SubscriptionNotRegistered","message":"Subscription {named} is not registered with NRP."}}}}"#
    );
    let network = |state: &str| {
        reply(200, &format!(r#"{{"namespace":"Microsoft.Network","registrationState":"{state}"}}"#))
    };
    let registered = || network("Registered");
    let mut replies = vec![reply(409, &error), network("Unregistered"), reply(200, "")];
    replies.extend([registered(), registered(), registered(), reply(201, "")]);
    let server = Server::start(replies).await;
    client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap();
    let provider = format!("/subscriptions/{named}/providers/Microsoft.Network");
    assert_eq!(received(&server)[1..3], [format!("GET {provider}"), format!("POST {provider}/register")]);
}

#[tokio::test]
async fn an_error_says_which_subscription_lacks_it() {
    // Without registering anything.
    let server = Server::start([missing(), state("Registered"), state("NotRegistered")]).await;
    let error = server.client(&FakeClock::new()).send(linked(), &Context::default()).await.unwrap_err();
    assert_eq!(lack(&error), ("b", false));
    // What cannot be looked at is suspected before what is registered.
    let denied = || reply(403, r#"{"error":{"code":"AuthorizationFailed","message":"No right to read."}}"#);
    let server = Server::start([missing(), state("Registered"), denied(), state("Registered")]).await;
    let error = server.client(&FakeClock::new()).send(linked(), &Context::default()).await.unwrap_err();
    assert_eq!(lack(&error), ("b", false));
    // Nothing but the request's own comes into question.
    let server = Server::start([missing()]).await;
    let error = server.client(&FakeClock::new()).send(write(), &Context::default()).await.unwrap_err();
    assert_eq!((lack(&error), server.received().len()), (("s", false), 1));
    // Where it is registered, and Azure says no all the same.
    let (sent, _, _) = asked(vec![missing(), state("Registered"), missing()], 1).await;
    assert_eq!(lack(sent[0].as_ref().unwrap_err()), ("s", true));
}

#[tokio::test]
async fn an_operation_that_ends_so_is_begun_again_once() {
    let accepted = || reply(202, "").with("Azure-AsyncOperation", "{base}/o?api-version=1");
    let failed = || reply(200, &format!(r#"{{"status":"Failed",{}"#, &MISSING[1..]));
    let registered = || state("Registered");
    let start = || {
        vec![
            accepted(),
            failed(),
            state("NotRegistered"),
            reply(200, ""),
            registered(),
            registered(),
            registered(),
        ]
    };
    let mut replies = start();
    replies.extend([accepted(), reply(200, r#"{"status":"Succeeded"}"#), reply(200, r#"{"id":"{path}"}"#)]);
    let server = Server::start(replies).await;
    let client_of = |server: &Server| client(server, &FakeClock::new());
    let cx = Context::default();
    let made = crate::operation::create(&client_of(&server), write(), &cx, || {}).await.unwrap();
    assert_eq!(made["id"], write().target.path());
    let mut replies = start();
    replies.extend([accepted(), failed()]);
    let server = Server::start(replies).await;
    let refused = crate::operation::create(&client_of(&server), write(), &cx, || {}).await.unwrap_err();
    assert_eq!((refused.accepted, lack(&refused.error)), (true, ("s", true)));
    assert_eq!(received(&server).iter().filter(|one| one.ends_with("/register")).count(), 1);
}

#[tokio::test]
async fn a_replica_that_lags_is_likelier_than_another_subscription() {
    let registered = || state("Registered");
    let mut replies = vec![missing(), state("NotRegistered"), reply(200, "")];
    replies.extend([registered(), registered(), registered(), missing(), missing(), reply(201, "")]);
    let server = Server::start(replies).await;
    client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap();
    let asked = received(&server);
    assert!(asked.iter().all(|one| one.contains("/subscriptions/s/")), "{asked:?}");
}

#[tokio::test]
async fn a_subscription_that_azure_has_not_named_may_be_none_to_register_in() {
    let registered = || state("Registered");
    let denied = || reply(403, &fault("AuthorizationFailed", "No right to register."));
    let mut replies =
        vec![missing(), state("NotRegistered"), denied(), state("NotRegistered"), reply(200, "")];
    replies.extend([registered(), registered(), registered(), reply(201, "")]);
    let server = Server::start(replies).await;
    client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap();
    // Where there is no other, that is what has to be read.
    let all = [missing(), state("NotRegistered"), denied(), registered(), registered()];
    let server = Server::start(all).await;
    let error = client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap_err();
    assert_eq!(error.code(), Some("AuthorizationFailed"));
}

#[tokio::test]
async fn where_something_of_the_namespace_lies_is_asked_first() {
    let storage = MISSING.replace("Microsoft.A", "Microsoft.X");
    let provider =
        |state: &str| reply(200, &format!(r#"{{"namespace":"Microsoft.X","registrationState":"{state}"}}"#));
    let mut replies = vec![reply(409, &storage), provider("NotRegistered"), reply(200, "")];
    replies.extend([provider("Registered"), provider("Registered"), provider("Registered"), reply(201, "")]);
    let server = Server::start(replies).await;
    client(&server, &FakeClock::new()).send(linked(), &Context::default()).await.unwrap();
    assert_eq!(received(&server)[1], "GET /subscriptions/b/providers/Microsoft.X");
}

#[tokio::test]
async fn a_look_that_fails_is_taken_again_by_the_next_request() {
    let mut replies = vec![missing()];
    replies.extend(vec![reply(500, ""); 6]);
    replies.extend([missing(), state("NotRegistered"), reply(200, "")]);
    replies.extend(vec![state("Registered"); 3]);
    replies.push(reply(201, ""));
    let server = Server::start(replies).await;
    let (client, cx) = (client(&server, &FakeClock::new()), Context::default());
    assert_eq!(client.send(write(), &cx).await.unwrap_err().status(), Some(500));
    client.send(write(), &cx).await.unwrap();
}

#[tokio::test]
async fn a_wait_without_end_leaves_the_request_refused() {
    let replies = [vec![missing(), state("NotRegistered"), reply(200, "")], vec![state("Registering"); 99]];
    let server = Server::start(replies.concat()).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(60));
    let error = client(&server, &clock).send(write(), &cx).await.unwrap_err();
    assert!(error.is_deadline() && !error.outcome_unknown(), "{error:?}");
    assert_eq!(error.code(), Some("MissingSubscriptionRegistration"));
    assert!(error.to_string().contains("its status was \"Registering\""), "{error}");
}
