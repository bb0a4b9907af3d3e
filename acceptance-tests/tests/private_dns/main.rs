//! Private DNS zones and the links of networks to them: made in one apply, changed in place, and gone in the right order.

mod function;
mod link_state;

use acceptance_tests::{Emulator, Fault, Scene, every_cli};
use serde_json::json;

/// Both zones of a workspace, and a link of the network to each.
const BOTH: &str = r#"resource "azureml_private_dns_zone" "workspace" {
  for_each            = provider::azureml::private_dns_zone_names()
  name                = each.value
  resource_group_name = "scene-rg"
}

resource "azureml_private_dns_link" "workspace" {
  for_each            = azureml_private_dns_zone.workspace
  name                = "scene"
  private_dns_zone_id = each.value.id
  virtual_network_id  = "{network}"
}
"#;

/// One zone.
const ZONE: &str = r#"resource "azureml_private_dns_zone" "main" {
  name                = "privatelink.api.azureml.ms"
  resource_group_name = "scene-rg"
{arguments}
}
"#;

/// One link of the network to it.
const LINK: &str = r#"resource "azureml_private_dns_link" "main" {
  name                = "scene"
  private_dns_zone_id = azureml_private_dns_zone.main.id
  virtual_network_id  = "{network}"
{arguments}
}
"#;

/// The ID of something of the network in the scene's group.
fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}

fn zone_id() -> String {
    id_of("privateDnsZones/privatelink.api.azureml.ms")
}

/// A scene with a virtual network.
fn networked(cli: &acceptance_tests::Cli) -> Scene {
    let scene = Scene::new(cli);
    scene.make_network();
    scene.azure.forget();
    scene
}

fn zone(arguments: &str) -> String {
    ZONE.replace("{arguments}", arguments)
}

fn link(arguments: &str) -> String {
    LINK.replace("{network}", &Scene::network_id()).replace("{arguments}", arguments)
}

#[test]
fn three_blocks_make_zones_and_links_and_take_them_away() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &BOTH.replace("{network}", &Scene::network_id()));
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        for name in ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"] {
            let zone = id_of(&format!("privateDnsZones/{name}"));
            let link = scene.azure.resource(&format!("{zone}/virtualNetworkLinks/scene"));
            assert_eq!(link["properties"]["virtualNetwork"]["id"], Scene::network_id().as_str());
            assert_eq!(link["properties"]["registrationEnabled"], false);
            let address = format!("azureml_private_dns_link.workspace[\"{name}\"]");
            let state = scene.dir.resource(&address);
            assert_eq!(state["private_dns_zone_id"], zone.as_str());
            assert_eq!(state["resolution_policy"], "Default", "Azure's default is in the state");
            assert_eq!(state["virtual_network_link_state"], "Completed");
        }
        scene.dir.run(&["apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color"]).succeeds();
        let zone = scene.dir.resource("azureml_private_dns_zone.workspace[\"privatelink.api.azureml.ms\"]");
        let counters = [
            ("number_of_record_sets", 1),
            ("max_number_of_record_sets", 25_000),
            ("number_of_virtual_network_links", 1),
            ("max_number_of_virtual_network_links", 1_000),
            ("number_of_virtual_network_links_with_registration", 0),
            ("max_number_of_virtual_network_links_with_registration", 100),
        ];
        assert_eq!(counters.map(|(name, _)| zone[name].clone()), counters.map(|(_, count)| json!(count)));
        scene.azure.forget();
        scene.dir.destroy().succeeds();
        let log = scene.azure.requests();
        let deletes: Vec<&str> = log.writes().iter().map(|request| request.path.as_str()).collect();
        assert_eq!(deletes.len(), 4, "{deletes:?}");
        for zone in deletes.iter().filter(|path| !path.contains("virtualNetworkLinks")) {
            let order = |path: &str| deletes.iter().position(|one| one.eq_ignore_ascii_case(path));
            assert!(order(&format!("{zone}/virtualNetworkLinks/scene")) < order(zone), "{deletes:?}");
        }
        assert!(scene.azure.resource(&zone_id()).is_null());
    });
}

