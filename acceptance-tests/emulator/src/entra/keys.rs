//! Keys that sign tokens, and what can be told of a token that somebody signed.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::der::{INTEGER, SEQUENCE, element};

/// The signing key could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the key that signs access tokens could not be made")]
pub struct KeyError(#[from] aws_lc_rs::error::Unspecified);

/// An RSA key pair with an ID.
pub struct SigningKey {
    pair: KeyPair,
    id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Makes a key of 2048 bits.
    pub fn make() -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
            pair.public_key().as_der()?.as_ref(),
        );
        Ok(Self { id: URL_SAFE_NO_PAD.encode(digest.as_ref()), pair })
    }

    /// Signs claims as a JWT.
    pub fn sign(&self, claims: &Value) -> Result<String, KeyError> {
        let header = json!({"typ": "JWT", "alg": "RS256", "x5t": self.id, "kid": self.id});
        let text = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a JWT that this key has signed; none for anything else.
    pub fn verify(&self, token: &str) -> Option<Value> {
        let jwt = Jwt::read(token)?;
        (jwt.header["alg"] == "RS256" && jwt.is_signed_by(self.pair.public_key().as_ref()))
            .then_some(jwt.claims)
    }

    /// The public key as a JSON Web Key Set.
    pub fn key_set(&self) -> Value {
        let (modulus, exponent) = numbers(self.pair.public_key().as_ref()).unwrap_or_default();
        json!({"keys": [{
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "x5t": self.id,
            "n": URL_SAFE_NO_PAD.encode(modulus),
            "e": URL_SAFE_NO_PAD.encode(exponent),
        }]})
    }
}

/// A token taken apart; nothing of it is proven yet.
#[derive(Debug)]
pub struct Jwt {
    /// How it is signed.
    pub header: Value,
    /// What it says.
    pub claims: Value,
    text: String,
    signature: Vec<u8>,
}

impl Jwt {
    /// Takes a token apart; none where it is none.
    pub fn read(token: &str) -> Option<Self> {
        let (text, signature) = token.rsplit_once('.')?;
        let (header, claims) = text.split_once('.')?;
        // Microsoft's own libraries pad, which the rule for tokens forbids and the service lets pass.
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        let decode = |part: &str| -> Option<Value> { serde_json::from_slice(&bytes(part)?).ok() };
        let (header, claims) = (decode(header)?, decode(claims)?);
        (header.is_object() && claims.is_object()).then_some(())?;
        Some(Self { header, claims, text: text.to_owned(), signature: bytes(signature)? })
    }

    /// Whether the key that goes with this public one, in DER, has signed it, by RS256 or PS256 as its header says.
    pub fn is_signed_by(&self, public: &[u8]) -> bool {
        let algorithm = match self.header["alg"].as_str() {
            Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
            Some("PS256") => &RSA_PSS_2048_8192_SHA256,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, public).verify(self.text.as_bytes(), &self.signature).is_ok()
    }
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Modulus and exponent of a DER-encoded `RSAPublicKey`.
fn numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(der, SEQUENCE)?;
    let (modulus, rest) = element(sequence, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Some((modulus.strip_prefix(&[0]).unwrap_or(modulus), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_key_signed_verifies() {
        let key = SigningKey::make().unwrap();
        let token = key.sign(&json!({"aud": "x"})).unwrap();
        assert_eq!(key.verify(&token), Some(json!({"aud": "x"})));
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[1] = encode(&json!({"aud": "y"}));
        assert_eq!(key.verify(&parts.join(".")), None);
        assert_eq!(SigningKey::make().unwrap().verify(&token), None);
        assert_eq!(key.verify("no.token"), None);
    }

    #[test]
    fn what_claims_another_algorithm_is_not_signed() {
        let key = SigningKey::make().unwrap();
        let token = key.sign(&json!({})).unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        for algorithm in ["none", "HS256", "PS256"] {
            let forged = format!("{}.{rest}", encode(&json!({"alg": algorithm})));
            assert_eq!(key.verify(&forged), None, "{algorithm}");
        }
    }

    #[test]
    fn the_key_set_has_the_modulus_of_2048_bits() {
        let set = SigningKey::make().unwrap().key_set();
        let modulus = URL_SAFE_NO_PAD.decode(set["keys"][0]["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len(), 256);
        assert_eq!(set["keys"][0]["e"], "AQAB");
    }
}
