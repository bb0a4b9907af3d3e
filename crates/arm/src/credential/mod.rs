//! Tokens for Resource Manager, and the ways to get them.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderValue;
use jiff::Timestamp;

use crate::error::NetworkError;
use crate::subscriptions::{self, Subscription};

mod aadsts;
mod azure_cli;
mod cache;
mod chain;
mod client_certificate;
mod client_secret;
mod entra;
mod federated;
mod managed_identity;

pub use azure_cli::{AzureCli, AzureCliAccount};
pub use cache::Cached;
pub use chain::{Chain, Link};
pub use client_certificate::{Certificate, ClientCertificate};
pub use client_secret::ClientSecret;
pub use federated::{
    AssertionSource, AzureDevOps, Federated, GitHubActions, Issuance, OidcToken, OidcTokenFile,
};

pub use managed_identity::{ManagedIdentity, Platform, UserAssigned};

/// A text that is never printed: a client secret, a token, a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text out of sight.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As the value of a header that is never logged, after these words; nothing where no header can carry it.
    pub(crate) fn header(&self, before: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{before}{}", self.0.trim())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A bearer token with its end.
#[derive(Debug, Clone)]
pub struct Token {
    /// What the `Authorization` header carries.
    pub secret: Secret,
    /// When it stops being accepted.
    pub expires: Timestamp,
}

/// What came as a token is none that a request can carry. It is not repeated, as it may be one in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its token is empty, or has characters that no token has")]
pub struct UnfitToken;

impl Token {
    /// A token that has just come, if it can be one: visible characters, without spaces.
    pub fn new(text: impl Into<String>, expires: Timestamp) -> Result<Self, UnfitToken> {
        let text = text.into();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UnfitToken);
        }
        Ok(Self { secret: Secret::new(text), expires })
    }
}

/// What a token is wanted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenRequest {
    /// The scope, such as `https://management.azure.com/.default`.
    pub scope: String,
    /// The tenant to get it from, in place of the credential's own.
    pub tenant: Option<String>,
}

impl TokenRequest {
    /// A token of the credential's own tenant.
    pub fn new(scope: impl Into<String>) -> Self {
        Self { scope: scope.into(), tenant: None }
    }

    /// A token of this tenant instead.
    #[must_use]
    pub fn of_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }
}

/// Something that can get tokens.
#[async_trait]
pub trait TokenCredential: fmt::Debug + Send + Sync + 'static {
    /// A new token.
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError>;
}

#[async_trait]
impl<T: TokenCredential + ?Sized> TokenCredential for Arc<T> {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        (**self).token(request).await
    }
}

