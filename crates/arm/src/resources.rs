//! Resource groups, as far as a resource needs to know of the one it lies in.

use serde::Deserialize;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;

/// The API version of every request here.
pub const API_VERSION: &str = "2024-07-01";

/// A resource group.
#[derive(Debug, Clone, Deserialize)]
pub struct ResourceGroup {
    /// The group's name, in the casing it was made with.
    pub name: String,
    /// The region that holds the group's own data.
    pub location: String,
}

/// Reads a group that may not exist.
pub async fn find_group(
    client: &Client,
    id: &ResourceId,
    cx: &Context,
) -> Result<Option<ResourceGroup>, Error> {
    client.find(id, API_VERSION, cx).await
}
