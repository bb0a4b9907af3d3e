//! Mutual TLS as go-plugin does it: each side makes a certificate for itself at start and tells the
//! other which one to expect, the CLI by the environment, the plugin by its handshake line.
//!
//! The CLI's certificate is an authority and an end entity in one (P-521), which the stock verifiers
//! refuse; letting those go without a certificate instead would let anyone in. So the certificate is
//! pinned: the peer has to present the very bytes that the environment named, and to sign with their
//! key. TLS 1.3 only, since TLS 1.2 signatures over P-521 are not rustls' strength and every CLI that
//! speaks protocol 6 has 1.3.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::server::ServerConfig;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, PeerIncompatible, SignatureScheme, version,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};

/// Why no TLS server could be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("PLUGIN_CLIENT_CERT holds no certificate in PEM form")]
    ClientCertificate(#[source] rustls_pki_types::pem::Error),
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("cannot set up TLS")]
    Config(#[from] rustls::Error),
}

/// A server's side of the mutual TLS.
pub(crate) struct ServerTls {
    pub(crate) config: Arc<ServerConfig>,
    /// The certificate for the handshake line.
    pub(crate) certificate: CertificateDer<'static>,
}

impl ServerTls {
    /// Makes a certificate, and a configuration that lets in the peer with `client_certificate` alone.
    pub(crate) fn new(client_certificate: &str) -> Result<Self, TlsError> {
        let pinned = CertificateDer::from_pem_slice(client_certificate.as_bytes())
            .map_err(TlsError::ClientCertificate)?;
        let (certificate, key) = self_signed()?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(Pinned { certificate: pinned.into_owned(), provider: provider.clone() });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.clone()], key)?;
        // Newer gRPC clients refuse servers that do not negotiate HTTP/2.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // The client connects once; a ticket would only let it skip the proof of its key.
        config.send_tls13_tickets = 0;
        Ok(Self { config: Arc::new(config), certificate })
    }
}

/// A certificate for `localhost`, the only name that the CLI looks for.
fn self_signed() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok((certificate.der().clone(), key.into()))
}

/// Lets in one certificate.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::Tls12NotOfferedOrEnabled.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_certificate_that_is_none_is_refused() {
        for text in ["", "certificate", "-----BEGIN CERTIFICATE-----\n"] {
            let refused = ServerTls::new(text).map(|_| ());
            assert!(matches!(refused, Err(TlsError::ClientCertificate(_))), "{text:?}");
        }
    }

    #[test]
    fn the_servers_certificate_changes_with_every_start() -> Result<(), TlsError> {
        let client = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let client = CertificateParams::default().self_signed(&client)?.pem();
        let (one, two) = (ServerTls::new(&client)?, ServerTls::new(&client)?);
        assert_ne!(one.certificate, two.certificate);
        Ok(())
    }
}
