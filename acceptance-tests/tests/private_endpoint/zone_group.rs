//! The zone group: made, changed in place, renamed, and left alone where it is somebody else's.

use acceptance_tests::every_cli;
use serde_json::json;

use crate::{MAIN, Stage, group, id};

const API: &str = "privatelink.api.azureml.ms";
const NOTEBOOKS: &str = "privatelink.notebooks.azure.net";

#[test]
fn both_zones_get_the_names_and_lose_them_before_the_endpoint_goes() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zones = [stage.zone(API), stage.zone(NOTEBOOKS)];
        stage.scene.azure.forget();
        stage.endpoint(&group("", &[&zones[0], &zones[1]]));
        stage.scene.dir.apply().succeeds();
        let log = stage.scene.azure.requests();
        let writes: Vec<_> = log.writes().iter().map(|one| (one.method.clone(), one.body.clone())).collect();
        let config = |name: &str, zone: &str| json!({"name": name, "properties": {"privateDnsZoneId": zone}});
        let configs = [
            config("privatelink-api-azureml-ms", &zones[0]),
            config("privatelink-notebooks-azure-net", &zones[1]),
        ];
        assert_eq!(writes.len(), 2);
        assert_eq!(writes[1], ("PUT".to_owned(), json!({"properties": {"privateDnsZoneConfigs": configs}})));
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["private_dns_zone_group"]["name"], "default");
        assert_eq!(state["custom_dns_configs"].as_array().map(Vec::len), Some(4), "{state}");
        let configs = &state["private_dns_zone_configs"];
        assert_eq!(configs[0]["name"], "privatelink-api-azureml-ms");
        assert_eq!(configs[0]["record_sets"][0]["type"], "A");
        assert_eq!(configs[0]["record_sets"][0]["ttl"], 10);
        assert_eq!(configs[1]["record_sets"][0]["ip_addresses"], json!(["10.0.1.5"]));
        stage.scene.azure.forget();
        stage.scene.dir.plans_nothing();
        assert_eq!(stage.log(), ["GET privateEndpoints/endpoint", "GET privateDnsZoneGroups/default"]);
        stage.scene.azure.forget();
        stage.scene.dir.destroy().succeeds();
        let log = stage.scene.azure.requests();
        let deletes: Vec<bool> = log.writes().iter().map(|one| one.path.contains("ZoneGroups")).collect();
        assert_eq!(deletes, [true, false]);
    });
}

#[test]
fn zones_come_and_go_in_one_request_and_exchange_without_a_gap() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let (api, notebooks) = (stage.zone(API), stage.zone(NOTEBOOKS));
        stage.exists_with("");
        // Made later, extended, reduced, exchanged: always one PUT, and never a DELETE.
        for (zones, names) in [
            (vec![&api], vec!["privatelink-api-azureml-ms"]),
            (vec![&api, &notebooks], vec!["privatelink-api-azureml-ms", "privatelink-notebooks-azure-net"]),
            (vec![&notebooks], vec!["privatelink-notebooks-azure-net"]),
            (vec![&api], vec!["privatelink-api-azureml-ms"]),
        ] {
            let zones: Vec<&str> = zones.into_iter().map(String::as_str).collect();
            stage.endpoint(&group("", &zones));
            let plan = stage.scene.dir.plan();
            plan.has_changes().will("update", MAIN);
            assert!(plan.output.warnings().is_empty(), "{:?}", plan.output);
            stage.scene.azure.forget();
            stage.scene.dir.apply_saved().succeeds();
            let log = stage.scene.azure.requests();
            let writes: Vec<_> = log.writes().iter().map(|one| one.method.clone()).collect();
            assert_eq!(writes, ["PUT"], "{names:?}");
            let state = stage.scene.dir.resource(MAIN);
            let there = state["private_dns_zone_configs"].as_array().cloned().unwrap_or_default();
            let there: Vec<_> = there.iter().map(|one| one["name"].clone()).collect();
            assert_eq!(there, names);
            stage.scene.dir.plans_nothing();
        }
        // The same zone in another group of resources is another part with another name.
        let other = api.replace("scene-rg", "hub-rg");
        let rg = other.split("/providers/").next().unwrap_or_default();
        stage.scene.azure.place(rg, &json!({"location": "eastus"}));
        stage.scene.azure.make_zone(&other);
        stage.endpoint(&group("", &[&other]));
        stage.scene.dir.apply().succeeds();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["private_dns_zone_configs"][0]["name"], "privatelink-api-azureml-ms-2");
        // Removing the block removes the group.
        stage.endpoint("");
        stage.scene.azure.forget();
        stage.scene.dir.plan().has_changes().will("update", MAIN);
        stage.scene.dir.apply_saved().succeeds();
        let log = stage.scene.azure.requests();
        assert_eq!(log.to("DELETE", "/privateDnsZoneGroups/default").len(), 1);
        assert_eq!(log.writes().len(), 1, "{log:?}");
        stage.scene.dir.plans_nothing();
        assert_eq!(stage.scene.dir.resource(MAIN)["private_dns_zone_configs"], json!([]));
    });
}

