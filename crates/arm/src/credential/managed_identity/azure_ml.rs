//! Compute of Azure Machine Learning: App Service's first version of an endpoint, with names of its own.

use http::Method;
use url::Url;

use super::UserAssigned;
use super::exchange::{Again, Exchange};
use crate::credential::{Secret, Token};

pub(super) const NAME: &str = "the compute of Azure Machine Learning";
const API_VERSION: &str = "2017-09-01";

pub(super) async fn token(
    exchange: &Exchange<'_>,
    endpoint: &Url,
    secret: &Secret,
    default_client_id: Option<&str>,
) -> Result<Token, String> {
    let client_id = match exchange.identity {
        UserAssigned::None => default_client_id,
        UserAssigned::ClientId(id) => Some(id.as_str()),
        other => {
            return Err(format!("it takes user-assigned identities by client ID alone, and not {other}"));
        }
    };
    let mut query = vec![("api-version", API_VERSION), ("resource", exchange.resource)];
    query.extend(client_id.map(|id| ("clientid", id)));
    let secret = exchange.secret("MSI_SECRET", "", secret)?;
    let request = exchange.request(Method::GET, endpoint, &query).header("secret", secret);
    exchange.token(&exchange.send(request, Again::Usually).await?)
}
