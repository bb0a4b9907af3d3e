//! Client assertions: tokens by which an application proves itself instead of a secret. It signs them itself, with a
//! certificate that is registered, or has them from an issuer that it trusts.

use serde_json::Value;

use super::Entra;
use super::application::{Application, Federated};
use super::certificate::Certificate;
use super::directory::TENANTS;
use super::keys::Jwt;
use super::token::Refusal;

/// How far the clocks of a client and of the service may be apart.
const SKEW: i64 = 300;

const FEDERATION: &str = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

impl Entra {
    /// Refuses an assertion that does not prove that the client is this application.
    pub(super) fn check_assertion(
        &self,
        application: &Application,
        token: &str,
        tenant: &str,
    ) -> Result<(), Refusal> {
        let Some(jwt) = Jwt::read(token) else {
            return Err(Refusal::request(50_027, "JWT token is invalid or malformed."));
        };
        let issuer = jwt.claims["iss"].as_str().unwrap_or_default();
        if issuer.starts_with("https://") {
            return self.check_federated(application, &jwt, token, issuer);
        }
        let client = application.principal.client_id;
        if !issuer.eq_ignore_ascii_case(client) {
            let text = "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";
            return Err(Refusal::client(700_021, text));
        }
        if jwt.claims["sub"] != jwt.claims["iss"] {
            return Err(Refusal::client(
                50_048,
                "Subject must match the issuer claim in the client assertion.",
            ));
        }
        check_signature(application, &jwt)?;
        check_time(&jwt.claims)?;
        // A list of audiences is malformed, even if it has the right one.
        let Some(audience) = jwt.claims["aud"].as_str() else {
            return Err(Refusal::request(50_027, "JWT token is invalid or malformed."));
        };
        if self.is_own_audience(audience, tenant) {
            return Ok(());
        }
        Err(Refusal::client(
            700_023,
            "Client assertion audience claim does not match Realm issuer. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        ))
    }

    /// Whether an audience is the token endpoint or the issuer of a tenant, by ID or domain.
    fn is_own_audience(&self, audience: &str, tenant: &str) -> bool {
        let names = TENANTS.iter().filter(|t| t.id == tenant).flat_map(|t| [t.id, t.domain]);
        let ends = ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""];
        names
            .flat_map(|name| ends.map(|end| format!("{}/{name}/{end}", self.base)))
            .any(|own| own.trim_end_matches('/').eq_ignore_ascii_case(audience.trim_end_matches('/')))
    }

    /// A token of somebody else is good if a record says so and it really is of that issuer.
    fn check_federated(
        &self,
        application: &Application,
        jwt: &Jwt,
        token: &str,
        url: &str,
    ) -> Result<(), Refusal> {
        check_record(&application.federated(), &jwt.claims, url)?;
        let issuer = self.issuers.iter().find(|i| i.url == url.trim_end_matches('/'));
        let Some(issuer) = issuer.filter(|i| i.is_reachable()) else {
            return Err(Refusal::request(90_061, "Request to External OIDC endpoint failed."));
        };
        if !issuer.signed(jwt, token) {
            // (K)
            let text = "Client assertion failed signature validation. [Reason - The key was not found.]";
            return Err(Refusal::client(700_027, text));
        }
        check_time(&jwt.claims)
    }
}

/// Refuses a token that no record is for. The service compares issuer, then audience, then subject, byte for byte.
fn check_record(records: &[Federated], claims: &Value, issuer: &str) -> Result<(), Refusal> {
    let refuse = |code, what: &str, text: &str| {
        Refusal::client(
            code,
            format!(
                "No matching federated identity record found for presented assertion {what} '{text}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. {FEDERATION}"
            ),
        )
    };
    let own: Vec<&Federated> = records.iter().filter(|r| r.issuer == issuer).collect();
    if own.is_empty() {
        return Err(refuse(700_211, "issuer", issuer));
    }
    let audiences: Vec<&str> = match &claims["aud"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if !own.iter().any(|r| audiences.contains(&r.audience.as_str())) {
        return Err(refuse(700_212, "audience", &audiences.join(", ")));
    }
    let subject = claims["sub"].as_str().unwrap_or_default();
    if own.iter().any(|r| r.subject == subject) {
        return Ok(());
    }
    if own.iter().any(|r| r.subject.eq_ignore_ascii_case(subject)) {
        return Err(Refusal::client(
            7_002_138,
            format!(
                "No matching federated identity record found for presented assertion subject '{subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. {FEDERATION}"
            ),
        ));
    }
    Err(refuse(700_213, "subject", subject))
}

/// Refuses an assertion that no certificate of the application has signed, or one that is no longer good.
fn check_signature(application: &Application, jwt: &Jwt) -> Result<(), Refusal> {
    let id = application.principal.client_id;
    let hint = format!(
        "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{id}'."
    );
    let Some(certificate) = application.certificate(|c| c.is_named_by(&jwt.header)) else {
        let used = jwt.header["x5t"].as_str().or(jwt.header["x5t#S256"].as_str()).unwrap_or_default();
        return Err(Refusal::client(
            700_027,
            format!(
                "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '{used}', {hint}]"
            ),
        ));
    };
    let refuse = |reason: &str, certificate: &Certificate| {
        Refusal::client(
            700_027,
            format!(
                "Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: '{}', Found key '{}', {hint}]",
                certificate.thumbprint(),
                certificate.validity()
            ),
        )
    };
    let now = jiff::Timestamp::now();
    if now < certificate.start || certificate.end < now {
        return Err(refuse("The key used is expired.", &certificate));
    }
    if jwt.is_signed_by(&certificate.public) {
        return Ok(());
    }
    Err(refuse("The provided signature value did not match the expected signature value.", &certificate))
}

/// Refuses an assertion before and after its time.
fn check_time(claims: &Value) -> Result<(), Refusal> {
    let now = jiff::Timestamp::now();
    // The library of Microsoft for Python writes fractions of a second.
    let seconds = |name: &str| claims[name].as_f64().map(|time| time as i64);
    let start = seconds("nbf").unwrap_or_default();
    let Some(end) = seconds("exp") else {
        return Err(Refusal::request(50_027, "JWT token is invalid or malformed."));
    };
    if start - SKEW <= now.as_second() && now.as_second() < end + SKEW {
        return Ok(());
    }
    let clock = |time: jiff::Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string();
    let clock_of = |second| clock(jiff::Timestamp::from_second(second).unwrap_or_default());
    Err(Refusal::client(
        700_024,
        format!(
            "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, expiry time of assertion {}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
            clock(now),
            clock_of(start),
            clock_of(end)
        ),
    ))
}
