//! The one error of the crate, and what it can be asked.

use std::sync::Arc;
use std::time::Duration;

mod certificate;
mod network;
mod registration;
mod service;
mod versions;

pub use certificate::CertificateFault;
pub(crate) use network::root;
pub use network::{NetworkError, NetworkKind, ProxyFault};
pub use registration::MissingRegistration;
pub use service::{ErrorDetail, ServiceError};
pub use versions::VersionNotServed;

use crate::credential::CredentialError;
use crate::id::{IdError, NameError};
use crate::request::Response;

/// What can go wrong between a caller and Azure.
///
/// Cloning is cheap enough to keep the last error of a wait beside the error that ended it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Resource Manager, or a service behind it, answered with an error or ended an operation with one.
    #[error(transparent)]
    Service(#[from] Box<ServiceError>),
    /// The request did not reach Azure, or the answer did not come back whole.
    #[error(transparent)]
    Network(#[from] Box<NetworkError>),
    /// No token could be had.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The caller ended the call.
    #[error("{request} was cancelled{}", after(.last))]
    Cancelled {
        /// Method and path of what was running or being waited for.
        request: String,
        /// Whether a request that changes something was on its way or accepted, so that it may take effect.
        under_way: bool,
        /// The last thing that went wrong before it.
        last: Option<Box<Error>>,
    },
    /// The deadline came, or the service asked to wait beyond it.
    #[error("{request} did not end in time{}{}{}", wants(.retry_after), was(.progress), after(.last))]
    DeadlinePassed {
        /// Method and path of what was running or being waited for.
        request: String,
        /// Whether a request that changes something was on its way or accepted, so that it may take effect.
        under_way: bool,
        /// The wait that the service asked for, when that is what leads beyond the deadline.
        retry_after: Option<Duration>,
        /// How far what was waited for was, where it was looked at.
        progress: Option<Box<Progress>>,
        /// The last thing that went wrong before it.
        last: Option<Box<Error>>,
    },
    /// An answer was not what the API describes.
    #[error("{request} was answered with something that cannot be read: {problem}{}", under(.request_id))]
    Answer {
        /// Method and path of the request.
        request: String,
        /// What is wrong with the answer.
        problem: String,
        /// The ID of the request in Azure's logs.
        request_id: Option<String>,
    },
    /// A long-running operation cannot be followed any more.
    #[error("{request} was accepted, but its operation can no longer be followed: {problem}{}", after(.last))]
    OperationLost {
        /// Method and path of the request that started the operation.
        request: String,
        /// Why it cannot be followed.
        problem: String,
        /// What the service said last.
        last: Option<Box<Error>>,
    },
    /// A URL in an answer leads away from the Resource Manager that gave it; following it would hand out the token.
    #[error(
        "{request} was answered with a URL on {host}, which is not this cloud's Resource Manager; it was not followed"
    )]
    ForeignUrl {
        /// Method and path of the request.
        request: String,
        /// The host that the URL names.
        host: String,
    },
    /// A resource ID cannot be read.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A name cannot be part of a resource ID.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The crate was set up with something that cannot work.
    #[error("{problem}")]
    Configuration {
        /// What cannot work.
        problem: String,
        /// What it came from.
        #[source]
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
}

/// How far an operation, or a resource, was when it was last looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Its status, where the answer had one.
    pub status: Option<String>,
    /// The ID of that look in Azure's logs.
    pub request_id: Option<String>,
    /// The ID that Azure logs related requests under.
    pub correlation_id: Option<String>,
}

impl Progress {
    /// What an answer tells.
    pub(crate) fn told(response: &Response, status: Option<String>) -> Box<Self> {
        let (request_id, correlation_id) = (response.request_id(), response.correlation_id());
        Box::new(Self { status, request_id, correlation_id })
    }
}

fn after(last: &Option<Box<Error>>) -> String {
    last.as_ref().map(|error| format!("; before that: {error}")).unwrap_or_default()
}

fn wants(retry_after: &Option<Duration>) -> String {
    retry_after
        .map(|wait| {
            format!(": the service asked to wait {} s more, which is beyond the timeout", wait.as_secs())
        })
        .unwrap_or_default()
}

