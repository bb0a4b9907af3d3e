//! A provider that does what the tests over gRPC (`tests/grpc`) ask of it: one thing of each kind, and a
//! resource that fails in the way that its name says.

#[path = "probe/kinds.rs"]
mod kinds;
#[path = "probe/thing.rs"]
mod thing;

use std::process::ExitCode;
use std::sync::Arc;

use tfplugin::{Attr, Cx, Diagnostics, Model, Provider, Server};

/// The provider of the tests.
#[derive(Model)]
struct Config {
    /// How to greet.
    #[attr(optional)]
    greeting: Attr<String>,
}

struct Probe;

impl Provider for Probe {
    type Config = Config;

    async fn configure(self: Arc<Self>, _cx: Cx<Config>, config: Config) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::new();
        if config.greeting.as_str() == Some("rude") {
            problems.error_at("greeting", "Rude Greeting", "Choose a kinder one.");
        }
        problems.into_result().map(|_| ())
    }
}

fn main() -> ExitCode {
    Server::new("registry.terraform.io/example/probe", "1.2.3", Probe)
        .resource(thing::Things)
        .data_source(kinds::Echo)
        .ephemeral(kinds::Tokens)
        .list(kinds::ListThings)
        .action(kinds::Ring)
        .function(kinds::Join)
        .main(&["probe"])
}
