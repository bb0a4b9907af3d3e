//! A service principal with a certificate: what it signs with the private key stands in for a secret.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::entra::{Application, Proof};
use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::transport::Transport;

mod certificate;
mod pem_file;
mod pfx;

pub use certificate::Certificate;

const NAME: &str = "client certificate";
/// How long an assertion is good: enough for the retries of one exchange.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// Signs in as a service principal by the private key of a certificate that the application has.
#[derive(Debug)]
pub struct ClientCertificate {
    application: Application,
    certificate: Certificate,
    clock: Arc<dyn Clock>,
}

impl ClientCertificate {
    /// A service principal of a tenant. Nothing is sent and nothing is checked before a token is wanted.
    pub fn new(
        cloud: &Cloud,
        transport: Transport,
        tenant_id: &str,
        client_id: &str,
        certificate: Certificate,
    ) -> Self {
        let application = Application::new(NAME, cloud, transport, tenant_id, client_id);
        Self { application, certificate, clock: Arc::new(SystemClock) }
    }

    /// Another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// A JWT of the application for Entra ID, which finds the key's certificate by its thumbprint, or trusts the chain.
    fn assertion(&self, request: &TokenRequest, now: Timestamp) -> Result<Secret, CredentialError> {
        // PS256 with a SHA-256 thumbprint is what Entra ID asks for; RS256 with SHA-1 is the old way.
        let header = json!({
            "alg": "PS256",
            "typ": "JWT",
            "x5t#S256": self.certificate.thumbprint(),
            "x5c": self.certificate.chain(),
        });
        let client_id = self.application.client_id();
        let seconds = now.as_second();
        let claims = json!({
            "aud": self.application.endpoint(request),
            "iss": client_id,
            "sub": client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + LIFETIME.as_secs(),
        });
        let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(header), encode(claims));
        let signature = self
            .certificate
            .sign(text.as_bytes())
            .ok_or_else(|| self.application.invalid("its private key does not sign"))?;
        Ok(Secret::new(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

#[async_trait]
impl TokenCredential for ClientCertificate {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let now = self.clock.utc();
        self.certificate.check(now).map_err(|message| self.application.invalid(message))?;
        let assertion = self.assertion(request, now)?;
        let token = self.application.token(request, Proof::Assertion(assertion)).await;
        token.map_err(|error| match error {
            // The portal lists certificates by thumbprints of SHA-1, which Entra's text does not name.
            CredentialError::Refused { credential, code: Some(code), message } if code == "AADSTS700027" => {
                let message = format!("{message} (the certificate is {})", self.certificate);
                CredentialError::Refused { credential, code: Some(code), message }
            }
            error => error,
        })
    }
}

#[cfg(test)]
mod tests;
