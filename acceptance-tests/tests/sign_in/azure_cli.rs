//! Whoever is signed in to the Azure CLI, and what users read when that is nobody, or somebody else than is needed.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::mpsc;
use std::time::Duration;

use acceptance_tests::{AzureCli, Emulator, Running, Secret, Signal, every_cli};

use crate::signing::Signing;

const STRANGER: &str = "11111111-1111-1111-1111-111111111111";
/// How long the end of something may take on a busy machine.
const SOON: Duration = Duration::from_secs(30);

fn install(signing: &mut Signing) -> AzureCli {
    AzureCli::install(&mut signing.scene.dir, &signing.scene.azure)
}

#[test]
fn whoever_is_signed_in_to_the_azure_cli_runs_it() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let az = install(&mut signing);
        az.sign_in();
        signing.works();
        // One token for all requests, and one look at the cloud that it is for.
        let mut commands = az.commands();
        commands.sort();
        assert_eq!(
            commands,
            [
                format!(
                    "account get-access-token --output json --scope {}/.default --subscription {}",
                    signing.scene.azure.environment()["AZUREML_EMULATOR_URL"].trim_end_matches('/'),
                    Emulator::SUBSCRIPTION
                ),
                "account show --output json".to_owned()
            ]
        );
        signing.with(&[("ARM_TENANT_ID", Signing::TENANT)]).works();
        assert!(az.commands().iter().any(|line| line.ends_with(&format!("--tenant {}", Signing::TENANT))));
    });
}

#[test]
fn nobody_is_signed_in_to_the_azure_cli() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let az = install(&mut signing);
        let text =
            "The Azure CLI is not signed in; run \"az login\" (Please run 'az login' to setup account.)";
        signing.is_refused_with(text);
        az.sign_in().sign_out();
        signing.is_refused_with(text);
        az.sign_in();
        signing.works();
        az.expire();
        let error = signing.is_refused();
        assert!(
            error.detail.starts_with(
                "The Azure CLI's sign-in has expired, as it was not used for long; run \"az login\" (AADSTS700082: The refresh token has expired due to inactivity."
            ),
            "{error:?}"
        );
    });
}

#[test]
fn a_token_that_no_request_can_carry_is_refused_and_shown_nowhere() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        install(&mut signing).sign_in();
        let az = signing.scene.dir.path("home/programs/az");
        std::fs::remove_file(&az).expect("the stand-in");
        let answer = r#"{"accessToken":"%s-%s\\u000a","expires_on":4000000000}"#;
        let script = format!("#!/bin/sh\nprintf '{answer}' planted in-the-answer\n");
        std::fs::write(&az, script).expect("a file");
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("permissions");
        signing.is_refused_with(
            "The Azure CLI failed: \"az account get-access-token\" gave something else than a token: its token is empty, or has characters that no token has.",
        );
        assert_eq!(signing.scene.dir.leaks(&[Secret::new("unfit token", "planted-in-the-answer")]), []);
    });
}

#[test]
fn the_azure_cli_is_not_installed() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let empty = signing.scene.dir.path("home/empty");
        std::fs::create_dir_all(&empty).unwrap();
        signing.scene.dir.set_env("PATH", empty);
        signing.is_refused_with(
            "Cannot run the Azure CLI: No such file or directory (os error 2); install it (https://aka.ms/azure-cli) or sign in another way.",
        );
    });
}

#[test]
fn the_account_of_the_azure_cli_is_not_of_the_tenant() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        install(&mut signing).sign_in();
        let error = signing.with(&[("ARM_TENANT_ID", STRANGER)]).is_refused();
        assert!(
            error.detail.starts_with(&format!(
                "The Azure CLI's account has no way into the tenant {STRANGER}; correct the tenant ID, or sign in with an account of that tenant by \"az login --tenant {STRANGER}\" (AADSTS90002: Tenant '{STRANGER}' not found."
            )),
            "{error:?}"
        );
    });
}

#[test]
fn the_azure_cli_is_set_to_another_cloud() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        install(&mut signing).sign_in().set_cloud("AzureUSGovernment");
        signing.is_refused_with(
            "The Azure CLI is set to the cloud AzureUSGovernment, and tokens of AzureCloud are wanted; run \"az cloud set --name AzureCloud\" and \"az login\", or choose the cloud that the CLI is set to as the environment.",
        );
    });
}

/// An interrupt ends a wait for the Azure CLI's token at once, and the CLI with all that it has started.
#[test]
fn an_azure_cli_that_hangs_ends_with_the_command() {
    every_cli(|cli| ends_with_the_command(Signing::new(cli)));
}

/// The same where its account is asked for, as the subscription is nowhere else.
#[test]
fn an_azure_cli_that_hangs_over_its_account_ends_with_the_command() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        signing.scene.dir.unset_env("ARM_SUBSCRIPTION_ID");
        ends_with_the_command(signing);
    });
}

fn ends_with_the_command(mut signing: Signing) {
    install(&mut signing).sign_in();
    let (pipe, az) = (signing.scene.dir.path("home/pipe"), signing.scene.dir.path("home/programs/az"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    std::fs::remove_file(&az).expect("the stand-in");
    // As the real one, it is a script whose work is done by a child. The child holds the pipe open while it lives.
    let script = format!("#!/bin/sh\nsh -c 'echo x; exec sleep 1000' > '{}'\n", pipe.display());
    std::fs::write(&az, script).expect("a file");
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    let (tell, told) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut pipe = std::fs::File::open(pipe).expect("a pipe");
        pipe.read_exact(&mut [0]).expect("a byte");
        tell.send("began").expect("who waits");
        pipe.read_to_end(&mut Vec::new()).expect("an end");
        tell.send("ended").expect("who waits");
    });
    let running: Running = signing.scene.dir.start(&["plan", "-no-color", "-input=false"]);
    assert_eq!(told.recv_timeout(2 * SOON), Ok("began"));
    running.signal(Signal::Interrupt);
    running.wait_at_most(SOON).fails();
    assert_eq!(told.recv_timeout(SOON), Ok("ended"));
    reader.join().expect("a reader");
}
