//! Entra ID: the token endpoint, the documents that clients discover it by, and Resource Manager's check of a token.

pub mod application;
mod assertion;
pub mod certificate;
mod check;
mod der;
pub mod directory;
pub mod issuer;
mod keys;
mod metadata;
mod secrets;
mod token;

use std::path::Path;

use serde_json::{Value, json};

use crate::http::{Request, Response};
use application::Application;
pub use check::Caller;
use directory::{Kind, PERSON, PERSON_NAME, Principal, tenant};
use issuer::Issuer;
pub use keys::{Jwt, KeyError, SigningKey};
pub use metadata::cloud_metadata;
pub use secrets::{Known, Secrets};

/// The identity platform of the box.
#[derive(Debug)]
pub struct Entra {
    base: String,
    key: SigningKey,
    applications: Vec<Application>,
    issuers: Vec<Issuer>,
    refresh_token: String,
    secrets: Secrets,
}

impl Entra {
    /// An identity platform at a base URL; the secret is the main application's.
    pub fn new(base: &str, secret: &str) -> Result<Self, KeyError> {
        let secrets = Secrets::default();
        let issuers = Issuer::all(base, &secrets);
        let applications = Application::all(secret, &issuers, &secrets);
        let refresh_token = format!("1.{}", application::random_secret());
        secrets.add("refresh_token", &refresh_token);
        Ok(Self {
            base: base.to_owned(),
            key: SigningKey::make()?,
            applications,
            issuers,
            refresh_token,
            secrets,
        })
    }

    /// The token endpoint's key, for tests that forge tokens.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What must show nowhere.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The issuer of this name.
    pub fn issuer_named(&self, name: &str) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.platform.name() == name)
    }

    /// The application of this name or client ID.
    pub fn application(&self, name: &str) -> Option<&Application> {
        self.applications
            .iter()
            .find(|a| a.principal.name == name || a.principal.client_id.eq_ignore_ascii_case(name))
    }

    /// Answers a request if it is for the identity platform or an issuer.
    pub fn answer(&self, request: &Request, lifetime: u64) -> Option<Response> {
        let path = request.path().to_lowercase();
        let words: Vec<&str> = path.split('/').filter(|w| !w.is_empty()).collect();
        let response = match words.as_slice() {
            [tenant, "oauth2", "v2.0", "token"] => self.token(request, tenant, true, lifetime),
            [tenant, "oauth2", "token"] => self.token(request, tenant, false, lifetime),
            [tenant, "v2.0", ".well-known", "openid-configuration"] => self.configuration(tenant, true),
            [tenant, ".well-known", "openid-configuration"] => self.configuration(tenant, false),
            [_, "discovery", "v2.0", "keys"] | [_, "discovery", "keys"] => {
                Response::json(200, &self.key.key_set())
            }
            ["common", "discovery", "instance"] => self.instance(),
            ["issuers", name, rest @ ..] => match self.issuer_named(name) {
                Some(issuer) => issuer.answer(request, rest, &self.secrets),
                None => Response::empty(404),
            },
            _ => return None,
        };
        Some(response)
    }

    fn configuration(&self, name: &str, v2: bool) -> Response {
        let base = &self.base;
        let known = tenant(name).map(|t| t.id);
        let Some(tenant) = known.or((name == "common").then_some("common")) else {
            return token::tenant_not_found(name);
        };
        let part = if v2 { "/v2.0" } else { "" };
        let issued_for = if tenant == "common" { "{tenantid}" } else { tenant };
        let issuer = if v2 { format!("{base}/{issued_for}/v2.0") } else { self.issuer(issued_for) };
        Response::json(
            200,
            &json!({
                "token_endpoint": format!("{base}/{tenant}/oauth2{part}/token"),
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
                "jwks_uri": format!("{base}/{tenant}/discovery{part}/keys"),
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": issuer,
                "authorization_endpoint": format!("{base}/{tenant}/oauth2{part}/authorize"),
                "device_authorization_endpoint": format!("{base}/{tenant}/oauth2{part}/devicecode"),
                "end_session_endpoint": format!("{base}/{tenant}/oauth2{part}/logout"),
                "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "tid", "oid", "ver"],
                "tenant_region_scope": "NA",
                "cloud_instance_name": self.host(),
            }),
        )
    }

    fn instance(&self) -> Response {
        let host = self.host();
        Response::json(
            200,
            &json!({
                "tenant_discovery_endpoint": format!("{}/common/v2.0/.well-known/openid-configuration", self.base),
                "api-version": "1.1",
                "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
            }),
        )
    }

    fn host(&self) -> &str {
        self.base.trim_start_matches("https://")
    }

    /// The issuer in access tokens for Resource Manager, which are of version 1.
    fn issuer(&self, tenant: &str) -> String {
        format!("{}/{tenant}/", self.base)
    }

    /// Audiences that Resource Manager accepts, without a slash at the end.
    fn audiences(&self) -> [&str; 3] {
        [&self.base, "https://management.azure.com", "https://management.core.windows.net"]
    }

    /// Whether there is something of this name to get tokens for.
    pub fn knows(&self, audience: &str) -> bool {
        let bare = audience.trim_end_matches('/');
        self.audiences().contains(&bare) || bare == "https://graph.microsoft.com"
    }

    /// An access token for a principal.
    pub fn access_token(
        &self,
        principal: &Principal,
        tenant: &str,
        audience: &str,
        lifetime: u64,
    ) -> Result<String, KeyError> {
        let now = jiff::Timestamp::now().as_second();
        let mut claims = json!({
            "aud": audience,
            "iss": self.issuer(tenant),
            "iat": now,
            "nbf": now,
            "exp": now.saturating_add_unsigned(lifetime),
            "appid": principal.client_id,
            "oid": principal.object_id,
            "sub": principal.object_id,
            "tid": tenant,
            "uti": uuid::Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        });
        let more = match principal.kind {
            Kind::User => json!({
                "appidacr": "0", "idtyp": "user", "scp": "user_impersonation", "upn": PERSON_NAME,
                "unique_name": PERSON_NAME, "name": "Someone",
            }),
            Kind::Application => json!({"appidacr": "1", "idtyp": "app", "idp": self.issuer(tenant)}),
            Kind::SystemAssigned | Kind::UserAssigned => {
                json!({"appidacr": "2", "idtyp": "app", "idp": self.issuer(tenant)})
            }
        };
        for (name, value) in more.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        let token = self.key.sign(&claims)?;
        self.secrets.add("access_token", &token);
        Ok(token)
    }

    /// What a test needs to sign in as each application; certificates are written into the folder.
    pub fn describe_applications(&self, folder: &Path) -> Result<Value, String> {
        let all: Result<Vec<Value>, String> =
            self.applications.iter().map(|a| a.describe(folder, &self.secrets)).collect();
        Ok(Value::Array(all?))
    }

    /// What the Azure CLI keeps of the person who is signed in to it.
    pub fn describe_cli(&self) -> Value {
        json!({
            "authority": self.base,
            "refresh_token": self.refresh_token,
            "user": PERSON_NAME,
            "object_id": PERSON.object_id,
            "subscriptions": PERSON.subscriptions,
        })
    }
}
