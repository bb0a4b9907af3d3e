//! Changes that are made sure of: lost answers, busy targets, and how they end.

use super::*;

/// What came of a change, and which requests it took.
pub(super) struct Made<T> {
    pub(super) result: Result<T, Unfinished>,
    /// How often something to remember was reported.
    pub(super) known: u32,
    pub(super) requests: Vec<String>,
    pub(super) slept: Vec<u128>,
}

impl<T> Made<T> {
    pub(super) fn requests(&self) -> Vec<&str> {
        self.requests.iter().map(|target| target.split(' ').next().unwrap()).collect()
    }
}

pub(super) async fn created(replies: Vec<Reply>) -> Made<Value> {
    created_by(put().retry_codes(BUSY), replies).await
}

async fn created_by(request: Request, replies: Vec<Reply>) -> Made<Value> {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(600));
    let mut known = 0;
    let result = create(&server.client(&clock), request, &cx, || known += 1).await;
    Made { result, known, requests: server.targets(), slept: clock.slept() }
}

pub(super) async fn updated(replies: Vec<Reply>) -> Made<Value> {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(600));
    let mut known = 0;
    let next = |found: Option<&Value>| {
        known += u32::from(found.is_some());
        let done = found.is_some_and(|found| found["tags"]["a"] == "1");
        let patch = Request::patch(&id(), VERSION, &json!({"tags": {"a": "1"}}))?;
        Ok((!done).then_some(patch.retry_codes(BUSY)))
    };
    let result = update(&server.client(&clock), &cx, next).await;
    Made { result, known, requests: server.targets(), slept: clock.slept() }
}

pub(super) async fn deleted(replies: Vec<Reply>) -> Made<()> {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(600));
    let result = super::super::delete(&server.client(&clock), delete().retry_codes(BUSY), &cx).await;
    Made { result, known: 0, requests: server.targets(), slept: clock.slept() }
}

pub(super) fn resource(state: &str) -> Reply {
    reply(200, &json!({"id": "{path}", "tags": {}, "properties": {"provisioningState": state}}).to_string())
}

fn busy(status: u16, code: &str) -> Reply {
    reply(status, &fault(code, "Something else is going on."))
}

pub(super) fn failed_with(code: &str) -> Reply {
    reply(200, &json!({"status": "Failed", "error": {"code": code, "message": "Later."}}).to_string())
}

/// Failures after which nobody knows whether the request was carried out.
pub(super) fn lost() -> [Reply; 6] {
    [Reply::Close, Reply::Truncate, reply(500, ""), reply(502, ""), reply(504, ""), reply(408, "")]
}

