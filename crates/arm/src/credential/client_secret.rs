//! A service principal with a client secret.
//!
//! `azure_identity` writes and reads the exchange. It loses Entra's own words when they hold a JSON escape, as real ones
//! do, so the transport under it keeps them; `docs/decisions` tells more.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::cloud::CustomConfiguration;
use azure_core::credentials::TokenCredential as _;
use azure_core::http::{
    AsyncRawResponse, ClientOptions, ExponentialRetryOptions, HttpClient, Request, RetryOptions,
};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};
use crate::cloud::Cloud;
use crate::transport::Transport;

const NAME: &str = "client secret";
/// An authority that cannot be reached is told within seconds.
const RETRIES: u32 = 3;

/// Signs in as a service principal by its secret.
#[derive(Debug)]
pub struct ClientSecret {
    tenant_id: String,
    client_id: String,
    secret: Secret,
    authority: Url,
    transport: Transport,
}

impl ClientSecret {
    /// A service principal of a tenant. Nothing is sent and nothing is checked before a token is wanted.
    pub fn new(
        cloud: &Cloud,
        transport: Transport,
        tenant_id: &str,
        client_id: &str,
        secret: Secret,
    ) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            client_id: client_id.to_owned(),
            secret,
            authority: cloud.authority().clone(),
            transport,
        }
    }

    fn options(&self, entra: Arc<Entra>) -> ClientSecretCredentialOptions {
        let mut authority = self.authority.clone();
        if self.transport.is_plain() {
            // azure_identity takes no other; the transport puts it back.
            let _ = authority.set_scheme("https");
        }
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = authority.to_string();
        ClientSecretCredentialOptions {
            client_options: ClientOptions {
                transport: Some(azure_core::http::Transport::new(entra)),
                cloud: Some(Arc::new(cloud.into())),
                retry: RetryOptions::exponential(ExponentialRetryOptions {
                    max_retries: RETRIES,
                    ..Default::default()
                }),
                ..ClientOptions::default()
            },
        }
    }

    fn explain(&self, error: &azure_core::Error, said: Option<Said>) -> CredentialError {
        let host = self.authority.authority().to_owned();
        match said {
            Some(Said { code, message: Some(message), .. }) => {
                CredentialError::Refused { credential: NAME, code, message }
            }
            Some(Said { status, .. }) => CredentialError::Unreachable {
                credential: NAME,
                host,
                message: format!("it answered with HTTP {status} and something that is not Entra ID's"),
            },
            None => CredentialError::Unreachable { credential: NAME, host, message: innermost(error) },
        }
    }
}

#[async_trait]
impl TokenCredential for ClientSecret {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let invalid = |message: String| CredentialError::Invalid { credential: NAME, message };
        let client = self.transport.client().map_err(|error| CredentialError::Unreachable {
            credential: NAME,
            host: self.authority.authority().to_owned(),
            message: error.to_string(),
        })?;
        let entra = Arc::new(Entra { client, plain: self.transport.is_plain(), said: Mutex::default() });
        let tenant = request.tenant.as_ref().unwrap_or(&self.tenant_id);
        let secret = self.secret.expose().to_owned().into();
        let options = Some(self.options(entra.clone()));
        // Made anew each time: it keeps its tokens, and would give one back that Resource Manager has refused.
        let credential = ClientSecretCredential::new(tenant, self.client_id.clone(), secret, options)
            .map_err(|error| invalid(innermost(&error)))?;
        match credential.get_token(&[request.scope.as_str()], None).await {
            Ok(token) => Ok(Token {
                secret: Secret::new(token.token.secret()),
                expires: Timestamp::from_second(token.expires_on.unix_timestamp()).unwrap_or(Timestamp::MAX),
            }),
            Err(error) => {
                let said = entra.said.lock().unwrap_or_else(PoisonError::into_inner).take();
                Err(self.explain(&error, said))
            }
        }
    }
}

/// The way to Entra ID, which keeps what was said last when it was no token.
#[derive(Debug)]
struct Entra {
    client: reqwest::Client,
    plain: bool,
    said: Mutex<Option<Said>>,
}

#[derive(Debug)]
struct Said {
    status: u16,
    code: Option<String>,
    message: Option<String>,
}

#[async_trait]
impl HttpClient for Entra {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut request = request.clone();
        if self.plain {
            let _ = request.url_mut().set_scheme("http");
        }
        let response = HttpClient::execute_request(&self.client, &request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, headers, body) = response.deconstruct();
        let body = body.collect().await?;
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Said::read(u16::from(status), &body));
        Ok(AsyncRawResponse::from_bytes(status, headers, body))
    }
}

impl Said {
    fn read(status: u16, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let description = body.get("error_description").or_else(|| body.get("error")).and_then(Value::as_str);
        Self { status, code: description.and_then(code), message: description.map(first_sentences) }
    }
}

/// Entra's code in its own text: `AADSTS` and digits.
fn code(text: &str) -> Option<String> {
    let start = text.find("AADSTS")?;
    let digits: String = text[start + 6..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

/// What happened in one line, with the trace and correlation IDs that Entra appends on lines of their own.
fn first_sentences(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The innermost reason; what is around it advises on the use of a library.
fn innermost(error: &azure_core::Error) -> String {
    let mut error: &dyn std::error::Error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests;
