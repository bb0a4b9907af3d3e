//! The token endpoint: which grant is asked for, by whom, for what; checked and refused as Entra ID does it.

use std::collections::BTreeMap;

use base64::Engine;
use serde_json::json;

use super::Entra;
use super::application::Application;
use super::directory::{AZURE_CLI_ID, PERSON, Principal, tenant};
use crate::http::{Request, Response};

/// What is wrong with a token request.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) code: u32,
    pub(super) text: String,
}

impl Refusal {
    /// The request is not one.
    pub(super) fn request(code: u32, text: impl Into<String>) -> Self {
        Self { status: 400, error: "invalid_request", code, text: text.into() }
    }

    /// The client has not proven who it is.
    pub(super) fn client(code: u32, text: impl Into<String>) -> Self {
        Self { status: 401, error: "invalid_client", code, text: text.into() }
    }
}

/// The fields of a token request.
pub(super) type Form = BTreeMap<String, String>;

impl Entra {
    pub(super) fn token(&self, request: &Request, name: &str, v2: bool, lifetime: u64) -> Response {
        if request.method != "POST" {
            let text = "The endpoint only accepts POST requests. Received a GET request.";
            return Refusal::request(900_561, text).into();
        }
        let Some(tenant) = tenant(name).map(|t| t.id) else { return tenant_not_found(name) };
        let form = read_form(request);
        let (principal, audience) = match self.check(&form, tenant, v2) {
            Ok(granted) => granted,
            Err(refusal) => return refusal.into(),
        };
        let Ok(token) = self.access_token(&principal, tenant, &audience, lifetime) else {
            return Response::empty(500);
        };
        let now = jiff::Timestamp::now().as_second();
        let mut body = match v2 {
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
        if principal == PERSON {
            body["refresh_token"] = json!(self.refresh_token);
        }
        Response::json(200, &body).header("Cache-Control", "no-store, no-cache").header("Pragma", "no-cache")
    }

    /// Whom to issue a token, and for which audience.
    fn check(&self, form: &Form, tenant: &str, v2: bool) -> Result<(Principal, String), Refusal> {
        let principal = match required(form, "grant_type")?.as_str() {
            "client_credentials" => self.client_of(form, tenant)?,
            "refresh_token" => self.person_of(form)?,
            grant => {
                let text = format!("The app requested an unsupported grant type '{grant}'.");
                return Err(Refusal { error: "unsupported_grant_type", ..Refusal::request(70_003, text) });
            }
        };
        let audience = match v2 {
            false => required(form, "resource")?,
            true => audience_of(&required(form, "scope")?)?,
        };
        if self.knows(&audience) {
            return Ok((principal, audience));
        }
        let text = format!(
            "The resource principal named {audience} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
        );
        Err(Refusal { error: "invalid_resource", ..Refusal::request(500_011, text) })
    }

    /// The application that proves itself by a secret or an assertion.
    fn client_of(&self, form: &Form, tenant: &str) -> Result<Principal, Refusal> {
        let client = required(form, "client_id")?;
        let application = Principal::application(&client).filter(|p| p.is_in(tenant));
        let Some(application) = application.and_then(|p| self.application(p.client_id)) else {
            let text = format!(
                "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
            );
            return Err(Refusal { error: "unauthorized_client", ..Refusal::request(700_016, text) });
        };
        let given = |name| form.get(name).filter(|value| !value.is_empty());
        if let Some(assertion) = given("client_assertion") {
            self.secrets().add("client_assertion", assertion);
            let kind = required(form, "client_assertion_type")?;
            if kind != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
                // (K)
                let text = format!("The client_assertion_type '{kind}' is not supported.");
                return Err(Refusal::request(50_180, text));
            }
            self.check_assertion(application, assertion, tenant)?;
        } else if let Some(secret) = given("client_secret") {
            self.secrets().add("client_secret", secret);
            check_secret(application, secret)?;
        } else {
            let text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
            return Err(Refusal::client(7_000_216, text));
        }
        Ok(application.principal)
    }

    /// The person whose refresh token it is, through the client that the token was given to.
    fn person_of(&self, form: &Form) -> Result<Principal, Refusal> {
        let client = required(form, "client_id")?;
        let refused = |code, text: String| Refusal { error: "invalid_grant", ..Refusal::request(code, text) };
        if required(form, "refresh_token")? != self.refresh_token {
            let text = "The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00.";
            return Err(refused(700_082, text.to_owned()));
        }
        if !client.eq_ignore_ascii_case(AZURE_CLI_ID) {
            // (K)
            let text = "Provided grant is invalid or malformed.".to_owned();
            return Err(refused(70_000, text));
        }
        Ok(PERSON)
    }
}

fn check_secret(application: &Application, secret: &str) -> Result<(), Refusal> {
    let id = application.principal.client_id;
    if secret == application.secret {
        return Ok(());
    }
    if secret == application.expired_secret {
        return Err(Refusal::client(
            7_000_222,
            format!(
                "The provided client secret keys for app '{id}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."
            ),
        ));
    }
    Err(Refusal::client(
        7_000_215,
        format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{id}'."
        ),
    ))
}

/// The audience of the one scope that a client without a user may ask for.
fn audience_of(scope: &str) -> Result<String, Refusal> {
    let audience = scope.split(' ').find_map(|s| s.strip_suffix("/.default"));
    audience.map(str::to_owned).ok_or_else(|| Refusal {
        error: "invalid_scope",
        ..Refusal::request(
            1_002_012,
            format!(
                "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
            ),
        )
    })
}

fn required(form: &Form, name: &str) -> Result<String, Refusal> {
    form.get(name).filter(|v| !v.is_empty()).cloned().ok_or_else(|| {
        Refusal::request(900_144, format!("The request body must contain the following parameter: '{name}'."))
    })
}

/// The form's fields, with client ID and secret from the Authorization header where they come in it.
fn read_form(request: &Request) -> Form {
    let mut form: Form = url::form_urlencoded::parse(&request.body).into_owned().collect();
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
    Refusal::request(90_002, text).into()
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
