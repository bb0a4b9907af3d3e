//! Running a provider's code such that nothing it does takes an answer away: a panic, a failure by `?`, a dropped
//! request.

use std::future::Future;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::panic;

/// Runs code in a task of its own, so that it goes on when the CLI has dropped the request, and answers what became
/// of it. What it saved and said on the way is in its context in any case.
pub(super) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
) -> Result<T, Diagnostics> {
    let span = tracing::Span::current();
    match tokio::spawn(tracing::Instrument::instrument(panic::caught(work), span)).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(panic::diagnostic(&panic).into()),
        Err(lost) => Err(panic::diagnostic(&lost).into()),
    }
}

/// Runs code within the request: it ends with it.
pub(super) async fn attached<T>(
    work: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    match panic::caught(work).await {
        Ok(result) => result,
        Err(panic) => Err(panic::diagnostic(&panic).into()),
    }
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
