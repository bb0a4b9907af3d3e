use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

/// An `az` that runs a script; it notes its arguments in `args`.
struct FakeAz {
    directory: PathBuf,
}

impl FakeAz {
    fn new(script: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("arm-az-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&directory).unwrap();
        let program = directory.join("az");
        let args = directory.join("args");
        let text = format!("#!/bin/sh\nprintf '%s ' \"$@\" >> '{}'\n{script}\n", args.display());
        // Written by a child, so that no other test's fork holds the file open for writing when it is run.
        let quoted = text.replace('\'', "'\\''");
        let shell = format!("printf '%s' '{quoted}' > '{}'", program.display());
        assert!(std::process::Command::new("sh").args(["-c", &shell]).status().unwrap().success());
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { directory }
    }

    fn cli(&self) -> AzureCli {
        AzureCli::default().with_program(self.directory.join("az").to_str().unwrap())
    }

    fn arguments(&self) -> String {
        std::fs::read_to_string(self.directory.join("args")).unwrap()
    }
}

impl Drop for FakeAz {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

const SCOPE: &str = "https://management.azure.com/.default";

#[tokio::test]
async fn gets_a_token() {
    let az = FakeAz::new(
        r#"echo '{"accessToken":"t0ken","expiresOn":"2026-11-23 13:00:00.000000","expires_on":1795438800,"tenant":"t","tokenType":"Bearer"}'"#,
    );
    let token =
        az.cli().with_subscription(Some("My subscription")).token(&TokenRequest::new(SCOPE)).await.unwrap();
    assert_eq!(token.secret.expose(), "t0ken");
    assert_eq!(token.expires.as_second(), 1_795_438_800);
    assert_eq!(
        az.arguments(),
        format!("account get-access-token --output json --scope {SCOPE} --subscription My subscription ")
    );
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_and_not_shown() {
    let az = FakeAz::new(r#"printf '%s' '{"accessToken":"t0k\n0en","expires_on":1}'"#);
    let error = az.cli().token(&TokenRequest::new(SCOPE)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the Azure CLI failed: \"az account get-access-token\" gave something else than a token: its token is empty, or has characters that no token has"
    );
}

#[tokio::test]
async fn a_tenant_goes_before_a_subscription() {
    let az = FakeAz::new(r#"echo '{"accessToken":"x","expires_on":1}'"#);
    az.cli()
        .with_subscription(Some("s"))
        .with_tenant(Some("t-1"))
        .token(&TokenRequest::new(SCOPE))
        .await
        .unwrap();
    assert!(az.arguments().ends_with("--tenant t-1 "));
}

#[tokio::test]
async fn finds_subscription_and_tenant() {
    let az = FakeAz::new(
        r#"echo '{"environmentName":"AzureCloud","homeTenantId":"h","id":"sub-1","isDefault":true,"name":"Mine","tenantId":"t-1","user":{}}'"#,
    );
    let account = az.cli().account().await.unwrap();
    let expected = AzureCliAccount {
        subscription_id: "sub-1".into(),
        name: "Mine".into(),
        tenant_id: "t-1".into(),
        environment_name: "AzureCloud".into(),
    };
    assert_eq!(account, expected);
    assert_eq!(az.arguments(), "account show --output json ");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn runs_apart_from_the_terminal() {
    // Standard input is empty, and the process leads a group of its own.
    let az = FakeAz::new(
        "cat; set -- $(cut -d' ' -f1,5 /proc/$$/stat); [ \"$1\" = \"$2\" ] && echo '{\"accessToken\":\"x\",\"expires_on\":1}'",
    );
    az.cli().token(&TokenRequest::new(SCOPE)).await.unwrap();
}

#[tokio::test]
async fn a_missing_cli_is_named() {
    let error =
        AzureCli::default().with_program("/nowhere/az").token(&TokenRequest::new(SCOPE)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot run the Azure CLI: No such file or directory (os error 2); \
         install it (https://aka.ms/azure-cli) or sign in another way"
    );
}

#[tokio::test]
async fn being_signed_out_is_told_with_the_remedy() {
    let az = FakeAz::new("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    let text = "(Please run 'az login' to setup account.)";
    let error = az.cli().token(&TokenRequest::new(SCOPE)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the Azure CLI is not signed in; run \"az login\" {text}"));
    let error = az.cli().with_tenant(Some("t-1")).token(&TokenRequest::new(SCOPE)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the Azure CLI is not signed in; run \"az login --tenant t-1\" {text}")
    );
}

#[tokio::test]
async fn other_failures_are_told_in_the_clis_words() {
    let message = async |script: &str| {
        FakeAz::new(script).cli().token(&TokenRequest::new(SCOPE)).await.unwrap_err().to_string()
    };
    assert_eq!(message("echo 'ERROR: disk full' >&2; exit 1").await, "the Azure CLI failed: disk full");
    assert_eq!(
        message("exit 3").await,
        "the Azure CLI failed: it ended with exit status: 3 and said nothing"
    );
    assert_eq!(
        message("echo '{\"accessToken\":\"s3cret\"}'").await,
        "the Azure CLI is too old; update it to 2.54.0 or later with \"az upgrade\" (its token does not say when it expires)"
    );
    // What does not fit may be the token itself.
    for (printed, why) in [
        ("s3cret", "it is no JSON at line 1, column 1"),
        ("\"s3cret\"", "it is not of the expected form at line 1, column 8"),
        (
            "{\"accessToken\":\"t\",\"expires_on\":\"s3cret\"}",
            "it is not of the expected form at line 1, column 40",
        ),
    ] {
        assert_eq!(
            message(&format!("printf '%s' '{printed}'")).await,
            format!(
                "the Azure CLI failed: \"az account get-access-token\" printed something else than expected: {why}"
            )
        );
    }
}

#[tokio::test]
async fn lists_subscriptions() {
    let az = FakeAz::new(
        r#"echo '[{"id":"sub-1","name":"Mine","tenantId":"t-1","environmentName":"AzureCloud","state":"Enabled"},{"id":"sub-2","name":"Other","tenantId":"t-2"}]'"#,
    );
    let accounts = az.cli().accounts().await.unwrap();
    let short: Vec<_> = accounts.iter().map(|a| (a.subscription_id.as_str(), a.name.as_str())).collect();
    assert_eq!(short, [("sub-1", "Mine"), ("sub-2", "Other")]);
    assert_eq!(az.arguments(), "account list --output json ");
}

#[tokio::test]
async fn a_subscription_that_it_does_not_know_is_told_with_those_that_it_does() {
    let said = |list: &str| {
        FakeAz::new(&format!(
            "case \"$2\" in list) {list};; *) echo \"ERROR: Subscription 'sub-9' not found. Check the spelling and casing and try again.\" >&2; exit 1;; esac"
        ))
    };
    let error = async |list: &str| {
        let az = said(list);
        az.cli().with_subscription(Some("sub-9")).token(&TokenRequest::new(SCOPE)).await.unwrap_err()
    };
    let two = r#"echo '[{"id":"sub-1","name":"Mine","tenantId":"t"},{"id":"sub-2","name":"Other","tenantId":"t"}]'"#;
    let known = error(two).await;
    assert_eq!(
        known.to_string(),
        "the Azure CLI has no subscription \"sub-9\"; it has Mine (sub-1), Other (sub-2)"
    );
    assert!(known.remedy().unwrap().contains("az account list --refresh"));
    let text = "the Azure CLI has no subscription \"sub-9\"";
    assert_eq!(error("echo '[]'").await.to_string(), format!("{text}; it has none at all"));
    assert_eq!(error("exit 1").await.to_string(), text);
}

#[tokio::test]
async fn a_request_for_another_tenant_goes_first() {
    let az = FakeAz::new(r#"echo '{"accessToken":"x","expires_on":1}'"#);
    let request = TokenRequest::new(SCOPE).of_tenant("t-2");
    az.cli().with_tenant(Some("t-1")).token(&request).await.unwrap();
    assert!(az.arguments().ends_with("--tenant t-2 "));
}

/// An `az` that fails with this text, when a token of a tenant or of none is wanted.
async fn said(text: &str, tenant: Option<&str>) -> CredentialError {
    let az = FakeAz::new(&format!("cat >&2 <<'END'\n{text}\nEND\nexit 1"));
    az.cli().with_tenant(tenant).token(&TokenRequest::new(SCOPE)).await.unwrap_err()
}

#[tokio::test]
async fn a_sign_in_that_needs_a_person_is_told_with_its_reason() {
    for (text, why) in [
        (
            "AADSTS700082: The refresh token has expired due to inactivity.",
            "has expired, as it was not used for long",
        ),
        (
            "AADSTS70043: The refresh token has expired or is invalid.",
            "has expired, by the tenant's rules on how often to sign in",
        ),
        (
            "AADSTS50173: The provided grant has expired due to it being revoked.",
            "is void, as the password was changed or the sign-in revoked",
        ),
        (
            "AADSTS50076: You must use multi-factor authentication.",
            "lacks the second factor that the tenant demands",
        ),
        ("Interactive authentication is needed. Please run: az login", "needs a person"),
    ] {
        let error = said(&format!("WARNING: new version\nERROR: {text}"), Some("t-1")).await;
        assert_eq!(
            error.to_string(),
            format!("the Azure CLI's sign-in {why}; run \"az login --tenant t-1\" ({text})")
        );
    }
    // The advice beside a code is not what is told first.
    let error = said(
        "ERROR: AADSTS700082: Expired.\nInteractive authentication is needed. Please run: az login",
        None,
    )
    .await;
    assert_eq!(
        error.to_string(),
        "the Azure CLI's sign-in has expired, as it was not used for long; run \"az login\" (AADSTS700082: Expired. Interactive authentication is needed. Please run: az login)"
    );
}

#[tokio::test]
async fn a_tenant_that_the_account_is_not_in_is_told() {
    let text = "AADSTS50020: User account 'a@b.c' from identity provider 'x' does not exist in tenant 'y'.";
    assert_eq!(
        said(&format!("ERROR: {text}"), Some("t-1")).await.to_string(),
        format!(
            "the Azure CLI's account has no way into the tenant t-1; correct the tenant ID, or sign in with an account of that tenant by \"az login --tenant t-1\" ({text})"
        )
    );
}

#[tokio::test]
async fn an_old_cli_is_told_so() {
    assert_eq!(
        said("ERROR: unrecognized arguments: --scope x", None).await.to_string(),
        "the Azure CLI is too old; update it to 2.54.0 or later with \"az upgrade\" (unrecognized arguments: --scope x)"
    );
}

/// An `az` whose account is of the public cloud.
const PUBLIC: &str = r#"case "$2" in show) echo '{"environmentName":"AzureCloud","id":"s","tenantId":"t"}';; *) echo '{"accessToken":"x","expires_on":1}';; esac"#;

#[tokio::test]
async fn another_cloud_is_told_with_the_way_out() {
    let az = FakeAz::new(PUBLIC);
    let government = Cloud::named(crate::cloud::Named::UsGovernment).unwrap();
    let error = az.cli().with_cloud(&government).token(&TokenRequest::new(SCOPE)).await.unwrap_err();
    let of_account = az.cli().with_cloud(&government).account().await.unwrap_err();
    assert_eq!(error.to_string(), of_account.to_string());
    assert_eq!(
        error.to_string(),
        "the Azure CLI is set to the cloud AzureCloud, and tokens of AzureUSGovernment are wanted; run \"az cloud set --name AzureUSGovernment\" and \"az login\", or choose the cloud that the CLI is set to as the environment"
    );
}

#[tokio::test]
async fn the_cloud_is_asked_for_once() {
    let az = FakeAz::new(PUBLIC);
    let public = Cloud::named(crate::cloud::Named::Public).unwrap();
    let cli = az.cli().with_cloud(&public);
    cli.token(&TokenRequest::new(SCOPE)).await.unwrap();
    cli.clone().token(&TokenRequest::new(SCOPE)).await.unwrap();
    assert_eq!(az.arguments().matches("account show").count(), 1);
    let az = FakeAz::new(PUBLIC);
    let cli = az.cli().with_cloud(&public);
    cli.account().await.unwrap();
    cli.with_tenant(Some("t")).token(&TokenRequest::new(SCOPE)).await.unwrap();
    assert_eq!(az.arguments().matches("account show").count(), 1);
    // A cloud without a name of its own may be registered with the CLI under any.
    let custom = Cloud::custom("Mine", "https://arm.example", "https://entra.example", None).unwrap();
    let az = FakeAz::new(PUBLIC);
    az.cli().with_cloud(&custom).token(&TokenRequest::new(SCOPE)).await.unwrap();
    assert_eq!(az.arguments().matches("account show").count(), 0);
}

/// An `az` that waits for ever in a child, as the real one works in a child; it tells that it has begun by a pipe.
struct Hanging {
    az: FakeAz,
    began: tokio::net::unix::pipe::Receiver,
    pipe: PathBuf,
}

impl Drop for Hanging {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.pipe);
    }
}

impl Hanging {
    fn new() -> Self {
        let pipe = std::env::temp_dir().join(format!("arm-az-{}", uuid::Uuid::new_v4()));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let began = tokio::net::unix::pipe::OpenOptions::new().open_receiver(&pipe).unwrap();
        // The child holds the pipe open: it is closed when the child has ended.
        let az = FakeAz::new(&format!("sh -c 'echo x; exec sleep 1000' > '{}' &\nwait", pipe.display()));
        Self { az, began, pipe }
    }

    async fn has_begun(&mut self) {
        use tokio::io::AsyncReadExt as _;
        let mut byte = [0; 1];
        loop {
            // Nobody may have opened the other end yet.
            self.began.readable().await.unwrap();
            if self.began.read(&mut byte).await.unwrap() == 1 {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn has_ended(&mut self) {
        use tokio::io::AsyncReadExt as _;
        let mut rest = Vec::new();
        self.began.read_to_end(&mut rest).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_does_not_wait_leaves_nothing_behind() {
    let mut hanging = Hanging::new();
    let cli = hanging.az.cli();
    let request = TokenRequest::new(SCOPE);
    tokio::select! {
        _ = cli.token(&request) => panic!("it hangs"),
        () = hanging.has_begun() => {}
    }
    hanging.has_ended().await;
}

#[tokio::test]
async fn a_cli_that_hangs_is_ended() {
    let clock = crate::testing::FakeClock::new();
    let mut hanging = Hanging::new();
    let cli = hanging.az.cli().with_clock(clock.clone());
    let request = TokenRequest::new(SCOPE);
    let (error, ()) = tokio::join!(cli.token(&request), async {
        hanging.has_begun().await;
        clock.advance(PATIENCE);
    });
    assert_eq!(
        error.unwrap_err().to_string(),
        "the Azure CLI failed: \"az account get-access-token\" did not end within 60 s; run it yourself to see what it waits for"
    );
    hanging.has_ended().await;
}
