//! The instance metadata service: an address that exists on the link of each virtual machine of Azure, and nowhere else.

use http::{Method, StatusCode};
use url::Url;

use super::UserAssigned;
use super::exchange::{Again, Exchange};
use crate::credential::Token;

pub(super) const NAME: &str = "the instance metadata service";
const USUAL: &str = "http://169.254.169.254";
const PATH: &str = "/metadata/identity/oauth2/token";
const API_VERSION: &str = "2018-02-01";

/// Where it is on each machine.
pub(super) fn usual() -> Result<Url, url::ParseError> {
    Url::parse(USUAL).map(at)
}

/// A host alone stands for the usual path on it.
pub(super) fn at(mut url: Url) -> Url {
    if matches!(url.path(), "" | "/") {
        url.set_path(PATH);
    }
    url
}

pub(super) async fn token(
    exchange: &Exchange<'_>,
    endpoint: &Url,
    named_by: Option<&str>,
) -> Result<Token, String> {
    let mut query = vec![("api-version", API_VERSION), ("resource", exchange.resource)];
    match exchange.identity {
        UserAssigned::None => {}
        UserAssigned::ClientId(id) => query.push(("client_id", id)),
        UserAssigned::ObjectId(id) => query.push(("object_id", id)),
        UserAssigned::ResourceId(id) => query.push(("msi_res_id", id)),
    }
    let request = exchange.request(Method::GET, endpoint, &query).header("metadata", "true");
    // Its documentation tells to try again when it is being updated, which shows as 404 and, for up to 70 s, as 410.
    let answer = exchange.send(request, Again::WhileUpdated).await.map_err(|lost| match named_by {
        Some(name) => format!("{lost}; correct {name}, or leave it out to ask the endpoint that the machine has"),
        None => format!(
            "{lost}; it is there on virtual machines of Azure alone: sign in in another way, or set ARM_MSI_ENDPOINT where the identity's endpoint is elsewhere"
        ),
    })?;
    let token = exchange.token(&answer);
    match named_by {
        Some(name) if answer.status == StatusCode::NOT_FOUND => token.map_err(|refusal| {
            format!("{refusal}; correct {name}: there are no tokens at its path {:?}", endpoint.path())
        }),
        _ => token,
    }
}
