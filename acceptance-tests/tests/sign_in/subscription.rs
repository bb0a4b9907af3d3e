//! The subscription by name, and what is said when it is not there for whoever signs in.

use std::time::Duration;

use acceptance_tests::{AzureCli, Diagnostic, Emulator, Fault, Scene, Signal, every_cli};
use serde_json::Value;

use crate::signing::{Signing, text};

const ELSEWHERE: &str = "00000000-0000-0000-0000-000000000003";
const NOWHERE: &str = "00000000-0000-0000-0000-0000000000ff";

/// One of the applications of the box, as variables.
fn application(signing: &mut Signing, name: &str) {
    let all = signing.identity("applications");
    let one = |one: &&Value| one["name"] == name;
    let found = all.as_array().and_then(|all| all.iter().find(one)).cloned().unwrap_or_default();
    let (id, secret) = (text(&found, "client_id"), text(&found, "secret"));
    signing.with(&[
        ("ARM_TENANT_ID", Signing::TENANT),
        ("ARM_CLIENT_ID", &id),
        ("ARM_CLIENT_SECRET", &secret),
    ]);
}

/// How often Azure was asked for the list of subscriptions.
fn lists(signing: &Signing) -> usize {
    signing.scene.azure.requests().to("GET", "/subscriptions").len()
}

#[test]
fn a_name_is_looked_up_once_and_an_id_never() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        signing.configured("subscription = \"emulated SUBSCRIPTION\"").works();
        assert_eq!(lists(&signing), 1);
        // A new workspace goes into it as well.
        signing.scene.dir.write("other.tf", &signing.scene.block("other", "other-workspace", ""));
        signing.scene.dir.apply().succeeds();
        let other = Scene::id_of("other-workspace");
        assert!(!signing.scene.azure.resource(&other).is_null(), "{other}");
        signing.configured(&format!("subscription = \"{}\"", Emulator::SUBSCRIPTION)).works();
        assert_eq!(lists(&signing), 0);
    });
}

#[test]
fn a_name_that_is_nobodys_or_two_is_refused_with_what_there_is() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        let error = signing.configured("subscription = \"Mine\"").is_refused();
        assert_eq!(
            (error.summary.as_str(), error.detail.as_str()),
            (
                "Subscription Not Found",
                "There is no subscription named \"Mine\" here. This identity sees these:\n  Emulated subscription (00000000-0000-0000-0000-000000000001)\n  Another emulated subscription (00000000-0000-0000-0000-000000000002)\n\nCorrect the provider's subscription, or sign in to the tenant that it belongs to."
            )
        );
        application(&mut signing, "blind");
        signing.is_refused_with(
            "There is no subscription named \"Mine\" here. This identity sees none at all.\n\nCorrect the provider's subscription, or sign in to the tenant that it belongs to.",
        );
        application(&mut signing, "twins");
        let error = signing.configured("subscription = \"Twin subscription\"").is_refused();
        assert_eq!(
            (error.summary.as_str(), error.detail.as_str()),
            (
                "Ambiguous Subscription",
                "There are 2 subscriptions named \"Twin subscription\":\n  Twin subscription (00000000-0000-0000-0000-000000000004)\n  Twin subscription (00000000-0000-0000-0000-000000000005)\n\nSet the provider's subscription to the ID of the one that is meant."
            )
        );
    });
}

/// What is asked on the way to Azure ends with the operation that needs it, and the error has what Azure said last.
#[test]
fn a_wait_on_the_way_to_azure_ends_with_the_operations_time() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        let throttled = |path| Fault::at("GET", path).status(429).retry_after(3600).times(1000);
        let says = |what: &str, error: &Diagnostic| {
            let start = format!(
                "The timeout passed while waiting for GET {what}. Azure asked to wait 3600 s more, which is beyond it. Before that: GET {what}: HTTP 429: "
            );
            assert!(error.detail.starts_with(&start), "{error:?}");
        };
        let _names = signing.scene.azure.inject(throttled("/subscriptions$"));
        let error = signing.configured("subscription = \"Emulated subscription\"").is_refused();
        assert_eq!(error.summary, "Subscription Not Found");
        says("/subscriptions", &error);

        let _providers = signing.scene.azure.inject(throttled("/providers/Microsoft.[A-Za-z]+$"));
        let error = signing.configured("resource_provider_registrations = \"required\"").is_refused();
        assert_eq!(error.summary, "Resource Providers Not Registered");
        let provider =
            error.detail.split("while waiting for GET ").nth(1).and_then(|rest| rest.split(". ").next());
        says(provider.unwrap_or_default(), &error);
    });
}

#[test]
fn an_interrupt_ends_the_look_for_a_name() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        let held = signing.scene.azure.inject(Fault::at("GET", "/subscriptions$").hold());
        signing.configured("subscription = \"Emulated subscription\"");
        let running = signing.scene.dir.start(&["plan", "-no-color", "-input=false"]);
        held.wait();
        running.signal(Signal::Interrupt);
        running.wait_at_most(Duration::from_secs(30)).fails();
        held.release();
    });
}

