//! The exchange with Entra ID's token endpoint, which secret, certificate and federated credentials share.
//!
//! `azure_identity` writes and reads the exchange. It loses Entra's own words when they hold a JSON escape, as real ones
//! do, so the transport under it keeps them; `docs/decisions` tells more.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::cloud::CustomConfiguration;
use azure_core::error::ErrorKind;
use azure_core::http::{
    AsyncRawResponse, ClientMethodOptions, ClientOptions, ExponentialRetryOptions, HttpClient, Request,
    RetryOptions,
};
use azure_identity::{
    ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions,
};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::aadsts::code;
use super::{CredentialError, Secret, Token, TokenRequest};
use crate::clock::{Clock as _, SystemClock};
use crate::cloud::Cloud;
use crate::error::NetworkError;
use crate::transport::{Line, Transport, skew};

/// An authority that cannot be reached is told within seconds.
const RETRIES: u32 = 3;

/// An application of a tenant, as which a credential signs in.
#[derive(Debug)]
pub(super) struct Application {
    /// The credential, in words: `client secret`.
    name: &'static str,
    tenant_id: String,
    client_id: String,
    authority: Url,
    transport: Transport,
}

/// What proves that it is the application that asks.
pub(super) enum Proof {
    /// A secret that Entra ID gave it.
    Secret(Secret),
    /// A JWT that somebody signed whom the application trusts: itself, or another issuer.
    Assertion(Secret),
}

impl Application {
    pub(super) fn new(
        name: &'static str,
        cloud: &Cloud,
        transport: Transport,
        tenant_id: &str,
        client_id: &str,
    ) -> Self {
        Self {
            name,
            tenant_id: tenant_id.to_owned(),
            client_id: client_id.to_owned(),
            authority: cloud.authority().clone(),
            transport,
        }
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// A credential that cannot work, whatever Entra ID says.
    pub(super) fn invalid(&self, message: impl Into<String>) -> CredentialError {
        CredentialError::Invalid { credential: self.name, message: message.into() }
    }

    fn tenant<'a>(&'a self, request: &'a TokenRequest) -> &'a str {
        request.tenant.as_ref().unwrap_or(&self.tenant_id)
    }

    /// The URL that tokens come from, for whom an assertion is signed.
    pub(super) fn endpoint(&self, request: &TokenRequest) -> String {
        let mut url = self.authority.clone();
        url.set_path(&format!("/{}/oauth2/v2.0/token", self.tenant(request)));
        url.into()
    }

    /// A token for what proves the application.
    pub(super) async fn token(&self, request: &TokenRequest, proof: Proof) -> Result<Token, CredentialError> {
        let client = self.transport.client().map_err(|error| self.unreachable(error.to_string()))?;
        let entra = Arc::new(Entra {
            client,
            transport: self.transport.clone(),
            said: Mutex::default(),
            lost: Mutex::default(),
        });
        // Made anew each time: it keeps its tokens, and would give one back that Resource Manager has refused.
        let credential = self
            .credential(self.tenant(request), self.options(entra.clone()), proof)
            .map_err(|error| self.invalid(innermost(&error)))?;
        match credential.get_token(&[request.scope.as_str()], None).await {
            Ok(token) => {
                let expires = Timestamp::from_second(token.expires_on.unix_timestamp());
                Token::new(token.token.secret(), expires.unwrap_or(Timestamp::MAX))
                    .map_err(|unfit| self.unreachable(unfit.to_string()))
            }
            Err(error) => {
                if let Some(error) = entra.lost.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    return Err(CredentialError::Network { credential: self.name, error: Box::new(error) });
                }
                let said = entra.said.lock().unwrap_or_else(PoisonError::into_inner).take();
                Err(self.explain(&error, said))
            }
        }
    }

    fn credential(
        &self,
        tenant: &str,
        client_options: ClientOptions,
        proof: Proof,
    ) -> azure_core::Result<Arc<dyn azure_core::credentials::TokenCredential>> {
        let client_id = self.client_id.clone();
        Ok(match proof {
            Proof::Secret(secret) => {
                let options = ClientSecretCredentialOptions { client_options };
                let secret = secret.expose().to_owned().into();
                ClientSecretCredential::new(tenant, client_id, secret, Some(options))?
            }
            Proof::Assertion(assertion) => {
                let options = ClientAssertionCredentialOptions { client_options };
                let tenant = tenant.to_owned();
                ClientAssertionCredential::new(tenant, client_id, Signed(assertion), Some(options))?
            }
        })
    }

