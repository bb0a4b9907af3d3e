//! Changes whose answer was lost, and which a pause, the deadline or the caller keeps from being looked at.

use super::changes::{Made, created, deleted, failed_with, lost, resource, updated};
use super::*;

fn asking(reply: Reply, seconds: u32) -> Reply {
    reply.with("retry-after", seconds.to_string())
}

/// Lost answers that came from a service, which asks for a pause.
fn paused() -> Vec<Reply> {
    let answers = lost().into_iter().filter(|reply| matches!(reply, Reply::Answer { .. }));
    answers.map(|reply| asking(reply, 17)).collect()
}

#[tokio::test]
async fn the_pause_that_a_failure_asks_for_is_kept_before_the_look_too() {
    for paused in paused() {
        let made = created(vec![paused.clone(), absent(), reply(200, RESOURCE)]).await;
        made.result.as_ref().unwrap();
        assert_eq!(made.requests(), ["PUT", "GET", "PUT"]);
        assert_eq!(made.slept, [17_000, 250], "{paused:?}");
        let made = updated(vec![paused.clone(), resource("Succeeded"), reply(200, RESOURCE)]).await;
        made.result.as_ref().unwrap();
        assert_eq!((made.requests(), &made.slept), (vec!["PATCH", "GET", "PATCH"], &vec![17_000]));
        let made = deleted(vec![paused.clone(), resource("Succeeded"), reply(204, ""), absent()]).await;
        made.result.as_ref().unwrap();
        assert_eq!(made.requests(), ["DELETE", "GET", "DELETE", "GET"]);
        assert_eq!(made.slept, [17_000, 250]);
    }
    let ended = asking(failed_with("RetryableError"), 5);
    let made = created(vec![accepted(), ended, reply(200, RESOURCE)]).await;
    made.result.as_ref().unwrap();
    assert_eq!((made.requests(), &made.slept), (vec!["PUT", "GET", "PUT"], &vec![5000]));
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_leaves_open_what_became_of_the_change() {
    let beyond = || asking(reply(500, ""), 900);
    for (there, known) in [(resource("Creating"), 1), (absent(), 0)] {
        let made = created(vec![beyond(), there]).await;
        assert_eq!((made.requests(), made.known), (vec!["PUT", "GET"], known));
        let Unfinished { error, accepted } = made.result.unwrap_err();
        assert_eq!((error.is_deadline(), error.outcome_unknown(), accepted), (true, true, known == 1));
        assert_eq!(error.service().map(|error| error.status), Some(500));
        assert!(error.to_string().contains("wait 900 s more"), "{error}");
    }
    let Made { result, .. } = updated(vec![beyond()]).await;
    assert!(result.is_err_and(|unfinished| unfinished.error.outcome_unknown() && !unfinished.accepted));
    let Made { result, .. } = deleted(vec![beyond()]).await;
    assert!(result.is_err_and(|unfinished| unfinished.error.outcome_unknown() && !unfinished.accepted));
}

#[tokio::test]
async fn a_create_whose_look_is_interrupted_is_looked_up_once_more() {
    for (there, known) in [(resource("Creating"), true), (absent(), false)] {
        let server = Server::start([reply(500, ""), Reply::Hang, there]).await;
        let (client, cancel) = (server.client(&FakeClock::new()), CancellationToken::new());
        let call = tokio::spawn({
            let cx = Context::new(cancel.clone());
            async move {
                let mut noted = false;
                let made = create(&client, put(), &cx, || noted = true).await;
                (made.unwrap_err(), noted)
            }
        });
        while server.received().len() < 2 {
            server.arrived().await;
        }
        cancel.cancel();
        let (Unfinished { error, accepted }, noted) = call.await.unwrap();
        assert!(error.is_cancelled() && error.outcome_unknown());
        assert_eq!(error.code(), Some("HTTP 500"));
        assert_eq!((accepted, noted), (known, known));
    }
}

#[tokio::test]
async fn a_deletion_says_whether_it_was_accepted_when_it_is_interrupted() {
    for (replies, known) in [
        (vec![Reply::Hang], false),
        (vec![accepted(), Reply::Hang], true),
        (vec![reply(500, ""), resource("Deleting"), Reply::Hang], true),
    ] {
        let count = replies.len();
        let server = Server::start(replies).await;
        let (clock, cancel) = (FakeClock::new(), CancellationToken::new());
        let client = server.client(&clock);
        let call = tokio::spawn({
            let cx = Context::new(cancel.clone());
            async move { super::super::delete(&client, delete(), &cx).await }
        });
        while server.received().len() < count {
            server.arrived().await;
        }
        cancel.cancel();
        if count == 1 {
            clock.watched().await;
            clock.advance(Duration::from_secs(1));
        }
        let Unfinished { error, accepted } = call.await.unwrap().unwrap_err();
        assert!(error.is_cancelled());
        assert_eq!((accepted, accepted || error.outcome_unknown()), (known, true));
    }
}

#[tokio::test]
async fn what_has_ended_does_not_go_on_when_the_pause_after_it_is_interrupted() {
    let server = Server::start([accepted(), failed_with("RetryableError")]).await;
    let (clock, cancel) = (FakeClock::stopped(), CancellationToken::new());
    let (client, cx) = (server.client(&clock), Context::new(cancel.clone()));
    let interrupt = async {
        clock.asleep().await;
        cancel.cancel();
    };
    let request = delete().retry_codes(BUSY);
    let (deleted, ()) = tokio::join!(super::super::delete(&client, request, &cx), interrupt);
    let Unfinished { error, accepted } = deleted.unwrap_err();
    assert!(error.is_cancelled() && !error.outcome_unknown() && !accepted);
}

#[tokio::test]
async fn a_look_that_succeeds_forgets_one_that_did_not() {
    let mut replies = vec![accepted(), absent()];
    replies.extend(vec![status("InProgress"); 99]);
    let server = Server::start(replies).await;
    let clock = FakeClock::new();
    let cx = Context::default().with_deadline(clock.now() + Duration::from_secs(60));
    let error = run(&server.client(&clock), put(), &cx).await.unwrap_err();
    assert!(error.is_deadline() && error.service().is_none(), "{error}");
}
