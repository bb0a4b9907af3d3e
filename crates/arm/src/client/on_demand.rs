//! Registering the namespace that an error names, once in each subscription, and sending the refused request again.
//!
//! What is not registered need not lie in the subscription of the request: that may refer to resources of others, and Resource
//! Manager does not always say which of them it means. Where it does not, they are looked at in turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;
use tracing::info;

use super::Client;
use crate::context::Context;
use crate::error::{Error, MissingRegistration};
use crate::id::ResourceId;
use crate::providers;
use crate::request::{Request, Response, Target};

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

/// What one request has had registered for it.
#[derive(Debug, Default)]
pub(crate) struct Registered(Vec<ResourceId>);

impl Client {
    /// Sends a request, again where that is safe and useful, and gives back the answer of success.
    pub async fn send(&self, request: Request, cx: &Context) -> Result<Response, Error> {
        if request.listed && request.method.is_safe() {
            return Box::pin(self.send_listed(&request, cx)).await;
        }
        // What a URL that Azure gave answers is about the request before it.
        if matches!(request.target, Target::Given(_)) {
            return self.deliver(request, cx).await;
        }
        let (mut pauses, mut registered, mut sent_again) = (AGAIN.iter(), Registered::default(), false);
        loop {
            let error = match self.deliver(request.clone(), cx).await {
                Ok(response) => return Ok(response),
                Err(error) if missing(&error).is_none() => return Err(error),
                Err(error) => error,
            };
            if !self.supply(&request, &error, &mut registered, cx).await? {
                // Only where something was registered can it be that a replica lags; else somebody else may have registered it
                // in between.
                let lags = !registered.0.is_empty();
                let pause = pauses.next().filter(|_| lags);
                if self.shared.on_demand.is_none() || pause.is_none() && (lags || sent_again) {
                    return Err(self.with_subscription(&request, error, &registered, cx).await);
                }
                if let Some(pause) = pause {
                    self.pause(&request.describe(), *pause, false, cx, &Some(error)).await?;
                }
            }
            sent_again = true;
        }
    }

    /// Registers what an error says is missing, where that is wanted, in the first subscription that lacks it. Says whether
    /// that was done, and had not been done for the request before: it is then to be sent again.
    pub(crate) async fn supply(
        &self,
        request: &Request,
        error: &Error,
        registered: &mut Registered,
        cx: &Context,
    ) -> Result<bool, Error> {
        let Some(on_demand) = &self.shared.on_demand else { return Ok(false) };
        for id in candidates(request, error) {
            if registered.0.contains(&id) {
                continue;
            }
            let (cell, last) = (on_demand.cell(&id), Some(blaming(error.clone(), &id, true)));
            let registering = cell.get_or_try_init(|| self.register(&id, cx));
            if *self.in_time(request, cx, &last, false, registering).await?? {
                registered.0.push(id);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Registers a namespace unless it is registered, and says whether there was anything to do.
    async fn register(&self, id: &ResourceId, cx: &Context) -> Result<bool, Error> {
        let provider = match providers::find(self, id, cx).await {
            Ok(Some(provider)) if !provider.is_registered() => provider,
            // Where it cannot be looked at, the refusal says more than that.
            Ok(_) | Err(Error::Service(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        if !provider.is_registering() {
            info!(
                namespace = id.name(),
                subscription = id.subscription_id(),
                "registering a resource provider"
            );
            providers::register(self, id, cx).await?;
        }
        providers::registered(self, id, cx).await?;
        Ok(true)
    }

    /// The error of a request that lacks a registration, with the subscription where that is missing. Any other is left as it is.
    pub(crate) async fn with_subscription(
        &self,
        request: &Request,
        error: Error,
        registered: &Registered,
        cx: &Context,
    ) -> Error {
        let candidates = candidates(request, &error);
        let lacking = match &candidates[..] {
            _ if !registered.0.is_empty() => registered.0.last().cloned(),
            [_, _, ..] => self.lacking(&candidates, cx).await,
            _ => candidates.into_iter().next(),
        };
        match lacking {
            Some(id) => blaming(error, &id, self.shared.on_demand.is_some()),
            None => error,
        }
    }

    /// The first of several that is not registered; else the first of which that cannot be told; else the first.
    async fn lacking(&self, candidates: &[ResourceId], cx: &Context) -> Option<ResourceId> {
        let mut untold = None;
        for id in candidates {
            match providers::find(self, id, cx).await {
                Ok(Some(provider)) if provider.is_unregistered() => return Some(id.clone()),
                Ok(Some(provider)) if provider.is_registered() => {}
                _ => untold = untold.or(Some(id)),
            }
        }
        untold.or(candidates.first()).cloned()
    }
}

/// The error, which says where the registration is missing, and whether it was made in vain.
fn blaming(mut error: Error, id: &ResourceId, in_vain: bool) -> Error {
    if let Error::Service(service) = &mut error
        && let Some(missing) = &mut service.missing_registration
    {
        missing.subscription = id.subscription_id().map(str::to_owned);
        missing.in_vain = in_vain;
    }
    error
}

fn missing(error: &Error) -> Option<&MissingRegistration> {
    match error {
        Error::Service(error) => error.missing_registration.as_ref(),
        _ => None,
    }
}

/// The providers of which an error may say that they are not registered: in the subscription that it names; else in that of the
/// request, and in those of the resources that it refers to.
fn candidates(request: &Request, error: &Error) -> Vec<ResourceId> {
    let Some(missing) = missing(error) else { return Vec::new() };
    let mut subscriptions: Vec<String> = missing.subscription.iter().cloned().collect();
    if subscriptions.is_empty() {
        subscriptions.extend(subscription(request.target.path()));
        let body = request.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
        referred_to(&body.unwrap_or_default(), &mut subscriptions);
    }
    let mut ids: Vec<ResourceId> = Vec::new();
    for id in subscriptions.iter().filter_map(|one| ResourceId::provider(one, &missing.namespace).ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// The subscription of a path.
fn subscription(path: &str) -> Option<String> {
    let mut words = path.strip_prefix('/')?.split('/');
    words.next().filter(|first| first.eq_ignore_ascii_case("subscriptions"))?;
    words.next().filter(|id| !id.is_empty()).map(str::to_owned)
}

/// The subscriptions of all IDs in a document.
fn referred_to(document: &Value, found: &mut Vec<String>) {
    match document {
        Value::String(text) => found.extend(subscription(text)),
        Value::Array(items) => items.iter().for_each(|item| referred_to(item, found)),
        Value::Object(members) => members.values().for_each(|member| referred_to(member, found)),
        _ => {}
    }
}
