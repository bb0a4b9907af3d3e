//! Who may do what: expired secrets, subscriptions that a principal sees, other tenants and auxiliary tokens, and the list
//! of everything secret.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Azure, Got, SUB, TENANT, read};

const OTHER: &str = "00000000-0000-0000-0000-0000000000bb";
const SCOPE: &str = "https://management.azure.com/.default";

async fn application(azure: &Azure, name: &str) -> Value {
    let all = azure.control("GET", "/identities/applications", Value::Null).await;
    all.as_array().unwrap().iter().find(|a| a["name"] == name).unwrap().clone()
}

async fn token(azure: &Azure, name: &str, tenant: &str) -> Got {
    let application = application(azure, name).await;
    let text = |name: &str| application[name].as_str().unwrap().to_owned();
    azure
        .token_request(
            tenant,
            &[("client_id", &text("client_id")), ("client_secret", &text("secret")), ("scope", SCOPE)],
        )
        .await
}

async fn bearer(azure: &Azure, name: &str, tenant: &str) -> String {
    let got = token(azure, name, tenant).await;
    got.body["access_token"].as_str().unwrap_or_else(|| panic!("{got:?}")).to_owned()
}

async fn ask(azure: &Azure, token: &str, path: &str) -> Got {
    read(azure.http.get(azure.url(&format!("{path}?api-version=2022-12-01"))).bearer_auth(token))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_expired_secret_is_told_from_a_wrong_one() {
    let azure = Azure::start().await;
    let main = application(&azure, "main").await;
    let text = |name: &str| main[name].as_str().unwrap();
    let form =
        [("client_id", text("client_id")), ("client_secret", text("expired_secret")), ("scope", SCOPE)];
    let got = azure.token_request(TENANT, &form).await;
    assert_eq!((got.status, &got.body["error_codes"]), (401, &json!([7_000_222])));
    let words = format!(
        "AADSTS7000222: The provided client secret keys for app '{}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds. Trace ID",
        text("client_id")
    );
    assert!(got.body["error_description"].as_str().unwrap().starts_with(&words));
}

#[tokio::test]
async fn a_principal_sees_what_it_has_a_role_on() {
    let azure = Azure::start().await;
    let names = async |name: &str, tenant: &str| -> Vec<String> {
        let got = ask(&azure, &bearer(&azure, name, tenant).await, "/subscriptions").await;
        let all = got.body["value"].as_array().unwrap().clone();
        all.iter().map(|s| s["displayName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("main", TENANT).await, ["Emulated subscription", "Another emulated subscription"]);
    assert_eq!(names("main", OTHER).await, ["Subscription of another tenant"]);
    assert!(names("blind", TENANT).await.is_empty());
    assert_eq!(
        names("twins", TENANT).await,
        ["Emulated subscription", "Twin subscription", "Twin subscription"]
    );
    let blind = bearer(&azure, "blind", TENANT).await;
    let got = ask(&azure, &blind, &format!("{SUB}/resourceGroups/rg")).await;
    assert_eq!((got.status, got.code()), (403, "AuthorizationFailed"));
    assert_eq!(
        got.body["error"]["message"],
        format!(
            "The client '00000000-0000-0000-0000-0000000000c2' with object id '00000000-0000-0000-0000-0000000000d2' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/read' over scope '{SUB}/resourceGroups/rg' or the scope is invalid. If access was recently granted, please refresh your credentials."
        )
    );
    let nowhere = "/subscriptions/11111111-0000-0000-0000-000000000001";
    assert_eq!(ask(&azure, &blind, nowhere).await.code(), "SubscriptionNotFound");
    let got = token(&azure, "blind", OTHER).await;
    assert_eq!(got.body["error_codes"], json!([700_016]));
}

#[tokio::test]
async fn a_token_is_for_the_subscriptions_of_its_tenant() {
    let azure = Azure::start().await;
    let elsewhere = "/subscriptions/00000000-0000-0000-0000-000000000003";
    let foreign = bearer(&azure, "main", OTHER).await;
    assert_eq!(ask(&azure, &foreign, elsewhere).await.body["tenantId"], OTHER);
    let got = ask(&azure, &foreign, SUB).await;
    assert_eq!((got.status, got.code()), (401, "InvalidAuthenticationTokenTenant"));
    let text = got.body["error"]["message"].as_str().unwrap();
    let base = azure.url("");
    assert!(text.starts_with(&format!(
        "The access token is from the wrong issuer '{base}/{OTHER}/'. It must match the tenant '{base}/{TENANT}/' associated with this subscription. Please use the authority (URL) '{base}/{TENANT}' to get the token."
    )));
    assert_eq!(azure.get(&format!("{elsewhere}?api-version=2022-12-01")).await.status, 401);
}

#[tokio::test]
async fn auxiliary_tokens_are_checked_and_noted_by_tenant() {
    let azure = Azure::start().await;
    let foreign = bearer(&azure, "main", OTHER).await;
    let with = async |header: String| {
        azure.control("DELETE", "/requests", Value::Null).await;
        let request = azure.request(reqwest::Method::GET, &format!("{SUB}?api-version=2022-12-01"));
        read(request.header("x-ms-authorization-auxiliary", header)).await.unwrap()
    };
    let own = &azure.token;
    assert_eq!(with(format!("Bearer {foreign}")).await.status, 200);
    let log = azure.control("GET", "/requests", Value::Null).await;
    assert_eq!(log[0]["auxiliary_tenants"], json!([OTHER]));
    assert_eq!((&log[0]["tenant"], &log[0]["client_id"]), (&json!(TENANT), &json!(support::CLIENT)));
    assert!(!log.to_string().contains(&foreign));
    assert_eq!(with(format!("Bearer {foreign}, Bearer {own}")).await.status, 200);
    for (header, words) in [
        ("Bearer rubbish".to_owned(), "not all valid"),
        (foreign.clone(), "not all valid"),
        (format!("Bearer {foreign}; Bearer {foreign}"), "duplicates which are from the same tenant"),
        (format!("Bearer {own}, Bearer {own}, Bearer {own}, Bearer {foreign}"), "more than the '3'"),
    ] {
        let got = with(header).await;
        assert_eq!((got.status, got.code()), (401, "InvalidAuxiliaryTokens"));
        assert!(got.body["error"]["message"].as_str().unwrap().contains(words), "{got:?}");
    }
}

#[tokio::test]
async fn a_resource_of_another_tenant_takes_a_token_of_that_tenant() {
    let azure = Azure::start().await;
    let seed = json!({"scenario": "dependents", "resource_group": "rg", "location": "eastus", "prefix": "a"});
    let own = azure.control("POST", "/seed", seed).await.to_string();
    let vault = own.split('"').find(|text| text.contains("Microsoft.KeyVault")).unwrap();
    let elsewhere = "/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/there";
    let mut account = json!({"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}});
    account["properties"] = json!({"provisioningState": "Succeeded"});
    azure.control("PUT", &format!("/resources?id={elsewhere}"), account).await;
    let body = json!({
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "properties": {"storageAccount": elsewhere, "keyVault": vault},
    });
    let id = "/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/linked";
    let put = async |auxiliary: Option<&str>| {
        let mut request = azure.request(reqwest::Method::PUT, &format!("{SUB}{id}?api-version=2025-12-01"));
        if let Some(token) = auxiliary {
            request = request.header("x-ms-authorization-auxiliary", format!("Bearer {token}"));
        }
        read(request.json(&body)).await.unwrap()
    };
    let refused = put(None).await;
    assert_eq!((refused.status, refused.code()), (403, "LinkedAuthorizationFailed"), "{refused:?}");
    let words = format!(
        "however the current tenant '{TENANT}' is not authorized to access linked subscription '00000000-0000-0000-0000-000000000003'."
    );
    assert!(refused.body["error"]["message"].as_str().unwrap().ends_with(&words), "{refused:?}");
    let foreign = bearer(&azure, "main", OTHER).await;
    let got = put(Some(&foreign)).await;
    assert_eq!(got.status, 202, "{got:?}");
}

#[tokio::test]
async fn a_refresh_token_of_the_azure_cli_is_good_in_both_tenants() {
    let azure = Azure::start().await;
    let cli = azure.control("GET", "/identities/cli", Value::Null).await;
    let refresh = async |token: &str, tenant: &str| -> Got {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
            ("refresh_token", token),
            ("scope", SCOPE),
        ];
        read(azure.http.post(azure.url(&format!("/{tenant}/oauth2/v2.0/token"))).form(&form)).await.unwrap()
    };
    for (tenant, count) in [(TENANT, 2), (OTHER, 1)] {
        let got = refresh(cli["refresh_token"].as_str().unwrap(), tenant).await;
        let token = got.body["access_token"].as_str().unwrap();
        let all = ask(&azure, token, "/subscriptions").await;
        assert_eq!(all.body["value"].as_array().unwrap().len(), count);
    }
    let got = refresh("old", TENANT).await;
    assert_eq!((got.status, &got.body["error_codes"]), (400, &json!([700_082])));
}

#[tokio::test]
async fn everything_secret_is_listed() {
    let azure = Azure::start().await;
    let identities = azure.control("GET", "/identities", Value::Null).await;
    let gitlab = identities["gitlab"]["token"].as_str().unwrap().to_owned();
    let main = &identities["applications"][0];
    let pem = std::fs::read_to_string(main["certificate"]["pem_path"].as_str().unwrap()).unwrap();
    let line = pem.lines().nth(1).unwrap().to_owned();
    azure.token_request(TENANT, &[("client_id", "x"), ("client_assertion", "y"), ("scope", SCOPE)]).await;
    let known = azure.control("GET", "/secrets", Value::Null).await;
    let values: Vec<&str> =
        known["secrets"].as_array().unwrap().iter().map(|s| s["value"].as_str().unwrap()).collect();
    for secret in [
        main["secret"].as_str().unwrap(),
        main["expired_secret"].as_str().unwrap(),
        main["certificate"]["pfx_password"].as_str().unwrap(),
        identities["github"]["request_token"].as_str().unwrap(),
        identities["azure_devops"]["request_token"].as_str().unwrap(),
        identities["app_service"]["header"].as_str().unwrap(),
        identities["cli"]["refresh_token"].as_str().unwrap(),
        &gitlab,
        &azure.token,
    ] {
        assert!(values.contains(&secret), "{secret}");
    }
    assert!(values.iter().any(|value| value.contains(&line)), "the private key is not listed");
    assert_eq!(known["secrets"][0]["kind"], "request_token");
}
