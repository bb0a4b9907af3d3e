//! A question to an identity endpoint, and what is asked again.

use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use tracing::debug;
use url::Url;

use super::UserAssigned;
use super::answer::{self, Answer};
use crate::clock::Clock;
use crate::credential::{Secret, Token};
use crate::error::{NetworkError, NetworkKind};
use crate::transport::{Line, Transport};

/// The endpoint asks Entra ID, which takes seconds at worst.
const PATIENCE: Duration = Duration::from_secs(30);
/// After what may pass: seven seconds in all.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// While the metadata service is being replaced, which takes up to 70 s.
const REPLACED: [Duration; 7] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(20),
    Duration::from_secs(20),
];

/// After which answers the endpoint is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// After 429 and 5xx.
    Usually,
    /// Also after 404 and 410, by which the metadata service shows that it is being updated.
    WhileUpdated,
}

impl Again {
    fn pauses(self, answer: &Result<Answer, NetworkError>) -> &'static [Duration] {
        match answer {
            Ok(answer) => match (answer.status, self) {
                (StatusCode::TOO_MANY_REQUESTS, _) | (StatusCode::NOT_FOUND, Self::WhileUpdated) => &PAUSES,
                (StatusCode::GONE, Self::WhileUpdated) => &REPLACED,
                (status, _) if status.is_server_error() => &PAUSES,
                _ => &[],
            },
            // Where no connection can be made there is no such service, which must show at once.
            Err(error) if matches!(error.kind, NetworkKind::Send | NetworkKind::Body) => &PAUSES,
            Err(_) => &[],
        }
    }
}

/// What is wanted, and the way to ask for it.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) platform: &'static str,
    pub(super) client: reqwest::Client,
    pub(super) transport: &'a Transport,
    pub(super) clock: &'a dyn Clock,
    /// For which service a token is wanted.
    pub(super) resource: &'a str,
    pub(super) identity: &'a UserAssigned,
}

impl Exchange<'_> {
    /// A request to the endpoint, whose own query stays.
    pub(super) fn request(
        &self,
        method: Method,
        endpoint: &Url,
        query: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let mut url = endpoint.clone();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.client.request(method, url).timeout(PATIENCE).header(http::header::ACCEPT, "application/json")
    }

    /// A header that is never logged.
    pub(super) fn secret(&self, from: &str, before: &str, secret: &Secret) -> Result<HeaderValue, String> {
        secret.header(before).ok_or_else(|| format!("{from} has characters that no header can carry"))
    }

    /// The endpoint's answer, once it is not one that passes.
    pub(super) async fn send(
        &self,
        request: reqwest::RequestBuilder,
        again: Again,
    ) -> Result<Answer, String> {
        let request = request.build().map_err(|error| error.without_url().to_string())?;
        let mut tries = 0;
        loop {
            let answer = self.ask(&request).await;
            let Some(pause) = again.pauses(&answer).get(tries) else {
                return answer.map_err(|lost| told(&lost));
            };
            debug!(platform = self.platform, "asking again for a token");
            self.clock.sleep(*pause).await;
            tries += 1;
        }
    }

    async fn ask(&self, request: &reqwest::Request) -> Result<Answer, NetworkError> {
        let (method, url) = (request.method().as_str(), request.url());
        // Bodies are at hand, so each request can be copied.
        let mut copy = reqwest::Request::new(request.method().clone(), url.clone());
        copy.headers_mut().clone_from(request.headers());
        *copy.timeout_mut() = request.timeout().copied();
        if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
            *copy.body_mut() = Some(body.to_vec().into());
        }
        let line = Line::begin(method, url);
        let received = async { Answer::read(self.client.execute(copy).await?).await };
        match received.await {
            Ok(answer) => {
                line.answered(answer.status.as_u16(), None);
                Ok(answer)
            }
            Err(error) => {
                let lost = self.transport.failure(method, url.path(), url, error);
                line.failed(&lost.reason());
                Err(lost)
            }
        }
    }

    /// The token in the answer, or what the answer says instead.
    pub(super) fn token(&self, answer: &Answer) -> Result<Token, String> {
        if !answer.status.is_success() {
            return Err(answer.refusal(self.identity));
        }
        answer::token(&answer.body, self.clock.utc())
    }
}

/// What became of a request that was not answered.
fn told(lost: &NetworkError) -> String {
    let NetworkError { host, kind, source, .. } = lost;
    match kind {
        NetworkKind::ConnectTimeout => format!("nothing answers at {host}"),
        NetworkKind::Timeout => format!("{host} did not answer within {} s", PATIENCE.as_secs()),
        kind => format!("{kind} {host}: {}", crate::error::root(&**source)),
    }
}
