use std::sync::Arc;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::clock::Clock;
use crate::error::Progress;
use crate::id::ResourceId;
use crate::testing::{FakeClock, Log, Reply, Server, fault, reply};

mod answers;
mod changes;
mod lost;

const VERSION: &str = "2025-12-01";
const PATH: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
const RESOURCE: &str = r#"{"id":"{path}","properties":{"provisioningState":"Succeeded"}}"#;

fn id() -> ResourceId {
    ResourceId::parse(PATH).unwrap()
}

fn put() -> Request {
    Request::put(&id(), VERSION, &json!({"location": "eastus"})).unwrap()
}

fn post() -> Request {
    Request::post(&id(), "diagnose", VERSION)
}

fn delete() -> Request {
    Request::delete(&id(), VERSION)
}

/// An acceptance as recorded of workspaces: empty, with both headers and no Retry-After.
fn accepted() -> Reply {
    reply(202, "")
        .with("Azure-AsyncOperation", "{base}/o?api-version=1&type=async")
        .with("Location", "{base}/o?api-version=1&type=location")
}

/// Resource Manager's word that the resource is not there.
fn absent() -> Reply {
    reply(404, &fault("ResourceNotFound", "No."))
}

fn status(word: &str) -> Reply {
    reply(200, &format!(r#"{{"status":"{word}"}}"#))
}

struct Done {
    result: Result<Option<Value>, Error>,
    /// The requests after the first, without their host.
    polls: Vec<String>,
    slept: Vec<u128>,
}

async fn ran(request: Request, replies: Vec<Reply>) -> Done {
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let result = run(&server.client(&clock), request, &Context::default()).await;
    Done { result, polls: server.targets().split_off(1), slept: clock.slept() }
}

fn resource() -> String {
    format!("GET {PATH}?api-version=2025-12-01")
}

#[tokio::test]
async fn polls_at_once_and_then_ever_slower() {
    let mut replies = vec![accepted()];
    replies.extend(vec![status("InProgress"); 8]);
    replies.extend([status("Succeeded"), reply(200, RESOURCE)]);
    let done = ran(put(), replies).await;
    assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
    assert_eq!(done.polls[0], "GET /o?api-version=1&type=async");
    assert_eq!(done.polls.last(), Some(&resource()));
    assert_eq!(done.slept, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
}

#[tokio::test]
async fn retry_after_sets_the_pace() {
    let running = status("Running").with("Retry-After", "15");
    let replies =
        vec![accepted().with("Retry-After", "5"), running, status("Succeeded"), reply(200, RESOURCE)];
    let done = ran(put(), replies).await;
    done.result.unwrap();
    assert_eq!(done.slept, [5000, 15_000]);
}

#[tokio::test]
async fn words_for_the_end_are_read_in_any_casing() {
    for word in ["Succeeded", "succeeded", "SUCCEEDED"] {
        ran(delete(), vec![accepted(), status(word)]).await.result.unwrap();
    }
    for (word, text) in [("Failed", "failed"), ("canceled", "canceled"), ("Cancelled", "Cancelled")] {
        let error = ran(delete(), vec![accepted(), status(word)]).await.result.unwrap_err();
        assert!(error.service().unwrap().operation);
        assert!(error.code().unwrap().eq_ignore_ascii_case(text));
    }
}

#[tokio::test]
async fn a_header_is_found_in_any_casing() {
    let replies = vec![
        reply(202, "").with("azure-asyncoperation", "{base}/o?Api-Version=1"),
        status("Succeeded"),
        reply(200, RESOURCE),
    ];
    assert_eq!(ran(put(), replies).await.polls, ["GET /o?Api-Version=1".to_owned(), resource()]);
}

#[tokio::test]
async fn location_alone_answers_202_until_the_end() {
    let located = || reply(202, "").with("location", "{base}/r?s=1");
    let done =
        ran(post(), vec![located(), reply(202, ""), reply(200, r#"{"value":{"otherResults":[]}}"#)]).await;
    assert_eq!(done.result.unwrap(), Some(json!({"value": {"otherResults": []}})));
    assert_eq!(done.polls, ["GET /r?s=1&api-version=2025-12-01", "GET /r?s=1&api-version=2025-12-01"]);
    for end in [reply(204, ""), reply(200, ""), reply(201, "")] {
        assert_eq!(ran(post(), vec![located(), end.clone()]).await.result.unwrap(), None);
        let done = ran(put(), vec![located(), end, reply(200, RESOURCE)]).await;
        assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
    }
}

#[tokio::test]
async fn a_post_with_both_headers_gets_its_result() {
    let result = reply(200, r#"{"status":"Active","sparkReady":false}"#);
    let done = ran(post(), vec![accepted(), status("InProgress"), status("Succeeded"), result]).await;
    assert_eq!(done.result.unwrap(), Some(json!({"status": "Active", "sparkReady": false})));
    assert_eq!(
        done.polls,
        [
            "GET /o?api-version=1&type=async",
            "GET /o?api-version=1&type=async",
            "GET /o?api-version=1&type=location"
        ]
    );
}

#[tokio::test]
async fn without_headers_the_resource_tells() {
    let creating = r#"{"id":"{path}","properties":{"provisioningState":"Creating"}}"#;
    for first in [reply(201, creating), reply(200, creating), reply(202, ""), reply(202, creating)] {
        let done = ran(put(), vec![first, reply(200, creating), reply(200, RESOURCE)]).await;
        assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
        assert_eq!(done.polls, [resource(), resource()]);
    }
    let done = ran(delete(), vec![reply(202, ""), reply(200, RESOURCE), absent()]).await;
    assert_eq!((done.result.unwrap(), done.polls.len()), (None, 2));
}

#[tokio::test]
async fn what_is_done_at_once_is_not_polled() {
    for (request, answer, expected) in [
        (put(), reply(200, RESOURCE), Some(PATH)),
        (put(), reply(201, r#"{"id":"{path}"}"#).with("location", "{base}/w"), Some(PATH)),
        (put(), reply(201, r#"{"id":"{path}","status":"online"}"#), Some(PATH)),
        (delete(), reply(204, ""), None),
        (delete(), reply(200, ""), None),
        (post(), reply(202, ""), None),
    ] {
        let done = ran(request, vec![answer]).await;
        assert_eq!(done.result.unwrap().as_ref().and_then(|body| body["id"].as_str()), expected);
        assert!(done.polls.is_empty());
    }
}

#[tokio::test]
async fn a_private_endpoint_is_created_as_recorded() {
    let updating = reply(201, r#"{"id":"pe","properties":{"provisioningState":"Updating"}}"#)
        .with("azure-asyncoperation", "{base}/operations/1")
        .with("azure-asyncnotification", "Enabled");
    let status = |word: &str| reply(200, &format!("{{\r\n  \"status\": \"{word}\"\r\n}}"));
    let done =
        ran(put(), vec![updating, status("InProgress"), status("Succeeded"), reply(200, RESOURCE)]).await;
    assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
}

#[tokio::test]
async fn failures_are_typed_in_every_shape() {
    let failed = r#"{"status":"Failed","error":{"code":"BadRequest","message":"Cannot use storage with HNS enabled."}}"#;
    let bare = fault("BadRequest", "Cannot use storage with HNS enabled.");
    for last in
        [reply(200, failed), reply(200, &bare), reply(202, failed), reply(400, &bare), reply(409, failed)]
    {
        let done = ran(put(), vec![accepted(), last.clone().with("x-ms-request-id", "r-2")]).await;
        let error = done.result.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "PUT {PATH}: the operation failed: BadRequest: Cannot use storage with HNS enabled. (request ID r-2)"
            ),
            "{last:?}"
        );
        assert!(!error.outcome_unknown());
    }
    let resource = r#"{"id":"{path}","properties":{"provisioningState":"Failed"}}"#;
    let text = format!("PUT {PATH}: the operation failed: Failed: the service gives no reason");
    assert_eq!(ran(put(), vec![reply(201, resource)]).await.result.unwrap_err().to_string(), text);
    let later = vec![reply(202, ""), reply(200, resource)];
    assert_eq!(ran(put(), later).await.result.unwrap_err().to_string(), text);
}

#[tokio::test]
async fn a_status_may_take_a_while_to_appear() {
    let done = ran(delete(), vec![accepted(), absent(), absent(), status("Succeeded")]).await;
    done.result.unwrap();
    assert_eq!(done.slept, [250, 500]);
}

#[tokio::test]
async fn a_resource_may_take_a_while_to_appear() {
    let replies = vec![accepted(), status("Succeeded"), absent(), absent(), reply(200, RESOURCE)];
    let done = ran(put(), replies).await;
    assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
    assert_eq!(done.slept, [250, 500]);
    let never = std::iter::once(accepted()).chain([status("Succeeded")]).chain(vec![absent(); 20]).collect();
    assert!(ran(put(), never).await.result.unwrap_err().is_absent());
}

#[tokio::test]
async fn a_retry_after_of_nothing_is_no_pace() {
    let running = status("Running").with("Retry-After", "0");
    let done = ran(delete(), vec![accepted(), running.clone(), running, status("Succeeded")]).await;
    assert_eq!(done.slept, [250, 500]);
}

#[tokio::test]
async fn a_lost_status_leads_to_the_resource() {
    let mut replies = vec![accepted(), status("InProgress")];
    replies.extend(vec![absent(); 6]);
    replies.push(reply(200, RESOURCE));
    let done = ran(put(), replies).await;
    assert_eq!(done.result.unwrap().unwrap()["id"], PATH);
    assert_eq!(done.polls.last(), Some(&resource()));
    let lost = ran(post(), std::iter::once(accepted()).chain(vec![absent(); 20]).collect()).await;
    assert_eq!(
        lost.result.unwrap_err().to_string(),
        format!(
            "POST {PATH}/diagnose was accepted, but its operation can no longer be followed: its status is not there; \
             before that: GET /o: HTTP 404: ResourceNotFound: No."
        )
    );
}

#[tokio::test]
async fn a_poll_outlasts_any_number_of_failures() {
    let mut replies = vec![accepted()];
    replies.extend(vec![reply(500, ""); 12]);
    replies.extend([
        Reply::Close,
        Reply::Truncate,
        reply(429, "").with("retry-after", "2"),
        status("Succeeded"),
        reply(200, RESOURCE),
    ]);
    ran(put(), replies).await.result.unwrap();
}

#[tokio::test]
async fn signed_urls_are_replayed_byte_for_byte_and_never_logged() {
    let log = Log::capture();
    let sign = |mark: &str| {
        format!("{{base}}/op/AbC=?api-version=1&t=%2f%2F&c=MII-_~{mark}=&s=a+b%3d&h=x%20y&type=async")
    };
    let first = reply(202, "").with("Azure-AsyncOperation", sign("first"));
    let again = status("InProgress").with("azure-asyncoperation", sign("second"));
    let done = ran(put(), vec![first, again, status("Succeeded"), reply(200, RESOURCE)]).await;
    done.result.unwrap();
    let wire = |mark: &str| format!("GET {}", sign(mark).replace("{base}", ""));
    assert_eq!(done.polls[..2], [wire("first"), wire("second")]);
    let own = log.own().join("\n");
    assert!(own.contains("path=\"/op/AbC=\""), "{own}");
    assert!(!log.text().contains("MII-_"), "{}", log.text());
}

#[tokio::test]
async fn the_token_stays_with_resource_manager() {
    for header in ["Azure-AsyncOperation", "Location"] {
        let done = ran(put(), vec![reply(202, "").with(header, "https://evil.test/o?s=secret")]).await;
        let error = done.result.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "PUT {PATH} was answered with a URL on evil.test, which is not this cloud's Resource Manager; it was not followed"
            )
        );
        assert!(error.outcome_unknown() && done.polls.is_empty());
    }
}

#[tokio::test]
async fn a_deadline_tells_how_far_it_was() {
    let creating = status("Creating").with("x-ms-request-id", "r-7");
    let server = Server::start(std::iter::once(accepted()).chain(vec![creating; 20])).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(30));
    let error = run(&server.client(&clock), put(), &cx).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("PUT {PATH} did not end in time; its status was \"Creating\" (request ID r-7)")
    );
    assert!(clock.slept().iter().sum::<u128>() < 30_000);
}

#[tokio::test]
async fn acceptance_is_seen_before_the_end_and_a_wait_can_be_cancelled() {
    let server = Server::start([accepted(), status("InProgress")]).await;
    let (clock, cancel) = (FakeClock::stopped(), CancellationToken::new());
    let client = server.client(&clock);
    let cx = Context::new(cancel.clone());
    let accepted = start(&client, put(), &cx).await.unwrap();
    assert!(!accepted.is_done());
    assert_eq!(accepted.response.status, 202);
    assert_eq!(server.received().len(), 1);
    let waiting = tokio::spawn({
        let (client, cx) = (client.clone(), cx.clone());
        async move { accepted.wait(&client, &cx).await }
    });
    clock.asleep().await;
    cancel.cancel();
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), format!("PUT {PATH} was cancelled"));
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn rest_and_absence_can_be_waited_for() {
    let creating = r#"{"properties":{"provisioningState":"Creating"}}"#;
    let failed = r#"{"properties":{"provisioningState":"Failed"}}"#;
    let server =
        Server::start([reply(200, creating), reply(200, failed), reply(200, failed), absent()]).await;
    let clock = FakeClock::new();
    let client: Arc<Client> = Arc::new(server.client(&clock));
    let cx = Context::default();
    let rested = settled(&client, &Request::get(&id(), VERSION), &cx).await.unwrap();
    assert_eq!(State::of_resource(&rested), Some(State::Failed));
    gone(&client, &Request::get(&id(), VERSION), &cx).await.unwrap();
    assert_eq!(clock.slept(), [250, 250]);
}

#[tokio::test]
async fn what_a_resource_says_can_be_waited_for_and_a_deadline_says_how_far_it_was() {
    let server =
        Server::start([reply(200, r#"{"id":"{path}","at":"a"}"#), reply(200, r#"{"id":"{path}","at":"b"}"#)])
            .await;
    let clock = FakeClock::new();
    let (client, read) = (server.client(&clock), Request::get(&id(), VERSION));
    let at = |wanted: &'static str| {
        move |body: &Value| match body["at"].as_str() {
            Some(at) if at == wanted => Ok(()),
            other => Err(other.unwrap_or_default().to_owned()),
        }
    };
    let reached = until(&client, &read, &Context::default(), at("b")).await.unwrap();
    assert_eq!((reached, clock.slept()), (json!({"id": PATH, "at": "b"}), vec![250]));
    let server = Server::start([reply(200, r#"{"id":"{path}","at":"a"}"#)]).await;
    let client = server.client(&clock);
    let cx = Context::default().with_deadline(clock.now() + std::time::Duration::from_millis(100));
    let error = until(&client, &read, &cx, at("b")).await.unwrap_err();
    let told = Progress { status: Some("a".to_owned()), ..Progress::default() };
    assert!(matches!(error, Error::DeadlinePassed { progress: Some(seen), .. } if *seen == told));
}

#[tokio::test]
async fn signed_urls_do_not_print() {
    let url = Url::parse("https://management.azure.com/o?s=secret").unwrap();
    assert_eq!(format!("{:?}", Request::given(url)), "Request(GET /o)");
    let signed = reply(202, "").with("Azure-AsyncOperation", "{base}/o?s=1").with("Location", "{base}/l?s=1");
    let server = Server::start([signed]).await;
    let accepted = start(&server.client(&FakeClock::new()), put(), &Context::default()).await.unwrap();
    assert_eq!(format!("{accepted:?}"), format!("Accepted(PUT {PATH}, followed by its status)"));
    assert_eq!(format!("{:?}", accepted.response), format!("Response(PUT {PATH}: 202)"));
}

#[tokio::test]
async fn a_url_without_an_api_version_gets_that_of_the_request() {
    let signed = "/o?t=%2f%2F&c=MII-_~x=&s=a+b%3d";
    let accepted =
        reply(202, "").with("Azure-AsyncOperation", format!("{{base}}{signed}")).with("Location", "{base}/l");
    let done = ran(post(), vec![accepted, status("Succeeded"), reply(200, RESOURCE)]).await;
    done.result.unwrap();
    assert_eq!(
        done.polls,
        [format!("GET {signed}&api-version={VERSION}"), format!("GET /l?api-version={VERSION}")]
    );
}