#[test]
fn another_name_makes_another_group_and_the_plan_warns_of_the_gap() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone(API);
        stage.exists_with(&group("", &[&zone]));
        stage.endpoint(&group("other", &[&zone]));
        let plan = stage.scene.dir.plan();
        plan.has_changes().will("update", MAIN);
        let warnings = plan.output.warnings();
        assert_eq!(warnings.len(), 1, "{:?}", plan.output);
        assert_eq!(warnings[0].summary, "Gap in Name Resolution");
        assert_eq!(
            warnings[0].detail,
            "A zone group cannot be renamed: with another private_dns_zone_group.name, \"default\" is deleted, and \"other\" is made afterwards. In between, and until DNS caches expire, the names of the endpoint do not resolve to its addresses. Changes of private_dns_zone_ids alone leave no such gap."
        );
        stage.scene.dir.apply_saved().succeeds();
        let log = stage.scene.azure.requests();
        let writes: Vec<_> = log.writes().iter().map(|one| one.method.clone()).collect();
        assert_eq!(writes, ["DELETE", "PUT"]);
        stage.scene.dir.plans_nothing();
        stage.endpoint(&group("OTHER", &[&zone.to_uppercase()]));
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn a_group_that_policy_made_is_left_alone_and_taken_over_by_its_name() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let (api, notebooks) = (stage.zone(API), stage.zone(NOTEBOOKS));
        stage.exists_with("");
        let configs = json!([{"name": "theirs", "properties": {"privateDnsZoneId": api}}]);
        let made = format!("{}/privateDnsZoneGroups/deployedByPolicy", id());
        let body = json!({"properties": {"privateDnsZoneConfigs": configs}});
        stage.scene.azure.by_policy("PUT", &made, "2024-01-01", &body);
        stage.scene.azure.drift(&id(), &json!({"tags": {"costCenter": "7"}}));
        stage.scene.azure.forget();
        let plan = stage.scene.dir.plan();
        plan.is_empty();
        assert!(plan.output.warnings().is_empty(), "{:?}", plan.output);
        assert_eq!(stage.log(), ["GET privateEndpoints/endpoint"], "the group is not asked for");

        stage.endpoint(&group("", &[&api]));
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Group Exists Already");
        assert!(error.code.starts_with("private_dns_zone_group = {"), "{error:?}");
        assert_eq!(
            error.detail,
            format!(
                "An endpoint has one zone group, and something else, such as an Azure policy, has given this one the group \"deployedByPolicy\". To leave that as it is, remove private_dns_zone_group; to manage it here, set private_dns_zone_group.name to \"deployedByPolicy\"; or delete it first.\n\n{}",
                id()
            )
        );
        stage.endpoint(&group("deployedByPolicy", &[&api, &notebooks]));
        stage.scene.dir.apply().succeeds();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["private_dns_zone_configs"][0]["name"], "theirs", "what is there keeps its name");
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn an_import_of_an_endpoint_with_a_group_of_policy_leaves_it_alone() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let api = stage.zone(API);
        stage.exists_with("");
        let configs = json!([{"name": "theirs", "properties": {"privateDnsZoneId": api}}]);
        let made = format!("{}/privateDnsZoneGroups/deployedByPolicy", id());
        let body = json!({"properties": {"privateDnsZoneConfigs": configs}});
        stage.scene.azure.by_policy("PUT", &made, "2024-01-01", &body);
        stage.scene.dir.run(&["state", "rm", MAIN]).succeeds();
        stage.scene.dir.import(MAIN, &id()).succeeds();
        stage.scene.dir.plans_nothing();
        stage.endpoint("tags = { team = \"one\" }");
        stage.scene.dir.apply().succeeds();
        assert!(!stage.scene.azure.resource(&made).is_null());
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn a_group_that_somebody_deleted_is_made_again() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let api = stage.zone(API);
        stage.exists_with(&group("", &[&api]));
        let made = format!("{}/privateDnsZoneGroups/default", id());
        stage.scene.azure.by_policy("DELETE", &made, "2024-01-01", &json!(null));
        stage.scene.dir.plan().has_changes().will("update", MAIN);
        stage.scene.dir.apply_saved().succeeds();
        assert!(!stage.scene.azure.resource(&made).is_null());
        stage.scene.dir.plans_nothing();
    });
}
