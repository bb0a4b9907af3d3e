//! The stand-in for the Azure CLI speaks as the real one does.

use acceptance_tests::{AzureCli, Cli, Emulator, Output, Provider, Running, Workdir};
use serde_json::json;

const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";

/// Runs `az` with the environment of a folder.
fn az(dir: &Workdir, arguments: &[&str]) -> Output {
    let template = dir.command(&[]);
    let mut command = std::process::Command::new(dir.path("home/programs/az"));
    command.args(arguments).env_clear();
    command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Running::start(command).wait()
}

#[test]
fn accounts_and_tokens_have_the_members_of_the_real_one() {
    let azure = Emulator::start();
    let mut dir = Workdir::new(&Cli::all()[0], &Provider::azureml());
    let cli = AzureCli::install(&mut dir, &azure);
    cli.sign_in();
    let shown = az(&dir, &["account", "show", "--output", "json"]).succeeds().json();
    assert_eq!((&shown["id"], &shown["tenantId"]), (&json!(Emulator::SUBSCRIPTION), &json!(TENANT)));
    assert_eq!(shown["user"], json!({"name": "someone@emulated.onmicrosoft.com", "type": "user"}));
    let scope = "https://management.azure.com/.default";
    let token = az(&dir, &["account", "get-access-token", "-o", "json", "--scope", scope]).succeeds().json();
    let names: Vec<&String> = token.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    assert_eq!(names, ["accessToken", "expiresOn", "expires_on", "subscription", "tenant", "tokenType"]);
    assert!(token["expires_on"].is_i64());
    let token = az(&dir, &["account", "get-access-token", "--tenant", TENANT]).succeeds().json();
    assert!(token.get("subscription").is_none());
    assert_eq!(az(&dir, &["account", "list"]).succeeds().json().as_array().map(Vec::len), Some(3));
    az(&dir, &["account", "set", "-s", "another emulated subscription"]).succeeds();
    assert_eq!(az(&dir, &["account", "show"]).succeeds().json()["id"], Emulator::OTHER_SUBSCRIPTION);
    assert!(az(&dir, &["version"]).succeeds().json()["azure-cli"].is_string());
    assert_eq!(cli.commands().len(), 7);
}

#[test]
fn refusals_have_the_words_and_codes_of_the_real_one() {
    let azure = Emulator::start();
    let mut dir = Workdir::new(&Cli::all()[0], &Provider::azureml());
    let cli = AzureCli::install(&mut dir, &azure);
    let token = ["account", "get-access-token"];
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let output = az(&dir, arguments);
        assert_eq!(output.code, Some(code), "{output:?}");
        assert!(output.stderr.starts_with(&format!("ERROR: {words}")), "{}", output.stderr);
    };
    refused(&token, 1, "Please run 'az login' to setup account.\n");
    refused(&["account", "show"], 1, "Please run 'az login' to setup account.\n");
    cli.sign_in();
    refused(
        &["account", "show", "--subscription", "nowhere"],
        1,
        "Subscription 'nowhere' not found. Check the spelling and casing and try again.\n",
    );
    refused(
        &["account", "get-access-token", "-s", "x", "--tenant", "y"],
        1,
        "Please specify only one of subscription and tenant, not both\n",
    );
    refused(
        &["account", "get-access-token", "--tenant", "11111111-0000-0000-0000-000000000000"],
        1,
        "AADSTS90002: Tenant '11111111-0000-0000-0000-000000000000' not found.",
    );
    refused(&["acount"], 2, "'acount' is misspelled or not recognized by the system.\n");
    cli.expire();
    refused(&token, 1, "AADSTS700082: The refresh token has expired due to inactivity.");
    assert!(az(&dir, &token).stderr.contains("\naz login --tenant \""));
    cli.sign_in_with(&["00000000-0000-0000-0000-000000000004", "00000000-0000-0000-0000-000000000005"]);
    refused(
        &["account", "show", "--subscription", "Twin subscription"],
        1,
        "Multiple subscriptions with the name 'Twin subscription' found. Specify the subscription ID.\n",
    );
    cli.sign_out();
    refused(&["account", "show"], 1, "Please run 'az login' to setup account.\n");
}
