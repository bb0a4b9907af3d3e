//! The provider binary.

mod check;
mod diagnostics;
mod document;
mod session;
mod settings;
mod tags;
mod view;
mod workspace;

fn main() {}
