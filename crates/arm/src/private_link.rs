//! Private link as the resources see it that private endpoints lead to: the connections that arrive there.

use serde_json::Value;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::request::Request;

/// What connections are within the resource at which they arrive.
pub const CONNECTIONS: &str = "privateEndpointConnections";

/// All connections that arrive at a resource, in an API version of its type.
pub async fn connections(
    client: &Client,
    target: &ResourceId,
    api_version: &str,
    cx: &Context,
) -> Result<Vec<Value>, Error> {
    let path = format!("{target}/{CONNECTIONS}");
    client.list_documents(Request::new(http::Method::GET, path, api_version), cx).await
}
