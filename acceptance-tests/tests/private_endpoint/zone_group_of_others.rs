//! Zone groups that are known by an import alone, that something else makes meanwhile, or that cannot be made at all.

use acceptance_tests::{Fault, every_cli};
use serde_json::json;

use crate::{MAIN, Stage, group, id, id_of};

const API: &str = "privatelink.api.azureml.ms";
const TAINTED: &str = "The endpoint itself exists and is in order; only its zone group is not what is planned. The state has the endpoint marked as tainted, so that the next apply would replace it all the same. To keep this one, run \"terraform untaint\" (\"tofu untaint\") with its address before.";

#[test]
fn a_group_that_is_known_by_an_import_alone_stays_with_a_warning() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let (dir, wanted) = (&stage.scene.dir, group("", &[&stage.zone(API)]));
        let made = format!("{}/privateDnsZoneGroups/default", id());
        stage.exists_with(&wanted);
        let adopt = || {
            dir.run(&["state", "rm", MAIN]).succeeds();
            let import = format!("import {{\n  to = {MAIN}\n  id = \"{}\"\n}}\n", id());
            dir.write("import.tf", &import);
            dir.apply().succeeds();
            dir.remove("import.tf");
            let plan = dir.plan();
            plan.is_empty();
            assert!(plan.output.warnings().is_empty(), "{:?}", plan.output);
        };
        adopt();
        stage.endpoint("");
        let plan = dir.plan();
        plan.is_empty();
        let warnings = plan.output.warnings();
        assert_eq!(warnings.len(), 1, "{:?}", plan.output);
        assert_eq!(warnings[0].summary, "Private DNS Zone Group Stays");
        assert_eq!(
            warnings[0].detail,
            format!(
                "The endpoint has the zone group \"default\", and the configuration has no private_dns_zone_group. The group came into the state by an import, and nothing says that the configuration ever had it: so it stays, and its names stay in the zones. That is as it should be where something else manages it, such as an Azure policy. If it is to go, delete it, and the next plan says no more of it:\n\naz network private-endpoint dns-zone-group delete --name default --endpoint-name endpoint --resource-group scene-rg --subscription {}\n\n{}",
                acceptance_tests::Emulator::SUBSCRIPTION,
                id()
            )
        );
        stage.scene.azure.by_policy("DELETE", &made, "2024-01-01", &json!(null));
        dir.apply_with(&["-refresh-only"]).succeeds();
        let plan = dir.plan();
        plan.is_empty();
        assert!(plan.output.warnings().is_empty(), "{:?}", plan.output);

        // An apply with the group in the configuration remembers it.
        stage.endpoint(&wanted);
        dir.apply().succeeds();
        adopt();
        stage.endpoint(&format!("tags = {{ team = \"one\" }}\n{wanted}"));
        dir.apply().succeeds();
        stage.endpoint("tags = { team = \"one\" }");
        dir.plan().has_changes().will("update", MAIN);
        dir.apply_saved().succeeds();
        assert!(stage.scene.azure.resource(&made).is_null());
        dir.plans_nothing();
    });
}

#[test]
fn a_group_that_cannot_be_made_says_that_the_endpoint_is_in_order() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let dir = &stage.scene.dir;
        stage.endpoint(&group("", &[&id_of("privateDnsZones/absent.example")]));
        let error = dir.apply().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Group Not Applied");
        assert!(error.detail.ends_with(&format!("\n\n{TAINTED}")), "{error:?}");
        assert!(error.code.starts_with("private_dns_zone_group = {"), "{error:?}");
        // With the same mistake in it, the next plan would only destroy.
        let error = dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "Replacement Leads Nowhere");
        assert!(error.code.starts_with("private_dns_zone_group = {"), "{error:?}");
        dir.run(&["untaint", MAIN]).succeeds();
        stage.endpoint(&group("", &[&stage.zone(API)]));
        stage.scene.azure.forget();
        dir.apply().succeeds();
        let log = stage.scene.azure.requests();
        let writes: Vec<_> = log.writes().iter().map(|one| one.method.clone()).collect();
        assert_eq!(writes, ["PUT"], "{log:?}");
        dir.plans_nothing();
    });
}

/// The body of a group whose only part writes to this zone.
fn parted(name: &str, zone: &str) -> serde_json::Value {
    let part = json!({"name": name, "properties": {"privateDnsZoneId": zone}});
    json!({"properties": {"privateDnsZoneConfigs": [part]}})
}

#[test]
fn a_group_that_policy_makes_while_an_approval_is_waited_for_is_told() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone(API);
        let wait = "manual_connection = true\nrequest_message = \"x\"\nwait_for_approval = true";
        stage.endpoint(&format!("{wait}\n{}", group("", &[&zone])));
        let hold = stage.scene.azure.inject(Fault::at("GET", "/privateEndpoints/endpoint$").skip(2).hold());
        let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-json"]);
        hold.wait();
        let made = format!("{}/privateDnsZoneGroups/byPolicy", id());
        stage.scene.azure.by_policy("PUT", &made, "2024-01-01", &parted("theirs", &zone));
        stage.scene.azure.decide(&id(), "Approved", "");
        hold.release();
        let error = running.wait().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Group Exists Already");
        assert!(error.detail.ends_with(&format!("\n\n{TAINTED}")), "{error:?}");
    });
}

#[test]
fn a_group_that_policy_makes_at_the_same_time_is_told_or_taken_over() {
    every_cli(|cli| {
        for (name, other) in [("byPolicy", true), ("DEFAULT", false)] {
            let stage = Stage::new(cli);
            let (zone, theirs) = (stage.zone(API), stage.zone("privatelink.notebooks.azure.net"));
            stage.endpoint(&group("", &[&zone]));
            let hold = stage.scene.azure.inject(Fault::at("PUT", "/privateDnsZoneGroups/default$").hold());
            let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-json"]);
            hold.wait();
            let made = format!("{}/privateDnsZoneGroups/{name}", id());
            let body = parted("privatelink-api-azureml-ms", &theirs);
            stage.scene.azure.by_policy("PUT", &made, "2024-01-01", &body);
            hold.release();
            let output = running.wait();
            if other {
                assert_eq!(output.fails().only_error().summary, "Private DNS Zone Group Exists Already");
                continue;
            }
            output.succeeds();
            let state = stage.scene.dir.resource(MAIN);
            let part = &state["private_dns_zone_configs"][0];
            assert_eq!(part["name"], "privatelink-api-azureml-ms-2", "{state}");
            stage.scene.dir.plans_nothing();
        }
    });
}
