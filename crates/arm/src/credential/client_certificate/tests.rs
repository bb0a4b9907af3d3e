use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256};
use serde_json::Value;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::*;
use crate::testing::{FakeClock, Log, Server, reply, transport};

mod forms;

const ANSWER: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0ken"}"#;

/// An RSA key; one for all tests, as making one takes long.
fn key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap())
}

/// The parameters of a certificate of this name for these years, to their first of January.
fn named(name: &str, from: i32, to: i32) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 1, 1);
    params
}

/// A self-signed certificate and its key as PEM.
fn pem(from: i32, to: i32) -> String {
    named("app", from, to).self_signed(key()).unwrap().pem() + &key().serialize_pem()
}

fn credential(server: &Server, pem: &str) -> ClientCertificate {
    let certificate = Certificate::read(pem.as_bytes(), None).unwrap();
    ClientCertificate::new(&server.cloud(), transport(), "tenant-1", "c-1", certificate)
        .with_clock(FakeClock::new())
}

/// The three parts of the assertion that was sent, the signature checked with the key of the certificate in it.
fn assertion(body: &str) -> (Value, Value) {
    let form: std::collections::HashMap<_, _> = url::form_urlencoded::parse(body.as_bytes()).collect();
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!((&*form["client_id"], &*form["grant_type"]), ("c-1", "client_credentials"));
    let (text, signature) = form["client_assertion"].rsplit_once('.').unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let json =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let header = json(header);
    let der = STANDARD.decode(header["x5c"][0].as_str().unwrap()).unwrap();
    assert_eq!(header["x5t#S256"], URL_SAFE_NO_PAD.encode(digest(&SHA256, &der)));
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    let public_key = certificate.public_key().subject_public_key.data.as_ref();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public_key)
        .verify(text.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    (header, json(claims))
}

#[tokio::test]
async fn an_assertion_signed_by_the_certificates_key_is_shown_to_entra() {
    let log = Log::capture();
    let server = Server::start([reply(200, ANSWER), reply(200, ANSWER)]).await;
    let credential = credential(&server, &pem(2026, 2027));
    let token = credential.token(&TokenRequest::new("s")).await.unwrap();
    assert_eq!(token.secret.expose(), "t0ken");
    let request = &server.received()[0];
    assert_eq!(request.target, "/tenant-1/oauth2/v2.0/token");
    let (header, mut claims) = assertion(&request.body);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("PS256"), &json!("JWT")));
    let id = claims.as_object_mut().unwrap().remove("jti").unwrap();
    let noon = FakeClock::new().utc().as_second();
    assert_eq!(
        claims,
        json!({
            "aud": format!("{}/tenant-1/oauth2/v2.0/token", server.base),
            "iss": "c-1", "sub": "c-1", "iat": noon, "nbf": noon, "exp": noon + 600,
        })
    );
    // Another tenant is another audience, and no two assertions are the same.
    credential.token(&TokenRequest::new("s").of_tenant("tenant-2")).await.unwrap();
    let request = &server.received()[1];
    assert_eq!(request.target, "/tenant-2/oauth2/v2.0/token");
    let (_, claims) = assertion(&request.body);
    assert_eq!(claims["aud"], format!("{}/tenant-2/oauth2/v2.0/token", server.base));
    assert_ne!(claims["jti"], id);
    let sent =
        url::form_urlencoded::parse(request.body.as_bytes()).find(|(name, _)| name == "client_assertion");
    assert!(!log.text().contains(&*sent.unwrap().1) && !log.text().contains("t0ken"));
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_not_shown() {
    let server = Server::start([]).await;
    let fails = async |from, to| {
        let credential = credential(&server, &pem(from, to));
        credential.token(&TokenRequest::new("s")).await.unwrap_err().to_string()
    };
    assert_eq!(
        fails(2024, 2025).await,
        "the client certificate cannot be used: \"CN=app\" expired at 2025-01-01T00:00:00Z, and by this machine's clock it is \
         2026-11-23T12:00:00Z; make a new one and upload it to the application"
    );
    assert_eq!(
        fails(2027, 2028).await,
        "the client certificate cannot be used: \"CN=app\" is not valid before 2027-01-01T00:00:00Z, and by this machine's clock it is \
         2026-11-23T12:00:00Z; set the clock, or wait"
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_certificate_that_entra_does_not_know_is_named() {
    let answer = r#"{"error":"invalid_client","error_description":"AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.\r\nTrace ID: t-1"}"#;
    let server = Server::start([reply(401, answer)]).await;
    let pem = pem(2026, 2027);
    let error = credential(&server, &pem).token(&TokenRequest::new("s")).await.unwrap_err();
    let der = pem::parse_many(&pem).unwrap().remove(0).into_contents();
    let thumbprint = digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    let thumbprint: String = thumbprint.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(
        error.to_string(),
        format!(
            "Entra ID refused the client certificate: AADSTS700027: The certificate with identifier used to sign the client assertion \
             is not registered on application. Trace ID: t-1 (the certificate is \"CN=app\", thumbprint {thumbprint})"
        )
    );
    assert!(error.remedy().unwrap().starts_with("Upload this certificate"));
}

#[tokio::test]
async fn the_chain_goes_along_in_order_whatever_the_order_of_the_file() {
    let issuer = |params: CertificateParams, key: &KeyPair| {
        let copy = KeyPair::from_pem(&key.serialize_pem()).unwrap();
        Issuer::new(params, copy)
    };
    let mut root = named("root", 2020, 2040);
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut middle = named("middle", 2020, 2040);
    middle.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (root_key, middle_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root_pem = root.self_signed(&root_key).unwrap();
    let middle_pem = middle.signed_by(&middle_key, &issuer(root, &root_key)).unwrap();
    let leaf = named("app", 2026, 2027).signed_by(key(), &issuer(middle, &middle_key)).unwrap();
    let stranger = named("stranger", 2020, 2040).self_signed(&root_key).unwrap();
    let file = [root_pem.pem(), stranger.pem(), key().serialize_pem(), leaf.pem(), middle_pem.pem()].concat();
    let server = Server::start([reply(200, ANSWER)]).await;
    credential(&server, &file).token(&TokenRequest::new("s")).await.unwrap();
    let (header, _) = assertion(&server.received()[0].body);
    let expected = [&leaf, &middle_pem, &root_pem].map(|one| STANDARD.encode(one.der()));
    assert_eq!(header["x5c"], json!(expected));
}

#[test]
fn a_key_that_was_certified_again_shows_the_latest() {
    let old = named("old", 2024, 2025).self_signed(key()).unwrap();
    let file = old.pem() + &pem(2026, 2027);
    let certificate = Certificate::read(file.as_bytes(), None).unwrap();
    assert!(certificate.to_string().starts_with("\"CN=app\", thumbprint "), "{certificate}");
}