/// Why no token could be had.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// Entra ID refused the credential.
    #[error("Entra ID refused the {credential}: {message}")]
    Refused {
        /// Which credential, in words: `client secret`.
        credential: &'static str,
        /// Entra's code, such as `AADSTS7000215`, where its answer had one.
        code: Option<String>,
        /// What Entra said.
        message: String,
    },
    /// The way to Entra ID and back was lost.
    #[error("cannot get a token with the {credential}: {error}")]
    Network {
        /// Which credential, in words: `client secret`.
        credential: &'static str,
        /// Where and why.
        error: Box<NetworkError>,
    },
    /// Entra ID could not be asked, or its answer was not one.
    #[error("cannot get a token with the {credential} from {host}: {message}")]
    Unreachable {
        /// Which credential, in words: `client secret`.
        credential: &'static str,
        /// The host that was asked.
        host: String,
        /// What went wrong.
        message: String,
    },
    /// The issuer of OIDC tokens could not be asked, or gave none.
    #[error("cannot get an OIDC token of {issuer} from {host}: {message}")]
    Issuer {
        /// The issuer, in words: `GitHub Actions`.
        issuer: &'static str,
        /// The host that was asked.
        host: String,
        /// What went wrong.
        message: String,
    },
    /// The way to the issuer of OIDC tokens and back was lost.
    #[error("cannot get an OIDC token of {issuer}: {error}")]
    IssuerLost {
        /// The issuer, in words: `GitHub Actions`.
        issuer: &'static str,
        /// Where and why.
        error: Box<NetworkError>,
    },
    /// The credential itself cannot work.
    #[error("the {credential} cannot be used: {message}")]
    Invalid {
        /// Which credential, in words: `client secret`.
        credential: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The Azure CLI is not installed.
    #[error(
        "cannot run the Azure CLI: {message}; install it (https://aka.ms/azure-cli) or sign in another way"
    )]
    CliMissing {
        /// What the system said.
        message: String,
    },
    /// Nobody is signed in to the Azure CLI.
    #[error("the Azure CLI is not signed in; run \"az login{}\" ({message})", of_tenant(.tenant))]
    CliSignedOut {
        /// The tenant that a token was wanted of.
        tenant: Option<String>,
        /// What the CLI said.
        message: String,
    },
    /// What is signed in to the Azure CLI cannot go on without a person.
    #[error("the Azure CLI's sign-in {why}; run \"az login{}\" ({message})", of_tenant(.tenant))]
    CliStale {
        /// What is the matter, in words: `has expired`.
        why: &'static str,
        /// The tenant that a token was wanted of.
        tenant: Option<String>,
        /// What the CLI said.
        message: String,
    },
    /// The account of the Azure CLI is not one of the tenant.
    #[error(
        "the Azure CLI's account has no way into the tenant {tenant}; correct the tenant ID, or sign in with an account of that tenant by \"az login --tenant {tenant}\" ({message})"
    )]
    CliTenant {
        /// The tenant that a token was wanted of.
        tenant: String,
        /// What the CLI said.
        message: String,
    },
    /// The Azure CLI knows no such subscription.
    #[error("the Azure CLI has no subscription {subscription:?}{}", others(.known))]
    CliSubscription {
        /// The subscription that a token was wanted for.
        subscription: String,
        /// Those that it knows, where it told.
        known: Option<Vec<Subscription>>,
    },
    /// The Azure CLI works on another cloud.
    #[error(
        "the Azure CLI is set to the cloud {current}, and tokens of {wanted} are wanted; run \"az cloud set --name {wanted}\" and \"az login\", or choose the cloud that the CLI is set to as the environment"
    )]
    CliCloud {
        /// The CLI's cloud.
        current: String,
        /// The cloud that tokens are wanted of.
        wanted: String,
    },
    /// The Azure CLI is older than what it is asked for.
    #[error("the Azure CLI is too old; update it to 2.54.0 or later with \"az upgrade\" ({message})")]
    CliOld {
        /// What shows its age.
        message: String,
    },
    /// The Azure CLI failed, or printed something else than expected.
    #[error("the Azure CLI failed: {message}")]
    Cli {
        /// What the CLI said.
        message: String,
    },
    /// The platform gave no token of a managed identity.
    #[error("cannot get a token of the managed identity from {platform}: {message}")]
    ManagedIdentity {
        /// What was asked, in words: `Azure Arc`.
        platform: &'static str,
        /// What went wrong.
        message: String,
    },
    /// A tenant beside the first gave no token.
    #[error("there is no token of the auxiliary tenant {tenant}: {error}")]
    Auxiliary {
        /// The tenant.
        tenant: String,
        /// Why.
        error: Box<CredentialError>,
    },
    /// None of several ways to sign in worked.
    #[error("{}", chain::list(.tries))]
    Chain {
        /// Each way in the order of the tries, with the reason why it gave no token.
        tries: Vec<(String, String)>,
    },
}

impl CredentialError {
    /// What the user can do, where Entra ID's code or the Azure CLI tells it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Refused { code: Some(code), credential, .. } => {
                aadsts::remedy(code, credential.starts_with(federated::OIDC_TOKEN))
            }
            Self::ManagedIdentity { message, .. } | Self::Cli { message } => aadsts::remedy_in(message),
            Self::Auxiliary { error, .. } => match &**error {
                Self::Refused { code: Some(code), .. } if aadsts::is_about_tenant(code) => Some(
                    "Correct this tenant in auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS), or take it out. The application needs a service principal there: somebody of that tenant makes one with \"az ad sp create --id CLIENT_ID\".",
                ),
                error => error.remedy(),
            },
            Self::CliSubscription { .. } => Some(
                "Correct the subscription, or sign in with an account that sees it by \"az login\". Where the account has been given it since the sign-in, \"az account list --refresh\" makes the Azure CLI see it.",
            ),
            _ => None,
        }
    }
}

fn of_tenant(tenant: &Option<String>) -> String {
    tenant.as_ref().map(|tenant| format!(" --tenant {tenant}")).unwrap_or_default()
}

fn others(known: &Option<Vec<Subscription>>) -> String {
    match known.as_deref() {
        None => String::new(),
        Some([]) => "; it has none at all".to_owned(),
        Some(known) => format!("; it has {}", subscriptions::names(known)),
    }
}
