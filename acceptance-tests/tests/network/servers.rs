//! Hosts that are not what they should be: TLS servers with wrong certificates, proxies that let nothing through, ports at
//! which nobody listens.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server at 127.0.0.1 whose certificate is for `name`, changed so. It answers everything with this page.
    pub(crate) fn server(
        &self,
        name: &str,
        page: &'static str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> SocketAddr {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.0).expect("a certificate");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .map(Arc::new)
            .expect("a configuration");
        serve(move |stream| {
            let Ok(connection) = ServerConnection::new(config.clone()) else { return };
            answer(StreamOwned::new(connection, stream), page);
        })
    }
}

/// A proxy that answers everything so.
pub(crate) fn proxy(page: &'static str) -> SocketAddr {
    serve(move |stream| answer(stream, page))
}

/// An address at which nobody listens.
pub(crate) fn nobody() -> SocketAddr {
    listener().local_addr().expect("an address")
}

fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port")
}

/// Serves until the test program ends.
fn serve(talk: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = listener();
    let address = listener.local_addr().expect("an address");
    let talk = Arc::new(talk);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let talk = talk.clone();
            thread::spawn(move || talk(stream));
        }
    });
    address
}

/// Reads a request's first bytes and answers; whoever hangs up meanwhile is what the test is about.
fn answer(mut stream: impl Read + Write, page: &str) {
    let mut request = [0; 4096];
    if stream.read(&mut request).is_ok_and(|bytes| bytes > 0) {
        let _ = stream.write_all(page.as_bytes());
        let _ = stream.flush();
    }
}
