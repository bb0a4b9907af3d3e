//! Resource providers of a subscription: whether it may use them, and what they offer there.
//!
//! A registration is no long-running operation: it is asked for, and then looked at until it is there. Right after it is
//! there, a replica of Resource Manager that does not know yet may still answer, so that one look proves little.
//! [`registered`] therefore wants to see it several times in a row, a second or two apart: enough for another replica to be
//! asked, and nothing against the time that a registration takes. What still meets a replica that lags is repeated by
//! [`crate::ClientBuilder::register_on_demand`], where that is wanted.

use std::time::Duration;

use http::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tracing::info;

use crate::client::Client;
use crate::context::Context;
use crate::document;
use crate::error::{Error, Progress};
use crate::id::ResourceId;
use crate::request::Request;

/// The API version of every request here.
pub const API_VERSION: &str = "2024-07-01";

/// So many looks in a row have to show a registration.
const LOOKS: usize = 3;
/// The pause after the first look that shows a registration, and after the first that does not; both double.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(10);

/// A resource provider in a subscription.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceProvider {
    /// The namespace, as Resource Manager spells it; empty where it is no text.
    #[serde(default, deserialize_with = "lenient")]
    pub namespace: String,
    /// `Registered`, `Registering`, `NotRegistered`, `Unregistering` or `Unregistered`; empty where it is no text.
    #[serde(default, deserialize_with = "lenient")]
    pub registration_state: String,
    /// What it offers, as far as it can be read.
    #[serde(default, deserialize_with = "readable")]
    pub resource_types: Vec<ResourceType>,
}

/// A type of resources that a provider offers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceType {
    /// Its name below the namespace.
    pub resource_type: String,
    /// Display names of the regions that have it.
    #[serde(default, deserialize_with = "lenient")]
    pub locations: Vec<String>,
    /// The API versions that it is served in, newest first.
    #[serde(default, deserialize_with = "lenient")]
    pub api_versions: Vec<String>,
}

/// A member of another shape is as good as none.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    serde_json::Value::deserialize(deserializer).map(|json| serde_json::from_value(json).unwrap_or_default())
}

/// Those elements of a list that can be read.
fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list: Vec<serde_json::Value> = lenient(deserializer)?;
    Ok(list.into_iter().filter_map(|json| serde_json::from_value(json).ok()).collect())
}

impl ResourceProvider {
    /// What a document says of it, as far as it can be read.
    pub fn of(document: &serde_json::Value) -> Self {
        Self::deserialize(document).unwrap_or_default()
    }

    /// Whether the subscription may use it.
    pub fn is_registered(&self) -> bool {
        self.registration_state.eq_ignore_ascii_case("Registered")
    }

    /// Whether a registration is on its way.
    pub fn is_registering(&self) -> bool {
        self.registration_state.eq_ignore_ascii_case("Registering")
    }

    /// Whether the end of a registration is on its way.
    pub fn is_unregistering(&self) -> bool {
        self.registration_state.eq_ignore_ascii_case("Unregistering")
    }

    /// Whether it is known that the subscription may not use it, and that nothing is on its way to change that.
    pub fn is_unregistered(&self) -> bool {
        ["NotRegistered", "Unregistered"]
            .iter()
            .any(|state| self.registration_state.eq_ignore_ascii_case(state))
    }
}