fn repeated(replies: &[Reply], times: usize) -> Vec<Reply> {
    replies.iter().cycle().take(replies.len() * times).cloned().collect()
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_looked_up_before_it_is_sent_again() {
    for lost in lost() {
        let made =
            created(vec![lost.clone(), resource("Creating"), resource("Succeeded"), resource("Succeeded")])
                .await;
        assert_eq!(made.requests(), ["PUT", "GET", "GET"], "{lost:?}");
        assert_eq!((made.result.unwrap()["id"].as_str(), made.known), (Some(PATH), 1));
        let made = created(vec![lost.clone(), absent(), reply(200, RESOURCE)]).await;
        assert_eq!(made.requests(), ["PUT", "GET", "PUT"], "{lost:?}");
        assert_eq!((made.result.unwrap()["id"].as_str(), made.known, made.slept), (Some(PATH), 1, vec![250]));
    }
}

#[tokio::test]
async fn a_create_that_is_never_carried_out_is_given_up() {
    let made = created(repeated(&[reply(500, ""), absent()], 9)).await;
    assert_eq!(made.requests().iter().filter(|method| **method == "PUT").count(), 6);
    let unfinished = made.result.unwrap_err();
    assert_eq!(
        (unfinished.error.service().unwrap().status, unfinished.accepted, made.known),
        (500, false, 0)
    );
    assert_eq!(made.slept, [250, 500, 1000, 2000, 4000]);
}

#[tokio::test]
async fn a_refused_create_is_not_sent_again() {
    let made = created(vec![reply(400, &fault("BadRequest", "No."))]).await;
    assert!(!made.result.unwrap_err().accepted);
    assert_eq!((made.requests.len(), made.known), (1, 0));
    let made = created(vec![accepted(), failed_with("BadRequest")]).await;
    let unfinished = made.result.unwrap_err();
    assert_eq!((unfinished.error.code(), unfinished.accepted), (Some("BadRequest"), true));
    assert_eq!((made.requests.len(), made.known), (2, 1));
}

#[tokio::test]
async fn a_busy_target_is_asked_until_it_is_free() {
    let refusals = [
        busy(409, "AnotherOperationInProgress"),
        busy(429, "RetryableErrorDueToAnotherOperation"),
        busy(400, "ReferencedResourceNotProvisioned").with("retry-after", "3"),
        reply(409, r#"{"error":{"code":"Conflict","message":"","details":[{"code":"retryableerror"}]}}"#),
    ];
    let mut replies = repeated(&refusals, 3);
    replies.push(reply(200, RESOURCE));
    let made = created(replies).await;
    made.result.as_ref().unwrap();
    assert_eq!((made.requests.len(), made.slept[..3].to_vec()), (13, vec![250, 500, 3000]));
    let replies = vec![
        accepted(),
        failed_with("RetryableError"),
        accepted(),
        status("Succeeded"),
        reply(200, RESOURCE),
    ];
    let made = created(replies.clone()).await;
    made.result.as_ref().unwrap();
    assert_eq!(made.requests(), ["PUT", "GET", "PUT", "GET", "GET"]);
    updated(replies).await.result.unwrap();
    let made = deleted(vec![accepted(), failed_with("RetryableError"), reply(204, ""), absent()]).await;
    made.result.as_ref().unwrap();
    assert_eq!(made.requests(), ["DELETE", "GET", "DELETE", "GET"]);
}

#[tokio::test]
async fn a_busy_target_is_not_waited_for_unasked_or_beyond_the_deadline() {
    let server = Server::start([busy(409, "AnotherOperationInProgress")]).await;
    let sent = start(&server.client(&FakeClock::new()), put(), &Context::default()).await;
    assert!(sent.unwrap_err().is_conflict());
    let made = created(vec![busy(409, "AnotherOperationInProgress"); 99]).await;
    let error = made.result.unwrap_err().error;
    assert!(error.is_deadline() && !error.outcome_unknown());
    assert_eq!(error.code(), Some("AnotherOperationInProgress"));
    assert!(made.slept.iter().sum::<u128>() < 600_000 && made.requests.len() > 20);
    let server = Server::start(vec![busy(409, "AnotherOperationInProgress"); 99]).await;
    let client = server.client(&FakeClock::new());
    let endless = create(&client, put().retry_codes(BUSY), &Context::default(), || ()).await;
    assert!(endless.unwrap_err().error.is_conflict(), "without a deadline it ends too");
}

#[tokio::test]
async fn what_others_made_meanwhile_is_not_overwritten() {
    let only = || put().retry_codes(crate::private_dns::BUSY).create_only();
    let exists = || busy(412, "PreconditionFailed");
    let made = created_by(only(), vec![exists(), resource("Succeeded")]).await;
    assert_eq!(made.requests(), ["PUT", "GET"]);
    let unfinished = made.result.unwrap_err();
    assert!(unfinished.error.is_precondition_failed() && !unfinished.accepted);
    // After a lost answer it is what this request itself has made.
    let replies = vec![reply(500, ""), absent(), exists(), resource("Creating"), resource("Succeeded")];
    let made = created_by(only(), replies).await;
    assert_eq!(made.requests(), ["PUT", "GET", "PUT", "GET", "GET"]);
    assert_eq!((made.result.unwrap()["id"].as_str(), made.known), (Some(PATH), 1));
    // With nothing there it was something that passes.
    let made = created_by(only(), vec![exists(), absent(), reply(200, RESOURCE)]).await;
    assert_eq!(made.requests(), ["PUT", "GET", "PUT"]);
    made.result.unwrap();
}

#[tokio::test]
async fn what_an_earlier_try_left_in_failure_is_overwritten_by_a_create_only_too() {
    let server = Server::start([accepted(), failed_with("RetryableError"), reply(200, RESOURCE)]).await;
    let client = server.client(&FakeClock::new());
    let request = put().retry_codes(BUSY).create_only();
    create(&client, request, &Context::default(), || ()).await.unwrap();
    let received = server.received();
    let conditions: Vec<_> = received.iter().map(|request| request.header("if-none-match")).collect();
    assert_eq!(conditions, [Some("*"), None, None]);
}

#[tokio::test]
async fn a_precondition_that_nobody_asked_for_is_somebody_elses_change() {
    let refused = || busy(412, "PreconditionFailed");
    let codes = crate::private_dns::BUSY;
    let server = Server::start([refused(), refused(), reply(200, RESOURCE)]).await;
    let patch = || Ok(Some(Request::patch(&id(), VERSION, &json!({}))?.retry_codes(codes)));
    update(&server.client(&FakeClock::new()), &Context::default(), |_| patch()).await.unwrap();
    assert_eq!(server.targets().len(), 3);
    let server = Server::start([refused(), reply(204, ""), absent()]).await;
    let request = delete().retry_codes(codes);
    super::super::delete(&server.client(&FakeClock::new()), request, &Context::default()).await.unwrap();
    assert_eq!(server.targets().len(), 3);
}

#[tokio::test]
async fn a_busy_target_holds_nobody_else_back() {
    let server =
        Server::start([busy(429, "RetryableErrorDueToAnotherOperation"), reply(200, RESOURCE)]).await;
    let clock = FakeClock::stopped();
    let client = server.client(&clock);
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.send(put(), &Context::default()).await }
    });
    clock.asleep().await;
    client.send(put(), &Context::default()).await.unwrap();
    waiting.abort();
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_asks_for_what_is_left() {
    let changed =
        || reply(200, r#"{"id":"{path}","tags":{"a":"1"},"properties":{"provisioningState":"Succeeded"}}"#);
    for lost in lost() {
        let made = updated(vec![lost.clone(), resource("Updating"), changed()]).await;
        assert_eq!(made.requests(), ["PATCH", "GET", "GET"], "{lost:?}");
        assert_eq!(made.result.unwrap()["tags"]["a"], "1");
        let made = updated(vec![lost.clone(), resource("Succeeded"), changed()]).await;
        assert_eq!(made.requests(), ["PATCH", "GET", "PATCH"], "{lost:?}");
        assert_eq!(made.known, 1);
    }
}

#[tokio::test]
async fn a_change_waits_for_another_change_of_the_same_resource() {
    let conflict = || reply(409, &fault("Conflict", "It is being changed."));
    let replies = vec![
        conflict(),
        resource("Updating"),
        resource("Updating"),
        resource("Succeeded"),
        resource("Succeeded"),
    ];
    let made = updated(replies.clone()).await;
    made.result.as_ref().unwrap();
    assert_eq!(made.requests(), ["PATCH", "GET", "GET", "GET", "PATCH"]);
    let made = updated(vec![conflict(), resource("Succeeded")]).await;
    assert!(made.result.unwrap_err().error.is_conflict(), "a conflict with a resource at rest stays one");
}

#[tokio::test]
async fn a_deletion_is_sure_of_its_end() {
    for (replies, requests) in [
        (vec![absent()], vec!["DELETE"]),
        (vec![reply(204, ""), absent()], vec!["DELETE", "GET"]),
        (vec![reply(200, ""), resource("Deleting"), absent()], vec!["DELETE", "GET", "GET"]),
        (vec![Reply::Close, absent()], vec!["DELETE", "GET"]),
        (
            vec![Reply::Close, resource("deleting"), resource("Deleting"), absent()],
            vec!["DELETE", "GET", "GET", "GET"],
        ),
        (
            vec![reply(500, ""), resource("Succeeded"), reply(204, ""), absent()],
            vec!["DELETE", "GET", "DELETE", "GET"],
        ),
    ] {
        let made = deleted(replies).await;
        made.result.as_ref().unwrap();
        assert_eq!(
            made.requests.iter().map(|target| target.split(' ').next().unwrap()).collect::<Vec<_>>(),
            requests
        );
    }
    assert!(deleted(vec![reply(403, "")]).await.result.is_err());
}

#[tokio::test]
async fn an_interrupted_create_looks_once_more() {
    for (there, known) in [(true, 1), (false, 0)] {
        let look = if there { resource("Creating") } else { absent() };
        let server = Server::start([Reply::Hang, look.clone(), look]).await;
        let (clock, cancel) = (FakeClock::new(), CancellationToken::new());
        let client = server.client(&clock);
        let call = tokio::spawn({
            let cx = Context::new(cancel.clone());
            async move {
                let mut count = 0;
                let made = create(&client, put(), &cx, || count += 1).await;
                (made.unwrap_err(), count)
            }
        });
        server.arrived().await;
        cancel.cancel();
        clock.watched().await;
        clock.advance(Duration::from_secs(1));
        let (unfinished, count) = call.await.unwrap();
        assert!(unfinished.error.is_cancelled() && unfinished.error.outcome_unknown());
        assert_eq!((unfinished.accepted, count), (there, known));
    }
}

#[tokio::test]
async fn what_an_earlier_try_left_in_failure_is_not_taken_for_a_lost_answer() {
    let retried = || vec![accepted(), failed_with("RetryableError"), reply(500, ""), resource("Failed")];
    let made = created([retried(), vec![resource("Failed"), reply(200, RESOURCE)]].concat()).await;
    assert_eq!(made.requests(), ["PUT", "GET", "PUT", "GET", "GET", "PUT"]);
    assert_eq!(made.result.unwrap()["id"], PATH);
    // Without an earlier try, it is this one that failed.
    let made = created(vec![reply(500, ""), resource("Failed"), resource("Failed")]).await;
    assert_eq!(made.requests(), ["PUT", "GET", "GET"]);
    assert_eq!(State::of_resource(&made.result.unwrap()), Some(State::Failed));
}
