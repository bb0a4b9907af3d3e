//! The connection: HTTP/2 over mutual TLS, in which each side knows the other's certificate.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

use super::process::{Handshake, PATIENCE};

/// A certificate as the tools make one: an authority and an end entity at once, on P-521.
pub(super) struct Identity {
    pub(super) pem: String,
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Identity {
    /// That of this run. A key takes longer to make than a provider to start, so that there is one for all.
    pub(super) fn get() -> &'static Self {
        static IDENTITY: OnceLock<Identity> = OnceLock::new();
        IDENTITY.get_or_init(|| {
            let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a key");
            let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let certificate = params.self_signed(&key).expect("a certificate");
            Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: key.serialize_der() }
        })
    }
}

/// Connects to a provider.
pub(super) async fn connect(handshake: &Handshake) -> Channel {
    let tcp = handshake.network == "tcp";
    let connector = Connector { address: handshake.address.clone(), tcp, tls: tls(handshake) };
    let endpoint = Endpoint::from_static("http://localhost").timeout(PATIENCE);
    endpoint.connect_with_connector(connector).await.expect("a connection to the provider")
}

/// Trusts the certificate of the handshake line alone, for the name `localhost`.
fn tls(handshake: &Handshake) -> TlsConnector {
    let server = STANDARD_NO_PAD.decode(&handshake.certificate).expect("base64 without padding");
    let mut roots = RootCertStore::empty();
    roots.add(server.into()).expect("a certificate");
    let identity = Identity::get();
    let key = PrivatePkcs8KeyDer::from(identity.key.clone());
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![identity.certificate.clone()], key.into())
        .expect("a client certificate");
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Opens the stream that a channel runs over.
struct Connector {
    address: String,
    tcp: bool,
    tls: TlsConnector,
}

type Connecting<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;
trait Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Io for T {}

impl tonic::codegen::Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn Io>>;
    type Error = io::Error;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        let (address, tcp, tls) = (self.address.clone(), self.tcp, self.tls.clone());
        Box::pin(async move {
            let stream: Box<dyn Io> = match tcp {
                true => Box::new(TcpStream::connect(address).await?),
                false => Box::new(UnixStream::connect(address).await?),
            };
            let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
            let stream: Box<dyn Io> = Box::new(tls.connect(name, stream).await?);
            Ok(TokioIo::new(stream))
        })
    }
}