fn was(progress: &Option<Box<Progress>>) -> String {
    let Some(progress) = progress else { return String::new() };
    let status = progress.status.as_ref().map(|status| format!("; its status was {status:?}"));
    format!("{}{}", status.unwrap_or_default(), under(&progress.request_id))
}

fn under(request_id: &Option<String>) -> String {
    request_id.as_ref().map(|id| format!(" (request ID {id})")).unwrap_or_default()
}

/// The codes by which Resource Manager says with a 404 that something does not exist. A service that has another one of its own
/// asks for it beside [`Error::is_absent`].
pub const ABSENT: &[&str] =
    &["ResourceNotFound", "ResourceGroupNotFound", "ParentResourceNotFound", "NotFound"];

impl Error {
    /// A set-up that cannot work.
    pub fn configuration(problem: impl Into<String>) -> Self {
        Self::Configuration { problem: problem.into(), source: None }
    }

    /// What a read of something absent fails with, for services that have no such read.
    pub(crate) fn absent(method: &str, path: &str) -> Self {
        let body = br#"{"code": "ResourceNotFound", "message": "It is not in the list of what there is."}"#;
        Self::Service(Box::new(ServiceError::read(method, path, 404, body)))
    }

    /// The answer of the service: this error's own, or the last before a deadline or a cancellation.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            Self::Cancelled { last, .. }
            | Self::DeadlinePassed { last, .. }
            | Self::OperationLost { last, .. } => last.as_ref().and_then(|error| error.service()),
            _ => None,
        }
    }

    /// ARM's error code, such as `ResourceNotFound`.
    pub fn code(&self) -> Option<&str> {
        self.service().map(|error| error.code.as_str())
    }

    /// The HTTP status of the service's error.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Service(error) => Some(error.status),
            _ => None,
        }
    }

    /// The pause that the service asked for with this answer.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Service(error) => error.retry_after,
            _ => None,
        }
    }

    /// Whether Resource Manager said that the thing asked for, or what it lies in, does not exist.
    ///
    /// A 404 alone says nothing: a gateway answers it too, and Resource Manager does where a cloud does not have the type, the
    /// namespace or the API version, or shows the subscription to nobody. So the answer has one of [`ABSENT`].
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Service(error) if error.status == 404 && !error.operation
            && ABSENT.iter().any(|code| error.code.eq_ignore_ascii_case(code)))
    }

    /// Whether the answer is an error of the service's own, and not a page of something on the way.
    pub fn is_services(&self) -> bool {
        self.service().is_some_and(|error| !error.is_foreign())
    }

    /// Whether an answer came that says nothing of what was asked for: one with a good status that is not it, one of something on
    /// the way, or a 404 that is no word on the resource.
    pub fn says_nothing(&self) -> bool {
        match self {
            Self::Answer { .. } => true,
            Self::Service(error) => error.is_foreign() || self.is_404() && !self.is_absent(),
            _ => false,
        }
    }

    /// Whether the answer had the status 404, whatever it means.
    pub(crate) fn is_404(&self) -> bool {
        matches!(self, Self::Service(error) if error.status == 404 && !error.operation)
    }

    /// Whether the service said that the request conflicts with what there is.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Service(error) if error.status == 409)
    }

    /// Whether the service said that what the request takes for granted does not hold, as where something exists that the
    /// request was to create only.
    pub fn is_precondition_failed(&self) -> bool {
        matches!(self, Self::Service(error) if error.status == 412)
    }

    /// Whether the caller ended the call.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled { .. })
    }

    /// Whether the deadline ended the call.
    pub fn is_deadline(&self) -> bool {
        matches!(self, Self::DeadlinePassed { .. })
    }

    /// Whether the call has ended because its caller or its deadline says so: nothing more can be asked with it.
    pub fn is_over(&self) -> bool {
        self.is_cancelled() || self.is_deadline()
    }

    /// Whether a request that changes something may have been carried out although this error came back: the
    /// caller should look before it sends the request again.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Service(error) => error.status >= 500 && !error.operation || error.status == 408,
            Self::Network(error) => error.kind.may_have_arrived(),
            Self::Cancelled { under_way, .. } | Self::DeadlinePassed { under_way, .. } => *under_way,
            Self::OperationLost { .. } | Self::Answer { .. } | Self::ForeignUrl { .. } => true,
            Self::Credential(_) | Self::Id(_) | Self::Name(_) | Self::Configuration { .. } => false,
        }
    }
}
