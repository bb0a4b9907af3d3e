//! Answers that say nothing of what was asked for: none of them is believed because of its status.

use super::changes::{created, deleted, updated};
use super::*;

/// Bodies that come with a good status and are no document of the resource.
const NO_DOCUMENTS: [&str; 9] = [
    "",
    "null",
    "{}",
    "[]",
    "\"text\"",
    "<html>Please sign in</html>",
    r#"{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/x"}"#,
    r#"{"id":null}"#,
    r#"{"status":"Succeeded"}"#,
];

/// Answers with the status 404 that are no word on the resource.
fn foreign_404s() -> Vec<Reply> {
    let codes =
        ["InvalidResourceType", "InvalidResourceNamespace", "NoRegisteredProviderFound", "WorkspaceGone"];
    let told = codes.map(|code| reply(404, &fault(code, "No.")));
    let untold = [
        r#"{"error":"NotFound"}"#,
        "",
        "<html>no such page</html>",
        "{}",
        r#"{"error":{}}"#,
        r#"{"error":{"message":"NotFound"}}"#,
    ];
    told.into_iter().chain(untold.map(|body| reply(404, body))).collect()
}

async fn found(answer: Reply) -> Result<Option<Value>, Error> {
    let server = Server::start([answer]).await;
    server.client(&FakeClock::new()).find(Request::get(&id(), VERSION), &Context::default()).await
}

#[tokio::test]
async fn only_the_document_of_the_resource_is_found_and_only_a_told_absence_is_one() {
    assert_eq!(found(reply(200, RESOURCE)).await.unwrap().unwrap()["id"], PATH);
    for code in crate::error::ABSENT {
        assert_eq!(found(reply(404, &fault(code, "No."))).await.unwrap(), None, "{code}");
    }
    for body in NO_DOCUMENTS {
        assert!(found(reply(200, body)).await.is_err_and(|error| error.says_nothing()), "{body}");
    }
    // This one is followed by a list of the subscriptions that there are.
    let no_subscription = reply(404, &fault("SubscriptionNotFound", "No."));
    for answer in foreign_404s().into_iter().chain([no_subscription]) {
        let error = found(answer.clone()).await.unwrap_err();
        assert!(!error.is_absent() && error.status() == Some(404), "{answer:?}");
    }
}

#[tokio::test]
async fn a_create_that_is_answered_by_no_document_is_looked_up() {
    for body in NO_DOCUMENTS {
        let made = created(vec![reply(200, body), reply(200, RESOURCE), reply(200, RESOURCE)]).await;
        assert_eq!((made.result.unwrap()["id"].as_str(), made.known), (Some(PATH), 1), "{body}");
        // Nothing was made: it is asked for again.
        let made = created(vec![reply(200, body), absent(), reply(201, RESOURCE)]).await;
        assert_eq!((made.requests(), made.known), (vec!["PUT", "GET", "PUT"], 1), "{body}");
        assert_eq!(made.result.unwrap()["id"], PATH, "{body}");
        // Nobody can tell: the error has the answer's words, and nothing is sent again.
        let made = created(vec![reply(200, body), reply(200, "<html>")]).await;
        assert_eq!(made.requests(), ["PUT", "GET"], "{body}");
        let refused = made.result.unwrap_err();
        assert!(!refused.accepted && refused.error.says_nothing(), "{body}: {refused}");
    }
}

