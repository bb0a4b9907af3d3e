//! The harness of the acceptance tests: real `tofu` and `terraform`, the built provider, Azure in a box.
//!
//! It knows the built binaries and the public formats only (HCL, the JSON of the command-line tools, the emulator's
//! control interface) and none of the provider's types, so that a mistake in the provider cannot cancel itself out.
//!
//! ```no_run
//! use acceptance_tests::{Emulator, Provider, Workdir, every_cli};
//!
//! every_cli(|cli| {
//!     let azure = Emulator::start();
//!     let dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
//!     dir.write("main.tf", r#"resource "azureml_workspace" "main" { /* ... */ }"#);
//!     dir.apply().succeeds();
//!     dir.plans_nothing();
//!     assert_eq!(azure.requests().writes().len(), 1);
//! });
//! ```
//!
//! The parts: [`Cli`] finds the command-line tools; [`Workdir`] is a configuration in a folder of its own; [`Output`]
//! and [`Plan`] are what came of a command; [`Running`] is one that can be interrupted; [`Emulator`] is Azure, with
//! faults, seeds and the log of requests; [`AzureCli`] is a stand-in for `az`; [`plugin`] is the tools' side of the
//! provider's protocol, for what takes more runs than the tools are quick enough for. When a [`Workdir`] goes, all that its
//! commands printed, logged, planned and kept is searched for the secrets of its Azure, and a [`Leak`] fails the scenario.
//! What is missing stops the run with one sentence that says what to do.

mod azure_cli;
mod binaries;
mod cli;
mod control;
mod emulator;
mod network;
mod output;
mod plan;
pub mod plugin;
mod process;
mod scene;
mod secrets;
mod workdir;

pub use azure_cli::AzureCli;
pub use binaries::{Provider, built_binary};
pub use cli::{Cli, Kind, every_cli};
pub use control::{Control, Fault, Injected, Request, Requests};
pub use emulator::{Dependents, Emulator};
pub use output::{Diagnostic, Output};
pub use plan::Plan;
pub use process::{Running, Signal};
pub use scene::Scene;
pub use secrets::{Leak, Secret};
pub use workdir::Workdir;