    fn options(&self, entra: Arc<Entra>) -> ClientOptions {
        let mut authority = self.authority.clone();
        if self.transport.is_plain() {
            // azure_identity takes no other; the transport puts it back.
            let _ = authority.set_scheme("https");
        }
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = authority.to_string();
        ClientOptions {
            transport: Some(azure_core::http::Transport::new(entra)),
            cloud: Some(Arc::new(cloud.into())),
            retry: RetryOptions::exponential(ExponentialRetryOptions {
                max_retries: RETRIES,
                ..Default::default()
            }),
            ..ClientOptions::default()
        }
    }

    fn unreachable(&self, message: String) -> CredentialError {
        let host = self.authority.authority().to_owned();
        CredentialError::Unreachable { credential: self.name, host, message }
    }

    fn explain(&self, error: &azure_core::Error, said: Option<Said>) -> CredentialError {
        match said {
            Some(Said { code, message: Some(message), .. }) => {
                CredentialError::Refused { credential: self.name, code, message }
            }
            Some(Said { status, .. }) => self
                .unreachable(format!("it answered with HTTP {status} and something that is not Entra ID's")),
            None => self.unreachable(innermost(error)),
        }
    }
}

/// An assertion that is at hand.
#[derive(Debug)]
struct Signed(Secret);

#[async_trait]
impl ClientAssertion for Signed {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose().to_owned())
    }
}

/// The way to Entra ID, which keeps what was said last when it was no token.
#[derive(Debug)]
struct Entra {
    client: reqwest::Client,
    transport: Transport,
    said: Mutex<Option<Said>>,
    /// What became of the last request, when no answer came.
    lost: Mutex<Option<NetworkError>>,
}

impl Entra {
    /// Keeps what happened on the way, which the library's own error tells only in part.
    fn keep(&self, url: &Url, line: Line, error: azure_core::Error) -> azure_core::Error {
        let inner = match error.into_inner() {
            Ok(inner) => inner.downcast::<reqwest::Error>(),
            Err(error) => {
                line.failed(&innermost(&error));
                return error;
            }
        };
        match inner {
            Ok(error) => {
                let lost = self.transport.failure("POST", url.path(), url, *error);
                // Only what may pass by itself is of a kind that is tried again.
                let kind = if lost.kind.is_passing() { ErrorKind::Io } else { ErrorKind::Other };
                let error = azure_core::Error::with_message(kind, lost.to_string());
                line.failed(&lost.reason());
                *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(lost);
                error
            }
            Err(error) => {
                line.failed(&innermost(&*error));
                azure_core::Error::new(ErrorKind::Io, error)
            }
        }
    }
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
        if self.transport.is_plain() {
            let _ = request.url_mut().set_scheme("http");
        }
        // What an earlier attempt met with is not what this one does.
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let line = Line::begin(request.method().as_ref(), request.url());
        // Here and not by the library, which would lose what became of an answer that breaks off.
        let received = async {
            let (status, headers, body) =
                HttpClient::execute_request(&self.client, &request).await?.deconstruct();
            Ok((status, headers, body.collect().await?))
        };
        let (status, headers, body) = match received.await {
            Ok(received) => received,
            Err(error) => return Err(self.keep(request.url(), line, error)),
        };
        line.answered(u16::from(status), headers.get_optional_str(&"x-ms-request-id".into()));
        if status.is_success() {
            return Ok(AsyncRawResponse::from_bytes(status, headers, body));
        }
        let mut said = Said::read(u16::from(status), &body);
        // Assertions, and the answers to them, have times in them: a wrong clock is refused in other words.
        let clock =
            headers.get_optional_str(&"date".into()).and_then(|date| skew::note_of(date, SystemClock.utc()));
        if let (Some(message), Some(clock)) = (&mut said.message, clock) {
            message.push_str(&format!(" (Also, {clock}.)"));
        }
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
        Ok(AsyncRawResponse::from_bytes(status, headers, body))
    }
}

impl Said {
    fn read(status: u16, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let description = body.get("error_description").or_else(|| body.get("error")).and_then(Value::as_str);
        Self { status, code: description.and_then(code), message: description.map(one_line) }
    }
}

/// What happened, with the trace and correlation IDs that Entra appends on lines of their own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The innermost reason; what is around it advises on the use of a library or names URLs.
pub(super) fn innermost(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    crate::error::root(error)
}