#[tokio::test]
async fn a_failure_behind_a_good_status_is_one() {
    for body in [
        r#"{"status":"Failed","error":{"code":"Bad","message":"No."}}"#,
        r#"{"error":{"code":"Bad","message":"No."}}"#,
    ] {
        let made = created(vec![reply(200, body)]).await;
        let refused = made.result.unwrap_err();
        // Something may have been left.
        assert!(refused.accepted && made.known == 1, "{body}");
        assert_eq!(refused.error.code(), Some("Bad"), "{body}");
        let deleted = deleted(vec![reply(200, body)]).await;
        assert_eq!(deleted.result.unwrap_err().error.code(), Some("Bad"), "{body}");
    }
    // In the place of the resource that is waited for.
    let failed = ran(put(), vec![reply(202, ""), reply(200, r#"{"status":"Failed"}"#)]).await;
    assert_eq!(failed.result.unwrap_err().code(), Some("Failed"));
}

#[tokio::test]
async fn an_update_that_is_answered_by_no_document_asks_for_what_is_left() {
    for body in NO_DOCUMENTS {
        let done = reply(200, r#"{"id":"{path}","tags":{"a":"1"}}"#);
        let made = updated(vec![reply(200, body), done.clone()]).await;
        assert_eq!(made.result.unwrap()["tags"]["a"], "1", "{body}");
        assert_eq!(
            made.requests,
            [format!("PATCH {PATH}?api-version={VERSION}"), format!("GET {PATH}?api-version={VERSION}")]
        );
        let made = updated(vec![reply(200, body), reply(200, RESOURCE), done]).await;
        assert_eq!(made.requests(), ["PATCH", "GET", "PATCH"], "{body}");
    }
}

#[tokio::test]
async fn a_deletion_is_done_only_when_resource_manager_says_that_nothing_is_there() {
    for answer in foreign_404s() {
        let refused = deleted(vec![answer.clone()]).await.result.unwrap_err();
        assert!(!refused.accepted && refused.error.status() == Some(404), "{answer:?}");
        // In the look after it: asked again a few times, then told.
        let looks = vec![answer.clone(); 4];
        let replies = [vec![reply(204, "")], looks].concat();
        let refused = deleted(replies).await.result.unwrap_err();
        assert_eq!((refused.accepted, refused.error.status()), (true, Some(404)), "{answer:?}");
        let replies = vec![reply(204, ""), answer, reply(200, "{}"), reply(400, "<html>"), absent()];
        deleted(replies).await.result.unwrap();
    }
}

#[tokio::test]
async fn a_change_that_is_answered_by_a_page_is_sent_again_if_nothing_was_done() {
    for status in [200, 202] {
        let page = reply(status, "<html>Please sign in</html>");
        let made = deleted(vec![page.clone(), reply(200, RESOURCE), reply(200, ""), absent()]).await;
        assert_eq!(made.requests(), ["DELETE", "GET", "DELETE", "GET"], "{status}");
        made.result.unwrap();
        let done = reply(200, r#"{"id":"{path}","tags":{"a":"1"}}"#);
        let made = updated(vec![page, reply(200, RESOURCE), done]).await;
        assert_eq!(made.requests(), ["PATCH", "GET", "PATCH"], "{status}");
    }
}

#[tokio::test]
async fn a_wait_goes_on_past_answers_that_say_nothing() {
    let junk = || {
        [(200, "<html>"), (403, "<html>"), (400, "<html>")].map(|(status, body)| reply(status, body)).to_vec()
    };
    let running = reply(200, r#"{"properties":{"provisioningState":"Updating"}}"#);
    // A status, the resource after it, and the resource in the place of a status.
    let status_then =
        [vec![accepted()], junk(), vec![status("Succeeded")], junk(), vec![reply(200, RESOURCE)]].concat();
    assert_eq!(ran(put(), status_then).await.result.unwrap().unwrap()["id"], PATH);
    let resource = [vec![reply(202, ""), running.clone()], junk(), vec![reply(200, RESOURCE)]].concat();
    assert_eq!(ran(put(), resource).await.result.unwrap().unwrap()["id"], PATH);
    // An end that was not told is none before the resource is at rest.
    let untold = vec![accepted(), reply(200, "{}"), running, reply(200, RESOURCE)];
    assert_eq!(ran(put(), untold).await.result.unwrap().unwrap()["id"], PATH);
}
