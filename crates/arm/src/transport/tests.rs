//! The transport against servers in the same process: TLS with certificates of every kind, and proxies.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::error::CertificateFault;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Issuer {
    named_authority("test authority")
}

fn named_authority(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with a certificate as the changes make it, which answers every request with 200.
async fn tls_server(
    issuer: &Issuer,
    name: &str,
    versions: &[&'static rustls::SupportedProtocolVersion],
    change: impl FnOnce(&mut CertificateParams),
) -> Url {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), listener().await);
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut request = [0; 2048];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
            }
        }
    });
    format!("https://127.0.0.1:{}/", address.port()).parse().unwrap()
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A port at which nobody listens: it is taken until the test program ends, so that nobody else can.
fn closed() -> SocketAddr {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    address
}

/// A proxy that answers everything so.
async fn proxy(answer: &'static str) -> Url {
    let listener = listener().await;
    let url = format!("http://someone:pass%20word@{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

/// Trusts the authority, and finds no proxy in the environment of the test.
fn trusting(issuer: &Issuer) -> Transport {
    let pem = issuer.pem();
    Transport::builder("test").plain_http().ca_certificates(pem.as_bytes()).unwrap().build()
}

async fn fails(transport: &Transport, url: &Url) -> NetworkError {
    let error = transport.client().unwrap().get(url.clone()).send().await.unwrap_err();
    transport.failure("GET", "/path", url, error)
}

#[tokio::test]
async fn an_authority_that_was_handed_in_is_trusted() {
    let issuer = authority();
    for version in BOTH {
        let url = tls_server(&issuer, "127.0.0.1", &[version], |_| ()).await;
        let answer = trusting(&issuer).client().unwrap().get(url.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer = trusting(&issuer).identity_client().unwrap().get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn certificates_that_cannot_be_trusted() {
    let issuer = authority();
    let url = tls_server(&issuer, "127.0.0.1", BOTH, |_| ()).await;
    let error = fails(&trusting(&authority()), &url).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::UnknownIssuer));
    assert!(
        error
            .to_string()
            .ends_with(": its certificate is not signed by the authority of that name that is trusted here"),
        "{error}"
    );
    let error = fails(&trusting(&named_authority("another")), &url).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::UnknownIssuer));
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    assert_eq!(
        error.to_string(),
        format!(
            "GET /path: cannot trust {host}: its certificate is signed by an authority that is not trusted here"
        )
    );

    let url = tls_server(&issuer, "other.example", BOTH, |_| ()).await;
    let error = fails(&trusting(&issuer), &url).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::WrongName));
    assert!(error.to_string().ends_with(": its certificate is for other.example"), "{error}");

    let url =
        tls_server(&issuer, "127.0.0.1", BOTH, |params| params.not_after = date_time_ymd(2020, 1, 2)).await;
    let error = fails(&trusting(&issuer), &url).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::Expired));
    assert!(
        error.to_string().contains(": its certificate expired at 2020-01-02T00:00:00Z; it is 20"),
        "{error}"
    );

    let url =
        tls_server(&issuer, "127.0.0.1", BOTH, |params| params.not_before = date_time_ymd(2120, 1, 2)).await;
    let error = fails(&trusting(&issuer), &url).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::NotYetValid));
    assert!(
        error.to_string().contains(": its certificate is valid from 2120-01-02T00:00:00Z only; it is 20"),
        "{error}"
    );

    let url = tls_server(&issuer, "127.0.0.1", BOTH, |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    let error = fails(&trusting(&issuer), &url.await).await;
    assert_eq!(error.kind, NetworkKind::Certificate(CertificateFault::Other));
    assert!(error.to_string().ends_with("that of an authority, which cannot stand for a host"), "{error}");
    assert!(!error.kind.is_passing() && !error.kind.may_have_arrived());
}

