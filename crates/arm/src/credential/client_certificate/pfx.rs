//! Private key and certificates as PFX (PKCS #12): one encrypted file, as Windows, Key Vault and OpenSSL write it.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::certificate::{Contents, KeyBytes, PrivateKey, Problem};

/// The tag of a sequence, which PFX and every other structure in DER begins with.
const SEQUENCE: u8 = 0x30;

const UNKNOWN_ENCRYPTION: &str =
    "its PFX is encrypted in a way that is not read; write it anew with \"openssl pkcs12 -export\" or as PEM";

/// Whether the bytes may be PFX: no text begins like this.
pub(super) fn is_der(bytes: &[u8]) -> bool {
    // A digit zero, as which the tag reads in text, has no length after it that fits.
    matches!(bytes, [SEQUENCE, 0x80..=0x84, ..])
}

pub(super) fn read(bytes: &[u8], password: Option<&str>) -> Result<Contents, Problem> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, password.unwrap_or_default())
        .map_err(|error| explain(bytes, password, &error))?;
    let keys = archive.keys.iter().map(|bag| PrivateKey::Pkcs8(KeyBytes(bag.key.as_der().to_vec())));
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec());
    Ok(Contents { keys: keys.collect(), certificates: certificates.collect() })
}

fn explain(bytes: &[u8], password: Option<&str>, error: &Error) -> Problem {
    match error {
        Error::Pkcs5Error(reason) if !reason.contains("decryption failed") => UNKNOWN_ENCRYPTION.to_owned(),
        Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError | Error::InvalidPrivateKey => {
            match password {
                Some(_) => "its password is wrong".to_owned(),
                None => "it is protected by a password, and none is given".to_owned(),
            }
        }
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm | Error::InvalidParameters => {
            UNKNOWN_ENCRYPTION.to_owned()
        }
        _ if X509Certificate::from_der(bytes).is_ok() => {
            "it is a certificate without its private key; give both, as PFX or PEM".to_owned()
        }
        _ => "it is not PFX, or its PFX is damaged".to_owned(),
    }
}
