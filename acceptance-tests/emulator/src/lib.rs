//! Azure in a box: Resource Manager and Entra ID in one process, for tests of Azure Machine Learning configurations.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use azureml_emulator::emulator::{Emulator, Options};
//! let azure = Emulator::start(&Options { strict: true, ..Options::default() }).await?;
//! for (name, value) in &azure.environment { /* hand them to a client */ }
//! # Ok(()) }
//! ```
//!
//! A request comes in over [`http`], signs in, and reaches [`front`], which checks what is the same for every provider and
//! hands it to a [`service`]. Services keep documents in the [`store`] and begin [`operation`]s. A second, plain port lets tests look inside, seed resources and
//! make things go wrong.

mod authorization;
pub mod azure;
pub mod certificates;
mod control;
mod core_versions;
pub mod dependents;
pub mod emulator;
pub mod entra;
pub mod environment;
pub mod error;
pub mod fault;
mod finish;
pub mod front;
pub mod governance;
pub mod groups;
pub mod http;
pub mod id;
pub mod location;
pub mod log;
pub mod machine;
pub mod machine_learning;
pub mod network;
pub mod operation;
mod private_dns;
pub mod providers;
mod seed;
pub mod service;
pub mod settings;
pub mod shape;
pub mod state_file;
pub mod store;
pub mod storm;
pub mod subscriptions;
pub mod throttle;
