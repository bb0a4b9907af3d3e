//! Azure Resource Manager for Rust.
//!
//! A [`Client`] sends [`Request`]s to one [`Cloud`] with the tokens of one [`credential`]; what is named by a
//! [`ResourceId`] is read, created, changed and deleted; what takes long is followed by [`operation`]. Every call takes a
//! [`Context`] with its deadline and cancellation, and fails with the one [`Error`].
//!
//! Nothing here knows of Terraform. Time, chance, the network and credentials are handed in.

pub mod clock;
pub mod cloud;
pub mod credential;
pub mod error;
pub mod id;
pub mod location;
pub mod machine_learning;
pub mod operation;
pub mod resources;

mod client;
mod context;
mod mask;
mod request;
mod retry;
mod throttle;
mod transport;

#[cfg(test)]
mod testing;

pub use client::{Client, ClientBuilder};
pub use cloud::Cloud;
pub use context::Context;
pub use credential::{Secret, TokenCredential};
pub use error::{Error, ErrorDetail, NetworkError, NetworkKind, ServiceError};
pub use id::{IdError, NameError, ResourceId};
pub use location::Location;
pub use request::{Request, Response};
pub use transport::Transport;
