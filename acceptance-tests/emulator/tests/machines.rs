//! The endpoints by which machines get tokens: each platform's protocol, its refusals, and tokens that Resource Manager takes.

#![allow(clippy::unwrap_used)]

mod support;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use support::{Azure, Got, SUB, read};

const RESOURCE: &str = "https://management.azure.com/";

async fn part(azure: &Azure, name: &str) -> Value {
    azure.control("GET", &format!("/identities/{name}"), Value::Null).await
}

fn text(part: &Value, pointer: &str) -> String {
    part.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn get(azure: &Azure, part: &Value, query: &[(&str, &str)]) -> RequestBuilder {
    azure.http.get(text(part, "/endpoint")).query(query)
}

/// Insists that a token is for a principal, and that Resource Manager takes it.
async fn is_for(azure: &Azure, got: &Got, client_id: &str) {
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!((&got.body["token_type"], &got.body["resource"]), (&json!("Bearer"), &json!(RESOURCE)));
    azure.control("DELETE", "/requests", Value::Null).await;
    let token = got.body["access_token"].as_str().unwrap();
    let url = azure.url(&format!("{SUB}?api-version=2022-12-01"));
    assert_eq!(read(azure.http.get(url).bearer_auth(token)).await.unwrap().status, 200);
    assert_eq!(azure.control("GET", "/requests", Value::Null).await[0]["client_id"], client_id);
}

#[tokio::test]
async fn the_metadata_service_has_the_machines_identity_and_the_assigned_one() {
    let azure = Azure::start().await;
    let imds = part(&azure, "imds").await;
    let ask = async |query: &[(&str, &str)]| {
        let mut all = vec![("api-version", "2018-02-01"), ("resource", RESOURCE)];
        all.extend(query);
        read(get(&azure, &imds, &all).header("Metadata", "true")).await.unwrap()
    };
    is_for(&azure, &ask(&[]).await, &text(&imds, "/system_assigned/client_id")).await;
    let worker = text(&imds, "/user_assigned/client_id");
    for (name, member) in [
        ("client_id", "client_id"),
        ("object_id", "object_id"),
        ("msi_res_id", "resource_id"),
        ("mi_res_id", "resource_id"),
    ] {
        let id = text(&imds, &format!("/user_assigned/{member}"));
        is_for(&azure, &ask(&[(name, &id)]).await, &worker).await;
        let got = ask(&[(name, "00000000-0000-0000-0000-000000000000")]).await;
        assert_eq!(
            (got.status, got.body),
            (400, json!({"error": "invalid_request", "error_description": "Identity not found"}))
        );
    }
    let bare = [("api-version", "2018-02-01"), ("resource", RESOURCE)];
    let got = read(get(&azure, &imds, &bare)).await.unwrap();
    assert_eq!(
        (got.status, &got.body["error_description"]),
        (400, &json!("Required metadata header not specified"))
    );
    for endpoint in [&imds, &part(&azure, "arc").await] {
        let unknown = [("api-version", "banana"), ("resource", RESOURCE)];
        let got = read(get(&azure, endpoint, &unknown).header("Metadata", "true")).await.unwrap();
        assert_eq!(
            (got.status, &got.body["error_description"]),
            (400, &json!("The api-version 'banana' is not supported"))
        );
    }
    let wrong = [("api-version", "2018-02-01"), ("resource", "https://else.example")];
    let got = read(get(&azure, &imds, &wrong).header("Metadata", "true")).await.unwrap();
    assert_eq!((got.status, &got.body["error"]), (400, &json!("invalid_resource")));
}

#[tokio::test]
async fn app_service_wants_its_header() {
    let azure = Azure::start().await;
    let service = part(&azure, "app_service").await;
    let header = text(&service, "/header");
    let ask = async |query: &[(&str, &str)], header: &str| {
        let mut all = vec![("api-version", "2019-08-01"), ("resource", RESOURCE)];
        all.extend(query);
        read(get(&azure, &service, &all).header("X-IDENTITY-HEADER", header)).await.unwrap()
    };
    is_for(&azure, &ask(&[], &header).await, &text(&service, "/system_assigned/client_id")).await;
    let worker = text(&service, "/user_assigned/client_id");
    let id = text(&service, "/user_assigned/resource_id");
    is_for(&azure, &ask(&[("mi_res_id", &id)], &header).await, &worker).await;
    assert_eq!(ask(&[], "wrong").await.status, 401);
    let got = ask(&[("client_id", "nobody")], &header).await;
    assert_eq!(
        (got.status, &got.body["message"]),
        (
            400,
            &json!(
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
            )
        )
    );
}

#[tokio::test]
async fn azure_arc_wants_what_only_its_key_file_says() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let body = json!({"key_folder": folder.path().join("tokens")});
    let arc = azure.control("POST", "/identities/arc", body).await;
    let query = [("api-version", "2019-11-01"), ("resource", RESOURCE)];
    let ask = || get(&azure, &arc, &query).header("Metadata", "true");
    let got = read(ask()).await.unwrap();
    assert_eq!((got.status, &got.body["error"]), (401, &json!("unauthorized_client")));
    let path = got.header("www-authenticate").strip_prefix("Basic realm=").unwrap().to_owned();
    assert!(path.starts_with(folder.path().to_str().unwrap()) && path.ends_with(".key"), "{path}");
    let key = std::fs::read_to_string(path).unwrap();
    let answered = async || read(ask().header("Authorization", format!("Basic {key}"))).await.unwrap();
    is_for(&azure, &answered().await, &text(&arc, "/system_assigned/client_id")).await;
    assert_eq!(answered().await.status, 401, "a key is good for one token");
    let got = read(get(&azure, &arc, &query)).await.unwrap();
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn cloud_shell_has_the_persons_tokens() {
    let azure = Azure::start().await;
    let shell = part(&azure, "cloud_shell").await;
    let ask = || azure.http.post(text(&shell, "/endpoint")).form(&[("resource", RESOURCE)]);
    let got = read(ask().header("Metadata", "true")).await.unwrap();
    is_for(&azure, &got, &text(&shell, "/user/client_id")).await;
    assert_eq!(read(ask()).await.unwrap().status, 400);
}

#[tokio::test]
async fn azure_machine_learning_wants_its_secret() {
    let azure = Azure::start().await;
    let compute = part(&azure, "azure_ml").await;
    let secret = text(&compute, "/secret");
    let ask = async |query: &[(&str, &str)], secret: &str| {
        let mut all = vec![("api-version", "2017-09-01"), ("resource", RESOURCE)];
        all.extend(query);
        read(get(&azure, &compute, &all).header("secret", secret)).await.unwrap()
    };
    is_for(&azure, &ask(&[], &secret).await, &text(&compute, "/system_assigned/client_id")).await;
    let worker = text(&compute, "/user_assigned/client_id");
    is_for(&azure, &ask(&[("clientid", &worker)], &secret).await, &worker).await;
    assert_eq!(ask(&[("clientid", "nobody")], &secret).await.status, 400);
    assert_eq!(ask(&[], "wrong").await.status, 401);
}

#[tokio::test]
async fn github_and_azure_devops_hand_tokens_to_their_own_jobs() {
    let azure = Azure::start().await;
    let github = part(&azure, "github").await;
    let ask = async |token: Option<&str>| {
        let url = format!("{}&audience=api://AzureADTokenExchange", text(&github, "/request_url"));
        let mut request = azure.http.get(url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        read(request).await.unwrap()
    };
    let got = ask(Some(&text(&github, "/request_token"))).await;
    assert!(got.status == 200 && got.body["value"].is_string() && got.body["count"].is_u64(), "{got:?}");
    assert_eq!((ask(None).await.status, ask(Some("wrong")).await.status), (401, 403));

    let devops = part(&azure, "azure_devops").await;
    let token = text(&devops, "/request_token");
    let connection = text(&devops, "/service_connection_id");
    let ask = async |token: &str, connection: &str, suppress: bool| {
        let query = [("api-version", "7.1"), ("serviceConnectionId", connection)];
        let mut request = azure.http.post(text(&devops, "/request_url")).query(&query).bearer_auth(token);
        if suppress {
            request = request.header("X-TFS-FedAuthRedirect", "Suppress");
        }
        let got = read(request).await.unwrap();
        (got.status, got.body)
    };
    let (status, body) = ask(&token, &connection, true).await;
    assert!(status == 200 && body["oidcToken"].is_string(), "{body}");
    assert_eq!(ask("wrong", &connection, true).await.0, 401);
    let (status, body) = ask(&token, "5f000000-0000-4000-8000-00000000ffff", true).await;
    assert_eq!((status, &body["typeKey"]), (404, &json!("ServiceEndpointNotFoundException")));
    let keys = read(azure.http.get(azure.url("/issuers/azure_devops/.well-known/jwks"))).await.unwrap();
    assert_eq!(keys.body["keys"][0]["kty"], "RSA");
}
