//! Private DNS zones and the links of virtual networks to them.

use serde::Deserialize;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::operation;
use crate::request::Request;

/// The API version of every request here: the first that knows resolution policies.
pub const API_VERSION: &str = "2024-06-01";

/// The location of all zones and links.
pub const LOCATION: &str = "global";

/// What links are within a zone.
pub const LINKS: &str = "virtualNetworkLinks";

/// The code with which a zone refuses to go while it has links, and for a while after the last one has gone.
pub const HAS_LINKS: &str = "CannotDeleteResource";

/// Codes by which zones and links refuse a change because something else is being changed:
/// [`operation::BUSY`], and what they say to a change that named no precondition.
pub const BUSY: &[&str] = &operation::busy_or("PreconditionFailed");

/// The names of a zone's links.
pub async fn link_names(client: &Client, zone: &ResourceId, cx: &Context) -> Result<Vec<String>, Error> {
    #[derive(Deserialize)]
    struct Link {
        name: String,
    }
    let path = format!("{zone}/{LINKS}");
    let links: Vec<Link> = client.list(Request::new(http::Method::GET, path, API_VERSION), cx).await?;
    Ok(links.into_iter().map(|link| link.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_busy_whenever_anything_is() {
        assert!(crate::operation::BUSY.iter().all(|code| BUSY.contains(code)));
    }
}
