//! A certificate with its chain and private key, from whatever form users keep it in.

use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{NAME, pem_file, pfx};
use crate::credential::{CredentialError, Secret};

/// Base64 as people paste it, with or without the padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A certificate with its private key, and the certificates that issued it as far as they came along.
pub struct Certificate {
    key: KeyPair,
    /// DER, the key's own first, each followed by its issuer.
    chain: Vec<Vec<u8>>,
    subject: String,
    valid_from: Timestamp,
    valid_to: Timestamp,
}

/// What a file holds, before it is known to fit together.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) keys: Vec<PrivateKey>,
    /// DER, in any order.
    pub(super) certificates: Vec<Vec<u8>>,
}

/// A private key in DER.
pub(super) enum PrivateKey {
    /// RFC 5958, of any algorithm.
    Pkcs8(KeyBytes),
    /// RFC 8017, which is RSA's own.
    Rsa(KeyBytes),
}

/// Bytes that are never printed.
pub(super) struct KeyBytes(pub(super) Vec<u8>);

/// What is wrong, in words.
pub(super) type Problem = String;

impl Certificate {
    /// Reads PEM (private key and certificates in any order) or PFX, as bytes or as base64 text, told apart by content.
    pub fn read(bytes: &[u8], password: Option<&Secret>) -> Result<Self, CredentialError> {
        let contents = contents(bytes, password.map(Secret::expose).filter(|password| !password.is_empty()));
        contents
            .and_then(Self::assemble)
            .map_err(|message| CredentialError::Invalid { credential: NAME, message })
    }

    fn assemble(contents: Contents) -> Result<Self, Problem> {
        let mut keys = contents.keys.into_iter();
        let key = match (keys.next(), keys.len()) {
            (None, _) => return Err("it holds no private key".to_owned()),
            (Some(key), 0) => key.rsa()?,
            (Some(_), more) => {
                return Err(format!("it holds {} private keys; leave the one of the certificate", more + 1));
            }
        };
        let parsed: Result<Vec<_>, _> =
            contents.certificates.iter().map(|der| X509Certificate::from_der(der)).collect();
        let parsed = parsed.map_err(|_| "one of its certificates cannot be read".to_owned())?;
        let parsed: Vec<X509Certificate<'_>> =
            parsed.into_iter().map(|(_, certificate)| certificate).collect();
        // The same key may have been certified again: the latest counts.
        let own = parsed
            .iter()
            .filter(|one| *one.public_key().subject_public_key.data == *key.public_key().as_ref())
            .max_by_key(|one| one.validity().not_after.timestamp());
        let Some(own) = own else {
            return Err(match parsed.as_slice() {
                [] => "it holds a private key, but no certificate".to_owned(),
                [one] => {
                    format!(
                        "its private key does not belong to its certificate, {:?}",
                        one.subject().to_string()
                    )
                }
                many => format!("its private key belongs to none of its {} certificates", many.len()),
            });
        };
        let time = |time: x509_parser::time::ASN1Time| {
            Timestamp::from_second(time.timestamp())
                .map_err(|_| "its certificate has dates that cannot be read".to_owned())
        };
        Ok(Self {
            chain: chain(own, &parsed),
            subject: own.subject().to_string(),
            valid_from: time(own.validity().not_before)?,
            valid_to: time(own.validity().not_after)?,
            key,
        })
    }

    /// Whether it can be used at this time.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let subject = &self.subject;
        if now >= self.valid_to {
            let expired = self.valid_to;
            Err(format!(
                "{subject:?} expired at {expired}, and by this machine's clock it is {now}; make a new one and upload it to the application"
            ))
        } else if now < self.valid_from {
            let from = self.valid_from;
            Err(format!(
                "{subject:?} is not valid before {from}, and by this machine's clock it is {now}; set the clock, or wait"
            ))
        } else {
            Ok(())
        }
    }

    /// What Entra ID finds it by: the SHA-256 of its DER, in the base64 of URLs.
    pub(super) fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.own()))
    }

    /// The chain as a JWT carries it: the base64 of each DER.
    pub(super) fn chain(&self) -> Vec<String> {
        self.chain.iter().map(|der| STANDARD.encode(der)).collect()
    }

    /// The signature of RSA-PSS with SHA-256.
    pub(super) fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
        Some(signature)
    }

    fn own(&self) -> &[u8] {
        self.chain.first().map_or(&[], Vec::as_slice)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({self})")
    }
}

impl fmt::Display for Certificate {
    /// Subject and thumbprint, as the portal shows them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, thumbprint ", self.subject)?;
        let thumbprint = digest(&SHA1_FOR_LEGACY_USE_ONLY, self.own());
        thumbprint.as_ref().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl PrivateKey {
    fn rsa(&self) -> Result<KeyPair, Problem> {
        let pair = match self {
            Self::Rsa(der) => KeyPair::from_der(&der.0),
            Self::Pkcs8(der) => {
                let info = PrivateKeyInfoRef::try_from(der.0.as_slice())
                    .map_err(|_| "its private key cannot be read".to_owned())?;
                if info.algorithm.oid != RSA {
                    return Err(pem_file::NOT_RSA.to_owned());
                }
                KeyPair::from_pkcs8(&der.0)
            }
        };
        pair.map_err(|error| match error.to_string().as_str() {
            "TooSmall" => "its private key is shorter than the 2048 bits that Entra ID asks for".to_owned(),
            reason => format!("its private key cannot be used ({reason})"),
        })
    }
}

/// What the bytes hold, whichever of the forms they have.
fn contents(bytes: &[u8], password: Option<&str>) -> Result<Contents, Problem> {
    if pem_file::is_pem(bytes) {
        return pem_file::read(bytes, password);
    }
    if pfx::is_der(bytes) {
        return pfx::read(bytes, password);
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    match LENIENT.decode(&text) {
        Ok(bytes) if pem_file::is_pem(&bytes) => pem_file::read(&bytes, password),
        Ok(bytes) if pfx::is_der(&bytes) => pfx::read(&bytes, password),
        _ => Err("it is neither PEM, nor PFX, nor the base64 text of one".to_owned()),
    }
}

/// The certificate with those that issued it, one after the other.
fn chain(own: &X509Certificate<'_>, all: &[X509Certificate<'_>]) -> Vec<Vec<u8>> {
    let mut chain = vec![own];
    while let Some(last) = chain.last() {
        let issuer = all.iter().find(|one| {
            one.subject() == last.issuer() && !chain.iter().any(|known| known.as_raw() == one.as_raw())
        });
        match issuer {
            Some(issuer) if last.subject() != last.issuer() => chain.push(issuer),
            _ => break,
        }
    }
    chain.into_iter().map(|certificate| certificate.as_raw().to_vec()).collect()
}
