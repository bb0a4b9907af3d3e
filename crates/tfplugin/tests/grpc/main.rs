//! A provider process driven over real gRPC, the way go-plugin's client in Terraform and OpenTofu
//! does it: started with the cookie, reached through its handshake line, spoken to over mutual TLS.
//! The provider is `examples/probe.rs`.

mod client;
mod process;
mod value;

mod connection;
mod faults;
mod lifecycle;
mod logging;
mod others;
mod resource;