#[tokio::test]
async fn what_speaks_no_tls_is_told_from_a_wrong_certificate() {
    let url = proxy("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let url: Url = format!("https://127.0.0.1:{}/", url.port().unwrap()).parse().unwrap();
    let error = fails(&trusting(&authority()), &url).await;
    assert_eq!(error.kind, NetworkKind::Tls, "{error}");
}

#[tokio::test]
async fn hosts_that_cannot_be_reached() {
    let transport = trusting(&authority());
    let error = fails(&transport, &"https://no-such-host.invalid/".parse().unwrap()).await;
    assert_eq!(error.kind, NetworkKind::Name, "{error}");
    assert!(
        error.to_string().starts_with("GET /path: cannot find the host no-such-host.invalid: "),
        "{error}"
    );

    let address = closed();
    let error = fails(&transport, &format!("https://{address}/").parse().unwrap()).await;
    assert_eq!(error.kind, NetworkKind::Connect, "{error}");
    assert!(error.to_string().starts_with(&format!("GET /path: cannot connect to {address}: ")), "{error}");

    // Accepts, and never says a word.
    let silent = listener().await;
    let url = format!("https://{}/", silent.local_addr().unwrap()).parse().unwrap();
    let transport =
        Transport::builder("test").plain_http().connect_timeout(Duration::from_millis(50)).build();
    let error = fails(&transport, &url).await;
    assert_eq!(error.kind, NetworkKind::ConnectTimeout, "{error}");
    assert!(error.kind.is_passing() && !error.kind.may_have_arrived());
}

#[tokio::test]
async fn proxies_that_let_nothing_through() {
    let url: Url = "https://management.azure.com/path?sig=secret".parse().unwrap();
    let through = |proxy: &Url| Transport::builder("test").proxy(proxy.clone()).build();

    let closed = closed();
    let error = fails(&through(&format!("http://{closed}").parse().unwrap()), &url).await;
    assert_eq!(error.kind, NetworkKind::Proxy(ProxyFault::Unreachable));
    let start = format!("GET /path: cannot reach the proxy {closed} before management.azure.com: ");
    assert!(error.to_string().starts_with(&start), "{error}");

    let wants =
        proxy("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n").await;
    let error = fails(&through(&wants), &url).await;
    assert_eq!(error.kind, NetworkKind::Proxy(ProxyFault::Credentials));
    let name = format!("127.0.0.1:{}", wants.port().unwrap());
    assert_eq!(
        error.to_string(),
        format!(
            "GET /path: the proxy {name} demands a valid user name and password to connect to management.azure.com (HTTP 407)"
        )
    );

    let refuses = proxy("HTTP/1.1 403 Forbidden\r\n\r\n").await;
    let error = fails(&through(&refuses), &url).await;
    assert_eq!(error.kind, NetworkKind::Proxy(ProxyFault::Refused));
    assert!(error.to_string().ends_with("did not connect to management.azure.com"), "{error}");
    assert!(!format!("{error:?}{:?}", through(&refuses)).contains("pass"), "{error:?}");
}

#[tokio::test]
async fn plain_http_is_for_identity_endpoints() {
    let server = crate::testing::Server::start([crate::testing::reply(200, "ok")]).await;
    let (url, transport): (Url, _) = (server.base.parse().unwrap(), Transport::new("test"));
    let error = fails(&transport, &url).await;
    assert_eq!(error.kind, NetworkKind::PlainHttp);
    assert_eq!(
        error.to_string(),
        format!(
            "GET /path: tokens and secrets are never sent by plain HTTP, as the URL wants it of 127.0.0.1:{}",
            url.port().unwrap()
        )
    );
    assert_eq!(server.received().len(), 0);
    let answer = transport.identity_client().unwrap().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[test]
fn authorities_that_are_none() {
    let refused = |bytes: &[u8]| Transport::builder("test").ca_certificates(bytes).unwrap_err().to_string();
    let issuer = authority();
    let text = |why: &str| format!("the CA certificates cannot be used: {why}");
    assert_eq!(refused(b" \n"), text("the file is empty"));
    assert_eq!(
        refused(issuer.der()),
        text("the file is in DER, and PEM is needed; \"openssl x509 -inform der -in FILE\" prints it in PEM")
    );
    let key = KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(refused(key.as_bytes()), text("the file holds a private key and no certificate"));
    assert_eq!(
        refused(b"hello"),
        text("the file holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----")
    );
    let broken = format!("{}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", issuer.pem());
    assert!(refused(broken.as_bytes()).starts_with(&text("certificate 2 of the file cannot be read: ")));
}
