//! Calls that end before their answer: at the deadline, or because the caller says so.

use super::*;

#[tokio::test]
async fn a_pause_beyond_the_deadline_is_told_at_once() {
    let server =
        Server::start([reply(429, &fault("TooManyRequests", "Slow down.")).with("retry-after", "3600")])
            .await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(60));
    let error = server.client(&clock).send(read(), &cx).await.unwrap_err();
    assert!(error.is_deadline());
    assert_eq!(error.code(), Some("TooManyRequests"));
    assert_eq!(
        error.to_string(),
        "GET /subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w did not end in time: \
         the service asked to wait 3600 s more, which is beyond the timeout; before that: \
         GET /subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w: \
         HTTP 429: TooManyRequests: Slow down."
    );
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn nothing_is_sent_after_a_cancellation() {
    let server = Server::start([]).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = server.client(&FakeClock::new()).send(write(), &Context::new(cancel)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "PUT /subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w was cancelled"
    );
    assert!(!error.outcome_unknown());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_cancellation_ends_a_pause() {
    let server = Server::start([reply(503, "").with("retry-after", "60")]).await;
    let (clock, cancel) = (FakeClock::stopped(), CancellationToken::new());
    let client = server.client(&clock);
    let call = tokio::spawn({
        let cx = Context::new(cancel.clone());
        async move { client.send(write(), &cx).await }
    });
    clock.asleep().await;
    cancel.cancel();
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_cancelled() && !error.outcome_unknown());
    assert_eq!(error.service().unwrap().status, 503);
}

#[tokio::test]
async fn a_change_on_its_way_is_heard_out() {
    let server = Server::start([Reply::Hang, reply(201, "{}")]).await;
    let cancel = CancellationToken::new();
    let client = server.client(&FakeClock::new());
    let call = tokio::spawn({
        let cx = Context::new(cancel.clone());
        async move { client.send(write(), &cx).await }
    });
    server.arrived().await;
    cancel.cancel();
    tokio::task::yield_now().await;
    server.release.notify_one();
    assert_eq!(call.await.unwrap().unwrap().status, 201);
}

#[tokio::test]
async fn a_change_that_stays_unanswered_may_have_happened() {
    let server = Server::start([Reply::Hang]).await;
    let (clock, cancel) = (FakeClock::new(), CancellationToken::new());
    let client = server.client(&clock);
    let call = tokio::spawn({
        let cx = Context::new(cancel.clone());
        async move { client.send(write(), &cx).await }
    });
    server.arrived().await;
    cancel.cancel();
    clock.watched().await;
    clock.advance(GRACE);
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_cancelled() && error.outcome_unknown());
}

#[tokio::test]
async fn a_silent_service_is_waited_for_to_the_deadline() {
    let server = Server::start([Reply::Hang]).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(60));
    let client = server.client(&clock);
    let call = tokio::spawn(async move { client.send(write(), &cx).await });
    server.arrived().await;
    clock.advance(Duration::from_secs(60));
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_deadline() && error.outcome_unknown());
}

#[tokio::test]
async fn a_read_on_its_way_is_left_at_once() {
    let server = Server::start([Reply::Hang]).await;
    let cancel = CancellationToken::new();
    let client = server.client(&FakeClock::new());
    let call = tokio::spawn({
        let cx = Context::new(cancel.clone());
        async move { client.send(read(), &cx).await }
    });
    server.arrived().await;
    cancel.cancel();
    assert!(call.await.unwrap().unwrap_err().is_cancelled());
}

#[tokio::test]
async fn what_is_asked_about_an_error_needs_no_second_slot() {
    let listed = reply(200, r#"{"value":[{"subscriptionId":"other","displayName":"Other"}]}"#);
    let server = Server::start([reply(404, &fault("SubscriptionNotFound", "There is none.")), listed]).await;
    let clock = FakeClock::new();
    let credential = Arc::new(FixedCredential::default());
    let client = Client::builder(server.cloud(), credential, transport()).clock(clock).concurrency(1).build();
    let error = client.send(read(), &Context::default()).await.unwrap_err();
    assert_eq!(error.code(), Some("SubscriptionNotFound"));
    assert_eq!(server.targets().len(), 2, "{:?}", server.targets());
}

#[tokio::test]
async fn as_many_requests_as_allowed_run_at_once() {
    let server = Server::start([Reply::Hang, Reply::Hang]).await;
    let clock = FakeClock::new();
    let credential = Arc::new(FixedCredential::default());
    let client =
        Client::builder(server.cloud(), credential, transport()).clock(clock.clone()).concurrency(2).build();
    let send = |cx: Context| {
        let client = client.clone();
        tokio::spawn(async move { client.send(write(), &cx).await })
    };
    let running = [send(Context::default()), send(Context::default())];
    while server.received().len() < 2 {
        server.arrived().await;
    }
    let third = send(Context::default().with_deadline(clock.now() + Duration::from_secs(60)));
    clock.watched().await;
    clock.advance(Duration::from_secs(60));
    // Had it been sent, nobody would know what has become of it.
    let error = third.await.unwrap().unwrap_err();
    assert!(error.is_deadline() && !error.outcome_unknown(), "{error:?}");
    assert_eq!(server.received().len(), 2);
    running.iter().for_each(|call| call.abort());
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_any_more_has_its_line() {
    let log = Log::capture();
    let server = Server::start([Reply::Hang, Reply::Close]).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(60));
    let client = server.client(&clock);
    let call = client.send(write(), &cx);
    let ends = async {
        server.arrived().await;
        clock.advance(Duration::from_secs(60));
    };
    assert!(tokio::join!(call, ends).0.unwrap_err().is_deadline());
    let lines = log.own();
    let line = lines.iter().find(|line| line.contains("request left unanswered"));
    let line = line.unwrap_or_else(|| panic!("{}", log.text()));
    for part in ["method=\"PUT\"", "duration_ms=60000", "attempt=1", "client_request_id="] {
        assert!(line.contains(part), "{part} in {line}");
    }
    client.send(write(), &Context::default()).await.unwrap_err();
    let lines = log.own();
    let line = lines.iter().find(|line| line.contains("request failed")).unwrap();
    assert!(line.contains("client_request_id=") && line.contains("error="), "{line}");
}

#[tokio::test]
async fn an_answer_without_end_is_not_taken() {
    let endless = format!("\"{}\"", "x".repeat(LONGEST));
    let server = Server::start([reply(200, &endless).with("x-ms-request-id", "r-9")]).await;
    let error = server.client(&FakeClock::new()).send(read(), &Context::default()).await.unwrap_err();
    assert!(error.to_string().contains("it is longer than 64 MiB (HTTP 200) (request ID r-9)"), "{error}");
}
