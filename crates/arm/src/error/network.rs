//! What can go wrong on the way to Azure and back.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

/// A request that did not reach its host, or whose answer did not come back whole.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{method} {path}: {kind} {host}: {}", root(.source.as_ref()))]
pub struct NetworkError {
    /// HTTP method of the request.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// The host that was called.
    pub host: String,
    /// On which part of the way it went wrong.
    pub kind: NetworkKind,
    /// What the network said.
    #[source]
    pub source: Arc<dyn StdError + Send + Sync>,
}

/// The part of the way on which a request was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkKind {
    /// The host's name has no address.
    Name,
    /// No connection could be made.
    Connect,
    /// The host's certificate is not trusted, or TLS could not be agreed on.
    Tls,
    /// The host did not answer for too long.
    Timeout,
    /// The connection ended after the request was sent and before an answer came.
    Send,
    /// The answer began and did not come whole.
    Body,
}

impl NetworkKind {
    /// Whether the request may have been carried out nevertheless.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::Timeout | Self::Send | Self::Body)
    }

    /// Whether trying again soon has a chance: a wrong certificate does not mend itself.
    pub(crate) fn is_passing(self) -> bool {
        self != Self::Tls
    }

    /// What went wrong with a call of the HTTP client.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let chain = || std::iter::successors(error.source(), |error| (*error).source());
        let said =
            |words: &[&str]| chain().any(|error| words.iter().any(|word| error.to_string().contains(word)));
        let tls = chain().any(is_tls);
        if error.is_connect() {
            if tls {
                Self::Tls
            } else if said(&["dns error", "failed to lookup address"]) {
                Self::Name
            } else {
                // A connection that could not be made in time carried no request.
                Self::Connect
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
            Self::Tls => "cannot agree on TLS with",
            Self::Timeout => "no answer in time from",
            Self::Send => "lost the connection to",
            Self::Body => "the answer broke off from",
        })
    }
}

/// Whether this is an error of TLS, or of input and output around one, which the chain of sources passes over.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    if error.is::<rustls::Error>() {
        return true;
    }
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.is_some_and(|inner| is_tls(inner))
}

/// The innermost reason, which is the one that helps; what wraps it names URLs and their queries.
pub(crate) fn root(error: &(dyn StdError + Send + Sync + 'static)) -> String {
    let mut error: &dyn StdError = error;
    loop {
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
    }

    #[test]
    fn tls_is_found_inside_other_errors() {
        let tls = rustls::Error::General("x".into());
        assert!(is_tls(&io::Error::other(io::Error::other(tls))));
        assert!(!is_tls(&io::Error::other("x")));
    }
}
