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
        "the Azure CLI failed: its token does not say when it expires; update the CLI to 2.54.0 or later"
    );
    let garbled = message("echo 's3cret'").await;
    assert!(garbled.starts_with(
        "the Azure CLI failed: \"az account get-access-token\" printed something else than expected"
    ));
    assert!(!garbled.contains("s3cret"));
}
