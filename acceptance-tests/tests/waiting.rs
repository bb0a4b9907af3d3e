//! Operations that take long, fail late, or are refused.

use acceptance_tests::{Fault, Scene, Workdir, every_cli};
use serde_json::json;

#[test]
fn a_create_that_takes_too_long_keeps_the_state_and_says_what_to_do() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        // A pause that does not fit into the time, however fast the machine is.
        scene.azure.settings(&json!({"operation_polls": 5}));
        let poll = Fault::at("GET", "/workspaceOperationsStatus/").kind("retry_after").retry_after(36_000);
        scene.azure.inject(poll);
        scene.workspace("timeouts {\n  create = \"10m\"\n}");
        let output = scene.dir.apply();
        let error = output.fails().only_error();
        assert_eq!(
            (error.summary.as_str(), error.address.as_str()),
            ("Workspace Not Ready in Time", Scene::MAIN)
        );
        assert!(error.detail.contains("The timeout passed while waiting for"), "{error:?}");
        assert!(error.detail.contains("untaint"), "{error:?}");
        assert!(scene.dir.is_tainted(Scene::MAIN));

        // It comes up, and is kept as the text says.
        scene.dir.run(&["untaint", Scene::MAIN]).succeeds();
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.in_state()["provisioning_state"], "Succeeded");
    });
}

#[test]
fn a_pause_beyond_the_timeout_fails_at_once_and_says_how_long_it_is() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let path = format!("/workspaces/{}$", Scene::NAME);
        scene.azure.inject(Fault::at("PUT", &path).status(429).retry_after(3600));
        scene.workspace("timeouts {\n  create = \"10m\"\n}");
        let error = scene.dir.apply().fails().only_error();
        // A little is added by chance, and a little has passed.
        let said = |seconds| format!("Azure asked to wait {seconds} s more, which is beyond it.");
        assert!([3599, 3600].iter().any(|seconds| error.detail.contains(&said(seconds))), "{error:?}");
        assert!(error.detail.contains("TooManyRequests"), "{error:?}");
        assert!(scene.dir.addresses().is_empty());
        assert_eq!(scene.writes().len(), 1);
        // The wait is in the log too.
        let log = scene.dir.read(Workdir::LOG);
        let line = log.lines().find(|line| line.contains("waiting, as Azure throttles"));
        assert!(line.is_some_and(|line| line.contains("3600") || line.contains("3599")), "{line:?}");
    });
}

#[test]
fn a_create_whose_answer_is_lost_is_not_forgotten() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let path = format!("/workspaces/{}$", Scene::NAME);
        let slow = "timeouts {\n  create = \"10m\"\n}";
        // It is not there, and may still come.
        scene.azure.inject(Fault::at("PUT", &path).status(500).retry_after(3600));
        scene.workspace(slow);
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Workspace Not Created");
        for part in [
            "Azure asked to wait 3",
            "Apply again: should the workspace be there by then, you read how to import it.",
            "InternalServerError (HTTP 500) to PUT",
        ] {
            assert!(error.detail.contains(part), "{part} in {error:?}");
        }
        assert!(scene.dir.addresses().is_empty());

        // It is there, and is kept.
        scene.azure.inject(Fault::at("PUT", &path).status_after(500).retry_after(3600));
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Workspace Not Ready in Time");
        assert!(scene.dir.is_tainted(Scene::MAIN));
        scene.dir.run(&["untaint", Scene::MAIN]).succeeds();
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_create_that_azure_accepts_and_fails_says_why() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let path = format!("/workspaces/{}$", Scene::NAME);
        scene.azure.inject(
            Fault::at("PUT", &path).fail_operation("BadRequest", "Cannot use storage with HNS enabled."),
        );
        scene.workspace("");
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Workspace Not Created");
        assert!(error.detail.contains("Cannot use storage with HNS enabled."), "{error:?}");
        assert!(error.detail.contains("BadRequest"), "{error:?}");
        // What is left, if anything, is known to the state, so that the next apply gets over it.
        assert_eq!(!scene.dir.addresses().is_empty(), !scene.in_azure().is_null());
    });
}

#[test]
fn what_azure_refuses_is_said_in_its_words_with_what_to_do() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let missing = scene.block("main", Scene::NAME, "").replace(Scene::GROUP, "nowhere-rg");
        scene.dir.write("main.tf", &missing);
        let error = scene.dir.apply().fails().only_error();
        assert!(error.detail.contains("\"nowhere-rg\" does not exist"), "{error:?}");
        assert_eq!(error.code, "resource_group_name = \"nowhere-rg\"");
        assert!(scene.dir.addresses().is_empty());
    });
}

#[test]
fn what_azure_does_not_find_is_shown_at_the_attribute_that_names_it() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        for attribute in ["storage_account_id", "key_vault_id"] {
            let block = scene.block("main", Scene::NAME, "");
            let line = block.lines().find(|line| line.contains(attribute)).unwrap_or_default().trim();
            let missing = line.trim_end_matches('"').to_owned() + "0\"";
            scene.dir.write("main.tf", &block.replace(line, &missing));
            let error = scene.dir.apply().fails().only_error();
            assert_eq!((error.summary.as_str(), &error.code), ("Workspace Not Created", &missing));
            assert!(scene.dir.addresses().is_empty());
        }
    });
}

#[test]
fn a_service_default_comes_back_when_its_attribute_is_removed() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("public_network_access = \"Disabled\"");
        scene.workspace("");
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        assert_eq!(
            scene.writes(),
            [("PATCH".to_owned(), json!({"properties": {"publicNetworkAccess": "Enabled"}}))]
        );
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_wrong_secret_is_not_shown() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        scene.dir.set_env("ARM_CLIENT_SECRET", "not-the-secret-0123456789");
        scene.workspace("");
        let output = scene.dir.apply();
        output.fails().never_says("not-the-secret-0123456789").says("AADSTS7000215");
        output.says("Use the value of the client secret, which the portal shows once");
        // The search at the end looks for it too.
        let secrets = scene.azure.control().get("/secrets").to_string();
        assert!(secrets.contains("not-the-secret-0123456789"), "{secrets}");
        assert!(scene.dir.addresses().is_empty());
    });
}
