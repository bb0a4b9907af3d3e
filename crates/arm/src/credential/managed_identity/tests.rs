use super::*;
use crate::testing::{FakeClock, Log, Received, Reply, Server, reply};

mod arc;
mod platforms;

const SCOPE: &str = "https://management.azure.com/.default";
const TOKEN: &str = r#"{"access_token":"t0ken","expires_on":"1795438800","token_type":"Bearer"}"#;
const WORKER: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u";

fn transport() -> Transport {
    Transport::new("arm-tests/1.0")
}

fn url(server: &Server, path: &str) -> Url {
    format!("{}{path}", server.base).parse().unwrap()
}

fn imds(server: &Server) -> Platform {
    Platform::Imds { endpoint: imds::at(url(server, "")), named_by: None }
}

fn identity(platform: Platform, user_assigned: UserAssigned) -> (ManagedIdentity, Arc<FakeClock>) {
    let clock = FakeClock::new();
    (ManagedIdentity::new(transport(), user_assigned, platform).with_clock(clock.clone()), clock)
}

async fn token(platform: Platform, user_assigned: UserAssigned) -> Result<Token, String> {
    let token = identity(platform, user_assigned).0.token(&TokenRequest::new(SCOPE)).await;
    token.map_err(|error| error.to_string())
}

async fn refusal(platform: Platform, user_assigned: UserAssigned) -> String {
    token(platform, user_assigned).await.unwrap_err()
}

fn user_assigned() -> [UserAssigned; 3] {
    [
        UserAssigned::ClientId("c-1".into()),
        UserAssigned::ObjectId("o-1".into()),
        UserAssigned::ResourceId(WORKER.into()),
    ]
}

/// The query of the request, decoded.
fn query(request: &Received) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://x{}", request.target)).unwrap();
    url.query_pairs().into_owned().collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn the_metadata_service_is_asked_as_documented() {
    let server = Server::start(vec![reply(200, TOKEN); 4]).await;
    let got = token(imds(&server), UserAssigned::None).await.unwrap();
    assert_eq!((got.secret.expose(), got.expires.as_second()), ("t0ken", 1_795_438_800));
    for identity in user_assigned() {
        token(imds(&server), identity).await.unwrap();
    }
    let received = server.received();
    let common = [("api-version", "2018-02-01"), ("resource", "https://management.azure.com")];
    let expected =
        [None, Some(("client_id", "c-1")), Some(("object_id", "o-1")), Some(("msi_res_id", WORKER))];
    for (request, own) in received.iter().zip(expected) {
        assert_eq!(request.method, "GET");
        assert!(request.target.starts_with("/metadata/identity/oauth2/token?"), "{}", request.target);
        assert_eq!(request.header("metadata"), Some("true"));
        assert_eq!(query(request), pairs(&common.into_iter().chain(own).collect::<Vec<_>>()));
    }
    assert_eq!(received.len(), 4);
}

