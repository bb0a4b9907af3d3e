//! What an endpoint sends and holds, what others do to it, and what is no change.

use acceptance_tests::{Emulator, Fault, every_cli};
use serde_json::{Value, json};

use crate::{MAIN, Stage, group, id, id_of};

#[test]
fn an_endpoint_is_made_with_few_requests_and_shows_its_addresses_and_names() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.endpoint("");
        stage.scene.dir.apply().succeeds();
        let interface = stage.scene.azure.resource(&id())["properties"]["networkInterfaces"][0]["id"].clone();
        let name = interface.as_str().and_then(|id| id.rsplit('/').next()).unwrap_or_default().to_owned();
        assert_eq!(
            stage.log(),
            [
                "GET privateEndpoints/endpoint".to_owned(),
                "PUT privateEndpoints/endpoint".to_owned(),
                "GET privateEndpoints/endpoint".to_owned(),
                format!("GET networkInterfaces/{name}"),
            ]
        );
        let log = stage.scene.azure.requests();
        let properties = json!({"privateLinkServiceId": stage.scene.id(), "groupIds": ["amlworkspace"]});
        assert_eq!(
            log.writes()[0].body,
            json!({
                "location": "eastus",
                "properties": {
                    "subnet": {"id": stage.network.id("subnet")},
                    "privateLinkServiceConnections": [{"name": "endpoint", "properties": properties}],
                },
            })
        );
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["connection_status"], "Approved");
        assert_eq!(state["connection_name"], "endpoint");
        assert_eq!(state["group_ids"], json!(["amlworkspace"]));
        assert_eq!(state["private_connection_resource_id"], stage.scene.id().as_str());
        assert_eq!(state["network_interface_ids"], json!([interface]));
        assert_eq!(state["private_ip_addresses"], json!(["10.0.1.4", "10.0.1.5", "10.0.1.6"]));
        assert_eq!(state["private_dns_zone_configs"], json!([]));
        let names = state["custom_dns_configs"].as_array().cloned().unwrap_or_default();
        assert_eq!(names.len(), 4, "{names:?}");
        assert_eq!(names[0]["ip_addresses"], json!(["10.0.1.4"]));

        stage.scene.azure.forget();
        stage.scene.dir.plans_nothing();
        assert_eq!(stage.log(), ["GET privateEndpoints/endpoint"], "a refresh reads the endpoint alone");
        stage.scene.dir.destroy().succeeds();
        assert!(stage.scene.azure.resource(&id()).is_null());
    });
}

#[test]
fn everything_that_an_endpoint_can_have_is_sent() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let security = stage.network.id("application_security_group").to_owned();
        stage.exists_with(&format!(
            r#"connection_name = "own-name"
  custom_network_interface_name = "own-nic"
  edge_zone = "microsoftlosangeles1"
  application_security_group_ids = ["{security}"]
  ip_configurations = [
    {{ name = "one", private_ip_address = "10.0.1.20", group_id = "amlworkspace", member_name = "default" }},
    {{ name = "two", private_ip_address = "10.0.1.21", group_id = "amlworkspace", member_name = "notebook" }},
  ]
  tags = {{ team = "one" }}"#
        ));
        let there = stage.scene.azure.resource(&id());
        assert_eq!(there["extendedLocation"], json!({"name": "microsoftlosangeles1", "type": "EdgeZone"}));
        assert_eq!(there["properties"]["customNetworkInterfaceName"], "own-nic");
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["network_interface_ids"], json!([id_of("networkInterfaces/own-nic")]));
        assert_eq!(state["private_ip_addresses"], json!(["10.0.1.20", "10.0.1.21", "10.0.1.4"]));
        assert_eq!(state["application_security_group_ids"], json!([security]));

        // A change keeps all of it.
        stage
            .scene
            .dir
            .write("main.tf", &stage.scene.dir.read("main.tf").replace("team = \"one\"", "team = \"two\""));
        stage.scene.dir.plan().has_changes().will("update", MAIN);
        stage.scene.dir.apply_saved().succeeds();
        let after = stage.scene.azure.resource(&id());
        assert_eq!(after["tags"], json!({"team": "two"}));
        for member in ["ipConfigurations", "applicationSecurityGroups", "customNetworkInterfaceName"] {
            assert_eq!(strip(&after["properties"][member]), strip(&there["properties"][member]), "{member}");
        }
        assert_eq!(after["extendedLocation"], there["extendedLocation"]);
        stage.scene.dir.plans_nothing();
    });
}

