//! Azure Resource Manager for Rust.
//!
//! A [`Client`] sends [`Request`]s to one [`Cloud`] with the tokens of one [`credential`]; what is named by a
//! [`ResourceId`] is read, created, changed and deleted; what takes long is followed by [`operation`]. Every call takes a
//! [`Context`] with its deadline and cancellation, and fails with the one [`Error`].
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//! use arm::{Client, Cloud, Context, Request, ResourceId, Transport, cloud::Named, credential::AzureCli, operation};
//!
//! # async fn example() -> Result<(), arm::Error> {
//! let (cloud, transport) = (Cloud::named(Named::Public)?, Transport::new("my-tool/1.0"));
//! let client = Client::builder(cloud, Arc::new(AzureCli::default()), transport).build();
//! let cx = Context::default().with_timeout(Duration::from_secs(600));
//! let id = ResourceId::workspace("00000000-0000-0000-0000-000000000000", "my-group", "my-workspace")?;
//! let request = Request::patch(&id, "2025-12-01", &serde_json::json!({"tags": {"owner": "me"}}))?;
//! let accepted = operation::start(&client, request, &cx).await?;
//! // From here on something changes, whatever becomes of this process.
//! let workspace = accepted.wait(&client, &cx).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here knows of Terraform. Time, chance, the network and credentials are handed in.

pub mod clock;
pub mod cloud;
pub mod credential;
pub mod error;
pub mod id;
pub mod location;
pub mod machine_learning;
pub mod network;
pub mod operation;
pub mod private_dns;
pub mod private_link;
pub mod providers;
pub mod resource_management;
pub mod resources;
pub mod subscriptions;

mod client;
mod context;
mod document;
mod joint;
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
pub use credential::{Secret, TokenCredential, TokenRequest};
pub use error::{
    CertificateFault, Error, ErrorDetail, MissingRegistration, NetworkError, NetworkKind, Progress,
    ProxyFault, ServiceError, VersionNotServed,
};
pub use id::{IdError, NameError, ResourceId};
pub use joint::{Arrival, Failures};
pub use location::Location;
pub use request::{Request, Response};
pub use transport::{Transport, TransportBuilder};
