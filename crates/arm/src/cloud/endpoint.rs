//! Endpoints as users and clouds write them: which are taken, and in which form they are kept.

use url::Url;

use crate::error::Error;

/// A URL without its trailing slashes, which Azure's own documents write and leave out at will.
pub(super) fn bare(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// An endpoint or host as it may be repeated to users: without what stands before an `@`, which may be a password, whatever is
/// wrong with the rest.
pub fn shown(text: &str) -> String {
    let Some((before, host)) = text.rsplit_once('@') else { return text.to_owned() };
    let scheme = before.find("://").map_or("", |at| &before[..at + 3]);
    format!("{scheme}(hidden)@{host}")
}

/// Says what is wrong with the endpoint of a service of a custom cloud, to complete "it ...".
pub fn check_endpoint(text: &str) -> Result<(), String> {
    read(&bare(text.trim()), false).map(drop)
}

/// Says what is wrong with the host of a metadata document (`host`, `host:port` or a URL), to complete "it ...".
pub fn check_metadata_host(text: &str) -> Result<(), String> {
    let text = bare(text.trim());
    let url = if text.contains("://") { text } else { format!("https://{text}") };
    read(&url, false).map(drop)
}

/// The endpoint of a service. Plain HTTP is taken from this machine itself, where tests have their servers.
pub(super) fn endpoint(what: &str, text: &str) -> Result<Url, Error> {
    let text = bare(text.trim());
    read(&text, true)
        .map_err(|why| Error::configuration(format!("the endpoint of {what}, {:?}, {why}", shown(&text))))
}

fn read(text: &str, here: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is not a URL: {error}"))?;
    let host = url.host_str().unwrap_or_default();
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match url.scheme() {
        "https" | "http"
            if host.is_empty()
                || url.query().is_some()
                || url.fragment().is_some()
                || !url.username().is_empty()
                || url.password().is_some() =>
        {
            Err("must be a bare URL such as https://management.azure.com".to_owned())
        }
        "https" => Ok(url),
        "http" if here && loopback => Ok(url),
        "http" => Err(
            "begins with http: where https: is needed, as tokens and secrets are never sent by plain HTTP"
                .to_owned(),
        ),
        scheme => Err(format!("begins with {scheme}: where https: is needed")),
    }
}