/// Without tags of versions.
fn strip(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(strip).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| *name != "etag");
            Value::Object(kept.map(|(name, value)| (name.clone(), strip(value))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn security_groups_and_tags_of_others_stay_when_something_changes() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with("tags = { team = \"one\" }");
        let security = json!([{"id": stage.network.id("application_security_group")}]);
        let properties = json!({"applicationSecurityGroups": security});
        stage.scene.azure.drift(&id(), &json!({"tags": {"costCenter": "7"}, "properties": properties}));
        stage.scene.dir.plans_nothing();
        stage.endpoint("tags = { team = \"two\" }");
        stage.scene.dir.apply().succeeds();
        let there = stage.scene.azure.resource(&id());
        assert_eq!(there["tags"], json!({"team": "two", "costCenter": "7"}));
        assert_eq!(there["properties"]["applicationSecurityGroups"], security);
        stage.endpoint("tags = { team = \"two\" }\napplication_security_group_ids = []");
        stage.scene.dir.apply().succeeds();
        let there = stage.scene.azure.resource(&id());
        assert!(there["properties"]["applicationSecurityGroups"].is_null(), "{there}");
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn casing_is_no_change_wherever_it_comes_from() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.scene.azure.settings(&json!({"network": {"respell_targets": true}}));
        stage.exists_with("");
        let there = stage.scene.azure.resource(&id());
        let target = &there["properties"]["privateLinkServiceConnections"][0]["properties"];
        assert_eq!(target["privateLinkServiceId"], stage.scene.id().to_lowercase().as_str());
        assert_eq!(stage.scene.dir.resource(MAIN)["workspace_id"], stage.scene.id().as_str());
        let text = stage.scene.dir.read("main.tf");
        let subnet = stage.network.id("subnet");
        let other = text.replace(&stage.scene.id(), &stage.scene.id().to_uppercase());
        stage.scene.dir.write("main.tf", &other.replace(subnet, &subnet.to_uppercase()));
        stage.scene.dir.plans_nothing();
        stage.endpoint_to(&format!("private_connection_resource_id = \"{}\"", stage.scene.id()));
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn another_target_makes_another_endpoint() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.exists_with("");
        let vault = stage.scene.dependents.id("key_vault");
        let arguments = format!("private_connection_resource_id = \"{vault}\"\ngroup_ids = [\"vault\"]");
        stage.endpoint_to(&arguments);
        stage.scene.dir.plan().has_changes().will("replace", MAIN);
        stage.scene.dir.apply_saved().succeeds();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["private_connection_resource_id"], vault);
        assert!(state["workspace_id"].is_null(), "{state}");
        stage.scene.dir.plans_nothing();
        stage.endpoint("");
        stage.scene.dir.apply().succeeds();
        assert_eq!(stage.scene.dir.resource(MAIN)["group_ids"], json!(["amlworkspace"]));
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn what_exists_is_imported_in_any_casing_and_not_overwritten() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        let wanted = format!("connection_name = \"theirs\"\n{}", group("", &[&zone]));
        stage.exists_with(&wanted);
        for (text, odd) in [("", false), (wanted.as_str(), true)] {
            stage.scene.dir.run(&["state", "rm", MAIN]).succeeds();
            stage.endpoint(text);
            let error = stage.scene.dir.apply().fails().only_error();
            assert_eq!(error.summary, "Private Endpoint Exists Already");
            assert!(error.detail.contains(&format!("id = \"{}\"", id())), "{error:?}");
            let asked = if odd { id().to_uppercase() } else { id().to_lowercase() };
            stage.scene.dir.import(MAIN, &asked).succeeds();
            stage.scene.dir.plans_nothing();
            let state = stage.scene.dir.resource(MAIN);
            assert_eq!(state["id"], id().as_str());
            assert_eq!(state["private_dns_zone_group"]["private_dns_zone_ids"], json!([zone]));
            assert_eq!(state["private_ip_addresses"], json!(["10.0.1.4", "10.0.1.5", "10.0.1.6"]));
        }
    });
}

#[test]
fn what_exists_is_imported_by_its_identity() {
    every_cli(|cli| {
        if !cli.imports_by_identity() {
            return;
        }
        let stage = Stage::new(cli);
        let zone = stage.zone("privatelink.api.azureml.ms");
        stage.exists_with(&group("", &[&zone]));
        for subscription in ["", "    subscription_id = \"00000000-0000-0000-0000-000000000001\"\n"] {
            stage.scene.dir.run(&["state", "rm", MAIN]).succeeds();
            let identity = format!(
                "import {{\n  to = {MAIN}\n  identity = {{\n    name = \"ENDPOINT\"\n    resource_group_name = \"SCENE-RG\"\n{subscription}  }}\n}}\n"
            );
            stage.scene.dir.write("import.tf", &identity);
            let plan = stage.scene.dir.plan();
            assert_eq!(plan.change(MAIN)["actions"], json!(["no-op"]), "{:?}", plan.output);
            stage.scene.dir.apply().succeeds();
            stage.scene.dir.remove("import.tf");
            stage.scene.dir.plans_nothing();
            assert_eq!(stage.scene.dir.resource(MAIN)["id"], id().as_str());
        }
    });
}

