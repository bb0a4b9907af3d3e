//! Resource Manager's check of bearer tokens: signature, expiry, audience, tenant; of the auxiliary ones as well.

use serde_json::Value;

use super::Entra;
use super::directory::{Kind, MAIN, PERSON_NAME, Principal, TENANTS, tenant_of};
use crate::azure::TENANT_ID;
use crate::error::ArmError;
use crate::http::Request;
use crate::id::ArmPath;

/// How many auxiliary tokens a request may have.
const AUXILIARY: usize = 3;

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who it is; a token of nobody that the box knows has no rights.
    pub principal: Option<Principal>,
    /// The tenant of its token.
    pub tenant: String,
    /// The tenants of its auxiliary tokens.
    pub auxiliary: Vec<String>,
}

impl Default for Caller {
    fn default() -> Self {
        Self { principal: Some(MAIN), tenant: TENANT_ID.to_owned(), auxiliary: Vec::new() }
    }
}

impl Caller {
    /// Whether it has a role on a subscription.
    pub fn sees(&self, subscription: &str) -> bool {
        self.principal.is_some_and(|p| p.sees(subscription))
    }

    /// Its name in what it makes, and of what type that is.
    pub fn signature(&self) -> (&'static str, &'static str) {
        match self.principal {
            Some(principal) if principal.kind == Kind::User => (PERSON_NAME, "User"),
            Some(principal) if principal.kind == Kind::Application => (principal.client_id, "Application"),
            Some(principal) => (principal.client_id, "ManagedIdentity"),
            None => ("", "Application"),
        }
    }

    /// Whether a request of it may refer to resources of a subscription: one of its tenant, or of an auxiliary one.
    pub fn may_refer_to(&self, subscription: &str) -> bool {
        let tenant = tenant_of(subscription);
        tenant.is_some_and(|t| t == self.tenant || self.auxiliary.iter().any(|a| a == t))
    }
}

impl Entra {
    /// Who sends a request. Refuses one that does not carry a token for Resource Manager and the tenant of the
    /// subscription that it is about.
    pub fn authorize(&self, request: &Request) -> Result<Caller, ArmError> {
        let subscription = ArmPath::parse(request.path()).map(|p| p.id.subscription).unwrap_or_default();
        let wanted = tenant_of(&subscription);
        let refuse = |code: &str, message: &str, description: &str| {
            self.refuse(wanted.unwrap_or(TENANT_ID), code, message, description)
        };
        let Some(header) = request.headers.get("authorization") else {
            return Err(refuse(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
                "The authentication failed because of missing 'Authorization' header.",
            ));
        };
        let Some(token) = bearer(header) else {
            return Err(refuse(
                "AuthenticationFailedInvalidHeader",
                "Authentication failed. The 'Authorization' header is provided in an invalid format.",
                "The authentication header is invalid.",
            ));
        };
        let claims = self.read_token(token).map_err(|(code, text)| refuse(code, &text, &text))?;
        let tenant = claims["tid"].as_str().unwrap_or_default();
        // What is in no subscription is asked of the token's own tenant, and has to be one at least.
        if wanted.map_or(!is_tenant(tenant), |wanted| wanted != tenant) {
            let wanted = wanted.unwrap_or(TENANT_ID);
            let text = format!(
                "The access token is from the wrong issuer '{}'. It must match the tenant '{}' associated with this subscription. Please use the authority (URL) '{}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.",
                self.issuer(tenant),
                self.issuer(wanted),
                self.authority(wanted)
            );
            return Err(refuse("InvalidAuthenticationTokenTenant", &text, &text));
        }
        Ok(Caller {
            principal: Principal::of_object(claims["oid"].as_str().unwrap_or_default()),
            tenant: tenant.to_owned(),
            auxiliary: self.auxiliary(request)?,
        })
    }

    /// The claims of a token for Resource Manager.
    fn read_token(&self, token: &str) -> Result<Value, (&'static str, String)> {
        self.secrets.add("access_token", token);
        let Some(claims) = self.key.verify(token) else {
            return Err(("InvalidAuthenticationToken", "The access token is invalid.".to_owned()));
        };
        let now = jiff::Timestamp::now();
        let expires = claims["exp"].as_i64().unwrap_or_default();
        if expires <= now.as_second() {
            let expired = jiff::Timestamp::from_second(expires).unwrap_or_default();
            let text = format!(
                "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
                clock(expired),
                clock(now)
            );
            return Err(("ExpiredAuthenticationToken", text));
        }
        let audience = claims["aud"].as_str().unwrap_or_default();
        if !self.audiences().contains(&audience.trim_end_matches('/')) {
            let text = format!(
                "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with one of the allowed audiences '{}'.",
                self.audiences().join("','")
            );
            return Err(("InvalidAuthenticationTokenAudience", text));
        }
        Ok(claims)
    }

    /// The tenants of the auxiliary tokens. The header separates them by commas or semicolons.
    fn auxiliary(&self, request: &Request) -> Result<Vec<String>, ArmError> {
        let header = request.headers.get("x-ms-authorization-auxiliary").unwrap_or_default();
        let parts: Vec<&str> =
            header.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
        // (K) The code; of the texts, the one about duplicates has been seen.
        let refuse = |text: &str| {
            let text = format!("Authentication failed for auxiliary token: {text}");
            self.refuse(TENANT_ID, "InvalidAuxiliaryTokens", &text, &text)
        };
        let count = parts.len();
        if count > AUXILIARY {
            return Err(refuse(&format!(
                "The '{count}' auxiliary tokens are more than the '{AUXILIARY}' that are allowed."
            )));
        }
        let mut tenants = Vec::new();
        for part in parts {
            let claims = bearer(part).and_then(|token| self.read_token(token).ok());
            let tenant = claims.as_ref().and_then(|c| c["tid"].as_str()).filter(|tenant| is_tenant(tenant));
            let Some(tenant) = tenant.map(str::to_owned) else {
                return Err(refuse(&format!("The '{count}' auxiliary tokens are not all valid.")));
            };
            if tenants.contains(&tenant) {
                return Err(refuse(&format!(
                    "The '{count}' auxiliary tokens contains duplicates which are from the same tenant."
                )));
            }
            tenants.push(tenant);
        }
        Ok(tenants)
    }

    fn authority(&self, tenant: &str) -> String {
        format!("{}/{tenant}", self.base)
    }

    fn refuse(&self, tenant: &str, code: &str, message: &str, description: &str) -> ArmError {
        ArmError::new(401, code, message).header(
            "WWW-Authenticate",
            format!(
                "Bearer authorization_uri=\"{}\", error=\"invalid_token\", error_description=\"{description}\"",
                self.authority(tenant)
            ),
        )
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn is_tenant(tenant: &str) -> bool {
    TENANTS.iter().any(|t| t.id == tenant)
}

fn clock(time: jiff::Timestamp) -> String {
    time.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}
