//! The pipeline: everything that happens between a described request and its answer.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::context::Context;
use crate::credential::{Cached, TokenCredential};
use crate::error::Error;
use crate::id::ResourceId;
use crate::request::Request;
use crate::subscriptions::Subscription;
use crate::throttle::Throttle;
use crate::transport::Transport;

mod api_versions;
mod attempt;
mod bearer;
mod follow;
mod on_demand;
mod send;
mod time;
mod turn;
mod visible;

use api_versions::ApiVersions;
use bearer::Bearers;
use on_demand::OnDemand;
pub(crate) use on_demand::Registered;
use turn::Turns;

/// How many requests run at once unless the caller says otherwise.
const CONCURRENCY: usize = 16;

/// A client of one cloud's Resource Manager with one credential. Cheap to clone; clones share everything.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    cloud: Cloud,
    bearers: Bearers,
    api_versions: ApiVersions,
    transport: Transport,
    throttle: Throttle,
    clock: Arc<dyn Clock>,
    on_demand: Option<OnDemand>,
    turns: Turns,
    visible: tokio::sync::OnceCell<Vec<Subscription>>,
}

/// What a [`Client`] is made of.
#[derive(Debug)]
pub struct ClientBuilder {
    cloud: Cloud,
    credential: Arc<dyn TokenCredential>,
    transport: Transport,
    clock: Arc<dyn Clock>,
    concurrency: usize,
    auxiliary_tenants: Vec<String>,
    api_versions: ApiVersions,
    on_demand: bool,
}

impl ClientBuilder {
    /// Measures time with another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Runs at most so many requests at once.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// Proves itself also with tokens of these tenants, for resources that refer to others of theirs.
    #[must_use]
    pub fn auxiliary_tenants(mut self, tenants: Vec<String>) -> Self {
        self.auxiliary_tenants = tenants;
        self
    }

    /// Asks these namespaces, in any casing, in these API versions, for a cloud that does not serve the usual ones.
    #[must_use]
    pub fn api_versions(mut self, versions: impl IntoIterator<Item = (String, String)>) -> Self {
        self.api_versions = ApiVersions::new(versions);
        self
    }

    /// Registers a namespace that a request lacks, in its subscription or in one that it refers to, and sends it again: it was not
    /// accepted. An operation that ends so is begun again. Each namespace is registered once in a subscription, however many
    /// requests wait for it.
    #[must_use]
    pub fn register_on_demand(mut self, register: bool) -> Self {
        self.on_demand = register;
        self
    }

    /// The client. Nothing is sent before the first request.
    pub fn build(self) -> Client {
        let tokens = Cached::new(self.credential, self.clock.clone());
        Client {
            shared: Arc::new(Shared {
                bearers: Bearers::new(tokens, self.cloud.scope(), self.auxiliary_tenants),
                api_versions: self.api_versions,
                throttle: Throttle::new(self.concurrency),
                cloud: self.cloud,
                transport: self.transport,
                clock: self.clock,
                on_demand: self.on_demand.then(OnDemand::default),
                turns: Turns::default(),
                visible: tokio::sync::OnceCell::new(),
            }),
        }
    }
}

impl Client {
    /// Begins a client of the cloud that signs in with the credential.
    pub fn builder(
        cloud: Cloud,
        credential: Arc<dyn TokenCredential>,
        transport: Transport,
    ) -> ClientBuilder {
        ClientBuilder {
            cloud,
            credential,
            transport,
            clock: Arc::new(SystemClock),
            concurrency: CONCURRENCY,
            auxiliary_tenants: Vec::new(),
            api_versions: ApiVersions::default(),
            on_demand: false,
        }
    }

    /// The cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Reads a resource as a type.
    pub async fn get<T: DeserializeOwned>(
        &self,
        id: &ResourceId,
        api_version: &str,
        cx: &Context,
    ) -> Result<T, Error> {
        let read = Request::get(id, api_version);
        let path = read.target.path().to_owned();
        self.send(read, cx).await?.document(&path)
    }

    /// Reads a resource that may not exist. What is no document of this resource is an error.
    pub async fn find<T: DeserializeOwned>(&self, read: Request, cx: &Context) -> Result<Option<T>, Error> {
        let path = read.target.path().to_owned();
        match self.send(read, cx).await {
            Ok(response) => response.document(&path).map(Some),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
