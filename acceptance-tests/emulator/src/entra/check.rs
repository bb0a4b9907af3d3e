//! Resource Manager's check of a bearer token: signature, expiry, audience, tenant.

use super::Entra;
use crate::azure::TENANT_ID;
use crate::error::ArmError;
use crate::http::Request;

impl Entra {
    /// Refuses a request that does not carry a token for Resource Manager and the box's tenant.
    pub fn authorize(&self, request: &Request) -> Result<(), ArmError> {
        let Some(header) = request.headers.get("authorization") else {
            return Err(self.refuse(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
                "The authentication failed because of missing 'Authorization' header.",
            ));
        };
        let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(self.refuse(
                "AuthenticationFailedInvalidHeader",
                "Authentication failed. The 'Authorization' header is provided in an invalid format.",
                "The authentication header is invalid.",
            ));
        }
        let Some(claims) = self.key.verify(token.trim()) else {
            return Err(self.refuse(
                "InvalidAuthenticationToken",
                "The access token is invalid.",
                "The access token is invalid.",
            ));
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
            return Err(self.refuse("ExpiredAuthenticationToken", &text, &text));
        }
        let audience = claims["aud"].as_str().unwrap_or_default();
        if !self.audiences().contains(&audience.trim_end_matches('/')) {
            let text = format!(
                "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with one of the allowed audiences '{}'.",
                self.audiences().join("','")
            );
            return Err(self.refuse("InvalidAuthenticationTokenAudience", &text, &text));
        }
        let tenant = claims["tid"].as_str().unwrap_or_default();
        if tenant != TENANT_ID {
            let text = format!(
                "The access token is from the wrong issuer '{}'. It must match the tenant '{}' associated with this subscription. Please use the authority (URL) '{}' to get the token.",
                self.issuer(tenant),
                self.issuer(TENANT_ID),
                self.authority()
            );
            return Err(self.refuse("InvalidAuthenticationTokenTenant", &text, &text));
        }
        Ok(())
    }

    fn authority(&self) -> String {
        format!("{}/{TENANT_ID}", self.base)
    }

    fn refuse(&self, code: &str, message: &str, description: &str) -> ArmError {
        ArmError::new(401, code, message).header(
            "WWW-Authenticate",
            format!(
                "Bearer authorization_uri=\"{}\", error=\"invalid_token\", error_description=\"{description}\"",
                self.authority()
            ),
        )
    }
}

fn clock(time: jiff::Timestamp) -> String {
    time.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}
