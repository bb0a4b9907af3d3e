//! A client as thin as the wire: header names arrive as they were written.

#![allow(clippy::unwrap_used, reason = "a test helper")]

use std::sync::Arc;

use azureml_emulator::emulator::Emulator;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// An answer with its header fields as spelled.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Header fields.
    pub(crate) headers: Vec<(String, String)>,
    /// Body, null when empty.
    pub(crate) body: Value,
    /// Body as it was written.
    pub(crate) text: String,
}

impl Answer {
    /// A header field, its name in any casing.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// A signed-in client; every request has a connection of its own.
pub(crate) struct Client {
    connector: TlsConnector,
    port: u16,
    token: String,
}

impl Client {
    /// Signs in to a box.
    pub(crate) async fn connect(emulator: &Emulator) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(emulator.authority_pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let url = emulator.variable("AZUREML_EMULATOR_URL").to_owned();
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        let mut client = Self { connector: TlsConnector::from(Arc::new(config)), port, token: String::new() };
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", emulator.variable("ARM_CLIENT_ID"))
            .append_pair("client_secret", emulator.variable("ARM_CLIENT_SECRET"))
            .append_pair("scope", &format!("{url}/.default"))
            .finish();
        let tenant = emulator.variable("ARM_TENANT_ID");
        let answer = client
            .exchange(
                "POST",
                &format!("/{tenant}/oauth2/v2.0/token"),
                "application/x-www-form-urlencoded",
                &[],
                form,
            )
            .await;
        client.token = answer.body["access_token"].as_str().unwrap().to_owned();
        client
    }

    /// Sends a request with further header fields.
    pub(crate) async fn ask(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.exchange(method, target, "application/json", headers, body).await
    }

    async fn exchange(
        &self,
        method: &str,
        target: &str,
        media: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut tls = self.connector.connect(name, tcp).await.unwrap();
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\nContent-Type: {media}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n",
            self.port,
            self.token,
            body.len()
        );
        tls.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let mut read = Vec::new();
        tls.read_to_end(&mut read).await.unwrap();
        parse(&String::from_utf8(read).unwrap())
    }
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let field = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap();
    Answer {
        status,
        headers: lines.map(field).collect(),
        body: serde_json::from_str(body).unwrap_or(Value::Null),
        text: body.to_owned(),
    }
}

/// Path and query of a URL.
pub(crate) fn target(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    &rest[rest.find('/').unwrap()..]
}