#[test]
fn a_create_and_a_change_ask_for_no_more_than_they_need() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &(zone("tags = { team = \"one\" }") + &link("")));
        scene.dir.apply().succeeds();
        let sent: Vec<_> = scene
            .azure
            .requests()
            .writes()
            .iter()
            .map(|one| (one.method.clone(), one.body.clone()))
            .collect();
        let made = json!({
            "location": "global",
            "properties": {"virtualNetwork": {"id": Scene::network_id()}, "registrationEnabled": false}
        });
        assert_eq!(
            sent,
            [
                ("PUT".to_owned(), json!({"location": "global", "tags": {"team": "one"}})),
                ("PUT".to_owned(), made)
            ]
        );
        scene.azure.forget();
        let changed = zone("tags = { team = \"two\" }")
            + &link("registration_enabled = true\nresolution_policy = \"NxDomainRedirect\"");
        scene.dir.write("main.tf", &changed);
        scene.dir.plan().has_changes().will("update", "azureml_private_dns_zone.main");
        scene.dir.apply_saved().succeeds();
        let mut sent: Vec<_> = scene
            .azure
            .requests()
            .writes()
            .iter()
            .map(|one| (one.method.clone(), one.body.clone()))
            .collect();
        sent.sort_by_key(|(_, body)| body.to_string());
        let properties = json!({"registrationEnabled": true, "resolutionPolicy": "NxDomainRedirect"});
        assert_eq!(
            sent,
            [
                ("PATCH".to_owned(), json!({"properties": properties})),
                ("PATCH".to_owned(), json!({"tags": {"team": "two"}})),
            ]
        );
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_zone_with_links_of_others_is_not_deleted() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &zone(""));
        scene.dir.apply().succeeds();
        for (name, network) in [("hub", "virtualNetworks/hub"), ("spoke", "virtualNetworks/spoke")] {
            scene.azure.make_network(&id_of(network));
            scene.azure.make_link(&zone_id(), name, &id_of(network));
        }
        let error = scene.dir.destroy().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Has Links");
        assert_eq!(
            error.detail,
            format!(
                "Virtual networks are linked to the zone \"privatelink.api.azureml.ms\": hub, spoke. Delete these links first. Where they are in this configuration, refer to the zone by its resource (private_dns_zone_id = azureml_private_dns_zone.example.id), so that they go before it; a link that something else made is deleted with \"az network private-dns link vnet delete\".\n\n{}",
                zone_id()
            )
        );
        assert!(!scene.azure.resource(&zone_id()).is_null());
    });
}

#[test]
fn azure_may_count_links_for_a_while_after_they_have_gone() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &(zone("") + &link("")));
        scene.dir.apply().succeeds();
        scene.azure.settings(&json!({"network": {"zone_delete_refusals": 2, "link_delete_reads": 2}}));
        scene.azure.forget();
        scene.dir.destroy().succeeds();
        let log = scene.azure.requests();
        let refused = log.to("DELETE", "/privateDnsZones/privatelink.api.azureml.ms");
        assert!(refused.len() > 1, "the zone went at once: {log:?}");
        assert!(scene.azure.resource(&zone_id()).is_null());
    });
}

#[test]
fn a_network_is_linked_to_one_zone_of_a_name() {
    every_cli(|cli| {
        let scene = networked(cli);
        let group = format!("/subscriptions/{}/resourceGroups/hub-rg", Emulator::SUBSCRIPTION);
        scene.azure.place(&group, &json!({"location": "eastus"}));
        let other = format!("{group}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms");
        scene.azure.make_zone(&other);
        scene.azure.make_link(&other, "theirs", &Scene::network_id());
        scene.dir.write("main.tf", &(zone("") + &link("")));
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Overlapping Private DNS Zones");
        let text = "The virtual network is linked already to a zone with names like those of \"privatelink.api.azureml.ms\". A network can be linked to one of them: import the link that is there, or delete it first, or use its zone. \"az network private-dns zone list --query \"[?name=='privatelink.api.azureml.ms'].id\"\" lists the zones of this name in a subscription.\n\nA virtual network cannot be linked to multiple zones with overlapping namespaces";
        assert!(error.detail.starts_with(text), "{error:?}");
        assert!(error.code.starts_with("virtual_network_id"), "{error:?}");
    });
}

#[test]
fn what_exists_is_imported_in_any_casing_and_not_overwritten() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.azure.make_zone(&zone_id());
        scene.azure.make_link(&zone_id(), "scene", &Scene::network_id());
        scene.dir.write("main.tf", &(zone("") + &link("")));
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Exists Already");
        assert!(error.detail.contains(&format!("id = \"{}\"", zone_id())), "{error:?}");

        let link_id = format!("{}/virtualNetworkLinks/scene", zone_id());
        for odd in [str::to_uppercase, str::to_lowercase] {
            scene.dir.import("azureml_private_dns_zone.main", &odd(&zone_id())).succeeds();
            scene.dir.import("azureml_private_dns_link.main", &odd(&link_id)).succeeds();
            scene.dir.plans_nothing();
            assert_eq!(scene.dir.resource("azureml_private_dns_zone.main")["id"], zone_id().as_str());
            assert_eq!(scene.dir.resource("azureml_private_dns_link.main")["id"], link_id.as_str());
            scene
                .dir
                .run(&["state", "rm", "azureml_private_dns_zone.main", "azureml_private_dns_link.main"])
                .succeeds();
        }
    });
}

