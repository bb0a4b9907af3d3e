//! What an identity endpoint answers.

use http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::UserAssigned;
use crate::credential::Token;
use crate::transport::bounded;

/// A token takes a few KiB. Who sends more is no identity endpoint.
const SIZE: usize = 64 * 1024;
/// As much of an endpoint's own words as helps.
const WORDS: usize = 300;

/// An answer, as far as it matters.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// What `WWW-Authenticate` asks for.
    pub(super) challenge: Option<String>,
    /// Nothing where it is longer than any answer of an identity endpoint.
    pub(super) body: Body,
}

/// The body of an answer, which may hold a token.
pub(super) struct Body(Vec<u8>);

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(…)")
    }
}

impl Answer {
    pub(super) async fn read(response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let status = response.status();
        let challenge = text(response.headers(), &header::WWW_AUTHENTICATE);
        let body = bounded(response, SIZE).await?;
        Ok(Self { status, challenge, body: Body(body) })
    }

    /// What a refusal says, and what it means where that is known.
    pub(super) fn refusal(&self, identity: &UserAssigned) -> String {
        let said = words(&self.body);
        let lower = said.to_lowercase();
        let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
        let missing = ["identity not found", "no user assigned", "no managed identity", "no msi found"];
        let hint = if lower.contains("multiple user assigned") {
            "; this machine has several user-assigned identities: name one of them by its client ID"
                .to_owned()
        } else if missing.iter().any(|words| lower.contains(words)) {
            match identity {
                UserAssigned::None => {
                    "; turn on the machine's system-assigned identity, or name one that is assigned to it"
                        .to_owned()
                }
                identity => format!("; assign {identity} to the machine, or correct its ID"),
            }
        } else {
            String::new()
        };
        format!("it answered with HTTP {}{said}{hint}", self.status.as_u16())
    }
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The token, and when it ends.
pub(super) fn token(body: &Body, now: Timestamp) -> Result<Token, String> {
    let json: Value = serde_json::from_slice(&body.0)
        .map_err(|_| "its answer is not JSON; is the endpoint the right one?".to_owned())?;
    let token = json.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if token.is_empty() {
        return Err("its answer has no \"access_token\"".to_owned());
    }
    let within = || {
        let seconds = json.get("expires_in").and_then(seconds)?;
        now.checked_add(SignedDuration::from_secs(seconds)).ok()
    };
    let expires = json.get("expires_on").and_then(moment).or_else(within);
    let expires = expires.ok_or("its answer does not say when the token expires")?;
    Token::new(token, expires).map_err(|unfit| unfit.to_string())
}

/// A number, or a text that is one.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A time: seconds since 1970, or one of the texts that older endpoints write. (K)
fn moment(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = seconds(value) {
        return Timestamp::from_second(seconds).ok();
    }
    let text = value.as_str()?.trim();
    let written = ["%m/%d/%Y %H:%M:%S %:z", "%m/%d/%Y %I:%M:%S %p %:z"];
    text.parse().ok().or_else(|| {
        written.iter().find_map(|format| jiff::fmt::strtime::parse(format, text).ok()?.to_timestamp().ok())
    })
}

/// The endpoint's own words, wherever it puts them.
fn words(body: &Body) -> String {
    let json: Value = serde_json::from_slice(&body.0).unwrap_or_default();
    let places = ["/error_description", "/message", "/error/message", "/error"];
    let said = places.iter().find_map(|place| json.pointer(place)?.as_str()).unwrap_or_default();
    said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;

    fn expires(body: &str) -> Option<String> {
        let token = token(&Body(body.into()), NOON.parse().unwrap()).ok()?;
        Some(token.expires.to_string())
    }

    #[test]
    fn the_end_of_a_token_is_read_in_every_spelling() {
        for (end, read) in [
            (r#""expires_on":1795438800"#, "2026-11-23T13:00:00Z"),
            (r#""expires_on":"1795438800""#, "2026-11-23T13:00:00Z"),
            (r#""expires_on":"2026-11-23T13:00:00Z""#, "2026-11-23T13:00:00Z"),
            (r#""expires_on":"11/23/2026 13:00:00 +00:00""#, "2026-11-23T13:00:00Z"),
            (r#""expires_on":"11/23/2026 1:00:00 PM +00:00""#, "2026-11-23T13:00:00Z"),
            (r#""expires_in":"3600""#, "2026-11-23T13:00:00Z"),
            (r#""expires_in":60,"expires_on":"soon""#, "2026-11-23T12:01:00Z"),
        ] {
            assert_eq!(expires(&format!(r#"{{"access_token":"t",{end}}}"#)).as_deref(), Some(read), "{end}");
        }
    }

    #[test]
    fn what_is_no_token_is_told() {
        let told = |body: &str| token(&Body(body.into()), Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(told("<html>"), "its answer is not JSON; is the endpoint the right one?");
        assert_eq!(told("{}"), "its answer has no \"access_token\"");
        for unfit in [r"s3\ncret", "s3 cret", "s3cr\u{e9}t"] {
            assert_eq!(
                told(&format!(r#"{{"access_token":"{unfit}","expires_in":60}}"#)),
                "its token is empty, or has characters that no token has"
            );
        }
        assert_eq!(told(r#"{"access_token":"s3cret"}"#), "its answer does not say when the token expires");
        assert_eq!(
            told(
                r#"{"access_token":"s3cret","expires_on":9223372036854775807,"expires_in":9223372036854775807}"#
            ),
            "its answer does not say when the token expires"
        );
        assert_eq!(format!("{:?}", Body(b"s3cret".to_vec())), "Body(…)");
    }
}
