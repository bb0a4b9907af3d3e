//! Running a provider's code such that nothing it does takes an answer away: a panic, a failure by `?`, a dropped
//! request.

use std::future::Future;

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::panic;

/// Runs code in a task of its own, so that it goes on when the CLI has dropped the request, and answers what became
/// of it. What it saved and said on the way is in its context in any case.
pub(super) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
) -> Result<T, Diagnostics> {
    let span = tracing::Span::current();
    match tokio::spawn(tracing::Instrument::instrument(panic::caught(work), span)).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(panicked(&panic.to_string())),
        Err(lost) => Err(panicked(&lost.to_string())),
    }
}

/// Runs code within the request: it ends with it.
pub(super) async fn attached<T>(
    work: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    match panic::caught(work).await {
        Ok(result) => result,
        Err(panic) => Err(panicked(&panic.to_string())),
    }
}

/// What the user reads of a panic.
fn panicked(what: &str) -> Diagnostics {
    Diagnostic::error(
        "Provider Bug",
        format!(
            "The provider failed in a way that it should not. This is always a bug in the provider; please report it \
             to its developers.\n\n{what}"
        ),
    )
    .into()
}

/// The result of some work and all that was said on the way, first the context's.
pub(super) fn finish<T>(cx: &Context, result: Result<T, Diagnostics>) -> (Option<T>, Diagnostics) {
    let mut diagnostics = std::mem::take(&mut cx.cell().diagnostics);
    match result {
        Ok(value) => (Some(value), diagnostics),
        Err(errors) => {
            diagnostics.extend(errors);
            if !diagnostics.has_errors() {
                // An Err is a failure, whatever it says.
                diagnostics
                    .error("Operation Failed", "The operation failed, and the provider does not say why.");
            }
            (None, diagnostics)
        }
    }
}
