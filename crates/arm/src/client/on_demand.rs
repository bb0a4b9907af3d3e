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

/// After a registration, a refusal is taken for that of a replica so often before another subscription comes into question.
const LAGS: usize = 2;
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
        let (mut registered, mut lags, mut sent_again) = (Registered::default(), 0, false);
        loop {
            let error = match self.deliver(request.clone(), cx).await {
                Ok(response) => return Ok(response),
                Err(error) if missing(&error).is_none() => return Err(error),
                Err(error) => error,
            };
            // A replica that lags behind what was registered is likelier than another subscription that lacks it too.
            let patient = !registered.0.is_empty() && lags < LAGS;
            if !patient && self.supply(&request, &error, &mut registered, cx).await? {
                lags = 0;
                continue;
            }
            if registered.0.is_empty() {
                // Somebody else may have registered it in between.
                if self.shared.on_demand.is_none() || std::mem::replace(&mut sent_again, true) {
                    return Err(self.with_subscription(&request, error, &registered, cx).await);
                }
                continue;
            }
            let Some(pause) = AGAIN.get(lags) else {
                return Err(self.with_subscription(&request, error, &registered, cx).await);
            };
            lags += 1;
            self.pause(&request.describe(), *pause, false, cx, &Some(error)).await?;
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
        let (candidates, mut refused) = (candidates(request, error), None);
        // Where Azure does not say which subscription it means, one that nobody may register in need not be it.
        let guessed = candidates.len() > 1;
        for id in candidates.into_iter().filter(|id| !registered.0.contains(id)).collect::<Vec<_>>() {
            let cell = on_demand.cell(&id);
            let registering = cell.get_or_try_init(|| self.register(&id, cx));
            let ended = match self.in_time(request, cx, &None, false, registering).await {
                Ok(ended) => ended.copied(),
                Err(over) => Err(over),
            };
            match ended {
                Ok(true) => {
                    registered.0.push(id);
                    return Ok(true);
                }
                Ok(false) => {}
                Err(other @ Error::Service(_)) if guessed => refused = refused.or(Some(other)),
                Err(ended) => return Err(waiting(request, ended, &id, error)),
            }
        }
        refused.map_or(Ok(false), Err)
    }

    /// Registers a namespace unless it is registered, and says whether there was anything to do.
    async fn register(&self, id: &ResourceId, cx: &Context) -> Result<bool, Error> {
        let provider = match providers::find(self, id, cx).await {
            Ok(Some(provider)) if !provider.is_registered() => provider,
            Ok(_) => return Ok(false),
            // Where it may not be looked at, the refusal says more than that.
            Err(error) if error.status() == Some(403) => return Ok(false),
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

/// The error of a request that was refused, where the wait for what it lacks came to no end: nothing of it was accepted.
fn waiting(request: &Request, ended: Error, id: &ResourceId, refusal: &Error) -> Error {
    let (request, under_way, refusal) = (request.describe(), false, Some(Box::new(refusal.clone())));
    match ended {
        Error::DeadlinePassed { retry_after, progress, .. } => {
            let (wait, last) = (format!("GET {id}"), refusal);
            let wait = Error::DeadlinePassed { request: wait, under_way: true, retry_after, progress, last };
            let (retry_after, progress, last) = (None, None, Some(Box::new(wait)));
            Error::DeadlinePassed { request, under_way, retry_after, progress, last }
        }
        Error::Cancelled { .. } => Error::Cancelled { request, under_way, last: refusal },
        other => other,
    }
}

fn missing(error: &Error) -> Option<&MissingRegistration> {
    match error {
        Error::Service(error) => error.missing_registration.as_ref(),
        _ => None,
    }
}

/// The providers of which an error may say that they are not registered, the likeliest first: in the subscription that it names;
/// else where the request or what it refers to is of the namespace, then in all other subscriptions that it speaks of.
fn candidates(request: &Request, error: &Error) -> Vec<ResourceId> {
    let Some(missing) = missing(error) else { return Vec::new() };
    let mut subscriptions: Vec<String> = missing.subscription.iter().cloned().collect();
    if subscriptions.is_empty() {
        let mut ids = vec![request.target.path().to_owned()];
        let body = request.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
        referred_to(&body.unwrap_or_default(), &mut ids);
        let (of_it, others): (Vec<_>, Vec<_>) = ids.iter().partition(|id| {
            let namespace = ResourceId::parse(id).ok().and_then(|id| id.namespace().map(str::to_owned));
            namespace.is_some_and(|namespace| namespace.eq_ignore_ascii_case(&missing.namespace))
        });
        subscriptions.extend(of_it.into_iter().chain(others).filter_map(|id| subscription(id)));
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

/// All IDs in a document.
fn referred_to(document: &Value, found: &mut Vec<String>) {
    match document {
        Value::String(text) if text.starts_with('/') => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| referred_to(item, found)),
        Value::Object(members) => members.values().for_each(|member| referred_to(member, found)),
        _ => {}
    }
}
