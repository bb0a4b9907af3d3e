//! The one way to the network, which the pipeline and the credentials share.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

pub(crate) use line::Line;

use crate::error::{Error, NetworkError, NetworkKind, ProxyFault};

mod line;
pub(crate) mod skew;
mod trust;

/// Reaching a host takes milliseconds; a firewall that drops packets is told from a slow link in this time.
const CONNECT: Duration = Duration::from_secs(20);
/// Resource Manager itself gives up on a service after a minute, and then answers.
const READ: Duration = Duration::from_secs(100);
/// An identity endpoint is on the same machine or one hop away. Where there is none, packets vanish.
const CONNECT_IDENTITY: Duration = Duration::from_secs(2);

/// The two signed URLs of an acceptance take 8 KiB and more; HTTP/2 would refuse the answer beyond its default of 16.
const HEADERS: u32 = 64 * 1024;

/// HTTP clients that are made when they are first needed, as loading the trusted certificates takes milliseconds.
///
/// They trust what the system trusts, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name, and the authorities that were
/// handed in beside it; use the proxy that `HTTPS_PROXY` and `NO_PROXY` name; speak TLS 1.2 or later; and follow no
/// redirects, which would carry tokens elsewhere. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Transport {
    shared: Arc<Shared>,
}

struct Shared {
    user_agent: String,
    plain: bool,
    connect: Duration,
    proxy: Option<Url>,
    authorities: Vec<reqwest::Certificate>,
    client: OnceLock<Result<reqwest::Client, Error>>,
    identity: OnceLock<Result<reqwest::Client, Error>>,
}

/// Shows no proxy, whose URL may hold a password.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("user_agent", &self.user_agent).finish_non_exhaustive()
    }
}

/// What a [`Transport`] is made of.
#[derive(Debug)]
pub struct TransportBuilder {
    shared: Shared,
}

impl TransportBuilder {
    /// Trusts these authorities beside those of the system: certificates in PEM, such as a company's own for its proxy.
    pub fn ca_certificates(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.shared.authorities.extend(trust::certificates(pem)?);
        Ok(self)
    }

    /// Speaks plain HTTP where a URL says so: for tests against a server in the same process.
    #[must_use]
    pub fn plain_http(mut self) -> Self {
        self.shared.plain = true;
        self
    }

    /// Uses this proxy for every host, instead of those that the environment names.
    #[must_use]
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.shared.proxy = Some(proxy);
        self
    }

    /// Gives up on reaching a host after this time.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.shared.connect = timeout;
        self
    }

    /// The transport. Nothing is loaded before the first request.
    pub fn build(self) -> Transport {
        Transport { shared: Arc::new(self.shared) }
    }
}

impl Transport {
    /// Begins a transport that speaks HTTPS only and names itself so.
    pub fn builder(user_agent: impl Into<String>) -> TransportBuilder {
        TransportBuilder {
            shared: Shared {
                user_agent: user_agent.into(),
                plain: false,
                connect: CONNECT,
                proxy: None,
                authorities: Vec::new(),
                client: OnceLock::new(),
                identity: OnceLock::new(),
            },
        }
    }

    /// A transport that speaks HTTPS only and names itself so.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self::builder(user_agent).build()
    }

    /// The same, but plain HTTP is spoken where a URL says so: for tests against a server in the same process.
    pub fn with_plain_http(user_agent: impl Into<String>) -> Self {
        Self::builder(user_agent).plain_http().build()
    }

    /// Whether plain HTTP is spoken.
    pub fn is_plain(&self) -> bool {
        self.shared.plain
    }

    /// The client for Resource Manager and Entra ID.
    pub fn client(&self) -> Result<reqwest::Client, Error> {
        let make = || {
            let builder = self.base().https_only(!self.shared.plain).connect_timeout(self.shared.connect);
            made(match (&self.shared.proxy, self.shared.plain) {
                (Some(proxy), _) => builder.proxy(through(proxy)?),
                // A server in the same process is never behind a proxy.
                (None, true) => builder.no_proxy(),
                (None, false) => builder,
            })
        };
        self.shared.client.get_or_init(make).clone()
    }

    /// The client for identity endpoints, which are plain HTTP on the machine itself or on its link: no proxy stands
    /// before them, and where there is none, that shows within seconds.
    pub fn identity_client(&self) -> Result<reqwest::Client, Error> {
        let make = || made(self.base().no_proxy().connect_timeout(CONNECT_IDENTITY));
        self.shared.identity.get_or_init(make).clone()
    }

    fn base(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(&self.shared.user_agent)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .tls_certs_merge(self.shared.authorities.iter().cloned())
            .redirect(reqwest::redirect::Policy::none())
            .read_timeout(READ)
            .http2_max_header_list_size(HEADERS)
    }

    /// What became of a call to a URL that did not end in an answer. `path` is shown, the URL's own query never.
    pub fn failure(&self, method: &str, path: &str, url: &Url, error: reqwest::Error) -> NetworkError {
        let kind = NetworkKind::of(&error);
        let proxy = matches!(kind, NetworkKind::Proxy(_)).then(|| self.proxy_before(url));
        NetworkError {
            method: method.to_owned(),
            path: path.to_owned(),
            host: host(url),
            kind,
            proxy: proxy.flatten(),
            // The URL inside the error may be signed.
            source: Arc::new(error.without_url()),
        }
    }

    /// The proxy before a URL, without the password that its own may hold.
    fn proxy_before(&self, url: &Url) -> Option<String> {
        if let Some(proxy) = &self.shared.proxy {
            return Some(host(proxy));
        }
        let found = Matcher::from_env().intercept(&url.as_str().parse().ok()?)?;
        let authority = found.uri().authority()?;
        Some(authority.as_str().rsplit('@').next().unwrap_or_default().to_owned())
    }
}

/// Host and port, the latter where it is not the scheme's own.
fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// The body of an answer, or nothing where it is longer than any such answer: who sends more is not whom it was asked of.
pub(crate) async fn bounded(response: reqwest::Response, most: usize) -> Result<Vec<u8>, reqwest::Error> {
    whole(response, most).await.map(Option::unwrap_or_default)
}

/// The body of an answer, unless it is longer than that.
pub(crate) async fn whole(
    mut response: reqwest::Response,
    most: usize,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn through(proxy: &Url) -> Result<reqwest::Proxy, Error> {
    reqwest::Proxy::all(proxy.as_str())
        .map_err(|_| Error::configuration(format!("the proxy {} cannot be used", host(proxy))))
}

fn made(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    builder.build().map_err(|error| {
        let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        let reason = reason.trim_start_matches("unexpected error: ").to_owned();
        let named = |name: &str, what: &str| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
            Some(format!("; {name} is {value:?}, which must be {what}"))
        };
        let hints = [
            named("SSL_CERT_FILE", "a file of PEM certificates"),
            named("SSL_CERT_DIR", "a folder of files of PEM certificates"),
        ];
        let hints: String = hints.into_iter().flatten().collect();
        Error::Configuration {
            problem: format!("cannot set up HTTPS: {reason}{hints}"),
            source: Some(Arc::new(error)),
        }
    })
}

/// What a proxy did instead of opening a tunnel.
pub(crate) fn proxy_fault(said: &str) -> ProxyFault {
    // The library's error has no public type, only words.
    if said.contains("proxy authorization required") {
        ProxyFault::Credentials
    } else if said.contains("failed to create underlying connection") || said.contains("io error") {
        ProxyFault::Unreachable
    } else {
        ProxyFault::Refused
    }
}

#[cfg(test)]
mod tests;
