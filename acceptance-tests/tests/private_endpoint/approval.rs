//! Connections that somebody else approves, rejects, or takes away again.

use acceptance_tests::{Fault, Output, Signal, every_cli};
use serde_json::json;

use crate::{MAIN, Stage, group, id};

const MANUAL: &str = "manual_connection = true\nrequest_message = \"For training\"";

/// Arguments of a connection that is waited for.
fn waiting(more: &str) -> String {
    format!("{MANUAL}\nwait_for_approval = true\n{more}")
}

#[test]
fn a_pending_connection_is_a_warning_until_somebody_approves_it() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        stage.endpoint(&format!("{MANUAL}\n{}", group("", &[&zone])));
        let output = stage.scene.dir.apply();
        output.succeeds();
        let warnings = output.warnings();
        assert_eq!(warnings.len(), 1, "{output:?}");
        assert_eq!(warnings[0].summary, "Connection Waits for Approval");
        assert_eq!(
            warnings[0].detail,
            format!(
                "The endpoint exists, but it carries no traffic until its connection is approved. Whoever owns the target approves the connection: with the resource azureml_private_endpoint_approval (not in a configuration whose endpoint has wait_for_approval = true, for which it would wait), in the Azure portal, or with \"az network private-endpoint-connection approve --id <ID>\", where \"az network private-endpoint-connection list --id {}\" shows the connection's ID. With wait_for_approval = true an apply waits for that.\n\n{}",
                stage.scene.id(),
                id()
            )
        );
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["connection_status"], "Pending");
        assert_eq!(state["custom_dns_configs"], json!([]));
        assert_eq!(state["private_dns_zone_configs"][0]["record_sets"], json!([]));
        let plan = stage.scene.dir.plan();
        plan.is_empty();
        assert_eq!(plan.output.warnings()[0].detail, warnings[0].detail, "also of what was made earlier");

        stage.scene.azure.decide(&id(), "Approved", "Welcome");
        stage.scene.dir.apply_with(&["-refresh-only"]).succeeds();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["connection_status"], "Approved");
        assert_eq!(state["connection_description"], "Welcome");
        assert_eq!(state["custom_dns_configs"].as_array().map(Vec::len), Some(4), "{state}");
        assert!(state["private_dns_zone_configs"][0]["record_sets"][0]["fqdn"].is_string(), "{state}");
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn a_message_changes_in_place() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with(MANUAL);
        stage.scene.azure.decide(&id(), "Approved", "");
        stage.endpoint(&MANUAL.replace("training", "everything"));
        stage.scene.dir.plan().has_changes().will("update", MAIN);
        stage.scene.azure.forget();
        stage.scene.dir.apply_saved().succeeds();
        let log = stage.scene.azure.requests();
        let sent =
            &log.writes()[0].body["properties"]["manualPrivateLinkServiceConnections"][0]["properties"];
        assert_eq!(sent["requestMessage"], "For everything");
        assert_eq!(stage.scene.dir.resource(MAIN)["connection_status"], "Approved", "what was decided stays");
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn who_may_approve_is_asked_for_by_another_endpoint() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with("");
        for (arguments, status) in [(MANUAL, "Pending"), ("", "Approved")] {
            stage.endpoint(arguments);
            stage.scene.dir.plan().has_changes().will("replace", MAIN);
            stage.scene.dir.apply_saved().succeeds();
            assert_eq!(stage.scene.dir.resource(MAIN)["connection_status"], status);
            stage.scene.dir.plans_nothing();
        }
    });
}

#[test]
fn an_apply_waits_for_the_approval_and_makes_the_zone_group_then() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        stage.endpoint(&waiting(&group("", &[&zone])));
        decided(&stage, looks(), "Approved", "Welcome").succeeds();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["connection_status"], "Approved");
        assert_eq!(state["connection_description"], "Welcome");
        assert!(state["private_dns_zone_configs"][0]["record_sets"][0]["fqdn"].is_string(), "{state}");
        stage.scene.dir.plans_nothing();
    });
}

