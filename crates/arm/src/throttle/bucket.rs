//! Which of Azure's buckets a request is counted in, and how Azure names what is left there.

use http::{HeaderMap, Method};

use super::level::Refill;
use crate::error::Error;

/// The kinds of requests that Azure counts in buckets of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Reads,
    Writes,
    Deletes,
}

impl Kind {
    fn of(method: &Method) -> Self {
        match *method {
            Method::DELETE => Self::Deletes,
            ref method if method.is_safe() => Self::Reads,
            _ => Self::Writes,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Deletes => "deletes",
        }
    }
}

/// Who counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counter {
    /// Resource Manager, the requests of this principal.
    Principal,
    /// Resource Manager, the requests of all principals.
    Everybody,
    /// The service behind it, by type of resource.
    Service(String),
}

/// One bucket. Resource Manager counts by subscription and kind; requests without a subscription share the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Bucket {
    subscription: Option<String>,
    kind: Kind,
    counter: Counter,
}

/// The buckets that one request is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buckets {
    principal: Bucket,
    everybody: Bucket,
    service: Bucket,
}

/// Refusals by Resource Manager itself; every other is by the service behind it.
const BY_RESOURCE_MANAGER: &[&str] = &["SubscriptionRequestsThrottled", "TenantRequestsThrottled"];

impl Buckets {
    /// The buckets of a request.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let lower = path.trim_matches('/').to_lowercase();
        let mut segments = lower.split('/');
        let scoped = segments.next() == Some("subscriptions");
        let subscription = if scoped { segments.next().map(str::to_owned) } else { None };
        let bucket = |counter| Bucket { subscription: subscription.clone(), kind: Kind::of(method), counter };
        Self {
            principal: bucket(Counter::Principal),
            everybody: bucket(Counter::Everybody),
            service: bucket(Counter::Service(service(&lower))),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Bucket> {
        [&self.principal, &self.everybody, &self.service].into_iter()
    }

    /// The bucket that was empty when a request was refused with this error: the service's, unless it was Resource Manager
    /// itself, as a service's limits say nothing about the rest of the subscription.
    pub(crate) fn empty(&self, refusal: &Error) -> &Bucket {
        let resource_manager = refusal
            .service()
            .is_some_and(|error| BY_RESOURCE_MANAGER.iter().any(|code| error.has_code(code)));
        if resource_manager { &self.principal } else { &self.service }
    }
}

/// The type of the resource that a path names, as the services count by it; without a provider, the path's own words.
fn service(path: &str) -> String {
    let (before, after) = path.rsplit_once("/providers/").unwrap_or((path, ""));
    if after.is_empty() {
        let words = before.split('/').step_by(2);
        return words.collect::<Vec<_>>().join("/");
    }
    let mut words = after.split('/');
    let namespace = words.next().unwrap_or_default();
    std::iter::once(namespace).chain(words.step_by(2)).collect::<Vec<_>>().join("/")
}

impl Bucket {
    /// What an answer says is left in this bucket.
    pub(super) fn left(&self, headers: &HeaderMap) -> Option<u32> {
        let scope = if self.subscription.is_some() { "subscription" } else { "tenant" };
        let what = match self.counter {
            Counter::Principal => self.kind.name().to_owned(),
            Counter::Everybody => format!("global-{}", self.kind.name()),
            Counter::Service(_) => "resource-requests".to_owned(),
        };
        headers.get(format!("x-ms-ratelimit-remaining-{scope}-{what}"))?.to_str().ok()?.trim().parse().ok()
    }

    /// Whether Azure documents this bucket for the caller alone, so that it can be counted on before anything is answered.
    pub(super) fn is_documented(&self) -> bool {
        self.counter == Counter::Principal
    }

    /// How fast those that waited for the end of a refusal follow each other: of services' limits little is known, but
    /// all at once is too much for any.
    pub(super) fn after_refusal(&self) -> Refill {
        match self.counter {
            Counter::Service(_) => Refill { per_second: 20.0, ..self.refill() },
            _ => self.refill(),
        }
    }

    /// The bucket's size and how fast it fills, as Azure documents it.
    pub(super) fn refill(&self) -> Refill {
        let reads = self.kind == Kind::Reads;
        match self.counter {
            Counter::Principal if reads => Refill { size: 250.0, per_second: 25.0 },
            Counter::Principal => Refill { size: 200.0, per_second: 10.0 },
            Counter::Everybody if reads => Refill { size: 3750.0, per_second: 375.0 },
            Counter::Everybody => Refill { size: 3000.0, per_second: 150.0 },
            // Services differ; these are the network's, which count by five minutes.
            Counter::Service(_) if reads => Refill { size: 10_000.0, per_second: 10_000.0 / 300.0 },
            Counter::Service(_) => Refill { size: 1000.0, per_second: 1000.0 / 300.0 },
        }
    }
}
