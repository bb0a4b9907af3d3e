//! The RPCs of the protocol: each decodes what the CLI sent, calls the one thing that it is about, and
//! encodes what that answered. Rules that hold between the three are not here: the hosts of
//! [`crate::host`] keep them.

mod action;
mod answer;
mod data_source;
mod diagnostic;
mod ephemeral;
mod function;
mod list;
mod provider;
mod request;
mod resource;
mod schema;
mod service;
mod value;

pub(crate) use service::Service;