/// Reads a provider; nothing comes back for a namespace that the cloud does not have.
pub async fn find(client: &Client, id: &ResourceId, cx: &Context) -> Result<Option<ResourceProvider>, Error> {
    match client.deliver(Request::get(id, API_VERSION), cx).await {
        Ok(response) => response.document(id.as_str()).map(Some),
        Err(error) if error.is_absent() || is_no_namespace(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether Resource Manager knows no such namespace: of a provider, unlike of a resource, this is the word that there is none.
fn is_no_namespace(error: &Error) -> bool {
    error.is_404() && error.code().is_some_and(|code| code.eq_ignore_ascii_case("InvalidResourceNamespace"))
}

/// Reads several providers at once, in the order in which they are asked for.
pub async fn find_all(
    client: &Client,
    ids: &[ResourceId],
    cx: &Context,
) -> Result<Vec<Option<ResourceProvider>>, Error> {
    futures::future::try_join_all(ids.iter().map(|id| find(client, id, cx))).await
}

/// Asks for a registration. It harms nothing to ask again.
pub async fn register(client: &Client, id: &ResourceId, cx: &Context) -> Result<(), Error> {
    ask(client, id, "register", cx).await
}

/// Asks for the end of a registration. It harms nothing to ask again.
pub async fn unregister(client: &Client, id: &ResourceId, cx: &Context) -> Result<(), Error> {
    ask(client, id, "unregister", cx).await
}

async fn ask(client: &Client, id: &ResourceId, what: &str, cx: &Context) -> Result<(), Error> {
    let request = Request::new(Method::POST, format!("{id}/{what}"), API_VERSION).repeatable();
    document::refuse_page(&client.deliver(request, cx).await?)
}

/// Registers those of these providers that are not registered, all at once, and waits until that holds. Namespaces that
/// the cloud does not have are left out.
pub async fn register_missing(client: &Client, ids: &[ResourceId], cx: &Context) -> Result<(), Error> {
    let found = find_all(client, ids, cx).await?;
    let missing = |found: &Option<ResourceProvider>| found.as_ref().is_some_and(|one| !one.is_registered());
    let missing = ids.iter().zip(&found).filter(|(_, found)| missing(found)).map(|(id, _)| async move {
        info!(namespace = id.name(), subscription = id.subscription_id(), "registering a resource provider");
        register(client, id, cx).await?;
        registered(client, id, cx).await
    });
    futures::future::try_join_all(missing).await.map(drop)
}

/// Waits until a registration that was asked for holds, and gives the provider back.
pub async fn registered(client: &Client, id: &ResourceId, cx: &Context) -> Result<ResourceProvider, Error> {
    seen(client, id, ResourceProvider::is_registered, cx).await
}

/// Waits until the end of a registration that was asked for holds, and gives the provider back.
pub async fn unregistered(client: &Client, id: &ResourceId, cx: &Context) -> Result<ResourceProvider, Error> {
    seen(client, id, ResourceProvider::is_unregistered, cx).await
}

/// Waits until the provider is seen several times in a row either registered or not, and gives it back.
pub async fn settled(client: &Client, id: &ResourceId, cx: &Context) -> Result<ResourceProvider, Error> {
    seen(client, id, |provider| provider.is_registered() || provider.is_unregistered(), cx).await
}

/// Looks until it is seen several times in a row.
async fn seen(
    client: &Client,
    id: &ResourceId,
    wanted: fn(&ResourceProvider) -> bool,
    cx: &Context,
) -> Result<ResourceProvider, Error> {
    let (mut times, mut hit, mut miss, mut pages) = (0, FIRST, FIRST, 0);
    loop {
        let request = Request::get(id, API_VERSION).persistent();
        let describe = request.describe();
        let looked = client.deliver(request, cx).await.and_then(|response| {
            let provider: ResourceProvider = response.document(id.as_str())?;
            Ok((response, provider))
        });
        let (response, provider) = match looked {
            // A page of something on the way passes.
            Err(error) if error.says_nothing() && pages < LOOKS => {
                pages += 1;
                client.pause(&describe, FIRST, false, cx, &Some(error)).await?;
                continue;
            }
            looked => looked?,
        };
        pages = 0;
        let pause = if wanted(&provider) {
            times += 1;
            if times == LOOKS {
                return Ok(provider);
            }
            &mut hit
        } else {
            (times, hit) = (0, FIRST);
            &mut miss
        };
        let wait = *pause;
        *pause = (wait * 2).min(LONGEST);
        let paused = client.pause(&describe, wait, false, cx, &None).await;
        paused.map_err(|error| match error {
            Error::DeadlinePassed { request, retry_after, last, .. } => Error::DeadlinePassed {
                request,
                under_way: true,
                retry_after,
                progress: Some(Progress::told(&response, Some(provider.registration_state.clone()))),
                last,
            },
            Error::Cancelled { request, last, .. } => Error::Cancelled { request, under_way: true, last },
            other => other,
        })?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakeClock, Reply, Server, reply};

    fn id() -> ResourceId {
        ResourceId::provider("s", "Microsoft.Search").unwrap()
    }

    fn state(state: &str) -> Reply {
        reply(200, &format!(r#"{{"namespace":"Microsoft.Search","registrationState":"{state}"}}"#))
    }

    #[tokio::test]
    async fn a_registration_has_to_hold() {
        let states = ["Registering", "Registered", "Registering", "Registered", "registered", "Registered"];
        let server = Server::start(states.map(state)).await;
        let clock = FakeClock::new();
        let provider = registered(&server.client(&clock), &id(), &Context::default()).await.unwrap();
        assert!(provider.is_registered());
        assert_eq!(server.received().len(), 6);
        assert_eq!(clock.slept(), [1000, 1000, 2000, 1000, 2000]);
    }

    #[tokio::test]
    async fn a_page_in_between_is_no_word_on_a_registration() {
        let page = || reply(200, "<html>Please sign in</html>");
        let replies = [page(), state("Registered"), page(), state("Registered"), state("Registered")];
        let server = Server::start(replies).await;
        let seen = registered(&server.client(&FakeClock::new()), &id(), &Context::default()).await;
        assert!(seen.unwrap().is_registered());
        let server = Server::start(vec![page(); 9]).await;
        let seen = registered(&server.client(&FakeClock::new()), &id(), &Context::default()).await;
        assert!(seen.unwrap_err().says_nothing());
        let server = Server::start([page()]).await;
        let asked = register(&server.client(&FakeClock::new()), &id(), &Context::default()).await;
        assert!(asked.unwrap_err().says_nothing());
    }

    #[test]
    fn what_cannot_be_read_of_a_provider_leaves_the_rest() {
        let document = serde_json::json!({
            "namespace": "Microsoft.Search",
            "registrationState": 1,
            "resourceTypes": [
                {"resourceType": "a", "apiVersions": ["2024-01-01"], "locations": null},
                {"resourceType": 7},
                {"resourceType": "b", "apiVersions": null},
            ],
        });
        let provider = ResourceProvider::of(&document);
        assert_eq!((&*provider.namespace, &*provider.registration_state), ("Microsoft.Search", ""));
        let types = provider.resource_types.iter().map(|one| (&*one.resource_type, one.api_versions.len()));
        assert_eq!(types.collect::<Vec<_>>(), [("a", 1), ("b", 0)]);
    }

    #[tokio::test]
    async fn a_namespace_that_the_cloud_does_not_have_is_none() {
        let error = r#"{"error":{"code":"InvalidResourceNamespace","message":"No."}}"#;
        let server = Server::start([reply(404, error)]).await;
        let found = find(&server.client(&FakeClock::new()), &id(), &Context::default()).await;
        assert_eq!(found.unwrap(), None);
    }
}
