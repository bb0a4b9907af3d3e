//! What Azure shows as failed: an update of ours is planned again, also where its values have arrived; what others left in failure
//! is told, and never at the end of an apply that has mended it.

use acceptance_tests::{Emulator, Fault, Output, Scene, every_cli};
use serde_json::json;

const ENDPOINT: &str = "azureml_private_endpoint.main";
const APPROVAL: &str = "azureml_private_endpoint_approval.main";
const ZONE: &str = "azureml_private_dns_zone.main";
const LINK: &str = "azureml_private_dns_link.main";

/// A workspace, an endpoint to it, and a zone with a link, all with this tag.
fn all(scene: &Scene, step: &str) {
    with_more(scene, step, "", "");
}

/// The same with more arguments of the endpoint, and more blocks.
fn with_more(scene: &Scene, step: &str, arguments: &str, blocks: &str) {
    let tags = format!("tags = {{ step = \"{step}\" }}");
    let (workspace, network) = (scene.block("main", Scene::NAME, &tags), Scene::network_id());
    let rest = format!(
        r#"resource "azureml_private_endpoint" "main" {{
  name                = "way"
  resource_group_name = "scene-rg"
  subnet_id           = "{network}/subnets/endpoints"
  workspace_id        = azureml_workspace.main.id
  {tags}
  {arguments}
}}

resource "azureml_private_dns_zone" "main" {{
  name                = "privatelink.api.azureml.ms"
  resource_group_name = "scene-rg"
  {tags}
}}

resource "azureml_private_dns_link" "main" {{
  name                = "scene"
  private_dns_zone_id = azureml_private_dns_zone.main.id
  virtual_network_id  = "{network}"
  {tags}
}}

{blocks}
"#
    );
    scene.dir.write("main.tf", &format!("{workspace}\n{rest}"));
}

fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{rest}")
}

/// Whether any warning speaks of a failed state.
fn warns(output: &Output) -> bool {
    output.warnings().iter().any(|warning| warning.summary.ends_with("Is in a Failed State"))
}

#[test]
fn an_update_that_azure_ends_as_failed_is_planned_again_for_every_type() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.make_network();
        all(&scene, "one");
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        let zone = id_of("Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms");
        let resources = [
            ("PATCH", Scene::MAIN, scene.id()),
            ("PUT", ENDPOINT, id_of("Microsoft.Network/privateEndpoints/way")),
            ("PATCH", ZONE, zone.clone()),
            ("PATCH", LINK, format!("{zone}/virtualNetworkLinks/scene")),
        ];
        for (number, (method, address, id)) in resources.iter().enumerate() {
            all(&scene, &format!("round {number}"));
            let fault = Fault::at(method, &format!("{id}$"));
            let fault = scene.azure.inject(fault.fail_operation("InternalServerError", "It broke."));
            scene.dir.apply().fails().says("It broke.");
            assert_eq!(fault.hits(), 1, "{address}");
            let there = scene.azure.resource(id);
            let arrived = json!(format!("round {number}"));
            assert_eq!(
                (&there["properties"]["provisioningState"], &there["tags"]["step"]),
                (&json!("Failed"), &arrived)
            );
            // All that is left is the state.
            let plan = scene.dir.plan();
            plan.has_changes().will("update", address);
            assert!(!warns(&plan.output), "{:?}", plan.output);
            scene.azure.forget();
            let applied = scene.dir.apply();
            assert!(!warns(applied.succeeds()), "{applied:?}");
            let log = scene.azure.requests();
            let sent = log.to(method, id);
            assert_eq!((sent.len(), &sent[0].body["tags"]["step"]), (1, &arrived), "{address}");
            assert_eq!(scene.azure.resource(id)["properties"]["provisioningState"], "Succeeded", "{address}");
            scene.dir.plans_nothing();
        }
        zone_group_and_decision(&scene);
    });
}

