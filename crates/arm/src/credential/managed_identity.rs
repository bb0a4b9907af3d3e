//! The identity that Azure gives to a machine, an app or a compute, whose tokens a service beside it hands out.
//!
//! The services are plain HTTP on the machine or on its link, and differ in where they are, how a request shows that it comes
//! from the machine, and what they call things: one file each.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use self::exchange::Exchange;
use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::clock::{Clock, SystemClock};
use crate::transport::Transport;

mod answer;
mod app_service;
mod azure_arc;
mod azure_ml;
mod cloud_shell;
mod detect;
mod exchange;
mod imds;

/// Which of a machine's identities: its own, or one that was made apart and assigned to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UserAssigned {
    /// The machine's own.
    #[default]
    None,
    /// The one with this client ID.
    ClientId(String),
    /// The one with this object ID, also called principal ID.
    ObjectId(String),
    /// The one with this resource ID.
    ResourceId(String),
}

impl fmt::Display for UserAssigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("the system-assigned identity"),
            Self::ClientId(id) => write!(f, "the user-assigned identity with the client ID {id}"),
            Self::ObjectId(id) => write!(f, "the user-assigned identity with the object ID {id}"),
            Self::ResourceId(id) => write!(f, "the user-assigned identity {id}"),
        }
    }
}

/// The service that hands out tokens, with what it needs to be asked.
#[derive(Debug, Clone)]
pub enum Platform {
    /// The instance metadata service of virtual machines, scale sets, container instances and AKS nodes.
    Imds {
        /// Where it is.
        endpoint: Url,
        /// Who says so, in the user's words, where it is not the address of every machine.
        named_by: Option<&'static str>,
    },
    /// App Service, Functions, Container Apps.
    AppService {
        /// Where it is: `IDENTITY_ENDPOINT`.
        endpoint: Url,
        /// What shows that a request comes from the app: `IDENTITY_HEADER`.
        header: Secret,
    },
    /// The agent of Azure Arc on a machine elsewhere.
    AzureArc {
        /// Where it is: `IDENTITY_ENDPOINT`.
        endpoint: Url,
    },
    /// Cloud Shell, whose tokens are for the person that uses it.
    CloudShell {
        /// Where it is: `MSI_ENDPOINT`.
        endpoint: Url,
    },
    /// Compute instances and clusters of Azure Machine Learning.
    AzureMl {
        /// Where it is: `MSI_ENDPOINT`.
        endpoint: Url,
        /// What shows that a request comes from the compute: `MSI_SECRET`.
        secret: Secret,
        /// The user-assigned identity that is used where none is named: `DEFAULT_IDENTITY_CLIENT_ID`.
        default_client_id: Option<String>,
    },
}

impl Platform {
    /// What it is called in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Imds { .. } => imds::NAME,
            Self::AppService { .. } => app_service::NAME,
            Self::AzureArc { .. } => azure_arc::NAME,
            Self::CloudShell { .. } => cloud_shell::NAME,
            Self::AzureMl { .. } => azure_ml::NAME,
        }
    }
}

/// Signs in as the identity of the machine that this runs on.
#[derive(Debug)]
pub struct ManagedIdentity {
    transport: Transport,
    user_assigned: UserAssigned,
    platform: Platform,
    clock: Arc<dyn Clock>,
    /// Where the agent of Azure Arc keeps its keys.
    #[cfg(test)]
    key_folder: Option<std::path::PathBuf>,
}

impl ManagedIdentity {
    /// An identity on a platform. Nothing is sent and nothing is checked before a token is wanted.
    pub fn new(transport: Transport, user_assigned: UserAssigned, platform: Platform) -> Self {
        Self {
            transport,
            user_assigned,
            platform,
            clock: Arc::new(SystemClock),
            #[cfg(test)]
            key_folder: None,
        }
    }

    /// Another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    fn key_folder(&self) -> Option<std::path::PathBuf> {
        #[cfg(test)]
        if let Some(folder) = &self.key_folder {
            return Some(folder.clone());
        }
        azure_arc::key_folder()
    }
}

#[async_trait]
impl TokenCredential for ManagedIdentity {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let platform = self.platform.name();
        let failed = |message: String| CredentialError::ManagedIdentity { platform, message };
        if let Some(tenant) = &request.tenant {
            return Err(failed(format!(
                "a managed identity has tokens of its own tenant alone, and one of the tenant {tenant} is wanted; sign in in another way where there are auxiliary tenants"
            )));
        }
        let client = self.transport.identity_client().map_err(|error| failed(error.to_string()))?;
        let resource = request.scope.strip_suffix("/.default").unwrap_or(&request.scope);
        let exchange = Exchange {
            platform,
            client,
            transport: &self.transport,
            clock: &*self.clock,
            resource,
            identity: &self.user_assigned,
        };
        let token = match &self.platform {
            Platform::Imds { endpoint, named_by } => imds::token(&exchange, endpoint, *named_by).await,
            Platform::AppService { endpoint, header } => {
                app_service::token(&exchange, endpoint, header).await
            }
            Platform::AzureArc { endpoint } => {
                azure_arc::token(&exchange, endpoint, self.key_folder().as_deref()).await
            }
            Platform::CloudShell { endpoint } => cloud_shell::token(&exchange, endpoint).await,
            Platform::AzureMl { endpoint, secret, default_client_id } => {
                azure_ml::token(&exchange, endpoint, secret, default_client_id.as_deref()).await
            }
        };
        token.map_err(failed)
    }
}

#[cfg(test)]
mod tests;
