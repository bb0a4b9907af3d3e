//! What every answer of Resource Manager has.

use crate::http::{Request, Response};

/// Adds what every answer of Resource Manager has.
pub(crate) fn finish(response: Response, request: &Request) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let correlation = request.headers.get("x-ms-correlation-request-id").unwrap_or(&id).to_owned();
    let time = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    // A service may have said so itself, as Private DNS does.
    let response = match response.headers.get("Cache-Control") {
        Some(_) => response,
        None => {
            response.header("Cache-Control", "no-cache").header("Pragma", "no-cache").header("Expires", "-1")
        }
    };
    let mut response = response
        .header("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        .header("X-Content-Type-Options", "nosniff")
        .header("x-ms-routing-request-id", format!("EASTUS:{time}:{id}"))
        .header("x-ms-request-id", id)
        .header("x-ms-correlation-request-id", correlation)
        .header("X-Cache", "CONFIG_NOCACHE");
    let wanted = request.headers.get("x-ms-return-client-request-id");
    if wanted.is_some_and(|w| w.eq_ignore_ascii_case("true"))
        && let Some(client) = request.headers.get("x-ms-client-request-id")
    {
        response = response.header("x-ms-client-request-id", client);
    }
    response
}
