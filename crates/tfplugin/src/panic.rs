//! What becomes of a panic in a provider: a diagnostic for the one request, a line in the log, and
//! nothing on standard error that a CLI takes for the crash of the process, which lives on.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, PanicHookInfo};

use futures::FutureExt as _;
use jiff::Timestamp;
use serde_json::Value;
use tracing::Level;

use crate::diagnostic::Diagnostic;
use crate::log;
use crate::log::line::Line;

thread_local! {
    /// Where this thread last panicked.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at {place})")]
pub(crate) struct Panic {
    message: String,
    place: String,
}

/// What the user reads of a panic, and of whatever else only a mistake in the provider can lead to.
pub(crate) fn diagnostic(what: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        "Provider Bug",
        format!(
            "The provider failed in a way that it should not. This is always a bug in the provider; please report it \
             to its developers.\n\n{what}"
        ),
    )
}

/// Has every panic of the process logged as an error, in place of the usual text.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = place(info);
        let message = format!("The provider panicked: {}", message(info.payload()));
        // Past `tracing`, which may be what panicked.
        let mut line = Line::new(Level::ERROR, "provider", &message, Timestamp::now());
        line.field("place", &Value::from(place.as_str()));
        let thread = std::thread::current();
        line.field("thread", &thread.name().into());
        PLACE.set(Some(place));
        log::write(&line.finish());
    }));
}

/// Runs `work` to its end, be that a panic.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Panic> {
    // What `work` leaves half done is its own: nothing of it is used after a panic.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.map_err(|payload| Panic {
        message: message(payload.as_ref()),
        // The panic was in this very poll, and so on this thread.
        place: PLACE.take().unwrap_or_else(|| "unknown place".to_owned()),
    })
}

fn place(info: &PanicHookInfo<'_>) -> String {
    match info.location() {
        Some(place) => place.to_string(),
        None => "unknown place".to_owned(),
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_caught_with_its_message() {
        assert_eq!(caught(async { 7 }).await, Ok(7));
        let number = 7;
        let panic = caught(async move {
            if number == 7 {
                panic!("the number is {number}");
            }
        });
        let panic = panic.await.map_err(|panic| panic.message);
        assert_eq!(panic, Err("the number is 7".to_owned()));
    }
}
