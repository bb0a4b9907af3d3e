//! Turns what `tracing` is told into log lines.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::filter::Filter;
use super::line::Line;

/// The layer: a filter, and what to do with a line.
pub(crate) struct Hclog<W> {
    filter: Filter,
    write: W,
}

impl<W> Hclog<W> {
    pub(crate) fn new(filter: Filter, write: W) -> Self {
        Self { filter, write }
    }
}

impl<S, W> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&[u8]) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _ctx: Context<'_, S>) -> bool {
        self.filter.enabled(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.filter.max())
    }

    fn on_new_span(&self, attrs: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        attrs.record(&mut fields);
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut own = Fields::default();
        event.record(&mut own);
        let metadata = event.metadata();
        let module = module(metadata.target());
        let mut line = Line::new(*metadata.level(), module, &own.message, Timestamp::now());
        for span in ctx.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                own.add_missing(outer);
            }
        }
        for (name, value) in &own.values {
            line.field(name, value);
        }
        (self.write)(&line.finish());
    }
}

/// The names that providers go by in logs: the protocol's server, and the provider itself.
fn module(target: &str) -> &'static str {
    if target.split("::").next() == Some(env!("CARGO_CRATE_NAME")) { "sdk.proto" } else { "provider" }
}

/// The fields of one event or span.
#[derive(Debug, Default)]
struct Fields {
    message: String,
    values: Vec<(&'static str, Value)>,
}

impl Fields {
    fn set(&mut self, field: &Field, value: Value) {
        let name = field.name();
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.values.push((name, value)),
        }
    }

    /// Takes over what only the surrounding span says.
    fn add_missing(&mut self, outer: &Self) {
        for (name, value) in &outer.values {
            if !self.values.iter().any(|(known, _)| known == name) {
                self.values.push((name, value.clone()));
            }
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = value.to_owned();
        } else {
            self.set(field, value.into());
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        self.record_str(field, &text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// What is logged while `work` runs, without the times.
    fn logged(level: &str, work: impl FnOnce()) -> Vec<Value> {
        let filter = Filter::from_env("x", &[], |_| Some(level.to_owned()));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        let write = move |line: &[u8]| {
            let mut value: Value = serde_json::from_slice(line).unwrap_or_default();
            let time = value.as_object_mut().and_then(|v| v.remove("@timestamp"));
            assert_eq!(time.and_then(|t| t.as_str().map(str::len)), Some(27));
            sink.lock().map(|mut lines| lines.push(value)).ok();
        };
        let subscriber = tracing_subscriber::registry().with(Hclog::new(filter, write));
        tracing::subscriber::with_default(subscriber, work);
        lines.lock().map(|lines| lines.clone()).unwrap_or_default()
    }

    #[test]
    fn an_event_carries_the_fields_of_its_spans_once() {
        let lines = logged("DEBUG", || {
            let span = tracing::error_span!(
                "request",
                tf_rpc = "ReadResource",
                id = 1u64,
                late = tracing::field::Empty
            );
            let _entered = span.enter();
            span.record("late", true);
            tracing::debug!(id = 2, ratio = 0.5, kind = ?Some(1), "Serving {}", "it");
        });
        assert_eq!(
            lines,
            [json!({
                "@level": "debug", "@message": "Serving it", "@module": "sdk.proto",
                "id": 2, "ratio": 0.5, "kind": "Some(1)", "tf_rpc": "ReadResource", "late": true,
            })]
        );
    }

    #[test]
    fn a_provider_is_told_from_the_server() {
        let lines = logged("WARN", || {
            tracing::warn!(target: "arm::client", "Slow");
            tracing::info!("Not heard");
        });
        assert_eq!(lines, [json!({"@level": "warn", "@message": "Slow", "@module": "provider"})]);
    }

    #[test]
    fn an_error_is_logged_with_its_sources() {
        let source = std::io::Error::other("the source");
        let error = std::io::Error::other(source);
        let lines = logged("ERROR", || {
            tracing::error!(error = &error as &dyn std::error::Error, "Failed");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["error"], "the source");
    }
}
