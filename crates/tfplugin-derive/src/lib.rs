//! `#[derive(Model)]` for tfplugin.
