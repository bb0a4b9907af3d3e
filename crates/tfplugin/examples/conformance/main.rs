//! A provider of two hundred generated resource types over a fake service, for the tests of the plan engine: whatever
//! a schema combines, no command-line tool may find fault with what the engine answers.
//!
//! `conformance describe` prints the configurations of the test, and what each of them should plan, as JSON.

mod configuration;
mod expression;
mod random;
mod resource;
mod service;
mod types;

use std::process::ExitCode;
use std::sync::Arc;

use tfplugin::{Cx, Diagnostics, Model, Provider, Server};

/// A provider that needs no configuration.
#[derive(Model)]
struct Config {}

struct Conformance;

impl Provider for Conformance {
    type Config = Config;

    async fn configure(self: Arc<Self>, _cx: Cx<Config>, _config: Config) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[allow(clippy::print_stdout)]
fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("describe") {
        println!("{}", configuration::describe());
        return ExitCode::SUCCESS;
    }
    let server = Server::new("registry.terraform.io/tests/conformance", "0.1.0", Conformance);
    types::all()
        .into_iter()
        .fold(server, |server, kind| server.dyn_resource(Arc::new(resource::Generated::new(kind))))
        .main(&["conformance"])
}
