//! Registering the namespace that an error names, once, and sending the refused request again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tracing::info;

use super::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::providers;
use crate::request::{Request, Response};

/// After a registration, the pauses before a request that a lagging replica refuses is sent again.
const AGAIN: [Duration; 4] =
    [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8), Duration::from_secs(16)];

/// What this client has registered: one cell for each namespace in each subscription, so that one registers and all others
/// wait for it. A cell tells whether there was anything to register.
#[derive(Debug, Default)]
pub(super) struct OnDemand(Mutex<HashMap<String, Arc<OnceCell<bool>>>>);

impl OnDemand {
    fn cell(&self, id: &ResourceId) -> Arc<OnceCell<bool>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry(id.as_str().to_lowercase()).or_default())
    }
}

impl Client {
    /// Sends a request, again where that is safe and useful, and gives back the answer of success.
    pub async fn send(&self, request: Request, cx: &Context) -> Result<Response, Error> {
        if request.listed && request.method.is_safe() {
            return Box::pin(self.send_listed(&request, cx)).await;
        }
        let Some(on_demand) = &self.shared.on_demand else { return self.deliver(request, cx).await };
        let mut pauses = AGAIN.iter();
        let mut sent_again = false;
        loop {
            let error = match self.deliver(request.clone(), cx).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            // An operation that was accepted and failed is another matter: repeating it may not be safe.
            let Some(id) = missing(&request, &error) else { return Err(error) };
            let last = Some(error.clone());
            let cell = on_demand.cell(&id);
            let registering = cell.get_or_try_init(|| self.register(&id, cx));
            let was_missing = *self.in_time(&request, cx, &last, false, registering).await??;
            if sent_again {
                // Only where something was registered can it be that a replica lags.
                let Some(pause) = pauses.next().filter(|_| was_missing) else { return Err(error) };
                self.pause(&request.describe(), *pause, false, cx, &last).await?;
            }
            sent_again = true;
        }
    }

    /// Registers a namespace unless it is registered, and says whether there was anything to do.
    async fn register(&self, id: &ResourceId, cx: &Context) -> Result<bool, Error> {
        if providers::find(self, id, cx).await?.is_some_and(|provider| provider.is_registered()) {
            return Ok(false);
        }
        info!(namespace = id.name(), subscription = id.subscription_id(), "registering a resource provider");
        providers::register(self, id, cx).await?;
        providers::registered(self, id, cx).await?;
        Ok(true)
    }
}

/// The provider that has to be registered before the request is accepted.
fn missing(request: &Request, error: &Error) -> Option<ResourceId> {
    let Error::Service(error) = error else { return None };
    if error.operation {
        return None;
    }
    let namespace = providers::missing_namespace(error)?;
    let mut path = request.target.path().split('/').filter(|part| !part.is_empty());
    let first = path.next().is_some_and(|first| first.eq_ignore_ascii_case("subscriptions"));
    let subscription = path.next().filter(|_| first)?;
    ResourceId::provider(subscription, &namespace).ok()
}