#[test]
fn the_cli_says_which_subscription_is_meant() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        signing.scene.dir.unset_env("ARM_SUBSCRIPTION_ID");
        let az = AzureCli::install(&mut signing.scene.dir, &signing.scene.azure);
        az.sign_in();
        signing.with(&[]).works();
        signing.configured("subscription = \"Emulated subscription\"").works();
        assert_eq!(lists(&signing), 0, "the CLI keeps a list of its own");
        let error = signing.configured("subscription = \"Mine\"").is_refused();
        assert!(
            error.detail.starts_with("There is no subscription named \"Mine\" here. The Azure CLI has these:\n  Emulated subscription ("),
            "{error:?}"
        );
        let elsewhere = format!("subscription = \"Emulated subscription\"\n  tenant_id = \"{NOWHERE}\"");
        let error = signing.configured(&elsewhere).is_refused();
        let start = format!(
            "There is no subscription named \"Emulated subscription\" in the tenant {NOWHERE}. The Azure CLI has these:\n  Emulated subscription (00000000-0000-0000-0000-000000000001), in the tenant {}\n",
            Signing::TENANT
        );
        assert!(error.detail.starts_with(&start), "{error:?}");
        let end = "\n\nCorrect tenant_id or the subscription, or sign in to the tenant that it belongs to.";
        assert!(error.detail.ends_with(end), "{error:?}");
    });
}

#[test]
fn a_subscription_that_the_cli_does_not_know_is_told_with_those_that_it_knows() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        AzureCli::install(&mut signing.scene.dir, &signing.scene.azure)
            .sign_in_with(&[Emulator::SUBSCRIPTION, Emulator::OTHER_SUBSCRIPTION]);
        let error = signing.with(&[("ARM_SUBSCRIPTION_ID", NOWHERE)]).is_refused();
        assert_eq!(
            (error.summary, error.detail),
            (
                "Subscription Not Found".to_owned(),
                format!(
                    "The Azure CLI has no subscription \"{NOWHERE}\"; it has Emulated subscription (00000000-0000-0000-0000-000000000001), Another emulated subscription (00000000-0000-0000-0000-000000000002)\n\nCorrect the subscription, or sign in with an account that sees it by \"az login\". Where the account has been given it since the sign-in, \"az account list --refresh\" makes the Azure CLI see it."
                )
            )
        );
    });
}

/// A plan of a workspace of that subscription, which is not there; the text of its one error, and how often subscriptions were
/// listed.
fn refused(signing: &Signing, subscription: &str) -> (String, usize) {
    let block = signing.scene.block("main", Scene::NAME, &format!("subscription_id = \"{subscription}\""));
    signing.scene.dir.write("main.tf", &block);
    signing.scene.dir.run(&["state", "rm", Scene::MAIN]);
    signing.scene.azure.forget();
    let error = signing.scene.dir.apply().fails().only_error();
    let happened = error.detail.split("\n\nAzure: ").next().unwrap_or_default().to_owned();
    (happened, lists(signing))
}

#[test]
fn a_subscription_that_is_not_there_names_those_that_are() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        let (said, asked) = refused(&signing, NOWHERE);
        assert_eq!(
            said,
            format!(
                "The subscription '{NOWHERE}' could not be found.\n- This identity sees: Emulated subscription (00000000-0000-0000-0000-000000000001), Another emulated subscription (00000000-0000-0000-0000-000000000002)\n\nCorrect the subscription, in the ID or the subscription_id of this resource, or in the provider block; or sign in to the tenant that it belongs to.\n\nIn a configuration:\n\n    provider \"azureml\" {{\n      subscription_id = \"00000000-0000-0000-0000-000000000000\"\n    }}\n\nAs a command: az account list --all --output table"
            )
        );
        assert_eq!(asked, 1);
        let (said, asked) = refused(&signing, ELSEWHERE);
        assert!(said.starts_with("The access token is from the wrong issuer "), "{said}");
        let end = format!(
            "\n- This identity sees: Emulated subscription (00000000-0000-0000-0000-000000000001), Another emulated subscription (00000000-0000-0000-0000-000000000002)\n\nSign in to the tenant that the subscription belongs to, or correct tenant_id.\n\nIn a configuration:\n\n    provider \"azureml\" {{\n      tenant_id = \"00000000-0000-0000-0000-000000000000\"\n    }}\n\nAs a command: az account list --all --query \"[?id=='{ELSEWHERE}'].tenantId\" --output tsv"
        );
        assert!(said.ends_with(&end), "{said}");
        assert_eq!(asked, 1);
        application(&mut signing, "blind");
        let (said, _) = refused(&signing, NOWHERE);
        assert!(said.contains("\n- This identity sees no subscription at all in this tenant.\n"), "{said}");
    });
}

#[test]
fn a_resource_is_not_gone_because_its_subscription_cannot_be_seen() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        application(&mut signing, "main");
        let state = signing.scene.dir.read("terraform.tfstate");
        signing.scene.dir.write("terraform.tfstate", &state.replace(Emulator::SUBSCRIPTION, NOWHERE));
        let output = signing.scene.dir.run(&["plan", "-json", "-no-color", "-input=false"]);
        let error = output.fails().only_error();
        assert!(error.detail.contains("- This identity sees: Emulated subscription ("), "{error:?}");
    });
}

#[test]
fn without_any_subscription_nothing_is_destroyed_to_be_replaced() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let group = |name: &str| {
            format!(
                "resource \"azureml_resource_group\" \"main\" {{\n  name     = \"{name}\"\n  location = \"eastus\"\n}}\n"
            )
        };
        scene.dir.write("main.tf", &group("one-rg"));
        scene.dir.apply().succeeds();
        scene.dir.unset_env("ARM_SUBSCRIPTION_ID");
        scene.dir.plans_nothing();
        scene.dir.write("main.tf", &group("two-rg"));
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "No Subscription");
        scene.dir.apply().fails();
        let one = format!("/subscriptions/{}/resourceGroups/one-rg", Emulator::SUBSCRIPTION);
        assert!(!scene.azure.resource(&one).is_null(), "it is gone");
    });
}
