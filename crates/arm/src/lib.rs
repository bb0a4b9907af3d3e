//! Azure Resource Manager for Rust.
