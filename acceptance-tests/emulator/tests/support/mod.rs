//! What the tests over TLS share: a box, a client that trusts it, and sign-in.
#![allow(dead_code, clippy::unwrap_used)]

use azureml_emulator::emulator::{Emulator, Options};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) const SUB: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";
pub(crate) const CLIENT: &str = "00000000-0000-0000-0000-0000000000c1";
pub(crate) const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";
pub(crate) const GROUPS: &str = "2024-11-01";

/// A box with a client that is signed in.
pub(crate) struct Azure {
    pub(crate) emulator: Emulator,
    pub(crate) http: Client,
    pub(crate) token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Got {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

pub(crate) async fn read(request: RequestBuilder) -> Result<Got, reqwest::Error> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Got { status, headers, body })
}

pub(crate) fn client(emulator: &Emulator) -> Client {
    let authority = reqwest::Certificate::from_pem(emulator.authority_pem.as_bytes()).unwrap();
    Client::builder().no_proxy().tls_certs_only([authority]).build().unwrap()
}

impl Azure {
    pub(crate) async fn start() -> Self {
        Self::with(&Options { strict: true, ..Options::default() }).await
    }

    pub(crate) async fn with(options: &Options) -> Self {
        let emulator = Emulator::start(options).await.unwrap();
        let http = client(&emulator);
        let mut azure = Self { emulator, http, token: String::new() };
        azure.token = azure.sign_in().await.body["access_token"].as_str().unwrap().to_owned();
        azure
    }

    pub(crate) fn url(&self, path: &str) -> String {
        if path.starts_with("https://") {
            return path.to_owned();
        }
        format!("{}{path}", self.emulator.variable("AZUREML_EMULATOR_URL"))
    }

    pub(crate) async fn sign_in(&self) -> Got {
        let scope = format!("{}/.default", self.emulator.variable("AZUREML_EMULATOR_URL"));
        let secret = self.emulator.variable("ARM_CLIENT_SECRET").to_owned();
        self.token_request(TENANT, &[("client_id", CLIENT), ("client_secret", &secret), ("scope", &scope)])
            .await
    }

    pub(crate) async fn token_request(&self, tenant: &str, form: &[(&str, &str)]) -> Got {
        let mut form = form.to_vec();
        form.push(("grant_type", "client_credentials"));
        read(self.http.post(self.url(&format!("/{tenant}/oauth2/v2.0/token"))).form(&form)).await.unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).bearer_auth(&self.token)
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> Got {
        self.try_ask(method, path, body).await.unwrap()
    }

    pub(crate) async fn try_ask(&self, method: &str, path: &str, body: Value) -> Result<Got, reqwest::Error> {
        let mut request = self.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
        if !body.is_null() {
            request = request.json(&body);
        }
        read(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask("GET", path, Value::Null).await
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.emulator.variable("AZUREML_EMULATOR_CONTROL"));
        let mut request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let got = read(request).await.unwrap();
        assert!(got.status < 300, "{method} {path}: {got:?}");
        got.body
    }

    pub(crate) async fn group(&self, name: &str) -> String {
        let id = format!("{SUB}/resourceGroups/{name}");
        let path = format!("{id}?api-version={GROUPS}");
        let made = self.ask("PUT", &path, json!({"location": "eastus"})).await;
        assert_eq!(made.status, 201, "{made:?}");
        id
    }
}
