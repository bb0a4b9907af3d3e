//! Terraform plugin protocol 6 for Rust.

mod go_plugin;
mod log;
mod panic;
pub mod proto;
pub mod serve;
mod stop;

pub use stop::Stop;
