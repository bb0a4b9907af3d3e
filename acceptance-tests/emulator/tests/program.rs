//! The program itself: `run`, `exec`, `--ready` and `--state`.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use azureml_emulator::emulator::Options;
use serde_json::{Value, json};
use support::{Azure, SUB};

const PROGRAM: &str = env!("CARGO_BIN_EXE_azureml-emulator");

#[test]
fn exec_runs_a_command_inside_and_ends_as_it_does() {
    let script = r#"test "${SSL_CERT_FILE##*/}" = ca.pem && test -s "$SSL_CERT_FILE" && echo "$ARM_METADATA_HOST $AZURE_AUTHORITY_HOST" && test "$ARM_RESOURCE_MANAGER_ENDPOINT" = "$AZURE_AUTHORITY_HOST"; exit 7"#;
    let output = Command::new(PROGRAM).args(["exec", "--strict", "--", "sh", "-c", script]).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    let text = String::from_utf8(output.stdout).unwrap();
    let (host, authority) = text.trim().split_once(' ').unwrap();
    assert!(host.starts_with("localhost:"));
    assert_eq!(authority, format!("https://{host}"));
}

#[test]
fn run_prints_the_environment_serves_and_ends_on_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready.json");
    let mut child =
        Command::new(PROGRAM).args(["run", "--ready"]).arg(&ready).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("export ARM_METADATA_HOST='localhost:"), "{first}");
    let environment: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
    assert_eq!(
        format!("export ARM_METADATA_HOST='{}'", environment["ARM_METADATA_HOST"].as_str().unwrap()),
        first
    );
    assert_eq!(environment["SSL_CERT_FILE"], json!(folder.path().join("ready.ca.pem")));
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn wrong_usage_is_explained() {
    for (arguments, text) in [
        (vec![], "azureml-emulator: say 'run' or 'exec'; --help explains\n"),
        (vec!["exec"], "azureml-emulator: 'exec' needs a command: exec -- CMD...\n"),
        (vec!["run", "--loud"], "azureml-emulator: invalid option '--loud'\n"),
    ] {
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()),
            (Some(2), text)
        );
    }
    let output = Command::new(PROGRAM).args(["exec", "--", "/no/such/command"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("azureml-emulator: cannot run /no/such/command: ")
    );
    let output = Command::new(PROGRAM).arg("--version").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        concat!("azureml-emulator ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[tokio::test]
async fn a_state_file_keeps_everything_operations_included() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { state: Some(folder.path().join("azure.json")), ..Options::default() };
    let logs = format!(
        "{SUB}/resourceGroups/rg-a/providers/Microsoft.OperationalInsights/workspaces/logs-a?api-version=2023-09-01"
    );
    let vault = format!(
        "{SUB}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/vault-a?api-version=2023-07-01"
    );
    let poll = {
        let azure = Azure::with(&options).await;
        azure.group("rg-a").await;
        let body = json!({"location": "eastus", "properties": {"tenantId": support::TENANT,
            "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": true}});
        assert_eq!(azure.ask("PUT", &vault, body).await.status, 200);
        assert_eq!(azure.ask("DELETE", &vault, Value::Null).await.status, 200);
        azure.control("PUT", "/settings", json!({"operation_polls": 1})).await;
        let register = format!("{SUB}/providers/Microsoft.Search/unregister?api-version=2024-11-01");
        azure.ask("POST", &register, Value::Null).await;
        let made = azure.ask("PUT", &logs, json!({"location": "eastus"})).await;
        made.header("azure-asyncoperation").strip_prefix(&azure.url("")).unwrap().to_owned()
    };
    let azure = Azure::with(&options).await;
    assert_eq!(azure.get(&poll).await.body["status"], "InProgress");
    assert_eq!(azure.get(&poll).await.body["status"], "Succeeded");
    assert_eq!(azure.get(&logs).await.body["properties"]["provisioningState"], "Succeeded");
    let dead = azure.control("GET", "/state/deleted", Value::Null).await;
    assert_eq!(dead.as_object().unwrap().len(), 1);
    let search = format!("{SUB}/providers/Microsoft.Search?api-version=2024-11-01");
    assert_eq!(azure.get(&search).await.body["registrationState"], "Unregistering");
}

#[tokio::test]
async fn a_broken_state_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("azure.json");
    std::fs::write(&path, "{").unwrap();
    let output = Command::new(PROGRAM).args(["run", "--state"]).arg(&path).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with(&format!("azureml-emulator: the state file {} could not be used: ", path.display())),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(1));
}
