//! The one HTTP client that the pipeline and the credentials share.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::error::Error;

/// Reaching a host takes milliseconds; a firewall that drops packets is told from a slow link in this time.
const CONNECT: Duration = Duration::from_secs(20);
/// Resource Manager itself gives up on a service after a minute, and then answers.
const READ: Duration = Duration::from_secs(100);

/// The two signed URLs of an acceptance take 8 KiB and more; HTTP/2 would refuse the answer beyond its default of 16.
const HEADERS: u32 = 64 * 1024;

/// An HTTP client that is made when it is first needed, as loading the trusted certificates takes milliseconds.
///
/// Trusts what the system trusts, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name; uses the proxy that `HTTPS_PROXY` and
/// `NO_PROXY` name; speaks TLS 1.2 or later; follows no redirects, which would carry tokens elsewhere. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Transport {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    user_agent: String,
    plain: bool,
    client: OnceLock<Result<reqwest::Client, Error>>,
}

impl Transport {
    /// A client that speaks HTTPS only and names itself so.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self::made(user_agent.into(), false)
    }

    /// The same, but plain HTTP is spoken where a URL says so: for tests against a server in the same process.
    pub fn with_plain_http(user_agent: impl Into<String>) -> Self {
        Self::made(user_agent.into(), true)
    }

    fn made(user_agent: String, plain: bool) -> Self {
        Self { shared: Arc::new(Shared { user_agent, plain, client: OnceLock::new() }) }
    }

    /// Whether plain HTTP is spoken.
    pub fn is_plain(&self) -> bool {
        self.shared.plain
    }

    /// The client.
    pub fn client(&self) -> Result<reqwest::Client, Error> {
        self.shared.client.get_or_init(|| self.build()).clone()
    }

    fn build(&self) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.shared.user_agent)
            .https_only(!self.shared.plain)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .http2_max_header_list_size(HEADERS);
        if self.shared.plain {
            // A server in the same process is never behind a proxy.
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| {
            let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            let reason = reason.trim_start_matches("unexpected error: ").to_owned();
            let hint = std::env::var("SSL_CERT_FILE").map_or_else(
                |_| String::new(),
                |file| format!("; SSL_CERT_FILE is {file:?}, which must be a file of PEM certificates"),
            );
            Error::Configuration {
                problem: format!("cannot set up HTTPS: {reason}{hint}"),
                source: Some(Arc::new(error)),
            }
        })
    }
}
