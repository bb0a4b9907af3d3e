//! HTTP/1.1 as the emulator speaks it: plain messages, and a server thin enough to send odd header names, cut a body
//! short or reset a connection on demand.

mod connection;
mod message;
mod server;
mod stream;

pub use message::{Headers, Request, Response};
pub use server::{Answer, Delivery, Handler, serve};
