//! What answers the requests of a CLI: one host for each thing that a provider serves. It takes decoded requests and
//! gives answers that hold what the protocol asks for, whatever the provider's own code does.

mod action;
mod apply;
mod data_source;
mod ephemeral;
mod exit;
mod function;
mod list;
mod provider;
mod resource;
mod state;
mod work;

pub use action::ActionHost;
pub use data_source::{DataSourceHost, ReadDataResponse};
pub use ephemeral::{EphemeralHost, OpenResponse, RenewResponse};
pub use function::FunctionHost;
pub use list::{ListEvent, ListHost, ListRequest};
pub use provider::ProviderHost;
pub use resource::{
    ApplyRequest, GenerateResponse, IdentityResponse, ImportRequest, MoveRequest, PlanRequest, PlanResponse,
    ReadRequest, ResourceHost, StateResponse,
};

/// What the CLI says that it can do. One that says nothing can do nothing of this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// It takes answers that put something off until later.
    pub deferral: bool,
    /// It knows write-only attributes.
    pub write_only: bool,
}