/// The same of what has no state among its attributes: the zone group of the endpoint, and the decision about its connection.
fn zone_group_and_decision(scene: &Scene) {
    let second = id_of("Microsoft.Network/privateDnsZones/privatelink.notebooks.azure.net");
    scene.azure.make_zone(&second);
    let configure = |zones: &str, words: &str| {
        let group = format!("private_dns_zone_group = {{ private_dns_zone_ids = [{zones}] }}");
        let approval = format!(
            r#"resource "azureml_private_endpoint_approval" "main" {{
  workspace_id        = azureml_workspace.main.id
  private_endpoint_id = azureml_private_endpoint.main.id
  description         = "{words}"
}}"#
        );
        with_more(scene, "last", &group, &approval);
    };
    let one = "azureml_private_dns_zone.main.id";
    configure(one, "first");
    let endpoint = id_of("Microsoft.Network/privateEndpoints/way");
    scene.azure.decide(&endpoint, "Approved", "first");
    scene.dir.apply().succeeds();
    scene.dir.plans_nothing();
    let both = format!("{one}, \"{second}\"");
    let group = format!("{endpoint}/privateDnsZoneGroups/default");
    let connection = scene.dir.resource(APPROVAL)["id"].as_str().unwrap_or_default().to_owned();
    // Decisions are answered at once, with what the connection shows from then on.
    let failed = json!({"set": {"/properties/provisioningState": "Failed"}});
    let (put, get) =
        (|id: &str| Fault::at("PUT", &format!("{id}$")), Fault::at("GET", &format!("{connection}$")));
    let operation = put(&group).fail_operation("InternalServerError", "It broke.");
    let answers = [put(&connection).bend(&failed), get.times(1000).bend(&failed)];
    for (words, id, address, faults, says) in [
        ("first", &group, ENDPOINT, vec![operation], "It broke."),
        ("second", &connection, APPROVAL, answers.into(), "The service gives no reason"),
    ] {
        configure(&both, words);
        let faults: Vec<_> = faults.into_iter().map(|fault| scene.azure.inject(fault)).collect();
        scene.dir.apply().fails().says(says);
        assert_eq!(faults[0].hits(), 1, "{address}");
        let plan = scene.dir.plan();
        plan.has_changes().will("update", address);
        scene.azure.forget();
        scene.dir.apply().succeeds();
        let log = scene.azure.requests();
        assert_eq!((log.writes().len(), log.to("PUT", id).len()), (1, 1), "{address}");
        scene.azure.heal();
        scene.dir.plans_nothing();
    }
    says_how_to_get_past(scene, &endpoint, &group);
}

/// What belongs to an endpoint and is answered by a page ends the plan, with a word on how to do without.
fn says_how_to_get_past(scene: &Scene, endpoint: &str, group: &str) {
    let status =
        "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status";
    let rejected = json!({"set": {status: "Rejected"}});
    let page = |path: &str| Fault::at("GET", path).answer(200, "text/html", "<html>").times(1000);
    for (faults, summary) in [
        (vec![page(&format!("{group}$"))], "Private DNS Zone Group Not Read"),
        // The addresses are read anew where the connection is another.
        (
            vec![
                page("/networkInterfaces/"),
                Fault::at("GET", &format!("{endpoint}$")).bend(&rejected).times(1000),
            ],
            "Network Interface Not Read",
        ),
    ] {
        faults.into_iter().for_each(|fault| drop(scene.azure.inject(fault)));
        let past = "This answer says nothing about the private endpoint, so the state keeps it";
        scene.dir.plan().output.fails().says(summary).says(past).says("-refresh=false");
        scene.azure.heal();
    }
}

#[test]
fn what_others_left_in_failure_is_told_unless_the_apply_mends_it() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        scene.azure.drift(&scene.id(), &json!({"properties": {"provisioningState": "Failed"}}));
        let plan = scene.dir.plan();
        let id = scene.id();
        let warnings = plan.is_empty().output.warnings();
        assert_eq!(warnings.len(), 1, "{:?}", plan.output);
        assert_eq!(warnings[0].summary, "Workspace Is in a Failed State");
        assert_eq!(
            warnings[0].detail,
            format!(
                "The last operation on the workspace ended in state \"Failed\". The next successful update fixes this: apply a change of it, such as of a tag, or run \"az resource update --ids {id} --set tags.fixed=true\".\n\n{id}"
            )
        );
        scene.workspace("description = \"changed\"");
        let applied = scene.dir.apply();
        assert!(!warns(applied.succeeds()), "{applied:?}");
        // A new one in the place of a tainted one that has failed.
        scene.azure.drift(&scene.id(), &json!({"properties": {"provisioningState": "Failed"}}));
        scene.workspace("description = \"changed\"\npurge_soft_deleted = true");
        scene.dir.taint(Scene::MAIN).succeeds();
        let applied = scene.dir.apply();
        assert!(!warns(applied.succeeds()), "{applied:?}");
        scene.dir.plans_nothing();
    });
}
