//! Private endpoints, their zone groups and their network interfaces.

use serde_json::Value;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::operation;
use crate::request::Request;

/// The API version of every request here.
pub const API_VERSION: &str = "2024-01-01";

/// What the zone groups of an endpoint are within it.
pub const ZONE_GROUPS: &str = "privateDnsZoneGroups";

/// The type of resources that have no groups: whoever connects to one names none.
pub const PRIVATE_LINK_SERVICE: &str = "Microsoft.Network/privateLinkServices";

/// Codes by which a private endpoint, or a connection at its target, is refused or ended because something else is being changed:
/// [`operation::BUSY`], and what storage accounts say.
pub const BUSY: &[&str] = &operation::busy_or("StorageAccountOperationInProgress");

/// So many answers that say nothing are asked again, after a pause.
const PAGES: u32 = 3;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The zone groups of an endpoint, of which there is one at most.
pub async fn zone_groups(client: &Client, endpoint: &ResourceId, cx: &Context) -> Result<Vec<Value>, Error> {
    let request = Request::new(http::Method::GET, format!("{endpoint}/{ZONE_GROUPS}"), API_VERSION);
    for _ in 0..PAGES {
        match client.list_documents(request.clone(), cx).await {
            // A page of something on the way passes, and an endpoint that was just made is not to be lost for it.
            Err(error) if error.says_nothing() => {
                client.pause(&request.describe(), PAUSE, false, cx, &Some(error)).await?;
            }
            read => return read,
        }
    }
    client.list_documents(request, cx).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_busy_whenever_anything_is() {
        assert!(crate::operation::BUSY.iter().all(|code| BUSY.contains(code)));
    }
}