/// The first read of an endpoint that is there, while it is waited for: after the look whether it exists, and the read at the
/// end of its creation.
fn looks() -> Fault {
    Fault::at("GET", "/privateEndpoints/endpoint$").skip(2).hold()
}

/// A look at the endpoint, after so many others, whose answer asks for a pause beyond any timeout: the wait is over then, however
/// fast the machine is.
fn asks_for_too_much(looks: usize) -> Fault {
    Fault::at("GET", "/privateEndpoints/endpoint$").skip(looks).kind("retry_after").retry_after(36_000)
}

/// An apply whose wait for the approval is held there until somebody has decided.
fn decided(stage: &Stage, look: Fault, status: &str, words: &str) -> Output {
    let hold = stage.scene.azure.inject(look);
    let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-json"]);
    hold.wait();
    stage.scene.azure.decide(&id(), status, words);
    hold.release();
    running.wait()
}

/// An apply that is interrupted in its wait for the approval.
fn interrupted(stage: &Stage) -> Output {
    let hold = stage.scene.azure.inject(looks());
    let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    hold.wait();
    running.signal(Signal::Interrupt);
    let output = running.wait();
    hold.release();
    output
}

#[test]
fn a_rejection_fails_with_the_owners_words() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.endpoint(&waiting(""));
        let output = decided(&stage, looks(), "Rejected", "Not in this quarter");
        let error = output.fails().only_error();
        assert_eq!(error.summary, "Connection Rejected");
        assert_eq!(
            error.detail,
            format!(
                "The target's owner has rejected the connection, with the words \"Not in this quarter\". The endpoint exists, but carries no traffic. The state has the endpoint marked as tainted, so that the next apply would replace it by one that asks the owner again. To keep this one, run \"terraform untaint\" (\"tofu untaint\") with its address before.\n\n{}",
                id()
            )
        );
        stage.scene.dir.plan().has_changes().will("replace", MAIN);
        stage.scene.dir.run(&["untaint", MAIN]).succeeds();
        let plan = stage.scene.dir.plan();
        plan.is_empty();
        assert_eq!(
            plan.output.warnings()[0].detail,
            format!(
                "The target's owner has rejected the connection, with the words \"Not in this quarter\". The endpoint carries no traffic, and its connection is not asked for again: once the owner agrees, run apply with \"-replace\" and its address for a new one.\n\n{}",
                id()
            )
        );
    });
}

#[test]
fn what_was_approved_may_be_rejected_or_given_up_later() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with("");
        for (status, words) in [
            ("Rejected", "The target's owner has rejected the connection, with the words \"Enough\"."),
            (
                "Disconnected",
                "The target has removed the connection, with the words \"Enough\". The endpoint carries no traffic any more, and its connection cannot be restored: run",
            ),
        ] {
            stage.scene.azure.decide(&id(), status, "Enough");
            let plan = stage.scene.dir.plan();
            plan.is_empty();
            let warnings = plan.output.warnings();
            assert_eq!(warnings.len(), 1, "{:?}", plan.output);
            assert_eq!(warnings[0].summary, format!("Connection {status}"));
            assert!(warnings[0].detail.starts_with(words), "{:?}", warnings[0]);
        }
        stage.endpoint("wait_for_approval = true");
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Connection Disconnected");
        assert!(!stage.scene.dir.is_tainted(MAIN));
    });
}

