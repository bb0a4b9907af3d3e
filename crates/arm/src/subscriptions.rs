//! Subscriptions, as an identity sees them.

use serde::Deserialize;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::request::Request;

/// The API version of every request here.
pub const API_VERSION: &str = "2022-12-01";

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// ID, a GUID.
    pub subscription_id: String,
    /// Name for people, which need not be the only one of its kind.
    #[serde(default)]
    pub display_name: String,
    /// ID of its tenant.
    #[serde(default)]
    pub tenant_id: String,
}

impl std::fmt::Display for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.display_name, self.subscription_id)
    }
}

/// Names with IDs, for a sentence; a long list is cut, as nobody reads it.
pub(crate) fn names(all: &[Subscription]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = all.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// The subscriptions that the client's identity sees in the tenant of its tokens.
pub async fn list(client: &Client, cx: &Context) -> Result<Vec<Subscription>, Error> {
    client.list(Request::new(http::Method::GET, "/subscriptions", API_VERSION), cx).await
}
