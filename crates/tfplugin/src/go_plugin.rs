//! The process side of a plugin, as go-plugin's clients in Terraform and OpenTofu expect it: how the
//! CLI and this process find each other ([`handshake`]), how they prove who they are ([`tls`]), what
//! they speak over ([`listener`]), what is served beside the provider ([`services`]), and how the
//! process ends ([`lifecycle`]). [`reattach`] is the other way round: a process started by hand, for a
//! debugger, that CLIs are told to use. Nothing here knows of providers: [`crate::serve`] joins the two.

pub(crate) mod handshake;
pub(crate) mod lifecycle;
pub(crate) mod listener;
pub(crate) mod reattach;
pub(crate) mod services;
pub(crate) mod tls;
