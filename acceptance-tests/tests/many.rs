//! Fifty endpoints in one subnet and a hundred links, while Network lets one endpoint of a subnet in at a time and counts
//! requests as strictly as it does for thousands: all are made, none twice, and all go again.

use std::collections::BTreeMap;

use acceptance_tests::{Cli, Dependents, Emulator, Request, Requests, Scene, every_cli};
use serde_json::json;

/// What Network says where its own limits are used up.
const THROTTLED: &str = "ResourceRequestsThrottled";
/// What it says to an endpoint that comes while another one of its subnet is let in.
const CONTENTION: &str = "RetryableErrorDueToAnotherOperation";

const ENDPOINTS: usize = 50;
const ZONES: usize = 10;
const NETWORKS: usize = 10;

/// Beside the storage account, a subnet, and ten zones and ten networks to link each to each.
fn set(cli: &Cli) -> Scene {
    let scene = Scene::new(cli);
    let network = scene.azure.seed_network(Scene::GROUP, "many");
    for number in 0..ZONES {
        scene.azure.make_zone(&id_of(&format!("privateDnsZones/zone-{number}.corp")));
    }
    for number in 0..NETWORKS {
        scene.azure.make_network(&id_of(&format!("virtualNetworks/network-{number}")));
    }
    // A request takes a moment, so that others come meanwhile.
    scene.azure.settings(&json!({"latency_ms": 15, "network": {
        "subnet_contention": "another_operation",
        "subnet_contention_span": "request",
        "limits": {
            "network_reads": {"requests": 40, "seconds": 1}, "network_writes": {"requests": 10, "seconds": 1},
            "private_dns_reads": {"requests": 60, "seconds": 2}, "private_dns_writes": {"requests": 20, "seconds": 2},
        },
    }}));
    scene.dir.write("main.tf", &configuration(&scene, &network));
    use_up(&scene.azure);
    scene
}

/// Has others use up the windows that the next requests fall into, so that each kind of request is throttled on any machine:
/// a slow one may never use up a window by itself.
fn use_up(azure: &Emulator) {
    for used_up in [false, true] {
        azure.settings(&json!({"network": {"limits": {"used_up": used_up}}}));
    }
    azure.forget();
}

fn configuration(scene: &Scene, network: &Dependents) -> String {
    let (subnet, target) = (network.id("subnet"), scene.dependents.id("storage_account"));
    let (zone, linked) = (id_of("privateDnsZones/zone-"), id_of("virtualNetworks/network-"));
    format!(
        r#"resource "azureml_private_endpoint" "many" {{
  count                          = {ENDPOINTS}
  name                           = "endpoint-${{count.index}}"
  resource_group_name            = "scene-rg"
  subnet_id                      = "{subnet}"
  private_connection_resource_id = "{target}"
  group_ids                      = ["blob"]
}}

resource "azureml_private_dns_link" "many" {{
  count               = {ZONES} * {NETWORKS}
  name                = "link-${{count.index % {NETWORKS}}}"
  private_dns_zone_id = "{zone}${{floor(count.index / {NETWORKS})}}.corp"
  virtual_network_id  = "{linked}${{count.index % {NETWORKS}}}"
}}
"#
    )
}

/// The ID of something of the network in the scene's group.
fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}

/// All endpoints and links that there should be.
fn wanted() -> Vec<String> {
    let endpoints = (0..ENDPOINTS).map(|number| id_of(&format!("privateEndpoints/endpoint-{number}")));
    let link = |number| {
        let (zone, network) = (number / NETWORKS, number % NETWORKS);
        id_of(&format!("privateDnsZones/zone-{zone}.corp/virtualNetworkLinks/link-{network}"))
    };
    endpoints.chain((0..ZONES * NETWORKS).map(link)).collect()
}

/// How often each was asked for with this method and not refused.
fn accepted(log: &Requests, method: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for request in log.writes() {
        if request.method == method && (200..300).contains(&request.status) {
            *found.entry(request.path.clone()).or_default() += 1;
        }
    }
    found
}

/// Insists that each service throttled reads and changes, that no endpoint came in another's way, and that each was accepted
/// once and nothing else was.
#[track_caller]
fn once_each(azure: &Emulator, method: &str) {
    let log = azure.requests();
    for method in ["GET", method] {
        for kind in ["privateEndpoints", "privateDnsZones"] {
            let asked =
                log.0.iter().filter(|request| request.method == method && request.path.contains(kind));
            let throttled = asked.filter(|request| request.code == THROTTLED).count();
            assert!(throttled > 0, "no {method} of {kind} is throttled");
        }
    }
    let behind: Vec<&Request> = log.0.iter().filter(|request| request.code == CONTENTION).collect();
    assert!(behind.is_empty(), "the endpoints do not queue: {behind:?}");
    let once: BTreeMap<String, usize> = wanted().into_iter().map(|id| (id, 1)).collect();
    assert_eq!(accepted(&log, method), once);
}

#[test]
fn fifty_endpoints_and_a_hundred_links_come_and_go_under_throttling() {
    every_cli(|cli| {
        let scene = set(cli);
        scene.dir.apply_with(&["-parallelism=40"]).succeeds();
        once_each(&scene.azure, "PUT");
        assert_eq!(scene.dir.addresses().len(), wanted().len());
        let state = scene.azure.state();
        let all = state.get("resources").unwrap_or(&state).as_object().cloned().unwrap_or_default();
        let mut addresses = Vec::new();
        for id in wanted() {
            let found = all.get(&id).unwrap_or_else(|| panic!("{id} is not there"));
            assert_eq!(found["properties"]["provisioningState"], "Succeeded", "{id}");
            for config in found["properties"]["customDnsConfigs"].as_array().into_iter().flatten() {
                addresses.extend(config["ipAddresses"].as_array().cloned().unwrap_or_default());
            }
        }
        addresses.sort_by_key(ToString::to_string);
        addresses.dedup();
        assert_eq!(addresses.len(), ENDPOINTS, "an address for each");

        use_up(&scene.azure);
        scene.dir.write("main.tf", "");
        scene.dir.apply_with(&["-parallelism=40"]).succeeds();
        once_each(&scene.azure, "DELETE");
        let left = scene.azure.state().to_string();
        assert!(wanted().iter().all(|id| !left.contains(&format!("\"{id}\""))), "something is left");
        assert!(scene.dir.addresses().is_empty());
    });
}