#[test]
fn what_others_make_at_the_same_time_is_not_overwritten() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &zone("tags = { mine = \"yes\" }"));
        let held = scene.azure.inject(Fault::at("PUT", "/privateDnsZones/").times(1).hold());
        let running = scene.dir.start(&["apply", "-auto-approve", "-input=false", "-json"]);
        held.wait();
        // The look before it has found nothing; now another team is quicker.
        scene.azure.make_zone(&zone_id());
        held.release();
        let error = running.wait().fails().only_error();
        assert_eq!(error.summary, "Private DNS Zone Exists Already");
        assert!(error.detail.contains(&format!("id = \"{}\"", zone_id())), "{error:?}");
        assert!(scene.azure.resource(&zone_id())["tags"].is_null(), "the zone of others has changed");
        assert!(scene.dir.addresses().is_empty());
    });
}

#[test]
fn changes_in_each_others_way_are_made_after_all() {
    every_cli(|cli| {
        let scene = networked(cli);
        let refuse = |method: &str| {
            let fault = Fault::at(method, "/privateDnsZones/").times(3).status(412);
            scene.azure.inject(fault.error("PreconditionFailed", "The resource has changed meanwhile."))
        };
        for (method, text) in [
            ("PUT", zone("") + &link("")),
            ("PATCH", zone("tags = { a = \"1\" }") + &link("registration_enabled = true")),
            ("DELETE", String::new()),
        ] {
            let refused = refuse(method);
            scene.dir.write("main.tf", &text);
            scene.dir.apply().succeeds();
            assert_eq!(refused.hits(), 3, "{method}");
            scene.dir.plans_nothing();
        }
        assert!(scene.azure.resource(&zone_id()).is_null());
    });
}

#[test]
fn a_pause_that_is_asked_for_with_the_acceptance_is_kept() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.azure.settings(&json!({"network": {"dns_retry_after": 2}}));
        for text in [zone(""), String::new()] {
            scene.azure.forget();
            scene.dir.write("main.tf", &text);
            scene.dir.apply().succeeds();
            let log = scene.azure.requests();
            let (answered, pause) = log.writes()[0].retry_after.expect("a pause was asked for");
            let polls: Vec<u64> =
                log.0.iter().filter(|one| one.operation_poll).map(|one| one.at_ms).collect();
            assert_eq!((pause, polls.len()), (2000, 1), "{log:?}");
            assert!(polls[0] >= answered + pause, "{log:?}");
        }
    });
}

#[test]
fn urls_of_operations_as_they_were_until_2021_are_followed() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.azure.settings(&json!({"operation_polls": 1, "network": {"unsigned_dns_operations": true}}));
        scene.dir.write("main.tf", &(zone("") + &link("")));
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        scene.dir.destroy().succeeds();
        let log = scene.azure.requests();
        let polls: Vec<_> = log.0.iter().filter(|one| one.operation_poll).collect();
        assert!(polls.iter().all(|one| one.status == 200), "{polls:?}");
        assert!(polls.iter().any(|one| one.path.ends_with('=')), "{polls:?}");
    });
}

#[test]
fn zone_and_network_may_lie_in_other_subscriptions() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let elsewhere = format!("/subscriptions/{}/resourceGroups/hub-rg", Emulator::OTHER_SUBSCRIPTION);
        scene.azure.place(&elsewhere, &json!({"location": "eastus"}));
        let network = format!("{elsewhere}/providers/Microsoft.Network/virtualNetworks/hub");
        scene.azure.make_network(&network);
        let text = format!(
            "{}{}",
            zone(&format!("subscription_id = \"{}\"", Emulator::OTHER_SUBSCRIPTION))
                .replace("scene-rg", "hub-rg"),
            LINK.replace("{network}", &network).replace("{arguments}", "")
        );
        scene.dir.write("main.tf", &text);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        let zone = scene.dir.resource("azureml_private_dns_zone.main");
        assert!(zone["id"].as_str().is_some_and(|id| id.starts_with(&elsewhere)), "{zone}");
        scene.dir.destroy().succeeds();
    });
}

#[test]
fn tags_that_a_policy_adds_are_no_change() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &(zone("tags = { team = \"one\" }") + &link("")));
        scene.dir.apply().succeeds();
        scene.azure.drift(&zone_id(), &json!({"tags": {"costCenter": "7"}}));
        let link_id = format!("{}/virtualNetworkLinks/scene", zone_id());
        scene.azure.drift(&link_id, &json!({"tags": {"costCenter": "7"}}));
        scene.dir.plans_nothing();
    });
}
