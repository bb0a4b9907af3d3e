//! The provider binary.

mod check;
mod diagnostics;
mod document;
mod provider;
mod session;
mod settings;
mod tags;
mod view;
mod workspace;

fn main() {}
