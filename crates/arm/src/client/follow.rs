//! Following URLs that answers give: whose they may be, and the pages of a list.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::Client;
use crate::context::Context;
use crate::document;
use crate::error::Error;
use crate::mask;
use crate::request::{Request, Response};

/// No list of Azure's is longer; a service that goes on for ever with new links is not followed for ever.
const PAGES: usize = 10_000;

/// A part of a list, and where the next one is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    value: Vec<T>,
    #[serde(alias = "NextLink", alias = "@odata.nextLink")]
    next_link: Option<String>,
}

impl Client {
    /// Reads a list to its end: the items of all pages, in the order in which they come.
    ///
    /// A link to another host is refused like every other URL of an answer, and so is one that leads in a circle.
    pub async fn list<T: DeserializeOwned>(&self, request: Request, cx: &Context) -> Result<Vec<T>, Error> {
        self.list_of(request, |_| Ok(()), cx).await
    }

    /// Reads a list of resources to its end. Each has an `id`: what has none cannot be told from what is looked for.
    pub async fn list_documents(&self, request: Request, cx: &Context) -> Result<Vec<Value>, Error> {
        let has_id = |one: &Value| match one.get("id").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => Ok(()),
            _ => Err("an element of the list has no id"),
        };
        self.list_of(request, has_id, cx).await
    }

    async fn list_of<T: DeserializeOwned>(
        &self,
        request: Request,
        is_one: impl Fn(&T) -> Result<(), &'static str> + Send,
        cx: &Context,
    ) -> Result<Vec<T>, Error> {
        let describe = request.describe();
        let (mut request, mut items, mut followed) = (request, Vec::new(), HashSet::new());
        loop {
            let following = request.next_page();
            let response = self.send(request, cx).await?;
            let page: Page<T> = response.json()?;
            if let Some(problem) = page.value.iter().find_map(|one| is_one(one).err()) {
                return Err(response.unusable(problem));
            }
            items.extend(page.value);
            let Some(link) = page.next_link.filter(|link| !link.trim().is_empty()) else { return Ok(items) };
            let url = self.own_url(&describe, link.trim())?;
            if followed.len() >= PAGES || !followed.insert(url.clone()) {
                return Err(response.unusable("its list does not end: the link to the next page leads back"));
            }
            request = following(url);
        }
    }

    /// Answers the read of a resource that its service only lists, as if there were such a read.
    pub(super) async fn send_listed(&self, request: &Request, cx: &Context) -> Result<Response, Error> {
        let absent = || Error::absent(request.method.as_str(), request.target.path());
        let list = request.list().ok_or_else(absent)?;
        let describe = list.describe();
        let all = self.list_documents(list, cx).await?;
        let path = request.target.path();
        if let Some(found) = all.iter().find(|one| document::is_of(one, path)) {
            return Ok(Response::made(request, found));
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let has_name = |one: &&Value| {
            one.get("name").and_then(Value::as_str).is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        if let Some(other) = all.iter().find(has_name) {
            // Of one name and another ID: one of the two is wrong, so this is no word on an absence.
            let id = mask::words(other["id"].as_str().unwrap_or_default());
            let problem = format!("what has this name is of another resource, {id:?} (HTTP 200)");
            return Err(Error::Answer { request: describe, problem, request_id: None });
        }
        Err(absent())
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
