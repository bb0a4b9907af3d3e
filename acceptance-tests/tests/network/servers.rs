//! Hosts that are not what they should be: TLS servers with wrong certificates, proxies that let nothing through, ports at
//! which nobody listens; and a proxy that is.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio::net::TcpSocket;

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

/// A proxy that opens ways to whoever shows its user name and password.
pub(crate) struct Tunnels {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Tunnels {
    /// For `user:password`; the first requests, so many, find it too busy.
    pub(crate) fn open(credentials: &str, busy: usize) -> Self {
        let proof = format!("Basic {}", BASE64.encode(credentials));
        let seen: Arc<Mutex<Vec<_>>> = Arc::default();
        let noted = seen.clone();
        let address = serve(move |mut client| {
            let Some(head) = head(&mut client) else { return };
            let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
            let target = target.unwrap_or_default().to_owned();
            let shown = head.lines().filter_map(|line| line.split_once(": "));
            let mut shown = shown.filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
            let known = shown.any(|(_, value)| value == proof);
            let is_busy = noted.lock().expect("the list").len() < busy;
            let host = if known && !is_busy { TcpStream::connect(&target).ok() } else { None };
            let status = match (&host, known) {
                (Some(_), _) => 200,
                (None, true) => 503,
                (None, false) => 407,
            };
            noted.lock().expect("the list").push((target, status));
            let more = if status == 407 { "proxy-authenticate: Basic realm=\"it\"\r\n" } else { "" };
            let _ = client.write_all(format!("HTTP/1.1 {status} It\r\n{more}\r\n").as_bytes());
            if let Some(host) = host {
                join(client, host);
            }
        });
        Self { address, seen }
    }

    /// The hosts that were asked for so far, with what became of it.
    pub(crate) fn seen(&self) -> Vec<(String, u16)> {
        self.seen.lock().expect("the list").clone()
    }
}

/// A request up to its empty line.
fn head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// Carries what either side says to the other, until one hangs up.
fn join(client: TcpStream, host: TcpStream) {
    let (Ok(mut from_client), Ok(mut to_host)) = (client.try_clone(), host.try_clone()) else { return };
    let (mut from_host, mut to_client) = (host, client);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_host);
        let _ = to_host.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut from_host, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Both);
}

/// An address at which nobody listens: it is taken until the test program ends, so that nobody else can.
pub(crate) fn nobody() -> SocketAddr {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let address = socket.local_addr().expect("an address");
    std::mem::forget(socket);
    address
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
