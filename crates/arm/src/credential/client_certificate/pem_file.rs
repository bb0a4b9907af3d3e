//! Private key and certificates as PEM: text with BEGIN and END lines.

use pkcs8::{EncryptedPrivateKeyInfoRef, Error, pkcs5};

use super::certificate::{Contents, KeyBytes, PrivateKey, Problem};

pub(super) const NOT_RSA: &str =
    "its private key is not an RSA key, and Entra ID takes no other (not one of an elliptic curve)";
const OLD_ENCRYPTION: &str = "its private key is encrypted in the old way of OpenSSL, which is not read; convert it with \"openssl pkcs8 -topk8 -in OLD -out NEW\"";
const UNKNOWN_ENCRYPTION: &str = "its private key is encrypted in a way that is not read; convert it with \"openssl pkcs8 -topk8 -in OLD -out NEW\"";
const BEGIN: &[u8] = b"-----BEGIN ";

/// Whether the bytes are PEM, with whatever words before it.
pub(super) fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(BEGIN.len()).any(|window| window == BEGIN)
}

pub(super) fn read(bytes: &[u8], password: Option<&str>) -> Result<Contents, Problem> {
    // What the parser says quotes the text.
    let sections = pem::parse_many(bytes).map_err(|_| "its PEM is damaged".to_owned())?;
    if sections.is_empty() {
        return Err("its PEM is damaged: no BEGIN line has its END line".to_owned());
    }
    let mut contents = Contents::default();
    for section in sections {
        let encrypted = section.headers().get("Proc-Type").is_some();
        let tag = section.tag().to_owned();
        let der = section.into_contents();
        match tag.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => contents.certificates.push(der),
            "PRIVATE KEY" => contents.keys.push(PrivateKey::Pkcs8(KeyBytes(der))),
            "ENCRYPTED PRIVATE KEY" => contents.keys.push(decrypted(&der, password)?),
            "RSA PRIVATE KEY" if encrypted => return Err(OLD_ENCRYPTION.to_owned()),
            "RSA PRIVATE KEY" => contents.keys.push(PrivateKey::Rsa(KeyBytes(der))),
            "EC PRIVATE KEY" => return Err(NOT_RSA.to_owned()),
            // Parameters, requests and the like stand beside certificates at times.
            _ => {}
        }
    }
    Ok(contents)
}

fn decrypted(der: &[u8], password: Option<&str>) -> Result<PrivateKey, Problem> {
    let password =
        password.ok_or_else(|| "its private key is encrypted, and no password is given".to_owned())?;
    let info = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| UNKNOWN_ENCRYPTION.to_owned())?;
    let key = info.decrypt(password).map_err(|error| match error {
        // Or, rarely, what came out of a wrong password looks like padding that is right.
        Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed) | Error::Asn1(_) => {
            "the password of its private key is wrong".to_owned()
        }
        _ => UNKNOWN_ENCRYPTION.to_owned(),
    })?;
    Ok(PrivateKey::Pkcs8(KeyBytes(key.as_bytes().to_vec())))
}
