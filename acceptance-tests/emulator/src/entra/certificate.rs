//! Certificates of applications: reading what is registered, and making some, as PEM and as PFX.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use p12_keystore::{
    Certificate as StoredCertificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};

use super::application::random_secret;
use super::der::{SEQUENCE, any, element, whole};
use super::secrets::Secrets;

/// A certificate as the directory keeps it: without its private key.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Its public key, as a DER-encoded `SubjectPublicKeyInfo`.
    pub public: Vec<u8>,
    /// From when it is good.
    pub start: Timestamp,
    /// Until when it is good.
    pub end: Timestamp,
    sha1: Vec<u8>,
    sha256: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate in DER; none where it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (content, _) = element(der, SEQUENCE)?;
        let (mut rest, _) = element(content, SEQUENCE)?;
        // An explicit version, serial number, algorithm and issuer come before the validity.
        if rest.first() == Some(&0xa0) {
            rest = any(rest)?.2;
        }
        for _ in 0..3 {
            rest = any(rest)?.2;
        }
        let (validity, rest) = element(rest, SEQUENCE)?;
        let (_, start, end) = any(validity)?;
        let (_, end, _) = any(end)?;
        let (_, _, rest) = any(rest)?;
        let (public, _) = whole(rest)?;
        let hash = |algorithm| aws_lc_rs::digest::digest(algorithm, der).as_ref().to_vec();
        Some(Self {
            public: public.to_vec(),
            start: time(start)?,
            end: time(end)?,
            sha1: hash(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY),
            sha256: hash(&aws_lc_rs::digest::SHA256),
        })
    }

    /// Reads the first certificate of a PEM file.
    pub fn read_pem(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
        let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
        let body: String = body.split_whitespace().collect();
        Self::read(&STANDARD.decode(body).ok()?)
    }

    /// Whether the header of a token names it: by `x5t#S256`, or by `x5t`, or by the `kid` that goes with the latter.
    pub fn is_named_by(&self, header: &Value) -> bool {
        // Microsoft's own libraries pad, which the rule for tokens forbids.
        let is = |name: &str, hash: &[u8]| {
            URL_SAFE_NO_PAD.decode(name.trim_end_matches('=')).is_ok_and(|named| named == hash)
        };
        if let Some(name) = header["x5t#S256"].as_str() {
            return is(name, &self.sha256);
        }
        match (header["x5t"].as_str(), header["kid"].as_str()) {
            (Some(name), _) => is(name, &self.sha1),
            (None, Some(name)) => name.eq_ignore_ascii_case(&self.thumbprint()),
            (None, None) => false,
        }
    }

    /// The SHA-1 hash in hexadecimal, by which people know a certificate.
    pub fn thumbprint(&self) -> String {
        self.sha1.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// Its validity as refusals write it.
    pub fn validity(&self) -> String {
        let day = |time: Timestamp| time.strftime("%m/%d/%Y %H:%M:%S").to_string();
        format!("Start={}, End={}", day(self.start), day(self.end))
    }
}

/// A UTCTime or GeneralizedTime.
fn time(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let text = match text.len() {
        // Years of two digits from 50 on are of the last century.
        13 => format!("{}{text}", if text.get(..2)? < "50" { "20" } else { "19" }),
        _ => text.to_owned(),
    };
    let time = text.strip_suffix('Z')?;
    Timestamp::strptime("%Y%m%d%H%M%S%z", format!("{time}+0000")).ok()
}

/// A certificate with its private key, for a test to sign in with.
pub struct Issued {
    /// What the directory keeps of it.
    pub certificate: Certificate,
    der: Vec<u8>,
    key: KeyPair,
}

impl Issued {
    /// Makes a self-signed certificate of an RSA key, good for a year or expired since yesterday.
    pub fn make(expired: bool) -> Result<Self, String> {
        let made = || -> Result<Self, rcgen::Error> {
            let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
            let mut params = CertificateParams::new(Vec::new())?;
            params.distinguished_name.push(DnType::CommonName, "azureml-emulator application");
            let day = std::time::Duration::from_secs(86_400);
            let now = std::time::SystemTime::now();
            params.not_before = (now - day * 30).into();
            params.not_after = if expired { (now - day).into() } else { (now + day * 365).into() };
            let der = params.self_signed(&key)?.der().to_vec();
            let certificate = Certificate::read(&der).ok_or(rcgen::Error::CouldNotParseCertificate)?;
            Ok(Self { certificate, der, key })
        };
        made().map_err(|error| format!("the certificate could not be made: {error}"))
    }

    /// Writes it as PEM and as PFX with a password, and tells where.
    pub fn write(&self, folder: &Path, name: &str, secrets: &Secrets) -> Result<Value, String> {
        let password = random_secret();
        let private = self.key.serialize_pem();
        let pem = format!("{private}{}", pem(&self.der));
        let pfx = self.pfx(name, &password)?;
        let file = |ending: &str, content: &[u8]| -> Result<String, String> {
            let path = folder.join(format!("{name}.{ending}"));
            crate::state_file::write_atomically(&path, content)
                .map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(path.display().to_string())
        };
        let shown = json!({
            "pem_path": file("pem", pem.as_bytes())?,
            "pfx_path": file("pfx", &pfx)?,
            "pfx_password": password,
            "thumbprint": self.certificate.thumbprint(),
        });
        secrets.add("private_key", &private);
        secrets.add("private_key", private.split("-----").nth(2).unwrap_or_default().trim());
        secrets.add("private_key", &STANDARD.encode(self.key.serialize_der()));
        secrets.add("certificate_password", &password);
        secrets.add("pfx", &STANDARD.encode(&pfx));
        Ok(shown)
    }

    fn pfx(&self, name: &str, password: &str) -> Result<Vec<u8>, String> {
        let made = || -> p12_keystore::Result<Vec<u8>> {
            let key = PrivateKey::from_der(&self.key.serialize_der())?;
            let chain = PrivateKeyChain::new("1", key, [StoredCertificate::from_der(&self.der)?]);
            let mut store = KeyStore::new();
            store.add_entry(name, KeyStoreEntry::PrivateKeyChain(chain));
            store
                .writer(password)
                .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
                .mac_algorithm(MacAlgorithm::HmacSha256)
                .write()
        };
        made().map_err(|error| format!("the PFX could not be made: {error}"))
    }
}

fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in body.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_known_by_its_hashes() {
        let issued = Issued::make(false).unwrap();
        let read = Certificate::read_pem(&pem(&issued.der)).unwrap();
        assert_eq!(read.thumbprint(), issued.certificate.thumbprint());
        assert!(read.start < Timestamp::now() && Timestamp::now() < read.end);
        let hash = |algorithm| URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(algorithm, &issued.der));
        let sha1 = hash(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY);
        let sha256 = hash(&aws_lc_rs::digest::SHA256);
        assert!(read.is_named_by(&json!({"x5t#S256": sha256})));
        assert!(read.is_named_by(&json!({"x5t": sha1})));
        assert!(read.is_named_by(&json!({"x5t": format!("{sha1}=")})));
        assert!(!read.is_named_by(&json!({"x5t": sha256})));
        assert!(!read.is_named_by(&json!({})));
        assert!(Issued::make(true).unwrap().certificate.end < Timestamp::now());
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let issued = Issued::make(false).unwrap();
        for length in 0..issued.der.len() - 300 {
            assert!(Certificate::read(&issued.der[..length]).is_none(), "{length}");
        }
        assert!(Certificate::read_pem("nothing").is_none());
    }
}
