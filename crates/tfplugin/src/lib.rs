//! Terraform plugin protocol 6 for Rust.

pub mod codec;
mod go_plugin;
mod log;
pub mod number;
mod panic;
pub mod path;
pub mod proto;
pub mod serve;
mod stop;
pub mod ty;
pub mod value;

pub use number::Number;
pub use path::{Path, Step};
pub use stop::Stop;
pub use ty::Type;
pub use value::Value;
