//! The CLI's side of the connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
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

use crate::process::{Handshake, PATIENCE, Process};
use tfplugin::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::proto::tfplugin6::provider_client::ProviderClient;

/// The largest message on either side.
pub(crate) const MAX_MESSAGE: usize = 256 << 20;

/// A certificate as go-plugin's client makes one: an authority and an end entity at once, on P-521.
pub(crate) struct Identity {
    pub(crate) pem: String,
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Identity {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a key");
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: key.serialize_der() }
    }
}

/// How a client introduces itself.
pub(crate) enum Greeting<'a> {
    Plain,
    Anonymous,
    As(&'a Identity),
}

/// Connects to a provider.
pub(crate) async fn connect(
    handshake: &Handshake,
    greeting: Greeting<'_>,
) -> Result<Channel, tonic::transport::Error> {
    let tls = match greeting {
        Greeting::Plain => None,
        Greeting::Anonymous => Some(tls(handshake, None)),
        Greeting::As(identity) => Some(tls(handshake, Some(identity))),
    };
    let connector = Connector { address: handshake.address.clone(), tcp: handshake.network == "tcp", tls };
    Endpoint::from_static("http://localhost").timeout(PATIENCE).connect_with_connector(connector).await
}

/// Trusts the certificate of the handshake line alone, for the name `localhost`.
fn tls(handshake: &Handshake, identity: Option<&Identity>) -> TlsConnector {
    let server = STANDARD_NO_PAD.decode(&handshake.certificate).expect("base64 without padding");
    let mut roots = RootCertStore::empty();
    roots.add(server.into()).expect("a certificate");
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(roots);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let key = PrivatePkcs8KeyDer::from(identity.key.clone());
            builder
                .with_client_auth_cert(vec![identity.certificate.clone()], key.into())
                .expect("a client certificate")
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Opens the stream that a channel runs over.
struct Connector {
    address: String,
    tcp: bool,
    tls: Option<TlsConnector>,
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
            let stream: Box<dyn Io> = if tcp {
                Box::new(TcpStream::connect(address).await?)
            } else {
                Box::new(UnixStream::connect(address).await?)
            };
            let stream: Box<dyn Io> = match tls {
                None => stream,
                Some(tls) => {
                    let name = ServerName::try_from("localhost").expect("a name");
                    let stream = tls.connect(name, stream).await?;
                    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                    Box::new(stream)
                }
            };
            Ok(TokioIo::new(stream))
        })
    }
}

/// A provider that a CLI has started and connected to.
pub(crate) struct Session {
    pub(crate) process: Process,
    pub(crate) channel: Channel,
    pub(crate) provider: ProviderClient<Channel>,
}

impl Session {
    /// Starts the provider and connects to it.
    pub(crate) async fn start(env: &[(&str, &str)]) -> Self {
        let identity = Identity::new();
        let env: Vec<_> =
            [("PLUGIN_CLIENT_CERT", identity.pem.as_str())].iter().chain(env).copied().collect();
        let mut process = Process::start_by_cli(&env);
        let handshake = process.handshake().await;
        let channel = connect(&handshake, Greeting::As(&identity)).await;
        let channel = channel.expect("a connection");
        Self { process, provider: provider(&channel), channel }
    }

    /// Ends the provider as a CLI does at the end of a command.
    pub(crate) async fn shut_down(self) -> Process {
        let Self { process, channel, provider } = self;
        let mut controller = GrpcControllerClient::new(channel);
        let answer = controller.shutdown(tfplugin::proto::plugin::Empty {}).await;
        answer.expect("an answer to the shutdown");
        drop((controller, provider));
        process
    }
}

/// The provider's service, with the CLIs' limits.
pub(crate) fn provider(channel: &Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel.clone())
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE)
}
