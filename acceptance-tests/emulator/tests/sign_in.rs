//! Entra ID and Resource Manager's check of tokens, over TLS.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Azure, CLIENT, SUB, TENANT, read};

#[tokio::test]
async fn a_client_signs_in_and_is_let_in() {
    let azure = Azure::start().await;
    let got = azure.sign_in().await;
    assert_eq!(
        (got.status, &got.body["token_type"], &got.body["expires_in"]),
        (200, &json!("Bearer"), &json!(3599))
    );
    let got = azure.get(&format!("{SUB}?api-version=2022-12-01")).await;
    assert_eq!((got.status, &got.body["state"]), (200, &json!("Enabled")));
    assert_eq!(got.header("x-ms-ratelimit-remaining-subscription-reads"), "249");
    assert_eq!(got.header("x-ms-ratelimit-remaining-subscription-global-reads"), "3749");
    assert_eq!(got.header("x-ms-request-id"), got.header("x-ms-correlation-request-id"));
    let all = azure.get("/subscriptions?api-version=2022-12-01").await;
    assert_eq!(all.header("x-ms-ratelimit-remaining-tenant-reads"), "249");
    assert_eq!(all.body["value"].as_array().map(Vec::len), Some(2));
    assert_eq!(azure.get("/tenants?api-version=2022-12-01").await.body["value"][0]["tenantId"], TENANT);
}

#[tokio::test]
async fn wrong_credentials_are_refused_in_entra_ids_words() {
    let azure = Azure::start().await;
    let secret = azure.emulator.variable("ARM_CLIENT_SECRET").to_owned();
    let scope = "https://management.azure.com/.default";
    for (tenant, client, secret, scope, status, error, code) in [
        (TENANT, CLIENT, "wrong", scope, 401, "invalid_client", 7_000_215),
        (TENANT, TENANT, secret.as_str(), scope, 400, "unauthorized_client", 700_016),
        ("nowhere", CLIENT, secret.as_str(), scope, 400, "invalid_request", 90_002),
        (TENANT, CLIENT, "", scope, 401, "invalid_client", 7_000_216),
        (TENANT, CLIENT, secret.as_str(), "https://management.azure.com", 400, "invalid_scope", 1_002_012),
        (TENANT, CLIENT, secret.as_str(), "https://else.example/.default", 400, "invalid_resource", 500_011),
        (TENANT, CLIENT, secret.as_str(), "", 400, "invalid_request", 900_144),
    ] {
        let got = azure
            .token_request(tenant, &[("client_id", client), ("client_secret", secret), ("scope", scope)])
            .await;
        assert_eq!((got.status, got.body["error"].as_str()), (status, Some(error)), "{code}");
        assert_eq!(got.body["error_codes"], json!([code]));
        let text = got.body["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
    }
}

#[tokio::test]
async fn apostrophes_in_refusals_are_escaped() {
    let azure = Azure::start().await;
    let url = azure.url(&format!("/{TENANT}/oauth2/v2.0/token"));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_secret", "wrong"),
        ("scope", "https://management.azure.com/.default"),
    ];
    let text = azure.http.post(url).form(&form).send().await.unwrap().text().await.unwrap();
    assert!(text.contains(&format!("added to app \\u0027{CLIENT}\\u0027.")), "{text}");
    assert!(!text.contains('\''));
}

#[tokio::test]
async fn the_first_version_of_the_endpoint_answers_texts() {
    let azure = Azure::start().await;
    let secret = azure.emulator.variable("ARM_CLIENT_SECRET").to_owned();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_secret", secret.as_str()),
        ("resource", "https://management.azure.com/"),
    ];
    let got = read(azure.http.post(azure.url(&format!("/{TENANT}/oauth2/token"))).form(&form)).await.unwrap();
    assert_eq!((got.status, &got.body["expires_in"]), (200, &json!("3599")));
    assert_eq!(got.body["resource"], "https://management.azure.com/");
}

async fn with_token(azure: &Azure, token: Option<&str>) -> support::Got {
    let mut request = azure.http.get(azure.url(&format!("{SUB}?api-version=2022-12-01")));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    read(request).await.unwrap()
}

#[tokio::test]
async fn resource_manager_checks_every_token() {
    let azure = Azure::start().await;
    let entra = azure.emulator.core().entra();
    let claims = |aud: &str, tid: &str, exp: i64| -> Value {
        json!({"aud": aud, "tid": tid, "exp": exp, "oid": "00000000-0000-0000-0000-0000000000d1"})
    };
    let sign = |claims: Value| entra.key().sign(&claims).unwrap();
    let arm = "https://management.azure.com/";
    let forged = azureml_emulator::entra::SigningKey::make().unwrap();
    let forged = forged.sign(&claims(arm, TENANT, 4_000_000_000)).unwrap();
    for (token, code) in [
        (Some(forged), "InvalidAuthenticationToken"),
        (Some("rubbish".to_owned()), "InvalidAuthenticationToken"),
        (Some(sign(claims(arm, TENANT, 1_000_000_000))), "ExpiredAuthenticationToken"),
        (
            Some(sign(claims("https://graph.microsoft.com", TENANT, 4_000_000_000))),
            "InvalidAuthenticationTokenAudience",
        ),
        (Some(sign(claims(arm, "other", 4_000_000_000))), "InvalidAuthenticationTokenTenant"),
        (None, "AuthenticationFailed"),
    ] {
        let got = with_token(&azure, token.as_deref()).await;
        assert_eq!((got.status, got.code()), (401, code));
        let header = got.header("www-authenticate");
        assert!(
            header.starts_with(&format!("Bearer authorization_uri=\"{}\"", azure.url(&format!("/{TENANT}"))))
        );
    }
    assert_eq!(with_token(&azure, Some(&sign(claims(arm, TENANT, 4_000_000_000)))).await.status, 200);
}

#[tokio::test]
async fn a_token_expires_when_settings_say_so() {
    let azure = Azure::start().await;
    azure.control("PUT", "/settings", json!({"token_lifetime_seconds": 0})).await;
    let got = azure.sign_in().await.body;
    assert_eq!(got["expires_in"], 0);
    let refused = with_token(&azure, got["access_token"].as_str()).await;
    assert_eq!((refused.status, refused.code()), (401, "ExpiredAuthenticationToken"));
}

#[tokio::test]
async fn clients_find_everything_by_metadata() {
    let azure = Azure::start().await;
    let base = azure.url("");
    let read = |path: String| read(azure.http.get(azure.url(&path)));
    let one = read("/metadata/endpoints?api-version=2022-09-01".into()).await.unwrap().body;
    assert_eq!((&one["name"], &one["authentication"]["loginEndpoint"]), (&json!("AzureCloud"), &json!(base)));
    let many = read("/metadata/endpoints?api-version=2019-05-01".into()).await.unwrap().body;
    assert_eq!(many[0]["resourceManager"], json!(format!("{base}/")));
    let configuration = read(format!("/{TENANT}/v2.0/.well-known/openid-configuration")).await.unwrap().body;
    assert_eq!(configuration["issuer"], json!(format!("{base}/{TENANT}/v2.0")));
    let keys = configuration["jwks_uri"].as_str().unwrap().strip_prefix(&base).unwrap().to_owned();
    assert_eq!(read(keys).await.unwrap().body["keys"][0]["kty"], "RSA");
    let instance = read("/common/discovery/instance?api-version=1.1".into()).await.unwrap().body;
    assert_eq!(instance["metadata"][0]["aliases"][0], json!(base.trim_start_matches("https://")));
}
