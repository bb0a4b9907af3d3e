//! Names that Azure lists before the connection is approved, as the examples of its OpenAPI document have it.

use acceptance_tests::every_cli;
use serde_json::json;

use crate::{MAIN, Stage, group, id};

const MANUAL: &str = "manual_connection = true\nrequest_message = \"For training\"";

#[test]
fn names_of_a_pending_connection_are_no_difference() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.scene.azure.settings(&json!({"network": {"names_while_pending": true}}));
        let zone = stage.zone("privatelink.api.azureml.ms");
        let names = || stage.scene.dir.resource(MAIN)["custom_dns_configs"].as_array().map(Vec::len);
        stage.exists_with(&format!("{MANUAL}\n{}", group("", &[&zone])));
        assert_eq!(names(), Some(4));
        stage.scene.azure.decide(&id(), "Approved", "Welcome");
        stage.scene.dir.apply_with(&["-refresh-only"]).succeeds();
        assert_eq!(stage.scene.dir.resource(MAIN)["connection_status"], "Approved");
        assert_eq!(names(), Some(4));
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn names_that_appear_or_go_while_it_is_pending_are_no_difference() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with(MANUAL);
        for (listed, description) in [(true, "Wait"), (false, "Wait longer")] {
            stage.scene.azure.settings(&json!({"network": {"names_while_pending": listed}}));
            stage.scene.azure.decide(&id(), "Pending", description);
            let there = stage.scene.azure.resource(&id());
            let names = there["properties"]["customDnsConfigs"].as_array().map(Vec::len);
            assert_eq!(names, Some(if listed { 4 } else { 0 }), "{there}");
            stage.scene.dir.plans_nothing();
        }
    });
}
