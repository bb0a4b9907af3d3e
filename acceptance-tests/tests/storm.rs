//! Bad weather: every fifth request meets a fault, before or after it is carried out, and nobody notices but by the time it takes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use acceptance_tests::{Emulator, Requests, Scene, every_cli};
use serde_json::{Value, json};

/// Forty groups, and ten zones in one of them, each with a link to one network.
const MAIN: &str = r#"resource "azureml_resource_group" "all" {
  count    = 40
  name     = "storm-${count.index}-rg"
  location = "eastus"
  tags     = { number = count.index }
}

resource "azureml_private_dns_zone" "all" {
  count               = 10
  name                = "z${count.index}.storm.example"
  resource_group_name = azureml_resource_group.all[0].name
  tags                = { number = count.index }
}

resource "azureml_private_dns_link" "all" {
  count               = 10
  name                = "scene"
  private_dns_zone_id = azureml_private_dns_zone.all[count.index].id
  virtual_network_id  = "{network}"
  tags                = { number = count.index }
}
"#;

/// What must have been among the faults.
const ANY: &[&str] = &["status", "status_after", "reset_before", "reset_after", "truncate", "slow"];

/// What there should be of the configuration: tags by ID in lower case.
fn model() -> BTreeMap<String, Value> {
    let groups = format!("/subscriptions/{}/resourcegroups", Emulator::SUBSCRIPTION);
    let zones = format!("{groups}/storm-0-rg/providers/microsoft.network/privatednszones");
    let tags = |number: usize| json!({"number": number.to_string()});
    let groups = (0..40).map(|number| (format!("{groups}/storm-{number}-rg"), tags(number)));
    let links = (0..10)
        .map(|number| (format!("{zones}/z{number}.storm.example/virtualnetworklinks/scene"), tags(number)));
    let zones = (0..10).map(|number| (format!("{zones}/z{number}.storm.example"), tags(number)));
    groups.chain(zones.clone()).chain(links).collect()
}

/// What Azure has of it.
fn in_azure(scene: &Scene) -> BTreeMap<String, Value> {
    let state = scene.azure.state();
    let all = state.get("resources").unwrap_or(&state).as_object().cloned().unwrap_or_default();
    let ours = all.into_iter().map(|(id, one)| (id.to_lowercase(), one["tags"].clone()));
    // A zone has a record of its own.
    ours.filter(|(id, _)| id.contains("/storm-") && !id.ends_with("/soa/@")).collect()
}

/// What the state has of it.
fn in_state(scene: &Scene) -> BTreeMap<String, Value> {
    let state = scene.dir.state();
    let all = state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
    let ours = all.iter().map(|one| &one["values"]);
    ours.map(|one| (one["id"].as_str().unwrap_or_default().to_lowercase(), one["tags"].clone())).collect()
}

/// Requests that were carried out although another of their kind had been, and not failed later.
fn twice(log: &Requests, method: &str) -> Vec<String> {
    let mut done = BTreeSet::new();
    let carried_out = log.writes().into_iter().filter(|one| {
        let refused = ["status", "reset_before", "fail_operation"].contains(&one.fault.as_str());
        let succeeded = one.status < 300 || one.fault == "status_after";
        one.method == method && !refused && succeeded && one.status != 204
    });
    let again = carried_out.filter(|one| !done.insert(one.path.to_lowercase()));
    again.map(|one| format!("{one:?}")).collect()
}

/// Requests that came sooner than the answer before had asked for: the next attempt, or the next look at the same thing.
fn too_early(log: &Requests) -> Vec<String> {
    let (mut until, mut early) = (HashMap::new(), Vec::new());
    for one in &log.0 {
        let keys = [Some(&one.client_request_id), Some(&one.path)];
        // What was lost on its way asked for nothing.
        let lost = ["reset_before", "reset_after", "truncate"].contains(&one.fault.as_str());
        let asked = one.retry_after.filter(|_| !lost);
        for key in keys.into_iter().flatten() {
            if until.get(key).is_some_and(|until| one.at_ms < *until) {
                early.push(format!("{one:?}"));
            }
            if let Some((at, pause)) = asked {
                until.insert(key, at + pause);
            }
        }
    }
    early
}

/// That the weather was bad, and that nobody was unsafe or impatient in it.
#[track_caller]
fn was_weathered(scene: &Scene, method: &str, wanted: &[&str]) {
    let log = scene.azure.requests();
    let faults: Vec<_> =
        log.0.iter().map(|one| one.fault.as_str()).filter(|fault| !fault.is_empty()).collect();
    let kinds: BTreeSet<_> = faults.iter().copied().collect();
    let span = log.0.last().map_or(0, |one| one.at_ms) - log.0.first().map_or(0, |one| one.at_ms);
    eprintln!("{span} ms, {} faults in {} requests: {kinds:?}", faults.len(), log.len());
    assert!(faults.len() * 5 >= log.len(), "{} faults in {}", faults.len(), log.len());
    for kind in wanted {
        assert!(kinds.contains(*kind), "{kind} is not among {kinds:?}");
    }
    assert!(log.0.iter().any(|one| one.retry_after.is_some()), "nobody was asked to wait");
    assert_eq!(twice(&log, method), Vec::<String>::new());
    assert_eq!(too_early(&log), Vec::<String>::new());
}

#[test]
fn sixty_resources_are_made_and_taken_away_in_bad_weather() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let network = scene.make_network();
        scene.dir.write("main.tf", &MAIN.replace("{network}", &network));
        scene.azure.settings(&json!({"operation_polls": 1, "storm": {"seed": 42, "percent": 28}}));
        scene.azure.forget();
        scene.dir.apply_with(&["-parallelism=30"]).succeeds();
        was_weathered(&scene, "PUT", &[ANY, &["fail_operation"]].concat());
        assert_eq!(in_azure(&scene), model());
        assert_eq!(in_state(&scene), model());
        scene.dir.plans_nothing();
        scene.azure.settings(&json!({"operation_polls": 0}));
        scene.azure.forget();
        scene.dir.run(&["destroy", "-auto-approve", "-json", "-no-color", "-parallelism=30"]).succeeds();
        was_weathered(&scene, "DELETE", ANY);
        assert_eq!(in_azure(&scene), BTreeMap::new());
        assert_eq!(in_state(&scene), BTreeMap::new());
    });
}