#[tokio::test]
async fn an_app_service_is_shown_its_header() {
    let log = Log::capture();
    let server = Server::start(vec![reply(200, TOKEN); 4]).await;
    let platform = || Platform::AppService { endpoint: url(&server, "/msi/token"), header: "h3ader".into() };
    token(platform(), UserAssigned::None).await.unwrap();
    for identity in user_assigned() {
        token(platform(), identity).await.unwrap();
    }
    let names: Vec<_> = server.received().iter().map(|r| query(r).pop().unwrap().0).collect();
    assert_eq!(names, ["resource", "client_id", "principal_id", "mi_res_id"]);
    for request in server.received() {
        assert_eq!(query(&request)[0], ("api-version".to_owned(), "2019-08-01".to_owned()));
        assert_eq!(request.header("x-identity-header"), Some("h3ader"));
        assert_eq!(request.header("metadata"), None);
    }
    assert!(!format!("{:?}", identity(platform(), UserAssigned::None)).contains("h3ader"));
    assert!(!log.text().contains("h3ader") && !log.text().contains("t0ken"), "{}", log.text());
    let lines = log.own().into_iter().filter(|line| line.contains(r#"path="/msi/token" status=200"#));
    assert_eq!(lines.count(), 4);
}

#[tokio::test]
async fn each_request_has_one_line_however_it_ends() {
    let log = Log::capture();
    let server = Server::start([Reply::Close, Reply::Truncate, reply(200, TOKEN)]).await;
    let platform = Platform::AppService { endpoint: url(&server, "/msi/token"), header: "h3ader".into() };
    token(platform, UserAssigned::None).await.unwrap();
    let ends = log.ends("/msi/token");
    assert!(ends.len() == 3 && ends[0].starts_with("failed error=\"lost the connection to "), "{ends:?}");
    assert!(ends[1].starts_with("failed error=\"the answer broke off from "), "{ends:?}");
    assert_eq!(ends[2], "answered status=200");
    assert!(!log.text().contains("h3ader") && !log.text().contains("t0ken"), "{}", log.text());
}

#[tokio::test]
async fn compute_of_azure_ml_is_shown_its_secret() {
    let server = Server::start(vec![reply(200, TOKEN); 3]).await;
    let platform = |default: Option<&str>| Platform::AzureMl {
        endpoint: url(&server, "/MSI/auth"),
        secret: "s3cret".into(),
        default_client_id: default.map(str::to_owned),
    };
    token(platform(None), UserAssigned::None).await.unwrap();
    token(platform(Some("d-1")), UserAssigned::None).await.unwrap();
    token(platform(Some("d-1")), UserAssigned::ClientId("c-1".into())).await.unwrap();
    let common = [("api-version", "2017-09-01"), ("resource", "https://management.azure.com")];
    for (request, id) in server.received().iter().zip([None, Some("d-1"), Some("c-1")]) {
        let own = id.map(|id| ("clientid", id));
        assert_eq!(query(request), pairs(&common.into_iter().chain(own).collect::<Vec<_>>()));
        assert_eq!(request.header("secret"), Some("s3cret"));
    }
    assert_eq!(
        refusal(platform(None), UserAssigned::ObjectId("o-1".into())).await,
        "cannot get a token of the managed identity from the compute of Azure Machine Learning: it takes user-assigned identities by client ID alone, and not the user-assigned identity with the object ID o-1"
    );
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn cloud_shell_is_asked_by_a_form() {
    let server = Server::start([reply(200, TOKEN)]).await;
    let platform = || Platform::CloudShell { endpoint: url(&server, "/oauth2/token") };
    token(platform(), UserAssigned::None).await.unwrap();
    let request = &server.received()[0];
    assert_eq!(server.targets(), ["POST /oauth2/token"]);
    assert_eq!(request.header("metadata"), Some("true"));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.body, "resource=https%3A%2F%2Fmanagement.azure.com");
    for identity in user_assigned() {
        let text = refusal(platform(), identity).await;
        assert!(text.contains("from Cloud Shell: its tokens are for the person who uses it"), "{text}");
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_metadata_service_that_is_being_updated_is_waited_for() {
    let slept = async |replies: Vec<Reply>| {
        let server = Server::start(replies).await;
        let (identity, clock) = identity(imds(&server), UserAssigned::None);
        (identity.token(&TokenRequest::new(SCOPE)).await.is_ok(), clock.slept())
    };
    let good = || reply(200, TOKEN);
    for status in [404, 429, 500, 503] {
        let bad = || reply(status, "");
        assert_eq!(slept(vec![bad(), bad(), bad(), good()]).await, (true, vec![1000, 2000, 4000]));
        assert!(!slept(vec![bad(), bad(), bad(), bad(), good()]).await.0, "{status}");
    }
    let (got, pauses) = slept([vec![reply(410, ""); 7], vec![good()]].concat()).await;
    assert!(got && pauses.iter().sum::<u128>() > 70_000, "{pauses:?}");
    assert!(!slept(vec![reply(410, ""); 8]).await.0);
    for status in [400, 401, 403] {
        assert_eq!(slept(vec![reply(status, ""), good()]).await, (false, vec![]));
    }
    assert_eq!(slept(vec![Reply::Close, Reply::Truncate, good()]).await, (true, vec![1000, 2000]));
}

#[tokio::test]
async fn a_platform_that_has_no_updates_is_not_waited_for() {
    let server = Server::start([reply(404, ""), reply(200, TOKEN)]).await;
    let platform = Platform::AppService { endpoint: url(&server, "/"), header: "h".into() };
    let text = refusal(platform, UserAssigned::None).await;
    assert_eq!(
        text,
        "cannot get a token of the managed identity from App Service: it answered with HTTP 404"
    );
}

#[tokio::test]
async fn an_identity_that_is_not_assigned_is_named() {
    let body = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let server = Server::start(vec![reply(400, body); 2]).await;
    assert_eq!(
        refusal(imds(&server), UserAssigned::ClientId("c-1".into())).await,
        "cannot get a token of the managed identity from the instance metadata service: it answered with HTTP 400 (Identity not found); assign the user-assigned identity with the client ID c-1 to the machine, or correct its ID"
    );
    assert_eq!(
        refusal(imds(&server), UserAssigned::None).await,
        "cannot get a token of the managed identity from the instance metadata service: it answered with HTTP 400 (Identity not found); turn on the machine's system-assigned identity, or name one that is assigned to it"
    );
    let body = r#"{"error":"invalid_request","error_description":"Multiple user assigned identities exist,\r\nplease specify the clientId / resourceId of the identity in the token request"}"#;
    let server = Server::start([reply(400, body)]).await;
    let text = refusal(imds(&server), UserAssigned::None).await;
    assert!(text.ends_with("in the token request); this machine has several user-assigned identities: name one of them by its client ID"), "{text}");
}

#[tokio::test]
async fn a_machine_without_the_service_is_told_so_at_once() {
    // A port that was just given back: nobody listens.
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    drop(server);
    for (named_by, advice) in [
        (
            None,
            "it is there on virtual machines of Azure alone: sign in in another way, or set ARM_MSI_ENDPOINT where the identity's endpoint is elsewhere",
        ),
        (Some("IT"), "correct IT, or leave it out to ask the endpoint that the machine has"),
    ] {
        let endpoint = imds::at(format!("http://{address}").parse().unwrap());
        let (identity, clock) = identity(Platform::Imds { endpoint, named_by }, UserAssigned::None);
        assert_eq!(
            identity.token(&TokenRequest::new(SCOPE)).await.unwrap_err().to_string(),
            format!(
                "cannot get a token of the managed identity from the instance metadata service: cannot connect to {address}: Connection refused (os error 111); {advice}"
            )
        );
        assert!(clock.slept().is_empty());
    }
}

#[tokio::test]
async fn a_path_without_tokens_is_told_with_whom_it_is_from() {
    let server = Server::start(vec![reply(404, ""); 4]).await;
    let platform = Platform::Imds { endpoint: url(&server, "/token"), named_by: Some("IT") };
    let text = refusal(platform, UserAssigned::None).await;
    assert!(
        text.ends_with("it answered with HTTP 404; correct IT: there are no tokens at its path \"/token\""),
        "{text}"
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let body = format!(r#"{{"access_token":"{}","expires_in":60}}"#, "t".repeat(70_000));
    let server = Server::start([reply(200, &body)]).await;
    let text = refusal(imds(&server), UserAssigned::None).await;
    assert!(text.ends_with("its answer is not JSON; is the endpoint the right one?"), "{text}");
}

#[tokio::test]
async fn an_endpoint_that_takes_no_connection_is_given_up_within_seconds() {
    // Its side of the connection is never taken up, so that TLS does not come about: to a client, packets vanish.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = silent.local_addr().unwrap();
    let endpoint = format!("https://{host}/token").parse().unwrap();
    let platform = Platform::Imds { endpoint, named_by: None };
    let began = std::time::Instant::now();
    let text = refusal(platform, UserAssigned::None).await;
    assert!(
        text.contains(&format!(": nothing answers at {host}; it is there on virtual machines")),
        "{text}"
    );
    assert!(began.elapsed() < std::time::Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test]
async fn another_tenants_tokens_are_not_to_be_had() {
    let server = Server::start([]).await;
    let (identity, _) = identity(imds(&server), UserAssigned::None);
    let error = identity.token(&TokenRequest::new(SCOPE).of_tenant("t-2")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot get a token of the managed identity from the instance metadata service: a managed identity has tokens of its own tenant alone, and one of the tenant t-2 is wanted; sign in in another way where there are auxiliary tenants"
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_cancelled_wait_ends() {
    let server = Server::start([Reply::Hang]).await;
    let (identity, _) = identity(imds(&server), UserAssigned::None);
    let request = TokenRequest::new(SCOPE);
    tokio::select! {
        biased;
        _ = identity.token(&request) => panic!("it hangs"),
        () = server.arrived() => {}
    }
    server.release.notify_one();
    assert_eq!(server.received().len(), 1);
}
