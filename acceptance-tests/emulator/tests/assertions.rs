//! Client assertions at the token endpoint: of an application's own certificate, and of issuers that it trusts.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use support::{Azure, CLIENT, Got, SUB, TENANT};

/// A certificate and its key, read from the file that the control interface names.
struct Own {
    key: KeyPair,
    der: Vec<u8>,
}

impl Own {
    async fn named(azure: &Azure, name: &str) -> Self {
        let applications = azure.control("GET", "/identities/applications", Value::Null).await;
        let path = applications[0][name]["pem_path"].as_str().unwrap().to_owned();
        let text = std::fs::read_to_string(Path::new(&path)).unwrap();
        let block = |label: &str| {
            let rest = text.split(&format!("-----BEGIN {label}-----")).nth(1).unwrap();
            let body: String = rest.split("-----END").next().unwrap().split_whitespace().collect();
            STANDARD.decode(body).unwrap()
        };
        Self { key: KeyPair::from_pkcs8(&block("PRIVATE KEY")).unwrap(), der: block("CERTIFICATE") }
    }

    fn hash(&self, sha256: bool) -> String {
        let algorithm = match sha256 {
            true => &aws_lc_rs::digest::SHA256,
            false => &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
        };
        URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(algorithm, &self.der))
    }

    fn sign(&self, header: Value, claims: Value) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let text = [header.clone(), claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let algorithm: &'static dyn aws_lc_rs::signature::RsaEncoding =
            if header["alg"] == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        self.key.sign(algorithm, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn present(azure: &Azure, tenant: &str, assertion: &str) -> Got {
    azure
        .token_request(
            tenant,
            &[
                ("client_id", CLIENT),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
                ("scope", "https://management.azure.com/.default"),
            ],
        )
        .await
}

#[track_caller]
fn is_refused(got: &Got, code: u32, words: &str) {
    let text = got.body["error_description"].as_str().unwrap_or_default();
    assert_eq!(got.body["error_codes"], json!([code]), "{text}");
    assert!(text.starts_with(&format!("AADSTS{code}: ")) && text.contains(words), "{text}");
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

fn claims(audience: String) -> Value {
    json!({"iss": CLIENT, "sub": CLIENT, "aud": audience, "nbf": now(), "exp": now() + 600, "jti": "1"})
}

#[tokio::test]
async fn a_certificate_proves_an_application() {
    let azure = Azure::start().await;
    let own = Own::named(&azure, "certificate").await;
    let endpoint = azure.url(&format!("/{TENANT}/oauth2/v2.0/token"));
    for (header, audience) in [
        (json!({"alg": "RS256", "x5t": own.hash(false)}), endpoint.clone()),
        (json!({"alg": "PS256", "x5t#S256": own.hash(true)}), endpoint.clone()),
        (json!({"alg": "RS256", "x5t#S256": own.hash(true)}), azure.url(&format!("/{TENANT}/v2.0"))),
    ] {
        let got = present(&azure, TENANT, &own.sign(header, claims(audience))).await;
        assert_eq!(got.status, 200, "{got:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_does_not_prove_it_is_refused() {
    let azure = Azure::start().await;
    let own = Own::named(&azure, "certificate").await;
    let endpoint = azure.url(&format!("/{TENANT}/oauth2/v2.0/token"));
    let header = json!({"alg": "RS256", "x5t#S256": own.hash(true)});
    let with = |name: &str, value: Value| {
        let mut all = claims(endpoint.clone());
        all[name] = value;
        own.sign(header.clone(), all)
    };
    for (assertion, code, words) in [
        ("rubbish".to_owned(), 50_027, "malformed"),
        (with("aud", json!("https://else.example")), 700_023, "audience claim does not match Realm issuer"),
        (with("aud", json!([endpoint])), 50_027, "malformed"),
        (with("exp", json!(now() - 3600)), 700_024, "not within its valid time range"),
        (with("nbf", json!(now() + 3600)), 700_024, "not within its valid time range"),
        (with("exp", Value::Null), 50_027, "malformed"),
        (with("iss", json!(TENANT)), 700_021, "doesn't match 'client_id'"),
        (with("sub", json!(TENANT)), 50_048, "Subject must match"),
    ] {
        is_refused(&present(&azure, TENANT, &assertion).await, code, words);
    }
    let other = azure.url("/00000000-0000-0000-0000-0000000000bb/v2.0");
    let elsewhere = own.sign(header.clone(), claims(other));
    is_refused(&present(&azure, TENANT, &elsewhere).await, 700_023, "Realm issuer");

    let stranger = Own::named(&azure, "unregistered_certificate").await;
    let unknown = json!({"alg": "RS256", "x5t#S256": stranger.hash(true)});
    let got = present(&azure, TENANT, &stranger.sign(unknown, claims(endpoint.clone()))).await;
    is_refused(&got, 700_027, "is not registered on application. [Reason - The key was not found.");
    // Somebody else's signature under a registered certificate's name.
    let got = present(&azure, TENANT, &stranger.sign(header, claims(endpoint.clone()))).await;
    is_refused(&got, 700_027, "did not match the expected signature value");
    let old = Own::named(&azure, "expired_certificate").await;
    let expired = json!({"alg": "RS256", "x5t": old.hash(false)});
    is_refused(
        &present(&azure, TENANT, &old.sign(expired, claims(endpoint.clone()))).await,
        700_027,
        "The key used is expired.",
    );

    // Registered after all, it proves the application as well.
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(&stranger.der)
    );
    azure.control("POST", "/identities/applications/main/certificates", json!({ "pem": pem })).await;
    let known = json!({"alg": "RS256", "x5t": stranger.hash(false)});
    assert_eq!(present(&azure, TENANT, &stranger.sign(known, claims(endpoint))).await.status, 200);
}

#[tokio::test]
async fn tokens_of_trusted_issuers_prove_an_application() {
    let azure = Azure::start().await;
    for issuer in ["github", "azure_devops", "gitlab", "aks"] {
        let path = format!("/identities/{issuer}/token");
        let token = azure.control("POST", &path, json!({})).await["token"].as_str().unwrap().to_owned();
        let got = present(&azure, TENANT, &token).await;
        assert_eq!(got.status, 200, "{issuer}: {got:?}");
        let token = got.body["access_token"].as_str().unwrap().to_owned();
        let all = azure.http.get(azure.url(&format!("{SUB}?api-version=2022-12-01"))).bearer_auth(token);
        assert_eq!(support::read(all).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn tokens_that_no_record_is_for_are_refused() {
    let azure = Azure::start().await;
    let hint = "Check your federated identity credential Subject, Audience and Issuer";
    let mint = async |body: Value| -> String {
        azure.control("POST", "/identities/github/token", body).await["token"].as_str().unwrap().to_owned()
    };
    let own = "repo:example/infrastructure:ref:refs/heads/main";
    for (body, code, words) in [
        (json!({"audience": "https://github.com/example"}), 700_212, "audience 'https://github.com/example'"),
        (
            json!({"claims": {"sub": "repo:example/infrastructure:pull_request"}}),
            700_213,
            "subject 'repo:example/infrastructure:pull_request'",
        ),
        (
            json!({"claims": {"sub": own.replace("example", "Example")}}),
            7_002_138,
            "but not with case-sensitive",
        ),
        (json!({"claims": {"iss": "https://else.example"}}), 700_211, "issuer 'https://else.example'"),
    ] {
        let got = present(&azure, TENANT, &mint(body).await).await;
        is_refused(&got, code, words);
        assert!(got.body["error_description"].as_str().unwrap().contains(hint));
        assert_eq!((got.status, &got.body["error"]), (401, &json!("invalid_client")));
    }
    let got = present(&azure, TENANT, &mint(json!({"claims": {"exp": now() - 3600}})).await).await;
    is_refused(&got, 700_024, "not within its valid time range");
    // Signed by another issuer than the one it names.
    let gitlab = azure.control("GET", "/identities/gitlab", Value::Null).await;
    let posing = json!({"claims": {"iss": gitlab["issuer"], "sub": gitlab["subject"]}});
    is_refused(&present(&azure, TENANT, &mint(posing).await).await, 700_027, "signature validation");

    azure.control("PUT", "/identities/github/reachable", json!(false)).await;
    let got = present(&azure, TENANT, &mint(json!({})).await).await;
    is_refused(&got, 90_061, "Request to External OIDC endpoint failed.");
    azure.control("PUT", "/identities/github/reachable", json!(true)).await;
    let record = json!({"name": "pulls", "issuer": azure.url("/issuers/github"), "audience": "api://AzureADTokenExchange",
        "subject": "repo:example/infrastructure:pull_request"});
    azure.control("POST", "/identities/applications/main/federated_credentials", record).await;
    let token = mint(json!({"claims": {"sub": "repo:example/infrastructure:pull_request"}})).await;
    assert_eq!(present(&azure, TENANT, &token).await.status, 200);
}
