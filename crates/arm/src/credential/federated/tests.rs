use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;
use crate::cloud::Named;
use crate::testing::{FakeClock, Log, Reply, Server, reply, transport};

const ANSWER: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0ken"}"#;
const UNKNOWN: &str = r#"{"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found for presented assertion subject \u0027repo:o/r:ref:refs/heads/x\u0027.\r\nTrace ID: t-1"}"#;

/// A token as an issuer signs it, but for the signature; it ends so many seconds from the tests' noon.
fn oidc(seconds: i64) -> String {
    let exp = FakeClock::new().utc().as_second() + seconds;
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:o/r:ref:refs/heads/x",
        "aud": "api://AzureADTokenExchange", "exp": exp,
    });
    format!("e30.{}.s1gn4ture", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn federated(server: &Server, source: impl AssertionSource) -> Federated {
    Federated::new(&server.cloud(), transport(), "tenant-1", "c-1", Arc::new(source))
        .with_clock(FakeClock::new())
}

async fn fails(server: &Server, source: impl AssertionSource) -> String {
    let error = federated(server, source).token(&TokenRequest::new("s")).await.unwrap_err().to_string();
    for secret in ["s1gn4ture", "r3quest"] {
        assert!(!error.contains(secret), "{error}");
    }
    error.replace(server.base.trim_start_matches("http://"), "HOST")
}

fn github(server: &Server) -> GitHubActions {
    GitHubActions {
        request_url: format!("{}/pipelines/1/oidc?api-version=2.0&x=a%2Fb", server.base).into(),
        request_token: Secret::new("r3quest"),
        audience: None,
    }
}

fn azure_devops(server: &Server) -> AzureDevOps {
    AzureDevOps {
        request_url: format!("{}/org/project/oidctoken", server.base).into(),
        request_token: Secret::new("r3quest"),
        service_connection_id: "sc-1".to_owned(),
    }
}

#[tokio::test]
async fn an_oidc_token_is_shown_to_entra() {
    let log = Log::capture();
    let server = Server::start([reply(200, ANSWER), reply(200, ANSWER)]).await;
    let token = oidc(300);
    let credential = federated(&server, OidcToken(Secret::new(format!("{token}\n"))));
    let got = credential.token(&TokenRequest::new("https://management.azure.com/.default")).await.unwrap();
    assert_eq!(got.secret.expose(), "t0ken");
    credential.token(&TokenRequest::new("s").of_tenant("tenant-2")).await.unwrap();
    assert_eq!(server.targets(), ["POST /tenant-1/oauth2/v2.0/token", "POST /tenant-2/oauth2/v2.0/token"]);
    assert_eq!(
        server.received()[0].body,
        format!(
            "client_assertion={token}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
             &client_id=c-1&grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
        )
    );
    for secret in ["s1gn4ture", "t0ken"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
    assert!(!format!("{credential:?}").contains("s1gn4ture"));
}

#[tokio::test]
async fn a_refusal_says_what_the_token_presents() {
    let server = Server::start([reply(401, UNKNOWN)]).await;
    let error = fails(&server, OidcToken(Secret::new(oidc(300)))).await;
    assert_eq!(
        error,
        "Entra ID refused the OIDC token: AADSTS700213: No matching federated identity record found for presented assertion \
         subject 'repo:o/r:ref:refs/heads/x'. Trace ID: t-1 (the token's issuer is \"https://token.actions.githubusercontent.com\", \
         its subject \"repo:o/r:ref:refs/heads/x\", its audience \"api://AzureADTokenExchange\")"
    );
    let other = r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant not found."}"#;
    let server = Server::start([reply(400, other)]).await;
    let error = fails(&server, OidcToken(Secret::new(oidc(300)))).await;
    assert_eq!(error, "Entra ID refused the OIDC token: AADSTS90002: Tenant not found.");
}

#[tokio::test]
async fn a_token_that_cannot_work_is_not_sent() {
    let server = Server::start([]).await;
    assert_eq!(
        fails(&server, OidcToken(Secret::new(oidc(0)))).await,
        "the OIDC token cannot be used: it expired at 2026-11-23T12:00:00Z, and by this machine's clock it is 2026-11-23T12:00:00Z; \
         an OIDC token lasts minutes, so get a new one just before it is used"
    );
    assert_eq!(
        fails(&server, OidcToken(Secret::new(" \n"))).await,
        "the OIDC token cannot be used: it is empty"
    );
    assert_eq!(
        fails(&server, OidcToken(Secret::new("s1gn4ture"))).await,
        "the OIDC token cannot be used: it is not a JSON Web Token: three parts with dots between them, the second of which is \
         encoded JSON"
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_token_file_is_read_again_for_each_token() {
    let server = Server::start([reply(200, ANSWER), reply(200, ANSWER)]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let credential = federated(&server, OidcTokenFile(file.path().to_owned()));
    for seconds in [60, 120] {
        std::fs::write(file.path(), oidc(seconds) + "\n").unwrap();
        credential.token(&TokenRequest::new("s")).await.unwrap();
        let sent = format!("client_assertion={}&", oidc(seconds));
        assert!(server.received().last().unwrap().body.starts_with(&sent));
    }
}

#[tokio::test]
async fn a_token_file_that_cannot_be_read() {
    let server = Server::start([]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("empty"), "\n").unwrap();
    std::fs::write(path("long"), " ".repeat(1024 * 1024 + 1)).unwrap();
    std::fs::write(path("binary"), [0xff, 0xfe]).unwrap();
    for (name, message) in [
        ("gone", "there is no file FOLDER/gone\""),
        ("empty", "the file FOLDER/empty\" is empty"),
        ("binary", "the file FOLDER/binary\" is not text"),
        ("", "cannot read the file FOLDER/\": Is a directory (os error 21)"),
        ("long", "the file FOLDER/long\" is longer than any token"),
    ] {
        let error = fails(&server, OidcTokenFile(path(name))).await;
        let folder = format!("\"{}", folder.path().display());
        assert_eq!(
            error.replace(&folder, "FOLDER"),
            format!("the OIDC token of the file cannot be used: {message}")
        );
    }
}

#[tokio::test]
async fn github_actions_is_asked_for_the_clouds_audience() {
    let log = Log::capture();
    let issued = json!({"count": 1, "value": oidc(300)}).to_string();
    let server = Server::start([reply(200, &issued), reply(200, ANSWER)]).await;
    federated(&server, github(&server)).token(&TokenRequest::new("s")).await.unwrap();
    assert_eq!(
        server.targets(),
        [
            "GET /pipelines/1/oidc?api-version=2.0&x=a%2Fb&audience=api%3A%2F%2FAzureADTokenExchange",
            "POST /tenant-1/oauth2/v2.0/token"
        ]
    );
    let received = server.received();
    assert_eq!(received[0].header("authorization"), Some("Bearer r3quest"));
    assert_eq!(received[0].header("accept"), Some("application/json"));
    assert!(received[1].body.starts_with(&format!("client_assertion={}&", oidc(300))));
    for secret in ["s1gn4ture", "r3quest", "t0ken"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
    // The query is the job's own.
    let lines: Vec<String> = log.own().into_iter().filter(|line| line.contains("/oidc")).collect();
    assert!(lines.len() == 1 && lines[0].contains(r#"path="/pipelines/1/oidc" status=200"#), "{lines:?}");
}

#[tokio::test]
async fn each_request_to_an_issuer_has_one_line_however_it_ends() {
    let log = Log::capture();
    let issued = json!({"count": 1, "value": oidc(300)}).to_string();
    let replies = [Reply::Close, Reply::Truncate, reply(500, ""), reply(200, &issued), reply(200, ANSWER)];
    let server = Server::start(replies).await;
    federated(&server, github(&server)).token(&TokenRequest::new("s")).await.unwrap();
    let ends = log.ends("/pipelines/1/oidc");
    assert!(ends.len() == 4 && ends[0].starts_with("failed error=\"lost the connection to "), "{ends:?}");
    assert!(ends[1].starts_with("failed error=\"the answer broke off from "), "{ends:?}");
    assert_eq!(ends[2..], ["answered status=500", "answered status=200"]);
    for secret in ["s1gn4ture", "r3quest", "t0ken", "x=a"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_audience_of_the_users_own_goes_first() {
    for (query, audience, sent) in
        [("", Some("mine"), "audience=mine"), ("?Audience=url", Some("mine"), "Audience=url")]
    {
        let server = Server::start([reply(400, "{}")]).await;
        let request_url = format!("{}/oidc{query}", server.base).into();
        let source = GitHubActions { request_url, audience: audience.map(str::to_owned), ..github(&server) };
        fails(&server, source).await;
        assert_eq!(server.targets(), [format!("GET /oidc?{sent}")]);
    }
    let audience = |cloud| {
        let source = Arc::new(OidcToken("x".into()));
        Federated::new(&Cloud::named(cloud).unwrap(), transport(), "t", "c", source).audience
    };
    assert_eq!(audience(Named::Public), "api://AzureADTokenExchange");
    assert_eq!(audience(Named::UsGovernment), "api://AzureADTokenExchangeUSGov");
    assert_eq!(audience(Named::China), "api://AzureADTokenExchangeChina");
}

#[tokio::test]
async fn azure_devops_is_asked_for_the_service_connection() {
    let issued = json!({"oidcToken": oidc(300)}).to_string();
    let server = Server::start([reply(200, &issued), reply(200, ANSWER)]).await;
    federated(&server, azure_devops(&server)).token(&TokenRequest::new("s")).await.unwrap();
    let received = server.received();
    assert_eq!(server.targets()[0], "POST /org/project/oidctoken?api-version=7.1&serviceConnectionId=sc-1");
    assert_eq!(received[0].header("authorization"), Some("Bearer r3quest"));
    assert_eq!(received[0].header("x-tfs-fedauthredirect"), Some("Suppress"));
    assert_eq!(received[0].header("content-length"), Some("0"));
    assert!(received[1].body.starts_with(&format!("client_assertion={}&", oidc(300))));
}

#[tokio::test]
async fn an_issuer_that_refuses() {
    let refused = "cannot get an OIDC token of GitHub Actions from HOST: it refused with HTTP 403: the job may not ask for OIDC tokens; \
                   give it \"permissions: id-token: write\" in the workflow";
    let server = Server::start([reply(403, "no")]).await;
    assert_eq!(fails(&server, github(&server)).await, refused);
    for (status, body, words) in [
        (
            401,
            r#"{"message":"TF400813: The user is not\r\nauthorized."}"#,
            " (TF400813: The user is not authorized.)",
        ),
        (302, "<html>", ""),
        (203, "<html>", ""),
    ] {
        let server = Server::start([reply(status, body)]).await;
        assert_eq!(
            fails(&server, azure_devops(&server)).await,
            format!(
                "cannot get an OIDC token of Azure DevOps from HOST: it refused with HTTP {status}{words}: the access token of the job \
                 is not accepted; map it into the step with \"SYSTEM_ACCESSTOKEN: $(System.AccessToken)\" under env, and let the \
                 pipeline use the service connection"
            )
        );
    }
}

#[tokio::test]
async fn an_issuer_that_answers_something_else() {
    for (status, body, message) in [
        (404, r#"{"message":"no such connection"}"#, "it answered with HTTP 404 (no such connection)"),
        (
            200,
            "<html>",
            "it answered with HTTP 200 and something that is not JSON; is the request URL (the runner's \
             ACTIONS_ID_TOKEN_REQUEST_URL) the right one?",
        ),
        (200, r#"{"count":0}"#, "its answer has no \"value\""),
    ] {
        let server = Server::start([reply(status, body)]).await;
        assert_eq!(
            fails(&server, github(&server)).await,
            format!("cannot get an OIDC token of GitHub Actions from HOST: {message}")
        );
        assert_eq!(server.received().len(), 1);
    }
    let server = Server::start([]).await;
    for (url, message) in [
        ("not a URL", "is not a URL: relative URL without a base"),
        ("file:///etc/passwd", "must begin with https://"),
    ] {
        let source = GitHubActions { request_url: url.into(), ..github(&server) };
        assert_eq!(
            fails(&server, source).await,
            format!(
                "the OIDC token of GitHub Actions cannot be used: the request URL (the runner's ACTIONS_ID_TOKEN_REQUEST_URL) {message}"
            )
        );
    }
    let source = AzureDevOps { request_token: Secret::new("r3quest\n\u{7f}x"), ..azure_devops(&server) };
    assert_eq!(
        fails(&server, source).await,
        "the OIDC token of Azure DevOps cannot be used: the request token (the runner's SYSTEM_ACCESSTOKEN) has characters that no \
         token has"
    );
}

#[tokio::test]
async fn an_issuer_that_stumbles_is_asked_again() {
    let issued = json!({"value": oidc(300)}).to_string();
    let stumbles = [reply(503, ""), Reply::Close, Reply::Truncate, reply(200, &issued), reply(200, ANSWER)];
    let server = Server::start(stumbles).await;
    let clock = FakeClock::new();
    let credential = federated(&server, github(&server)).with_clock(clock.clone());
    credential.token(&TokenRequest::new("s")).await.unwrap();
    assert_eq!(clock.slept(), [500, 1000, 2000]);
    let server = Server::start([reply(500, ""), reply(500, ""), reply(500, ""), reply(500, "")]).await;
    assert_eq!(
        fails(&server, github(&server)).await,
        "cannot get an OIDC token of GitHub Actions from HOST: it answered with HTTP 500"
    );
}

#[tokio::test]
async fn an_issuer_that_cannot_be_reached() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start([]).await;
    let source = GitHubActions { request_url: format!("http://{gone}/token").into(), ..github(&server) };
    let error = fails(&server, source).await.replace(&gone.to_string(), "GONE");
    assert_eq!(
        error,
        "cannot get an OIDC token of GitHub Actions: GET /token: cannot connect to GONE: Connection refused (os error 111)"
    );
}