#[test]
fn a_wait_that_is_too_long_says_who_has_to_do_what() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.scene.azure.inject(asks_for_too_much(2));
        stage.endpoint(&waiting("timeouts {\n  create = \"10m\"\n}"));
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Connection Not Approved in Time");
        let text = format!(
            "The endpoint exists, but nobody has approved its connection yet. Whoever owns the target approves the connection: with the resource azureml_private_endpoint_approval (not in a configuration whose endpoint has wait_for_approval = true, for which it would wait), in the Azure portal, or with \"az network private-endpoint-connection approve --id <ID>\", where \"az network private-endpoint-connection list --id {}\" shows the connection's ID. The state has the endpoint marked as tainted, so that the next apply would replace it by one that asks anew. To keep this one, run \"terraform untaint\" (\"tofu untaint\") with its address before.\n\nThe timeout passed while waiting for GET ",
            stage.scene.id()
        );
        assert!(error.detail.starts_with(&text), "{error:?}");
        assert!(error.detail.contains("The last status was \"Pending\"."), "{error:?}");
        stage.scene.dir.run(&["untaint", MAIN]).succeeds();
        stage.scene.azure.decide(&id(), "Approved", "");
        stage.scene.dir.apply().succeeds();
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn a_wait_can_be_interrupted_and_the_next_apply_goes_on() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        stage.endpoint(&waiting(&group("", &[&zone])));
        interrupted(&stage).says("Wait for Approval Interrupted");
        assert!(!stage.scene.dir.is_tainted(MAIN));
        stage.scene.azure.decide(&id(), "Approved", "");
        stage.scene.dir.plan().has_changes().will("update", MAIN);
        stage.scene.dir.apply_saved().succeeds();
        assert_eq!(stage.scene.dir.resource(MAIN)["connection_status"], "Approved");
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn a_wait_that_was_interrupted_goes_on_although_nothing_else_is_left_to_do() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.endpoint(&waiting(""));
        interrupted(&stage)
            .says("The next apply waits again, and then does what else the configuration wants.");
        goes_on(&stage);
    });
}

#[test]
fn a_wait_that_was_too_long_in_an_update_goes_on() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with(MANUAL);
        // The first look is the plan's.
        stage.scene.azure.inject(asks_for_too_much(1));
        stage.endpoint(&waiting("timeouts {\n  update = \"10m\"\n}"));
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Connection Not Approved in Time");
        assert!(
            error.detail.contains(" shows the connection's ID. The next apply waits again.\n\n"),
            "{error:?}"
        );
        assert!(!stage.scene.dir.is_tainted(MAIN));
        stage.endpoint(&waiting(""));
        goes_on(&stage);
    });
}

/// The next apply waits for the approval, and sends nothing.
fn goes_on(stage: &Stage) {
    let plan = stage.scene.dir.plan();
    plan.has_changes().will("update", MAIN);
    assert!(plan.output.warnings().is_empty(), "{:?}", plan.output);
    stage.scene.azure.forget();
    let look = Fault::at("GET", "/privateEndpoints/endpoint$").skip(1).hold();
    decided(stage, look, "Approved", "Welcome").succeeds();
    assert!(stage.scene.azure.requests().writes().is_empty());
    let state = stage.scene.dir.resource(MAIN);
    assert_eq!(state["connection_status"], "Approved");
    assert_eq!(state["connection_description"], "Welcome");
    assert_eq!(state["custom_dns_configs"].as_array().map(Vec::len), Some(4), "{state}");
    stage.scene.dir.plans_nothing();
}

#[test]
fn a_wait_for_what_is_approved_already_leaves_all_as_it_is() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        stage.exists_with(&group("", &[&zone]));
        let before = stage.scene.dir.resource(MAIN);
        stage.endpoint(&format!("wait_for_approval = true\n{}", group("", &[&zone])));
        let plan = stage.scene.dir.plan();
        plan.has_changes().will("update", MAIN);
        let unknown = plan.change(MAIN)["after_unknown"].to_string();
        assert!(!unknown.contains("true"), "{unknown}");
        stage.scene.dir.apply_saved().succeeds();
        let after = stage.scene.dir.resource(MAIN);
        assert_eq!(after["private_dns_zone_configs"], before["private_dns_zone_configs"]);
        stage.scene.dir.plans_nothing();
    });
}
