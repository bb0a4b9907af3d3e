//! Terraform plugin protocol 6 for Rust.

// The derive writes paths that begin with `::tfplugin`, here as anywhere else.
#[allow(unused_extern_crates)]
extern crate self as tfplugin;

pub mod action;
pub mod codec;
pub mod context;
pub mod data_source;
pub mod diagnostic;
pub mod docs;
pub mod ephemeral;
pub mod function;
mod go_plugin;
pub mod host;
pub mod list;
mod log;
pub mod model;
pub mod number;
mod panic;
pub mod path;
pub mod plan;
pub mod private;
pub mod proto;
pub mod provider;
pub mod resource;
pub mod schema;
mod serve;
mod stop;
pub mod ty;
mod validate;
pub mod value;
mod wire;

pub use action::Action;
pub use context::{Context, Cx, Ended, View};
pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{EphemeralResource, Opened};
pub use function::Function;
pub use list::ListResource;
pub use model::{Attr, AttrType, Model, Set};
pub use number::Number;
pub use path::{Path, Step};
pub use plan::{Plan, PlanKind};
pub use private::Private;
pub use provider::{Provider, Server};
pub use resource::{ImportTarget, MoveSource, Resource};
pub use stop::Stop;
pub use tfplugin_derive::Model;
pub use ty::Type;
pub use value::Value;
