//! Following URLs that answers give: whose they may be, and the pages of a list.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Client;
use crate::context::Context;
use crate::error::Error;
use crate::request::Request;

/// No list of Azure's is longer; a service that goes on for ever with new links is not followed for ever.
const PAGES: usize = 10_000;

/// A part of a list, and where the next one is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    value: Option<Vec<T>>,
    #[serde(alias = "NextLink", alias = "@odata.nextLink")]
    next_link: Option<String>,
}

impl Client {
    /// Reads a list to its end: the items of all pages, in the order in which they come.
    ///
    /// A link to another host is refused like every other URL of an answer, and so is one that leads in a circle.
    pub async fn list<T: DeserializeOwned>(&self, request: Request, cx: &Context) -> Result<Vec<T>, Error> {
        let describe = request.describe();
        let (mut request, mut items, mut followed) = (request, Vec::new(), HashSet::new());
        loop {
            let following = request.next_page();
            let response = self.send(request, cx).await?;
            let page: Page<T> = response.json()?;
            items.extend(page.value.unwrap_or_default());
            let Some(link) = page.next_link.filter(|link| !link.trim().is_empty()) else { return Ok(items) };
            let url = self.own_url(&describe, link.trim())?;
            if followed.len() >= PAGES || !followed.insert(url.clone()) {
                let problem = "its list does not end: the link to the next page leads back".to_owned();
                return Err(Error::Answer { request: describe, problem, request_id: response.request_id() });
            }
            request = following(url);
        }
    }

    /// A URL from an answer, if it stays with this Resource Manager.
    pub(crate) fn own_url(&self, request: &str, text: &str) -> Result<Url, Error> {
        let own = self.shared.cloud.resource_manager();
        let unreadable =
            |problem: String| Error::Answer { request: request.to_owned(), problem, request_id: None };
        let url =
            own.join(text).map_err(|error| unreadable(format!("the URL to follow is none: {error}")))?;
        let host = url.host_str().unwrap_or_default();
        let ours = own.host_str().unwrap_or_default();
        // Regional front doors are names under the cloud's own.
        let same_host = host.eq_ignore_ascii_case(ours) || host.to_lowercase().ends_with(&format!(".{ours}"));
        let same_place =
            url.scheme() == own.scheme() && url.port_or_known_default() == own.port_or_known_default();
        if same_host && same_place && url.username().is_empty() {
            Ok(url)
        } else {
            Err(Error::ForeignUrl { request: request.to_owned(), host: host.to_owned() })
        }
    }
}
