//! Private links of Resource Manager itself, and their associations with a management group.

/// The API version of every request here.
pub const API_VERSION: &str = "2020-05-01";
