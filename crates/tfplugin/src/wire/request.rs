//! What happens around every request: its log lines, its own task, and the catching of panics.

use std::future::Future;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinError};
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Response, Status};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::answer::Answer;
use crate::diagnostic::Diagnostic;
use crate::panic::{self, Panic};
use crate::proto::tfplugin6 as proto;

/// Version of the protocol that is served, for the log.
const PROTOCOL: &str = "6.11";

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    Provider,
    Resource(&'a str),
    DataSource(&'a str),
    Ephemeral(&'a str),
    List(&'a str),
    Action(&'a str),
    Function(&'a str),
}

/// One request under way.
#[derive(Debug)]
pub(crate) struct Call {
    workers: Handle,
    span: Span,
    began: Instant,
}

impl Call {
    /// Begins to serve a request. The fields are those by which providers' logs are searched.
    pub(crate) fn begin(workers: Handle, provider: &str, rpc: &'static str, about: About<'_>) -> Self {
        let span = tracing::error_span!(
            "request",
            tf_req_id = %Uuid::new_v4(),
            tf_rpc = rpc,
            tf_provider_addr = provider,
            tf_proto_version = PROTOCOL,
            tf_resource_type = Empty,
            tf_data_source_type = Empty,
            tf_ephemeral_resource_type = Empty,
            tf_list_resource_type = Empty,
            tf_action_type = Empty,
            tf_function_name = Empty,
        );
        match about {
            About::Provider => &span,
            About::Resource(name) => span.record("tf_resource_type", name),
            About::DataSource(name) => span.record("tf_data_source_type", name),
            About::Ephemeral(name) => span.record("tf_ephemeral_resource_type", name),
            About::List(name) => span.record("tf_list_resource_type", name),
            About::Action(name) => span.record("tf_action_type", name),
            About::Function(name) => span.record("tf_function_name", name),
        };
        span.in_scope(|| tracing::trace!("Received request"));
        Self { workers, span, began: Instant::now() }
    }

    /// The span that the request's log lines belong to.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Serves what may be dropped half-way: when the CLI is no longer interested, it ends.
    pub(crate) async fn serve<A: Answer>(
        self,
        work: impl Future<Output = Result<A, Diagnostic>> + Send + 'static,
    ) -> Result<Response<A>, Status> {
        let task = self.workers.spawn(panic::caught(work).instrument(self.span()));
        let _dropped = AbortOnDrop(task.abort_handle());
        let result = task.await;
        self.end(result)
    }

    /// Serves what changes something: it runs to its end, whether or not the CLI still waits for it.
    pub(crate) async fn serve_to_the_end<A: Answer>(
        self,
        work: impl Future<Output = Result<A, Diagnostic>> + Send + 'static,
    ) -> Result<Response<A>, Status> {
        let result = self.workers.spawn(panic::caught(work).instrument(self.span())).await;
        self.end(result)
    }

    /// Serves a stream whose events `work` sends. `listed`: the work ends with whoever reads it; else it
    /// changes something and runs to its end. A panic becomes the last event.
    pub(crate) fn stream<E, F>(
        self,
        listed: bool,
        work: impl FnOnce(Events<E>) -> F,
        failed: impl FnOnce(Diagnostic) -> E + Send + 'static,
    ) -> Response<BoxStream<E>>
    where
        E: Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(16);
        let work = panic::caught(work(Events(sender.clone())));
        let (workers, span) = (self.workers.clone(), self.span());
        let serving = async move {
            let result = tokio::select! {
                result = work => result,
                () = sender.closed(), if listed => Ok(()),
            };
            if let Err(panic) = result {
                let _ = sender.send(Ok(failed(panic::diagnostic(&panic)))).await;
            }
            self.log_end(&[]);
        };
        workers.spawn(serving.instrument(span));
        Response::new(Box::pin(ReceiverStream::new(receiver)))
    }

    fn end<A: Answer>(
        self,
        result: Result<Result<Result<A, Diagnostic>, Panic>, JoinError>,
    ) -> Result<Response<A>, Status> {
        let answer = match result {
            Ok(Ok(Ok(answer))) => answer,
            Ok(Ok(Err(error))) => A::failed(error),
            Ok(Err(panic)) => A::failed(panic::diagnostic(&panic)),
            Err(_) => return Err(Status::cancelled("the provider is ending")),
        };
        self.log_end(answer.diagnostics());
        Ok(Response::new(answer))
    }

    /// Logs what an answer says and how long it took.
    pub(crate) fn log_end(&self, diagnostics: &[proto::Diagnostic]) {
        let _entered = self.span.enter();
        let mut errors = 0;
        for diagnostic in diagnostics {
            let attribute = diagnostic.attribute.as_ref().map(attribute_text).unwrap_or_default();
            let (summary, detail) = (&*diagnostic.summary, &*diagnostic.detail);
            if diagnostic.severity() == proto::diagnostic::Severity::Error {
                errors += 1;
                tracing::error!(
                    diagnostic_severity = "ERROR",
                    diagnostic_summary = summary,
                    diagnostic_detail = detail,
                    diagnostic_attribute = attribute,
                    "Response contains error diagnostic"
                );
            } else {
                tracing::warn!(
                    diagnostic_severity = "WARNING",
                    diagnostic_summary = summary,
                    diagnostic_detail = detail,
                    diagnostic_attribute = attribute,
                    "Response contains warning diagnostic"
                );
            }
        }
        let took = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::trace!(
            tf_req_duration_ms = took,
            diagnostic_error_count = errors,
            diagnostic_warning_count = diagnostics.len() - errors,
            "Served request"
        );
    }
}

fn attribute_text(path: &proto::AttributePath) -> String {
    use proto::attribute_path::step::Selector;

    let mut text = String::new();
    for selector in path.steps.iter().filter_map(|step| step.selector.as_ref()) {
        match selector {
            Selector::AttributeName(name) if text.is_empty() => text.push_str(name),
            Selector::AttributeName(name) => text.push_str(&format!(".{name}")),
            Selector::ElementKeyString(key) => text.push_str(&format!("[{key:?}]")),
            Selector::ElementKeyInt(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Where the events of a stream go.
#[derive(Debug)]
pub(crate) struct Events<E>(mpsc::Sender<Result<E, Status>>);

impl<E> Events<E> {
    /// Sends an event, and says whether anyone reads on.
    pub(crate) async fn send(&self, event: E) -> bool {
        self.0.send(Ok(event)).await.is_ok()
    }
}

/// Ends a task with whoever waits for it.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
