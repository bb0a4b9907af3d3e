//! Resource groups, and the list of what is in them.

use serde::Deserialize;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::request::Request;

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

/// A resource, as far as a list tells of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Listed {
    /// The resource's ID.
    pub id: String,
}

/// Reads a group that may not exist.
pub async fn find_group(
    client: &Client,
    id: &ResourceId,
    cx: &Context,
) -> Result<Option<ResourceGroup>, Error> {
    client.find(Request::get(id, API_VERSION), cx).await
}

/// Reads which resources a group holds.
pub async fn list(client: &Client, group: &ResourceId, cx: &Context) -> Result<Vec<Listed>, Error> {
    let path = format!("{group}/resources");
    client.list(Request::new(http::Method::GET, path, API_VERSION), cx).await
}
