//! The life of a resource that is one document under one ID: create, read, update, delete, import, and its part of a plan.
//!
//! Each operation is a list of steps that a resource runs whole, or with steps of its own in between. What becomes of
//! lost answers, interrupts and deadlines is decided here, once for all resources.

mod create;
mod delete;
mod import;
mod managed;
mod plan;
mod read;
mod update;

pub(crate) use create::Creation;
pub(crate) use delete::{delete, not_deleted};
pub(crate) use import::import;
pub(crate) use managed::{Managed, ManagedResource};
pub(crate) use plan::plan;
pub(crate) use read::read;
pub(crate) use update::update;
