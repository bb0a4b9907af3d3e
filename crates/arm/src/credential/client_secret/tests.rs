use jiff::Timestamp;

use super::*;
use crate::testing::{Log, Reply, Server, reply, transport};

/// As Entra ID writes it, with escapes in the text.
const REFUSED: &str = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app \u0027c-1\u0027.\r\nTrace ID: t-1\r\nCorrelation ID: c-1","error_codes":[7000215],"trace_id":"t-1"}"#;

async fn token(replies: Vec<Reply>) -> (Result<Token, CredentialError>, Server) {
    let server = Server::start(replies).await;
    let secret = Secret::new("p4ssw0rd&=");
    let credential = ClientSecret::new(&server.cloud(), transport(), "tenant-1", "c-1", secret);
    let result = credential.token(&TokenRequest::new("https://management.azure.com/.default")).await;
    (result, server)
}

#[tokio::test]
async fn asks_entra_with_the_secret_in_the_form() {
    let log = Log::capture();
    let answer = r#"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"t0ken"}"#;
    let (token, server) = token(vec![reply(200, answer)]).await;
    let token = token.unwrap();
    assert_eq!(token.secret.expose(), "t0ken");
    let left = token.expires.duration_since(Timestamp::now()).as_secs();
    assert!((3500..=3599).contains(&left), "{left}");
    let request = &server.received()[0];
    assert_eq!(server.targets(), ["POST /tenant-1/oauth2/v2.0/token"]);
    assert_eq!(
        request.body,
        "client_id=c-1&client_secret=p4ssw0rd%26%3D&grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
    );
    let line = format!(
        "request method=\"POST\" host=\"{}\" path=\"/tenant-1/oauth2/v2.0/token\" status=200 duration_ms=",
        server.base.trim_start_matches("http://")
    );
    let lines: Vec<String> = log.own().into_iter().filter(|line| line.contains("method=")).collect();
    assert!(lines.len() == 1 && lines[0].contains(&line), "{lines:?}");
    for secret in ["p4ssw0rd", "t0ken"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
    assert!(!format!("{token:?}").contains("t0ken"));
}

#[tokio::test]
async fn each_request_has_one_line_however_it_ends() {
    let log = Log::capture();
    let answer = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0ken"}"#;
    let (result, server) = token(vec![Reply::Close, Reply::Truncate, reply(200, answer)]).await;
    result.unwrap();
    let host = server.base.trim_start_matches("http://");
    let ends = log.ends("/tenant-1/oauth2/v2.0/token");
    let lost = [
        format!("failed error=\"lost the connection to {host}: "),
        format!("failed error=\"the answer broke off from {host}: "),
    ];
    assert!(ends.iter().zip(&lost).all(|(end, lost)| end.starts_with(lost)), "{ends:?}");
    assert_eq!((ends.len(), ends[2].as_str()), (3, "answered status=200"));
    for secret in ["p4ssw0rd", "t0ken"] {
        assert!(!log.text().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_any_more_has_its_line() {
    let log = Log::capture();
    let server = Server::start([Reply::Hang]).await;
    let credential = ClientSecret::new(&server.cloud(), transport(), "tenant-1", "c-1", "p4ssw0rd".into());
    let request = TokenRequest::new("s");
    tokio::select! {
        biased;
        _ = credential.token(&request) => panic!("it hangs"),
        () = server.arrived() => {}
    }
    server.release.notify_one();
    assert_eq!(
        log.ends("/tenant-1/oauth2/v2.0/token"),
        ["failed error=\"nobody waits for the answer any more\""]
    );
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_and_not_shown() {
    for unfit in [r"t0k\u0007en", "t0k en", ""] {
        let answer = format!(r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"{unfit}"}}"#);
        let (result, server) = token(vec![reply(200, &answer)]).await;
        let host = server.base.trim_start_matches("http://");
        assert_eq!(
            result.unwrap_err().to_string(),
            format!(
                "cannot get a token with the client secret from {host}: its token is empty, or has characters that no token has"
            )
        );
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_entras_words() {
    let (result, _) = token(vec![reply(401, REFUSED)]).await;
    let error = result.unwrap_err();
    let CredentialError::Refused { code, .. } = &error else { panic!("{error}") };
    assert_eq!(code.as_deref(), Some("AADSTS7000215"));
    assert!(error.remedy().unwrap().starts_with("Use the value of the client secret"));
    assert_eq!(
        error.to_string(),
        "Entra ID refused the client secret: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the \
         request is the client secret value, not the client secret ID, for a secret added to app 'c-1'. Trace ID: t-1 \
         Correlation ID: c-1"
    );
}

#[tokio::test]
async fn an_auxiliary_tenant_is_asked_in_place_of_the_own() {
    let answer = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0ken"}"#;
    let server = Server::start([reply(200, answer)]).await;
    let credential = ClientSecret::new(&server.cloud(), transport(), "tenant-1", "c-1", "x".into());
    credential.token(&TokenRequest::new("s").of_tenant("tenant-2")).await.unwrap();
    assert_eq!(server.targets(), ["POST /tenant-2/oauth2/v2.0/token"]);
}

#[tokio::test]
async fn an_answer_of_something_else_is_told_apart() {
    let (result, server) = token(vec![reply(403, "<html>Blocked by the proxy</html>")]).await;
    let host = server.base.trim_start_matches("http://");
    assert_eq!(
        result.unwrap_err().to_string(),
        format!(
            "cannot get a token with the client secret from {host}: it answered with HTTP 403 and something that is not Entra ID's"
        )
    );
}

#[tokio::test]
async fn what_an_earlier_try_met_with_is_not_told_of_the_last() {
    let (result, _) =
        token(vec![reply(503, "busy"), reply(200, "<html>Sign in to the network</html>")]).await;
    let error = result.unwrap_err().to_string();
    assert!(
        error.starts_with("cannot get a token with the client secret from ") && !error.contains("503"),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_work_is_told_without_asking() {
    let server = Server::start([]).await;
    let try_with = async |tenant: &str, client: &str, secret: &str| {
        let credential = ClientSecret::new(&server.cloud(), transport(), tenant, client, secret.into());
        credential.token(&TokenRequest::new("s")).await.unwrap_err().to_string()
    };
    assert_eq!(try_with("t", "", "x").await, "the client secret cannot be used: no client ID specified");
    assert_eq!(try_with("t", "c", "").await, "the client secret cannot be used: no secret specified");
    assert!(try_with("a/b", "c", "x").await.starts_with("the client secret cannot be used: "));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_authority_that_cannot_be_reached_is_told_as_the_network_says_it() {
    // Plain HTTP to a transport that speaks none fails at once; other parts of the way are tried again.
    let cloud = crate::Cloud::custom("x", "http://127.0.0.1:1", "http://localhost:1", None).unwrap();
    let transport = crate::Transport::new("arm-tests/1.0");
    let credential = ClientSecret::new(&cloud, transport, "tenant-1", "c-1", "p4ssw0rd".into());
    let error = credential.token(&TokenRequest::new("s")).await.unwrap_err();
    assert!(!error.to_string().contains("p4ssw0rd"), "{error}");
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = format!("https://{}", server.local_addr().unwrap());
    drop(server);
    let cloud = crate::Cloud::custom("x", "https://m", &authority, None).unwrap();
    let credential = ClientSecret::new(&cloud, self::transport(), "tenant-1", "c-1", "x".into());
    let error = credential.token(&TokenRequest::new("s")).await.unwrap_err();
    let CredentialError::Network { error: lost, .. } = &error else { panic!("{error:?}") };
    assert_eq!(lost.kind, crate::NetworkKind::Connect);
    let start = "cannot get a token with the client secret: POST /tenant-1/oauth2/v2.0/token: cannot connect to 127.0.0.1:";
    assert!(error.to_string().starts_with(start), "{error}");
}

#[tokio::test]
async fn a_wrong_clock_is_told_beside_what_entra_says() {
    let refusal = r#"{"error":"invalid_client","error_description":"AADSTS700024: Client assertion is not within its valid time range."}"#;
    let (result, _) = token(vec![reply(401, refusal).with("date", "Fri, 01 Jan 2100 00:00:00 GMT")]).await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("valid time range. (Also, this machine's clock is "), "{error}");
    assert!(
        error.ends_with(" days behind Azure's, which says 2100-01-01T00:00:00Z; set it right.)"),
        "{error}"
    );
}
