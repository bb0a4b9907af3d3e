//! An issuer that gives an OIDC token over HTTPS to a job that shows what its runner gave it.

use std::time::Duration;

use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use serde_json::Value;
use tracing::debug;
use url::Url;

use super::Issuance;
use crate::credential::{CredentialError, Secret};
use crate::error::NetworkError;
use crate::transport::{Line, Transport, bounded};

/// Asking for a token changes nothing, so it is tried again after what may pass.
const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// A token takes a few KiB, a page to sign in on some more.
const SIZE: usize = 1024 * 1024;
/// As much of an issuer's own words as helps.
const WORDS: usize = 300;

/// What differs between the issuers.
pub(super) struct Issuer {
    /// As users know it.
    pub(super) name: &'static str,
    /// What it gives, in words.
    pub(super) credential: &'static str,
    /// The variable that its runner puts the URL into.
    pub(super) url_from: &'static str,
    /// The variable that its runner puts the job's own token into.
    pub(super) token_from: &'static str,
    /// The name under which its answer holds the token.
    pub(super) field: &'static str,
    /// What is wrong, and what to do, when it refuses the job.
    pub(super) refused: &'static str,
}

/// Whether the URL has a parameter of this name.
pub(super) fn is_named(url: &Url, name: &str) -> bool {
    url.query_pairs().any(|(found, _)| found.eq_ignore_ascii_case(name))
}

impl Issuer {
    fn invalid(&self, message: String) -> CredentialError {
        CredentialError::Invalid { credential: self.credential, message }
    }

    /// The request URL, which is not printed: its query belongs to the job.
    pub(super) fn url(&self, text: &Secret) -> Result<Url, CredentialError> {
        let url = Url::parse(text.expose().trim()).map_err(|error| {
            self.invalid(format!("the request URL (the runner's {}) is not a URL: {error}", self.url_from))
        })?;
        if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
            let from = self.url_from;
            return Err(
                self.invalid(format!("the request URL (the runner's {from}) must begin with https://"))
            );
        }
        Ok(url)
    }

    /// The token that the issuer answers with.
    pub(super) async fn token(
        &self,
        mut request: reqwest::Request,
        request_token: &Secret,
        issuance: &Issuance<'_>,
    ) -> Result<Secret, CredentialError> {
        let bearer = request_token.header("Bearer ").ok_or_else(|| {
            let from = self.token_from;
            self.invalid(format!("the request token (the runner's {from}) has characters that no token has"))
        })?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let host = request.url().authority().rsplit('@').next().unwrap_or_default().to_owned();
        let failed =
            |message: String| CredentialError::Issuer { issuer: self.name, host: host.clone(), message };
        let client = issuance.transport.client().map_err(|error| failed(error.to_string()))?;
        let mut pauses = PAUSES.into_iter();
        loop {
            let answer = answer(&client, &request, issuance.transport).await;
            let passing = match &answer {
                Ok((status, _)) => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
                Err(error) => error.kind.is_passing(),
            };
            match (pauses.next(), answer) {
                (Some(pause), _) if passing => {
                    debug!(issuer = self.name, "asking again for an OIDC token");
                    issuance.clock.sleep(pause).await;
                }
                (_, Ok((status, body))) => return self.read(status, &body).map_err(failed),
                (_, Err(error)) => {
                    return Err(CredentialError::IssuerLost { issuer: self.name, error: Box::new(error) });
                }
            }
        }
    }

    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Secret, String> {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let status_code = status.as_u16();
        // Azure DevOps answers a token that it does not know with 203 or a redirect, and a page to sign in on.
        if matches!(status_code, 203 | 302 | 401 | 403) {
            return Err(format!(
                "it refused with HTTP {status_code}{}: {}",
                words(json.as_ref()),
                self.refused
            ));
        }
        if !status.is_success() {
            return Err(format!("it answered with HTTP {status_code}{}", words(json.as_ref())));
        }
        let json = json.ok_or_else(|| {
            format!("it answered with HTTP {status_code} and something that is not JSON; is the request URL (the runner's {}) the right one?", self.url_from)
        })?;
        let token = json.get(self.field).and_then(Value::as_str).unwrap_or_default().trim();
        match token {
            "" => Err(format!("its answer has no {:?}", self.field)),
            token => Ok(Secret::new(token)),
        }
    }
}

async fn answer(
    client: &reqwest::Client,
    request: &reqwest::Request,
    transport: &Transport,
) -> Result<(StatusCode, Vec<u8>), NetworkError> {
    let (method, url) = (request.method().as_str(), request.url());
    // Without a body, or with one at hand, a request can be copied.
    let copy = request.try_clone().unwrap_or_else(|| {
        let mut copy = reqwest::Request::new(request.method().clone(), url.clone());
        copy.headers_mut().clone_from(request.headers());
        copy
    });
    let line = Line::begin(method, url);
    let received = async {
        let response = client.execute(copy).await?;
        Ok((response.status(), bounded(response, SIZE).await?))
    };
    match received.await {
        Ok((status, body)) => {
            line.answered(status.as_u16(), None);
            Ok((status, body))
        }
        Err(error) => {
            let lost = transport.failure(method, url.path(), url, error);
            line.failed(&lost.reason());
            Err(lost)
        }
    }
}

/// The issuer's own words, where it has some.
fn words(json: Option<&Value>) -> String {
    let message = json.and_then(|json| json.get("message")).and_then(Value::as_str).unwrap_or_default();
    let message: String =
        message.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect();
    if message.is_empty() { String::new() } else { format!(" ({message})") }
}
