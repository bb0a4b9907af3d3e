//! A cloud as it describes itself, in both shapes in use: one object, or a list of clouds.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::{Cloud, Named, Suffixes, bare, check_metadata_host, shown};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ServiceError};
use crate::request::{Request, trimmed};
use crate::retry::{self, Tries, Verdict};
use crate::transport::{Line, Transport, bounded};

/// The API version whose answer is one cloud.
pub const METADATA_API_VERSION: &str = "2022-09-01";

/// All clouds of Azure take some 10 KiB.
const SIZE: usize = 1024 * 1024;
/// Tries, and the longest pause between them: a command that only wants to know its cloud should not hang.
const ATTEMPTS: u32 = 5;
const LONGEST: Duration = Duration::from_secs(30);

/// Asks the Resource Manager at `host` (`host` or `host:port`, or a URL) what its cloud looks like.
///
/// What passes by itself is tried again for some seconds. Drop the future to end it sooner.
pub async fn discover(transport: &Transport, host: &str) -> Result<Cloud, Error> {
    discover_on(&SystemClock, transport, host).await
}

pub(super) async fn discover_on(
    clock: &dyn Clock,
    transport: &Transport,
    host: &str,
) -> Result<Cloud, Error> {
    let host = host.trim();
    let base = if host.contains("://") { bare(host) } else { format!("https://{}", bare(host)) };
    let wrong = |why: String| Error::configuration(format!("the metadata host {:?} {why}", shown(host)));
    if !transport.is_plain() {
        check_metadata_host(host).map_err(wrong)?;
    }
    let mut url = Url::parse(&format!("{base}/metadata/endpoints"))
        .map_err(|error| wrong(format!("is not a URL: {error}")))?;
    url.query_pairs_mut().append_pair("api-version", METADATA_API_VERSION);
    let request = Request::new(http::Method::GET, url.path(), METADATA_API_VERSION);
    let (mut failures, mut tries) = (0, Tries::without_token());
    loop {
        let error = match ask(clock, transport, &url).await {
            Ok(body) => return parse(&body, &base),
            Err(error) => error,
        };
        failures += 1;
        tries.attempts += 1;
        let verdict = retry::judge(&request, &error, &mut tries);
        let retry_after = error.retry_after();
        // A throttle is no reason to wait for hours: nobody has named a deadline here.
        let bounded = failures < ATTEMPTS && retry_after.is_none_or(|asked| asked <= LONGEST);
        if !bounded || verdict == Verdict::GiveUp {
            return Err(error);
        }
        clock.sleep(retry::pause(failures, retry_after, clock.chance())).await;
    }
}

/// Asks once.
async fn ask(clock: &dyn Clock, transport: &Transport, url: &Url) -> Result<Vec<u8>, Error> {
    let client = transport.client()?;
    let line = Line::begin("GET", url);
    let received = async {
        let mut response = client.get(url.clone()).send().await?;
        let headers = std::mem::take(response.headers_mut());
        Ok((response.status(), headers, bounded(response, SIZE).await?))
    };
    let (status, headers, body) = match received.await {
        Ok(received) => received,
        Err(error) => {
            let lost = transport.failure("GET", url.path(), url, error);
            line.failed(&lost.reason());
            return Err(Error::Network(Box::new(lost)));
        }
    };
    line.answered(status.as_u16(), headers.get("x-ms-request-id").and_then(|id| id.to_str().ok()));
    let retry_after = retry::retry_after(&headers, clock.utc());
    if status.is_success() {
        return Ok(body);
    }
    let error = ServiceError::read("GET", url.path(), status.as_u16(), trimmed(&body));
    Err(Error::Service(Box::new(ServiceError { retry_after, ..error })))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    One(Box<Metadata>),
    Many(Vec<Metadata>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    name: String,
    #[serde(default)]
    portal: String,
    #[serde(default)]
    resource_manager: String,
    authentication: Authentication,
    #[serde(default)]
    suffixes: Names,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authentication {
    login_endpoint: String,
    #[serde(default)]
    audiences: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Names {
    storage: String,
    key_vault_dns: String,
    acr_login_server: String,
}

/// Reads a metadata document that came from the Resource Manager at `base`; of several clouds, that at `base`.
pub(super) fn parse(body: &[u8], base: &str) -> Result<Cloud, Error> {
    let unreadable = |problem: String| Error::Answer {
        request: "GET /metadata/endpoints".to_owned(),
        problem,
        request_id: None,
    };
    if trimmed(body).trim_ascii_start().starts_with(b"<") {
        return Err(unreadable(format!(
            "{base} gave a web page, not the description of a cloud; is it a Resource Manager?"
        )));
    }
    let document: Document = serde_json::from_slice(trimmed(body))
        .map_err(|error| unreadable(format!("it is not the description of a cloud: {error}")))?;
    let metadata = match document {
        Document::One(metadata) => *metadata,
        Document::Many(clouds) => {
            let here = |cloud: &Metadata| bare(&cloud.resource_manager).eq_ignore_ascii_case(&bare(base));
            let mut clouds = clouds;
            let index = clouds.iter().position(here).or_else(|| (clouds.len() == 1).then_some(0));
            match index {
                Some(index) => clouds.swap_remove(index),
                None => {
                    return Err(unreadable(format!(
                        "none of the clouds in it has its Resource Manager at {base}"
                    )));
                }
            }
        }
    };
    let resource_manager =
        if metadata.resource_manager.is_empty() { base } else { &metadata.resource_manager };
    let mut audiences =
        metadata.authentication.audiences.iter().map(|audience| bare(audience)).collect::<Vec<_>>();
    // Where Resource Manager's own URL is an audience, tokens are asked for it, as for the named clouds.
    let own = audiences.iter().position(|audience| audience.eq_ignore_ascii_case(&bare(resource_manager)));
    let audience = if audiences.is_empty() { None } else { Some(audiences.remove(own.unwrap_or(0))) };
    let name = if metadata.name.is_empty() { "custom" } else { &metadata.name };
    let mut cloud =
        Cloud::custom(name, resource_manager, &metadata.authentication.login_endpoint, audience.as_deref())?;
    cloud.other_audiences = audiences;
    // The document says nothing of Machine Learning; a named cloud behind a host of its own is still that cloud.
    let known = name.parse::<Named>().ok().and_then(|named| Cloud::named(named).ok());
    if let Some(known) = &known {
        cloud.federation_audience.clone_from(&known.federation_audience);
        cloud.private_dns_zones.clone_from(&known.private_dns_zones);
    }
    let suffix = |text: &str| text.trim_start_matches('.').to_owned();
    let portal = metadata.portal.trim_start_matches("https://").trim_end_matches('/');
    cloud.suffixes = Suffixes {
        storage: suffix(&metadata.suffixes.storage),
        key_vault: suffix(&metadata.suffixes.key_vault_dns),
        container_registry: suffix(&metadata.suffixes.acr_login_server),
        machine_learning: known.map(|cloud| cloud.suffixes.machine_learning).unwrap_or_default(),
        portal: suffix(portal),
    };
    Ok(cloud)
}
