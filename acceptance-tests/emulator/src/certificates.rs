//! The box's own certificate authority and the server certificate it signs, both made at start.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::PrivateKeyDer;

/// What went wrong while making certificates.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Making or signing one failed.
    #[error("the certificates could not be made")]
    Make(#[from] rcgen::Error),
    /// The TLS library refuses them.
    #[error("the certificates are not accepted by the TLS library")]
    Use(#[from] rustls::Error),
}

/// A server configuration, and the authority that clients have to trust.
#[derive(Debug)]
pub struct Certificates {
    /// The authority's certificate.
    pub authority_pem: String,
    /// TLS 1.2 and 1.3 with a certificate for localhost and 127.0.0.1.
    pub server: Arc<rustls::ServerConfig>,
}

impl Certificates {
    /// Makes an authority and a server certificate.
    pub fn make() -> Result<Self, CertificateError> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, "azureml-emulator authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Strict verifiers (Python since 3.13) want the authority named.
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &authority)?;

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut server = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { authority_pem: authority.pem(), server: Arc::new(server) })
    }
}
