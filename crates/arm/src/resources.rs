//! Resource groups, and the list of what is in them.

use std::time::Duration;

use serde::Deserialize;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::request::Request;

/// The API version of every request here.
pub const API_VERSION: &str = "2024-07-01";

/// The list of what a group holds lags behind the services. What is listed still is looked for again after these pauses.
const LAG: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

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

/// Looks whether anything with an ID is there, of whatever type, a subscription or a group among them. What is missing for the
/// look is not registered on the way.
pub async fn look(client: &Client, id: &ResourceId, api_version: &str, cx: &Context) -> Result<(), Error> {
    client.deliver(Request::get(id, api_version), cx).await.map(drop)
}

/// Reads which resources a group holds: again while there are some, for as long as the list may lag behind what was deleted.
pub async fn held(client: &Client, group: &ResourceId, cx: &Context) -> Result<Vec<Listed>, Error> {
    let request = Request::new(http::Method::GET, format!("{group}/resources"), API_VERSION);
    let describe = request.describe();
    for pause in LAG {
        let held: Vec<Listed> = client.list(request.clone(), cx).await?;
        if held.is_empty() {
            return Ok(held);
        }
        match client.pause(&describe, pause, false, cx, &None).await {
            Ok(()) => {}
            // There is no time for another look.
            Err(error) if error.is_deadline() => return Ok(held),
            Err(error) => return Err(error),
        }
    }
    client.list(request, cx).await
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::testing::{FakeClock, Reply, Server, reply};

    fn group() -> ResourceId {
        ResourceId::resource_group("s", "rg").unwrap()
    }

    fn listed(names: &[&str]) -> Reply {
        let names: Vec<String> = names.iter().map(|name| format!(r#"{{"id":"{name}"}}"#)).collect();
        reply(200, &format!(r#"{{"value":[{}]}}"#, names.join(",")))
    }

    async fn seen(replies: impl IntoIterator<Item = Reply>, cx: &Context) -> (Vec<String>, Vec<u128>) {
        let (server, clock) = (Server::start(replies).await, FakeClock::new());
        let held = held(&server.client(&clock), &group(), cx).await.unwrap();
        (held.into_iter().map(|one| one.id).collect(), clock.slept())
    }

    #[tokio::test]
    async fn what_goes_a_moment_later_is_not_held() {
        let cx = Context::default();
        assert_eq!(seen([listed(&[])], &cx).await, (vec![], vec![]));
        let (held, slept) = seen([listed(&["a", "b"]), listed(&["b"]), listed(&[])], &cx).await;
        assert_eq!((held.len(), slept.len()), (0, 2));
    }

    #[tokio::test]
    async fn what_stays_is_held() {
        let all = || listed(&["a"]);
        let (held, slept) = seen([all(), all(), all(), listed(&["a", "late"])], &Context::default()).await;
        assert_eq!((held, slept.len()), (vec!["a".to_owned(), "late".to_owned()], LAG.len()));
    }

    #[tokio::test]
    async fn without_time_for_another_look_the_first_counts() {
        let (server, clock) = (Server::start([listed(&["a"])]).await, FakeClock::stopped());
        let cx = Context::default().with_deadline(Instant::now() + LAG[0] / 2);
        let held = held(&server.client(&clock), &group(), &cx).await.unwrap();
        assert_eq!(held.len(), 1);
    }

    #[tokio::test]
    async fn a_pause_can_be_interrupted() {
        let (server, clock) = (Server::start([listed(&["a"])]).await, FakeClock::stopped());
        let (client, cx) = (server.client(&clock), Context::default());
        let cancel = async {
            clock.asleep().await;
            cx.cancel().cancel();
        };
        let group = group();
        let (held, ()) = tokio::join!(held(&client, &group, &cx), cancel);
        assert!(held.unwrap_err().is_cancelled());
    }
}
