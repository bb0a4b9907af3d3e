//! Requests that go one after the other.

use std::time::Duration;

use super::*;

/// A change of something in the subnet of this name.
fn change(subnet: &str) -> Request {
    write().in_turn(subnet)
}

#[tokio::test]
async fn one_waits_for_the_other_without_losing_time_and_others_do_not_wait() {
    let server = Server::start([Reply::Hang, reply(200, "{}"), reply(200, "{}"), reply(200, "{}")]).await;
    let clock = FakeClock::new();
    let client = server.client(&clock);
    let send = |subnet: &str, cx: &Context| {
        let (client, request, cx) = (client.clone(), change(subnet), cx.clone());
        tokio::spawn(async move { client.send(request, &cx).await.map(drop) })
    };
    let first = send("a", &Context::default());
    server.arrived().await;
    let deadline = client.clock().now() + Duration::from_secs(5);
    let cx = Context::default().with_deadline(deadline);
    let second = send("a", &cx);
    send("b", &Context::default()).await.unwrap().unwrap();
    assert_eq!(server.received().len(), 2, "the second one waits, and what is in another subnet does not");

    clock.advance(Duration::from_secs(60));
    server.release.notify_one();
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(cx.deadline(), Some(deadline + Duration::from_secs(60)), "the wait is not counted");
}

#[tokio::test]
async fn who_waits_for_a_turn_can_be_interrupted() {
    let server = Server::start([Reply::Hang]).await;
    let client = server.client(&FakeClock::new());
    let first = tokio::spawn({
        let (client, request) = (client.clone(), change("a"));
        async move { client.send(request, &Context::default()).await.map(drop) }
    });
    server.arrived().await;
    let cancel = CancellationToken::new();
    let waiting = tokio::spawn({
        let (client, cx) = (client.clone(), Context::new(cancel.clone()));
        async move { client.send(change("a"), &cx).await.map(drop) }
    });
    cancel.cancel();
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_cancelled() && !error.outcome_unknown(), "{error}");
    assert_eq!(server.received().len(), 1);
    first.abort();
}

#[tokio::test]
async fn who_pauses_lets_the_others_have_their_turn() {
    let busy = reply(409, &fault("AnotherOperationInProgress", "Wait."));
    let server = Server::start([busy, reply(200, "{}")]).await;
    // The pause of the first one never ends.
    let client = server.client(&FakeClock::stopped());
    let cancel = CancellationToken::new();
    let first = tokio::spawn({
        let (client, cx) = (client.clone(), Context::new(cancel.clone()));
        let request = change("a").retry_codes(&["AnotherOperationInProgress"]);
        async move { client.send(request, &cx).await.map(drop) }
    });
    server.arrived().await;
    client.send(change("a"), &Context::default()).await.unwrap();
    assert_eq!(server.received().len(), 2, "the second one goes through meanwhile");
    cancel.cancel();
    let error = first.await.unwrap().unwrap_err();
    assert!(error.is_cancelled() && error.to_string().contains("Wait."), "{error}");
}

#[tokio::test]
async fn who_has_paused_waits_for_a_turn_again() {
    let busy = reply(409, &fault("AnotherOperationInProgress", "Wait."));
    let server = Server::start([busy, Reply::Hang, reply(200, "{}"), reply(200, "{}")]).await;
    let clock = FakeClock::new();
    let client = server.client(&clock);
    let send = |cx: &Context| {
        let (client, cx) = (client.clone(), cx.clone());
        let request = change("a").retry_codes(&["AnotherOperationInProgress"]);
        tokio::spawn(async move { client.send(request, &cx).await.map(drop) })
    };
    let all = [send(&Context::default()), send(&Context::default())];
    server.arrived().await;
    server.arrived().await;
    assert_eq!(
        server.received().len(),
        2,
        "one was refused, the other is under way, and the first waits for it"
    );
    server.release.notify_one();
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert_eq!(server.received().len(), 3);
}
