//! Terraform plugin protocol 6 for Rust: write providers for Terraform and OpenTofu.
//!
//! A provider is a program that the CLIs start and ask. This crate is everything between the two: the process and its
//! handshake, the wire format, schemas, validation and plans. What remains to be written is what the provider is about.
//!
//! # A resource
//!
//! A struct's fields are the attributes: the doc comment is the description, the marks say how the attribute behaves.
//! [`macro@Model`] turns each mark into one call of [`schema::Decl`], where all of them are described.
//!
//! ```
//! use std::sync::Arc;
//! use tfplugin::schema::validators::length;
//! use tfplugin::{Attr, Cx, Diagnostics, Model, Resource};
//!
//! /// A note, kept somewhere.
//! #[derive(Debug, Clone, Default, Model)]
//! struct Note {
//!     /// The title. Changing it makes another note.
//!     #[attr(required, replaces, identity, validate(length(1, 64)))]
//!     title: Attr<String>,
//!     /// How urgent it is.
//!     #[attr(optional, default = "Normal", one_of("Low", "Normal", "High"))]
//!     urgency: Attr<String>,
//!     /// The ID, which never changes.
//!     #[attr(computed, keep)]
//!     id: Attr<String>,
//! }
//!
//! struct Notes;
//!
//! impl Resource for Notes {
//!     type Model = Note;
//!     const TYPE: &'static str = "notes_note";
//!
//!     async fn create(self: Arc<Self>, cx: Cx<Note>, mut plan: Note) -> Result<Note, Diagnostics> {
//!         plan.id = "1".into();
//!         // Whatever happens from here on, the note is not lost.
//!         cx.save(&plan);
//!         Ok(plan)
//!     }
//!
//!     async fn read(self: Arc<Self>, _: Cx<Note>, state: Note) -> Result<Option<Note>, Diagnostics> {
//!         Ok(Some(state)) // None: it is gone.
//!     }
//!
//!     async fn update(self: Arc<Self>, _: Cx<Note>, prior: Note, plan: Note) -> Result<Note, Diagnostics> {
//!         for change in prior.changes(&plan) {
//!             // What to send, and where to: `change.value()`, `change.field.api`.
//!             assert_eq!(change.path.to_string(), "urgency");
//!         }
//!         Ok(plan)
//!     }
//!
//!     async fn delete(self: Arc<Self>, _: Cx<Note>, _: Note) -> Result<(), Diagnostics> {
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # A provider
//!
//! ```no_run
//! # use std::{process::ExitCode, sync::Arc};
//! # use tfplugin::{Attr, Cx, Diagnostics, Model, Provider, Server};
//! /// Keeps notes.
//! #[derive(Debug, Clone, Default, Model)]
//! struct Config {
//!     /// The folder of the notes.
//!     #[attr(optional)]
//!     folder: Attr<String>,
//! }
//!
//! struct NotesProvider;
//!
//! impl Provider for NotesProvider {
//!     type Config = Config;
//!
//!     async fn configure(self: Arc<Self>, _: Cx<Config>, config: Config) -> Result<(), Diagnostics> {
//!         Ok(()) // Parts of `config` may be unknown while a plan is made.
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     Server::new("registry.terraform.io/example/notes", "0.1.0", NotesProvider)
//!         // .resource(Notes)
//!         .main(&[module_path!()])
//! }
//! ```
//!
//! Resources that need what the provider was configured with hold a handle to it, made in `main`. A test asserts that
//! [`Server::lint`] finds nothing. `examples/notes` is a complete provider with one of each kind.
//!
//! # What a resource need not care about
//!
//! - **Plans.** Defaults, unknown values, what replaces, what stays: all follows from the marks. A plan that depends on
//!   more than that is [`Resource::modify_plan`]'s.
//! - **Spelling.** What the service recases, leaves out or calls by another name of "not set" is no change: states say a
//!   thing as the configuration does, as long as `one_of`, `equal` and `unset` let it mean the same.
//! - **Write-only values.** They reach neither plan nor state; [`Context::config`] has them.
//! - **Failure.** What was [saved](Cx::save) is the state when an operation fails, panics or is interrupted.
//! - **Private state, identity and timeouts** are carried along; [`Resource::TIMEOUTS`] makes a `timeouts` block and sets
//!   the [deadline](Context::deadline).
//!
//! # Other things that a provider can have
//!
//! [`DataSource`], [`Function`], [`EphemeralResource`], [`ListResource`] and [`Action`]: one small trait each. Whoever has
//! schemas at run time only implements the traits without types, such as [`resource::DynResource`].
//!
//! # How it hangs together
//!
//! [`Server::main`] is the process. A request is decoded by its schema's [`Type`] ([`codec`]) and goes to the [`host`] of what it
//! is about, which validates, plans by [`schema::Field`] tables and untyped [`Value`]s ([`plan`]), calls the provider's
//! code, and makes the answer hold what the protocol asks for.

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
