//! Entra ID: the token endpoint, the documents that clients discover it by, and Resource Manager's check of a token.

mod check;
mod keys;
mod token;

use serde_json::{Value, json};

use crate::azure::{CLIENT_ID, TENANT_ID};
use crate::http::{Request, Response};
pub use keys::{KeyError, SigningKey};

/// A tenant whose tokens Resource Manager does not accept for the box's subscriptions.
pub const OTHER_TENANT_ID: &str = "00000000-0000-0000-0000-0000000000bb";

/// Object ID of the application's service principal.
pub const OBJECT_ID: &str = "00000000-0000-0000-0000-0000000000d1";

/// The identity platform of the box.
#[derive(Debug)]
pub struct Entra {
    base: String,
    secret: String,
    key: SigningKey,
}

impl Entra {
    /// An identity platform at a base URL, with one application and its secret.
    pub fn new(base: &str, secret: &str) -> Result<Self, KeyError> {
        Ok(Self { base: base.to_owned(), secret: secret.to_owned(), key: SigningKey::make()? })
    }

    /// The token endpoint's key, for tests that forge tokens.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Answers a request if it is for the identity platform.
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
            _ => return None,
        };
        Some(response)
    }

    fn configuration(&self, tenant: &str, v2: bool) -> Response {
        let base = &self.base;
        let Some(tenant) = known_tenant(tenant).or((tenant == "common").then_some("common")) else {
            return token::tenant_not_found(tenant);
        };
        let part = if v2 { "/v2.0" } else { "" };
        let issued_for = if tenant == "common" { "{tenantid}" } else { tenant };
        let issuer = if v2 { format!("{base}/{issued_for}/v2.0") } else { self.issuer(issued_for) };
        Response::json(
            200,
            &json!({
                "token_endpoint": format!("{base}/{tenant}/oauth2{part}/token"),
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
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

    /// An access token for the box's application.
    fn access_token(&self, tenant: &str, audience: &str, lifetime: u64) -> Result<String, KeyError> {
        let now = jiff::Timestamp::now().as_second();
        let expires = now.saturating_add_unsigned(lifetime);
        self.key.sign(&json!({
            "aud": audience,
            "iss": self.issuer(tenant),
            "iat": now,
            "nbf": now,
            "exp": expires,
            "appid": CLIENT_ID,
            "appidacr": "1",
            "idp": self.issuer(tenant),
            "idtyp": "app",
            "oid": OBJECT_ID,
            "sub": OBJECT_ID,
            "tid": tenant,
            "uti": uuid::Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        }))
    }
}

/// The tenant of this ID or name, in lower case already.
fn known_tenant(tenant: &str) -> Option<&'static str> {
    match tenant {
        TENANT_ID | "emulated.onmicrosoft.com" => Some(TENANT_ID),
        OTHER_TENANT_ID => Some(OTHER_TENANT_ID),
        _ => None,
    }
}

/// The cloud's endpoints: one object since 2022-09-01, a list of clouds before.
pub fn cloud_metadata(request: &Request, base: &str) -> Option<Response> {
    if !request.path().trim_end_matches('/').eq_ignore_ascii_case("/metadata/endpoints") {
        return None;
    }
    let version = request.query("api-version").unwrap_or_default();
    let cloud = json!({
        "portal": "https://portal.azure.com",
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base, "https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "media": "https://rest.media.azure.net",
        "graphAudience": "https://graph.windows.net/",
        "graph": "https://graph.windows.net/",
        "name": "AzureCloud",
        "suffixes": {
            "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
            "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net",
            "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            "keyVaultDns": "vault.azure.net",
            "storage": "core.windows.net",
            "azureFrontDoorEndpointSuffix": "azurefd.net",
            "storageSyncEndpointSuffix": "afs.azure.net",
            "mhsmDns": "managedhsm.azure.net",
            "mysqlServerEndpoint": "mysql.database.azure.com",
            "postgresqlServerEndpoint": "postgres.database.azure.com",
            "mariadbServerEndpoint": "mariadb.database.azure.com",
            "synapseAnalytics": "dev.azuresynapse.net",
            "attestationEndpoint": "attest.azure.net",
        },
        "batch": "https://batch.core.windows.net/",
        "resourceManager": format!("{base}/"),
        "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "microsoftGraphResourceId": "https://graph.microsoft.com/",
        "appInsightsResourceId": "https://api.applicationinsights.io",
        "appInsightsTelemetryChannelResourceId": "https://monitor.azure.com",
        "attestationResourceId": "https://attest.azure.net",
        "synapseAnalyticsResourceId": "https://dev.azuresynapse.net",
        "logAnalyticsResourceId": "https://api.loganalytics.io",
        "ossrDbmsResourceId": "https://ossrdbms-aad.database.windows.net",
    });
    let body = match version.as_str() {
        v if v >= "2022-09-01" => cloud,
        "" => {
            return Some(
                crate::error::ArmError::new(
                    400,
                    "MissingApiVersionParameter",
                    "The api-version query parameter (?api-version=) is required for all requests.",
                )
                .into(),
            );
        }
        _ => Value::Array(vec![cloud]),
    };
    Some(Response::json(200, &body))
}
