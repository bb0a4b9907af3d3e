//! App Service, Functions and Container Apps: an endpoint on the loopback address, which wants back what it has put into the
//! app's environment.

use http::Method;
use url::Url;

use super::UserAssigned;
use super::exchange::{Again, Exchange};
use crate::credential::{Secret, Token};

pub(super) const NAME: &str = "App Service";
const API_VERSION: &str = "2019-08-01";

pub(super) async fn token(exchange: &Exchange<'_>, endpoint: &Url, header: &Secret) -> Result<Token, String> {
    let mut query = vec![("api-version", API_VERSION), ("resource", exchange.resource)];
    match exchange.identity {
        UserAssigned::None => {}
        UserAssigned::ClientId(id) => query.push(("client_id", id)),
        UserAssigned::ObjectId(id) => query.push(("principal_id", id)),
        UserAssigned::ResourceId(id) => query.push(("mi_res_id", id)),
    }
    let header = exchange.secret("IDENTITY_HEADER", "", header)?;
    let request = exchange.request(Method::GET, endpoint, &query).header("x-identity-header", header);
    exchange.token(&exchange.send(request, Again::Usually).await?)
}
