//! What a JSON Web Token says, read without a check of its signature: for words in errors, never for trust.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

/// Who issued the token about whom for whom, and until when it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    issuer: Option<String>,
    subject: Option<String>,
    audience: Vec<String>,
    pub(super) expires: Option<Timestamp>,
}

impl Claims {
    /// Reads the second of the three parts.
    pub(super) fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        let claims = claims.as_object()?;
        let text = |name| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let audience = match claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        // Seconds may be written with a fraction.
        let expires = claims.get("exp").and_then(Value::as_f64);
        let expires = expires.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
        Some(Self { issuer: text("iss"), subject: text("sub"), audience, expires })
    }
}

impl fmt::Display for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted =
            |text: &Option<String>| text.as_ref().map_or("none".to_owned(), |text| format!("{text:?}"));
        let audience = (!self.audience.is_empty()).then(|| self.audience.join(", "));
        write!(
            f,
            "the token's issuer is {}, its subject {}, its audience {}",
            quoted(&self.issuer),
            quoted(&self.subject),
            quoted(&audience)
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn the_claims_that_entra_compares() {
        let claims =
            Claims::read(&token(r#"{"iss":"https://i","sub":"s","aud":["a","b"],"exp":1.9}"#)).unwrap();
        assert_eq!(claims.expires, Some(Timestamp::from_second(1).unwrap()));
        assert_eq!(
            claims.to_string(),
            r#"the token's issuer is "https://i", its subject "s", its audience "a, b""#
        );
        let claims = Claims::read(&token("{}")).unwrap();
        assert_eq!(claims.to_string(), "the token's issuer is none, its subject none, its audience none");
        assert_eq!(claims.expires, None);
    }

    #[test]
    fn what_is_no_token() {
        for text in ["", "a.b", "a.b.c", "e30.e30.c.d", "e30.W10.c2ln"] {
            assert_eq!(Claims::read(text), None, "{text}");
        }
        // Some issuers pad.
        assert!(Claims::read("e30.eyJhIjoxfQ==.c2ln").is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}", exp in any::<f64>()) {
            Claims::read(&text);
            Claims::read(&token(&text));
            Claims::read(&token(&format!("{{\"exp\":{exp}}}")));
        }
    }
}
