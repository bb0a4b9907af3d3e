//! The tools' side of plugin protocol 6, for tests that need thousands of runs: it starts the built provider as the tools do,
//! speaks gRPC over mutual TLS with it, and does with one resource what they do.
//!
//! Its code is its own, from the protocol's definition alone. Values are JSON, and unknown ones are [`unknown`].

mod client;
mod connection;
mod life;
mod process;
mod rules;
mod schema;
mod value;

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

pub use client::{Plugin, Program};
pub use life::{Action, Held, Life, Planned};
pub use value::unknown;

/// The messages of the protocol, more of them than are used here.
#[allow(missing_docs, dead_code, unreachable_pub, clippy::all)]
mod proto {
    tonic::include_proto!("tfplugin6");
}

/// How bad something is that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// A warning of the provider.
    Warning,
    /// An error of the provider.
    Error,
    /// The provider broke a rule of the tools; they would report a bug in it.
    Breach,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How bad it is.
    pub severity: Severity,
    /// The headline.
    pub summary: String,
    /// The text under it.
    pub detail: String,
    /// The attribute that it is about, as `a.b[0]`; empty for the whole.
    pub path: String,
}

impl Said {
    fn breach(detail: String) -> Self {
        let summary = "Provider broke a rule".to_owned();
        Self { severity: Severity::Breach, summary, detail, path: String::new() }
    }

    /// Whether it ends what was being done.
    pub fn is_error(&self) -> bool {
        self.severity != Severity::Warning
    }
}

/// Whether anything that was said ends what was being done.
pub fn failed(said: &[Said]) -> bool {
    said.iter().any(Said::is_error)
}

/// The one runtime of all connections.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
    })
}