#[test]
fn what_a_subnet_in_use_refuses_is_asked_for_again() {
    every_cli(|cli| {
        for way in ["another_operation", "refused", "not_provisioned", "fails"] {
            let stage = Stage::new(cli);
            stage.scene.azure.settings(&json!({"network": {"subnet_contention": way}}));
            stage.endpoint("");
            let more = stage.scene.dir.read("main.tf").replacen("\"main\"", "\"more\"", 1);
            let more = more.replace("\"endpoint\"", "\"second\"");
            stage.scene.dir.write("more.tf", &more);
            stage.scene.dir.apply().succeeds();
            stage.scene.dir.plans_nothing();
            for name in ["endpoint", "second"] {
                let there = stage.scene.azure.resource(&id_of(&format!("privateEndpoints/{name}")));
                assert_eq!(there["properties"]["provisioningState"], "Succeeded", "{way}: {name}");
            }
            stage.scene.dir.destroy().succeeds();
        }
    });
}

#[test]
fn endpoints_of_one_subnet_are_asked_for_one_after_the_other() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let settings = json!({"subnet_contention": "refused", "subnet_contention_span": "request"});
        stage.scene.azure.settings(&json!({"operation_polls": 3, "network": settings}));
        stage.endpoint("");
        let text = stage.scene.dir.read("main.tf").replacen("\"main\" {", "\"main\" {\n  count = 4\n", 1);
        // Something else that is made at the same time, by more requests than there are before an endpoint is asked for.
        let zone = "resource \"azureml_private_dns_zone\" \"clock\" {\n  name = \"clock.corp\"\n  resource_group_name = \"scene-rg\"\n}\n";
        let text = text.replace("\"endpoint\"", "\"endpoint-${count.index}\"");
        stage.scene.dir.write("main.tf", &(text + zone));
        let first = stage.scene.azure.inject(Fault::at("PUT", "/privateEndpoints/").hold());
        let clock = Fault::at("GET", "/privateDnsOperationStatuses/").skip(2).hold();
        let clock = stage.scene.azure.inject(clock);
        let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-no-color"]);
        first.wait();
        clock.wait();
        let puts = || {
            let log = stage.scene.azure.requests();
            let puts = log
                .0
                .into_iter()
                .filter(|one| one.method == "PUT" && one.path.contains("/privateEndpoints/"));
            puts.map(|one| one.status).collect::<Vec<_>>()
        };
        assert_eq!(puts().len(), 1, "the others wait for their turn");
        first.release();
        clock.release();
        running.wait().succeeds();
        assert_eq!(puts(), [201, 201, 201, 201], "none was refused");
    });
}

#[test]
fn only_the_request_waits_for_its_turn_and_not_the_wait_for_its_end() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.endpoint("");
        let text = stage.scene.dir.read("main.tf").replacen("\"main\" {", "\"main\" {\n  count = 2\n", 1);
        stage.scene.dir.write("main.tf", &text.replace("\"endpoint\"", "\"endpoint-${count.index}\""));
        let poll = stage.scene.azure.inject(Fault::at("GET", "/operations/").hold());
        let second = Fault::at("PUT", "/privateEndpoints/endpoint-[01]$").skip(1).hold();
        let second = stage.scene.azure.inject(second);
        let running = stage.scene.dir.start(&["apply", "-auto-approve", "-input=false", "-no-color"]);
        poll.wait();
        // The first one is made still when the second one is asked for.
        second.wait();
        second.release();
        poll.release();
        running.wait().succeeds();
        stage.scene.dir.plans_nothing();
    });
}

#[test]
fn subnet_zone_and_target_may_lie_in_other_subscriptions() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let hub = format!("/subscriptions/{}/resourceGroups/hub-rg", Emulator::OTHER_SUBSCRIPTION);
        stage.scene.azure.place(&hub, &json!({"location": "eastus"}));
        let network = format!("{hub}/providers/Microsoft.Network/virtualNetworks/hub");
        stage.scene.azure.make_network(&network);
        let zone = format!("{hub}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms");
        stage.scene.azure.make_zone(&zone);
        stage.endpoint(&group("", &[&zone]));
        let text = stage.scene.dir.read("main.tf");
        let text = text.replace(stage.network.id("subnet"), &format!("{network}/subnets/endpoints"));
        stage.scene.dir.write("main.tf", &text);
        stage.scene.dir.apply().succeeds();
        stage.scene.dir.plans_nothing();
        let state = stage.scene.dir.resource(MAIN);
        assert_eq!(state["private_dns_zone_configs"][0]["private_dns_zone_id"], zone.as_str());
        stage.scene.dir.destroy().succeeds();
    });
}
