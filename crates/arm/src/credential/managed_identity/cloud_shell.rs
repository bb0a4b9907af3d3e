//! Cloud Shell: tokens of the person who uses it.

use http::Method;
use url::Url;

use super::UserAssigned;
use super::exchange::{Again, Exchange};
use crate::credential::Token;

pub(super) const NAME: &str = "Cloud Shell";

pub(super) async fn token(exchange: &Exchange<'_>, endpoint: &Url) -> Result<Token, String> {
    if *exchange.identity != UserAssigned::None {
        return Err(format!(
            "its tokens are for the person who uses it, and not for {}; leave the identity's ID out",
            exchange.identity
        ));
    }
    let request = exchange.request(Method::POST, endpoint, &[]).header("metadata", "true");
    let request = request.form(&[("resource", exchange.resource)]);
    exchange.token(&exchange.send(request, Again::Usually).await?)
}
