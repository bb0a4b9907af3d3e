//! A service principal that trusts another issuer: a pipeline or a cluster shows an OIDC token in place of a secret.
//!
//! Where the OIDC token comes from is the source's matter; each token of Entra ID is asked for with a fresh one.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::entra::{Application, Proof};
use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::transport::Transport;

mod issuer;
mod jwt;
mod sources;

pub use sources::{AzureDevOps, GitHubActions, OidcToken, OidcTokenFile};

/// What the names of all sources begin with.
pub(super) const OIDC_TOKEN: &str = "OIDC token";

/// Where OIDC tokens come from.
#[async_trait]
pub trait AssertionSource: fmt::Debug + Send + Sync + 'static {
    /// What it gives, in words: `OIDC token of GitHub Actions`.
    fn name(&self) -> &'static str;
    /// An OIDC token for Entra ID, fresh where the source can make one.
    async fn assertion(&self, issuance: &Issuance<'_>) -> Result<Secret, CredentialError>;
}

/// What a source may need to get an OIDC token.
#[derive(Debug)]
pub struct Issuance<'a> {
    /// The way to an issuer.
    pub transport: &'a Transport,
    /// The time, for the pauses before an issuer is asked again.
    pub clock: &'a dyn Clock,
    /// For whom the token is wanted: the cloud's Entra ID.
    pub audience: &'a str,
}

/// Signs in as a service principal, or a user-assigned identity, by the OIDC token of an issuer that it trusts.
#[derive(Debug)]
pub struct Federated {
    application: Application,
    source: Arc<dyn AssertionSource>,
    audience: String,
    clock: Arc<dyn Clock>,
}

impl Federated {
    /// An application of a tenant. Nothing is read, sent or checked before a token is wanted.
    pub fn new(
        cloud: &Cloud,
        transport: Transport,
        tenant_id: &str,
        client_id: &str,
        source: Arc<dyn AssertionSource>,
    ) -> Self {
        let application = Application::new(source.name(), cloud, transport, tenant_id, client_id);
        let audience = cloud.federation_audience().to_owned();
        Self { application, source, audience, clock: Arc::new(SystemClock) }
    }

    /// Another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What is wrong with an OIDC token before anybody is asked.
    fn check(&self, assertion: &Secret) -> Result<jwt::Claims, CredentialError> {
        let claims = jwt::Claims::read(assertion.expose()).ok_or_else(|| {
            self.application.invalid("it is not a JSON Web Token: three parts with dots between them, the second of which is encoded JSON")
        })?;
        let now = self.clock.utc();
        match claims.expires {
            Some(expires) if expires <= now => Err(self.application.invalid(format!(
                "it expired at {expires}, and by this machine's clock it is {now}; an OIDC token lasts minutes, so get a new one just before it is used"
            ))),
            _ => Ok(claims),
        }
    }
}

#[async_trait]
impl TokenCredential for Federated {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let issuance = Issuance {
            transport: self.application.transport(),
            clock: self.clock.as_ref(),
            audience: &self.audience,
        };
        let assertion = self.source.assertion(&issuance).await?;
        let claims = self.check(&assertion)?;
        let token = self.application.token(request, Proof::Assertion(assertion)).await;
        token.map_err(|error| match error {
            // What Entra ID compares is in the token, and its text names one of the three at most.
            CredentialError::Refused { credential, code: Some(code), message } if is_about_trust(&code) => {
                let message = format!("{message} ({claims})");
                CredentialError::Refused { credential, code: Some(code), message }
            }
            error => error,
        })
    }
}

/// Whether Entra ID says that no federated credential of the application fits the token.
fn is_about_trust(code: &str) -> bool {
    code.starts_with("AADSTS70021")
}

#[cfg(test)]
mod tests;
