//! The harness's own client of the plugin protocol, by the life of one resource group.

use acceptance_tests::plugin::{Action, Life, Program, unknown};
use acceptance_tests::{Emulator, Fault, Provider};
use serde_json::{Value, json};

/// What a tool does with one command: refresh, plan, apply.
fn command(program: &Program, life: &mut Life, config: Option<&Value>) -> Action {
    let plugin = program.start();
    assert_eq!(life.refresh(&plugin), []);
    let (plan, said) = life.plan(&plugin, config).expect("a plan");
    assert_eq!(said, []);
    assert_eq!(life.apply(&program.start(), &plan, config), []);
    plan.action
}

#[test]
fn a_resource_group_lives_over_the_protocol_alone() {
    let azure = Emulator::start();
    let program = Program::in_azure(&Provider::azureml(), &azure);
    let id = format!("/subscriptions/{}/resourceGroups/alone", Emulator::SUBSCRIPTION);
    let config = |step: &str| json!({"name": "alone", "location": "eastus", "tags": {"step": step}});
    let mut life = Life::new("azureml_resource_group");

    let plugin = program.start();
    let (plan, _) = life.plan(&plugin, Some(&config("one"))).expect("a plan");
    assert_eq!((plan.action, &plan.value["id"]), (Action::Create, &unknown()));
    assert_eq!(command(&program, &mut life, Some(&config("one"))), Action::Create);
    assert_eq!(azure.resource(&id)["tags"], json!({"step": "one"}));
    assert_eq!(command(&program, &mut life, Some(&config("one"))), Action::Nothing);
    assert_eq!(command(&program, &mut life, Some(&config("two"))), Action::Update);
    assert_eq!(life.held.value["tags"], json!({"step": "two"}));

    let elsewhere = json!({"name": "alone", "location": "westus"});
    let (plan, _) = life.plan(&plugin, Some(&elsewhere)).expect("a plan");
    assert_eq!((plan.action, plan.forced_by), (Action::Replace, vec!["location".to_owned()]));

    let mut imported = Life::new("azureml_resource_group");
    assert_eq!(imported.import(&plugin, &id), []);
    assert_eq!(imported.held.identity, life.held.identity);
    assert_eq!(command(&program, &mut imported, Some(&config("two"))), Action::Nothing);

    azure.inject(Fault::at("GET", "/resourceGroups/alone").status(403).error("AuthorizationFailed", "No."));
    let before = life.held.clone();
    let said = life.refresh(&plugin);
    assert!(said[0].is_error() && said[0].detail.contains("AuthorizationFailed"), "{said:?}");
    assert_eq!(life.held, before);

    assert_eq!(command(&program, &mut life, None), Action::Delete);
    assert!(!life.is_held() && azure.resource(&id).is_null());
}
