//! The token endpoint: client credentials, checked and refused as Entra ID does it.

use std::collections::BTreeMap;

use base64::Engine;
use serde_json::json;

use super::{Entra, known_tenant};
use crate::azure::CLIENT_ID;
use crate::http::{Request, Response};

/// What is wrong with a token request.
struct Refusal {
    status: u16,
    error: &'static str,
    code: u32,
    text: String,
}

impl Entra {
    pub(super) fn token(&self, request: &Request, tenant: &str, v2: bool, lifetime: u64) -> Response {
        if request.method != "POST" {
            let text = "The endpoint only accepts POST requests. Received a GET request.".to_owned();
            return Refusal { status: 400, error: "invalid_request", code: 900_561, text }.into();
        }
        let Some(tenant) = known_tenant(tenant) else { return tenant_not_found(tenant) };
        let form = read_form(request);
        let audience = match self.check(&form, tenant, v2) {
            Ok(audience) => audience,
            Err(refusal) => return refusal.into(),
        };
        let Ok(token) = self.access_token(tenant, &audience, lifetime) else { return Response::empty(500) };
        let now = jiff::Timestamp::now().as_second();
        let body = match v2 {
            true => json!({
                "token_type": "Bearer",
                "expires_in": lifetime,
                "ext_expires_in": lifetime,
                "access_token": token,
            }),
            false => json!({
                "token_type": "Bearer",
                "expires_in": lifetime.to_string(),
                "ext_expires_in": lifetime.to_string(),
                "expires_on": now.saturating_add_unsigned(lifetime).to_string(),
                "not_before": now.to_string(),
                "resource": audience,
                "access_token": token,
            }),
        };
        Response::json(200, &body).header("Cache-Control", "no-store, no-cache").header("Pragma", "no-cache")
    }

    /// The audience to issue a token for.
    fn check(&self, form: &BTreeMap<String, String>, tenant: &str, v2: bool) -> Result<String, Refusal> {
        let grant = required(form, "grant_type")?;
        if grant != "client_credentials" {
            let text = format!("The app requested an unsupported grant type '{grant}'.");
            return Err(Refusal { status: 400, error: "unsupported_grant_type", code: 70_003, text });
        }
        let client = required(form, "client_id")?;
        if !client.eq_ignore_ascii_case(CLIENT_ID) {
            let text = format!(
                "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
            );
            return Err(Refusal { status: 400, error: "unauthorized_client", code: 700_016, text });
        }
        let Some(secret) = form.get("client_secret").filter(|s| !s.is_empty()) else {
            let text =
                "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."
                    .to_owned();
            return Err(Refusal { status: 401, error: "invalid_client", code: 7_000_216, text });
        };
        if *secret != self.secret {
            let text = format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{CLIENT_ID}'."
            );
            return Err(Refusal { status: 401, error: "invalid_client", code: 7_000_215, text });
        }
        let audience = match v2 {
            false => required(form, "resource")?,
            true => {
                let scope = required(form, "scope")?;
                let audience = scope.split(' ').find_map(|s| s.strip_suffix("/.default"));
                audience.map(str::to_owned).ok_or_else(|| Refusal {
                    status: 400,
                    error: "invalid_scope",
                    code: 1_002_012,
                    text: format!(
                        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
                    ),
                })?
            }
        };
        let bare = audience.trim_end_matches('/');
        if self.audiences().contains(&bare) || bare == "https://graph.microsoft.com" {
            return Ok(audience);
        }
        let text = format!(
            "The resource principal named {audience} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
        );
        Err(Refusal { status: 400, error: "invalid_resource", code: 500_011, text })
    }
}

fn required(form: &BTreeMap<String, String>, name: &str) -> Result<String, Refusal> {
    form.get(name).filter(|v| !v.is_empty()).cloned().ok_or_else(|| Refusal {
        status: 400,
        error: "invalid_request",
        code: 900_144,
        text: format!("The request body must contain the following parameter: '{name}'."),
    })
}

/// The form's fields, with client ID and secret from the Authorization header where they come in it.
fn read_form(request: &Request) -> BTreeMap<String, String> {
    let mut form: BTreeMap<String, String> =
        url::form_urlencoded::parse(&request.body).into_owned().collect();
    let basic = request.headers.get("authorization").and_then(|a| a.strip_prefix("Basic "));
    let pair = basic
        .and_then(|b| base64::engine::general_purpose::STANDARD.decode(b.trim()).ok())
        .and_then(|b| String::from_utf8(b).ok());
    if let Some((id, secret)) = pair.as_deref().and_then(|p| p.split_once(':')) {
        form.insert("client_id".to_owned(), id.to_owned());
        form.insert("client_secret".to_owned(), secret.to_owned());
    }
    form
}

pub(super) fn tenant_not_found(tenant: &str) -> Response {
    let text = format!(
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    );
    Refusal { status: 400, error: "invalid_request", code: 90_002, text }.into()
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let trace = uuid::Uuid::new_v4();
        let correlation = uuid::Uuid::new_v4();
        let time = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let code = refusal.code;
        let body = json!({
            "error": refusal.error,
            "error_description": format!(
                "AADSTS{code}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
                refusal.text
            ),
            "error_codes": [code],
            "timestamp": time,
            "trace_id": trace.to_string(),
            "correlation_id": correlation.to_string(),
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        });
        // The serializer there escapes apostrophes, and clients have been seen to match on the escaped text.
        let text = body.to_string().replace('\'', "\\u0027");
        Response::json(refusal.status, &body).body(text)
    }
}
