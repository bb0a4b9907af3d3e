//! Requests that Azure holds back, or would.

use super::*;

#[tokio::test]
async fn throttling_is_outlasted() {
    let mut replies = vec![reply(429, "").with("retry-after", "0"); 9];
    replies.extend([reply(500, ""), reply(200, "")]);
    let (result, requests, slept) = sent(replies, read()).await;
    result.unwrap();
    assert_eq!(requests, 11);
    assert_eq!(slept, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 250]);
}

#[tokio::test]
async fn one_refusal_keeps_all_of_its_kind_back() {
    let server = Server::start([
        reply(429, "").with("retry-after", "9"),
        reply(200, ""),
        reply(200, ""),
        reply(200, ""),
    ])
    .await;
    let clock = FakeClock::stopped();
    let client = server.client(&clock);
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.send(read(), &Context::default()).await }
    });
    clock.asleep().await;
    // Another read waits; a write and another subscription do not.
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(1));
    assert!(client.send(read(), &cx).await.unwrap_err().is_deadline());
    client.send(write(), &cx).await.unwrap();
    client.send(Request::get(&ResourceId::workspace("t", "g", "w").unwrap(), VERSION), &cx).await.unwrap();
    clock.advance(Duration::from_secs(9));
    client.send(read(), &Context::default()).await.unwrap();
    first.abort();
}

#[tokio::test]
async fn what_azure_says_is_left_slows_requests_down_before_it_refuses_them() {
    let left = |left: &str| reply(200, "").with("x-ms-ratelimit-remaining-subscription-reads", left);
    let server =
        Server::start([left("249"), left("11"), left("10"), left("9"), left("249"), left("248")]).await;
    let (clock, cx) = (FakeClock::new(), Context::default());
    let client = server.client(&clock);
    for slept in [vec![], vec![], vec![], vec![40], vec![40, 80], vec![40, 80]] {
        client.send(read(), &cx).await.unwrap();
        assert_eq!(clock.slept(), slept);
    }
    client.send(write(), &cx).await.unwrap_err();
    assert_eq!(clock.slept().len(), 2, "writes have a bucket of their own");
}

#[tokio::test]
async fn who_waits_for_azure_holds_no_slot() {
    let server =
        Server::start([reply(503, "").with("retry-after", "9"), reply(429, ""), reply(200, "")]).await;
    let clock = FakeClock::stopped();
    let client = Client::builder(server.cloud(), Arc::new(FixedCredential::default()), transport())
        .clock(clock.clone())
        .concurrency(1)
        .build();
    let mut waiting = Vec::new();
    for request in [Request::delete(&id(), VERSION), write()] {
        let client = client.clone();
        waiting.push(tokio::spawn(async move { client.send(request, &Context::default()).await }));
        clock.asleep().await;
    }
    client.send(read(), &Context::default()).await.unwrap();
    waiting.iter().for_each(|call| call.abort());
}

#[tokio::test]
async fn a_pause_is_told_in_the_log() {
    let log = Log::capture();
    let refused =
        reply(503, &fault("ServerBusy", "Not now.")).with("retry-after", "17").with("x-ms-request-id", "r-3");
    let server = Server::start([refused, reply(429, "").with("retry-after", "307"), reply(200, "")]).await;
    server.client(&FakeClock::new()).send(read(), &Context::default()).await.unwrap();
    let lines = log.own();
    let line = |words: &str| {
        let found = lines.iter().find(|line| line.contains(words));
        found.unwrap_or_else(|| panic!("{}", log.text())).clone()
    };
    let again = line("trying again after a pause");
    for part in [
        "INFO",
        "request=\"GET /sub",
        "seconds=17",
        "asked_by_azure=true",
        "status=503",
        "code=\"ServerBusy\"",
        "request_id=\"r-3\"",
    ] {
        assert!(again.contains(part), "{part} in {again}");
    }
    assert!(line("waiting, as Azure throttles").contains("INFO") && line("seconds=307").contains("GET /sub"));
    assert!(!log.text().contains("Not now."), "{}", log.text());
}
