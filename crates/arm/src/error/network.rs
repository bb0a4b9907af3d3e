//! What can go wrong on the way to Azure and back.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use super::certificate::{self, CertificateFault};
use crate::transport::proxy_fault;

/// A request that did not reach its host, or whose answer did not come back whole.
#[derive(Debug, Clone)]
pub struct NetworkError {
    /// HTTP method of the request.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// The host that was called, with its port where that is not the usual one.
    pub host: String,
    /// On which part of the way it went wrong.
    pub kind: NetworkKind,
    /// The proxy before the host, where the proxy is what went wrong.
    pub proxy: Option<String>,
    /// What the network said.
    pub source: Arc<dyn StdError + Send + Sync>,
}

impl StdError for NetworkError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.method, self.path, self.reason())
    }
}

impl NetworkError {
    /// What went wrong on the way to which host, without the request that met with it.
    pub(crate) fn reason(&self) -> String {
        let Self { host, kind, .. } = self;
        let proxy = self.proxy.as_deref().unwrap_or("of the environment");
        match kind {
            NetworkKind::Proxy(ProxyFault::Credentials) => {
                format!(
                    "the proxy {proxy} demands a valid user name and password to connect to {host} (HTTP 407)"
                )
            }
            NetworkKind::Proxy(ProxyFault::Refused) => format!("the proxy {proxy} did not connect to {host}"),
            NetworkKind::Proxy(ProxyFault::Unreachable) => {
                format!("cannot reach the proxy {proxy} before {host}: {}", root(&*self.source))
            }
            NetworkKind::PlainHttp => format!("{kind} {host}"),
            _ => format!("{kind} {host}: {}", root(&*self.source)),
        }
    }
}

/// The part of the way on which a request was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkKind {
    /// The host's name has no address.
    Name,
    /// No connection could be made.
    Connect,
    /// No connection could be made in time: nothing came back at all.
    ConnectTimeout,
    /// The proxy on the way did not let the request through.
    Proxy(ProxyFault),
    /// The host's certificate is not to be trusted.
    Certificate(CertificateFault),
    /// TLS could not be agreed on.
    Tls,
    /// The URL is one of plain HTTP, by which nothing is sent.
    PlainHttp,
    /// The host did not answer for too long.
    Timeout,
    /// The connection ended after the request was sent and before an answer came.
    Send,
    /// The answer began and did not come whole.
    Body,
}

/// What went wrong with a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFault {
    /// It cannot be reached.
    Unreachable,
    /// It wants a user name and a password, or others.
    Credentials,
    /// It opens no way to the host.
    Refused,
}

impl NetworkKind {
    /// Whether the request may have been carried out nevertheless.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::Timeout | Self::Send | Self::Body)
    }

    /// Whether trying again soon has a chance: a wrong certificate does not mend itself.
    pub(crate) fn is_passing(self) -> bool {
        !matches!(
            self,
            Self::Tls | Self::Certificate(_) | Self::PlainHttp | Self::Proxy(ProxyFault::Credentials)
        )
    }

    /// Whether it may as well be meant: a proxy refuses a host for good, or because it is busy, and the HTTP client does not
    /// tell with which status.
    pub(crate) fn is_doubtful(self) -> bool {
        self == Self::Proxy(ProxyFault::Refused)
    }

    /// What went wrong with a call of the HTTP client.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let chain = || std::iter::successors(error.source(), |error| (*error).source());
        let said =
            |words: &[&str]| chain().any(|error| words.iter().any(|word| error.to_string().contains(word)));
        let tunnel = chain().map(ToString::to_string).find(|text| text.starts_with("tunnel error"));
        if error.is_builder() {
            // Nothing but the scheme of a URL is left to be wrong in a request that is built of checked parts, tokens included.
            Self::PlainHttp
        } else if error.is_connect() {
            match (chain().find_map(certificate::tls), tunnel) {
                (Some(tls), _) => certificate::fault(tls).map_or(Self::Tls, Self::Certificate),
                (None, Some(tunnel)) => Self::Proxy(proxy_fault(&tunnel)),
                // A connection that could not be made in time carried no request.
                (None, None) if error.is_timeout() => Self::ConnectTimeout,
                (None, None) if said(&["dns error", "failed to lookup address"]) => Self::Name,
                (None, None) => Self::Connect,
            }
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_body() || error.is_decode() {
            Self::Body
        } else {
            // TLS can fail after the request was sent as well: that is no proof that it did not arrive.
            Self::Send
        }
    }
}

impl fmt::Display for NetworkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "cannot find the host",
            Self::Connect => "cannot connect to",
            Self::ConnectTimeout => "no connection in time to",
            Self::Proxy(_) => "the proxy does not let through to",
            Self::Certificate(_) => "cannot trust",
            Self::Tls => "cannot agree on TLS with",
            Self::PlainHttp => "tokens and secrets are never sent by plain HTTP, as the URL wants it of",
            Self::Timeout => "no answer in time from",
            Self::Send => "lost the connection to",
            Self::Body => "the answer broke off from",
        })
    }
}

/// The innermost reason, which is the one that helps; what wraps it names URLs and their queries.
pub(crate) fn root(error: &(dyn StdError + Send + Sync + 'static)) -> String {
    let mut error: &(dyn StdError + 'static) = error;
    loop {
        if let Some(tls) = certificate::tls(error) {
            return certificate::words(tls);
        }
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::UnexpectedEof) {
            // The libraries point to their manuals here.
            return "it was closed too early".to_owned();
        }
        match error.source() {
            Some(source) => error = source,
            None => return error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("error for https://management.azure.com/o?s=secret")]
    struct Outer(#[source] io::Error);

    #[test]
    fn the_innermost_reason_is_told() {
        let reset = io::Error::other("connection reset");
        assert_eq!(root(&Outer(reset)), "connection reset");
        let early = io::Error::new(io::ErrorKind::UnexpectedEof, "see the manual at https://docs.rs");
        assert_eq!(root(&Outer(early)), "it was closed too early");
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert_eq!(
            root(&Outer(io::Error::other(tls))),
            "its certificate is signed by an authority that is not trusted here"
        );
    }
}
