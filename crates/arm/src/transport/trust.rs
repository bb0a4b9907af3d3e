//! Certificate authorities that are trusted beside those of the system.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::error::Error;

/// The certificates of a PEM text, each one proven to be readable, so that a wrong file is named when it is given and not
/// when the first host is called.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<reqwest::Certificate>, Error> {
    let wrong = |why: String| Error::configuration(format!("the CA certificates cannot be used: {why}"));
    let mut store = RootCertStore::empty();
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let number = found.len() + 1;
        let broken = |error: &dyn std::fmt::Display| {
            wrong(format!("certificate {number} of the file cannot be read: {error}"))
        };
        let certificate = certificate.map_err(|error| broken(&error))?;
        store.add(certificate.clone()).map_err(|error| broken(&error))?;
        found.push(reqwest::Certificate::from_der(&certificate).map_err(|error| broken(&error))?);
    }
    if found.is_empty() { Err(wrong(missing(pem))) } else { Ok(found) }
}

/// What a file is that holds no certificate in PEM.
fn missing(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if bytes.starts_with(&[0x30, 0x82]) {
        "the file is in DER, and PEM is needed; \"openssl x509 -inform der -in FILE\" prints it in PEM"
            .to_owned()
    } else if text.contains("PRIVATE KEY-----") {
        "the file holds a private key and no certificate".to_owned()
    } else if text.trim().is_empty() {
        "the file is empty".to_owned()
    } else {
        "the file holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----".to_owned()
    }
}
