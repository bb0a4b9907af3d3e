//! One provider process, started and asked as go-plugin does it: cookie, handshake line, mutual TLS, one gRPC call.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::{Buf, Bytes, BytesMut};
use rustls::DigitallySignedStruct;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use crate::Result;

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The certificate and key that the client shows; one pair serves all runs, its making is not measured.
#[derive(Debug)]
pub(crate) struct Identity {
    pem: String,
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Identity {
    pub(crate) fn new() -> Result<Self> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        Ok(Self {
            pem: made.cert.pem(),
            certificate: made.cert.der().clone(),
            key: made.signing_key.serialize_der(),
        })
    }
}

/// A running provider; it is killed when dropped.
#[derive(Debug)]
pub(crate) struct Plugin {
    child: Child,
    /// From before the process was made until its handshake line was read.
    pub(crate) handshake_took: Duration,
    protocol: String,
    network: String,
    address: String,
    certificate: CertificateDer<'static>,
}

impl Plugin {
    /// Starts a program and reads its handshake line.
    pub(crate) fn start(program: &Path, identity: &Identity) -> Result<Self> {
        let mut command = Command::new(std::path::absolute(program)?);
        command.env("TF_PLUGIN_MAGIC_COOKIE", COOKIE).env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
        command
            .env("PLUGIN_CLIENT_CERT", &identity.pem)
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let handshake_took = start.elapsed();
        let fields: Vec<&str> = line.trim().split('|').collect();
        let [_, protocol, network, address, _, certificate, ..] = fields[..] else {
            return Err(format!("{} printed no handshake line but `{line}`", program.display()).into());
        };
        let certificate = STANDARD_NO_PAD.decode(certificate.trim_end_matches('='))?.into();
        let (protocol, network) = (protocol.to_owned(), network.to_owned());
        Ok(Self { child, handshake_took, protocol, network, address: address.to_owned(), certificate })
    }

    /// Whether there is anything behind the handshake line.
    pub(crate) fn serves(&self) -> bool {
        !self.address.is_empty()
    }

    /// Resident memory now, in kB.
    pub(crate) fn resident_kilobytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// Asks for the schema; the length of the answer in bytes.
    pub(crate) async fn schema_size(&self, identity: &Identity) -> Result<usize> {
        let path = match self.protocol.as_str() {
            "5" => "/tfplugin5.Provider/GetSchema",
            _ => "/tfplugin6.Provider/GetProviderSchema",
        };
        let tls = tokio_rustls::TlsConnector::from(Arc::new(self.client_config(identity)?));
        let name = ServerName::try_from("localhost")?;
        match self.network.as_str() {
            "unix" => call(tls.connect(name, UnixStream::connect(&self.address).await?).await?, path).await,
            _ => call(tls.connect(name, TcpStream::connect(&self.address).await?).await?, path).await,
        }
    }

    fn client_config(&self, identity: &Identity) -> Result<rustls::ClientConfig> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.clone()));
        let pinned = Pinned { certificate: self.certificate.clone(), provider: provider.clone() };
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned))
            .with_client_auth_cert(vec![identity.certificate.clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One unary gRPC call with an empty request; the length of the answer's message.
async fn call<Io: AsyncRead + AsyncWrite + Unpin + Send + 'static>(io: Io, path: &str) -> Result<usize> {
    const WINDOW: u32 = 64 << 20;
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(WINDOW).initial_connection_window_size(WINDOW);
    let (client, connection) = builder.handshake::<_, Bytes>(io).await?;
    tokio::spawn(connection);
    let request = http::Request::post(format!("https://localhost{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())?;
    let (answer, mut body) = client.ready().await?.send_request(request, false)?;
    // The frame of an empty message: not compressed, no bytes.
    body.send_data(Bytes::from_static(&[0; 5]), true)?;
    let mut stream = answer.await?.into_body();
    let mut received = BytesMut::new();
    while let Some(chunk) = stream.data().await {
        received.extend_from_slice(&chunk?);
    }
    if received.len() < 5 {
        return Err(format!("{path} gave no message: {:?}", stream.trailers().await?).into());
    }
    received.advance(1);
    Ok(received.get_u32() as usize)
}

/// Accepts the one certificate of the handshake line. Go's are their own authorities, which webpki would refuse.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if shown.as_ref() == self.certificate.as_ref() {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::General(
            "the server's certificate is not the one of the handshake line".to_owned(),
        ))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
