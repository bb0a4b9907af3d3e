//! Decisions about connections that other teams' private endpoints make: at workspaces, storage accounts, registries.

mod refusals;

use acceptance_tests::{Cli, Dependents, Emulator, Fault, Scene, every_cli};
use serde_json::{Value, json};

const APPROVAL: &str = "azureml_private_endpoint_approval.main";

/// A workspace, and a network whose owner makes endpoints.
struct Stage {
    scene: Scene,
    network: Dependents,
}

impl Stage {
    fn set(cli: &Cli) -> Self {
        let scene = Scene::new(cli);
        scene.exists_with("");
        let network = scene.azure.seed_network("analytics-rg", "theirs");
        Self { scene, network }
    }

    /// Another team makes an endpoint whose connection waits for its approval; the endpoint's ID.
    fn endpoint(&self, name: &str, target: &str, group: &str) -> String {
        let id = format!(
            "/subscriptions/{}/resourceGroups/analytics-rg/providers/Microsoft.Network/privateEndpoints/{name}",
            Emulator::SUBSCRIPTION
        );
        let connection = json!({
            "privateLinkServiceId": target, "groupIds": [group], "requestMessage": "please",
        });
        let properties = json!({
            "subnet": {"id": self.network.id("subnet")},
            "manualPrivateLinkServiceConnections": [{"name": name, "properties": connection}],
        });
        let body = json!({"location": "eastus", "properties": properties});
        self.scene.azure.by_policy("PUT", &id, "2024-01-01", &body);
        self.scene.azure.forget();
        id
    }

    /// The workspace of the scene, and an approval with these arguments.
    fn approval(&self, arguments: &str) {
        let workspace = self.scene.block("main", Scene::NAME, "");
        let block = format!("resource \"azureml_private_endpoint_approval\" \"main\" {{\n{arguments}\n}}\n");
        self.scene.dir.write("main.tf", &(workspace + &block));
    }

    /// What the endpoint's owner sees of the connection: status and words.
    fn seen(&self, endpoint: &str) -> (String, String) {
        let endpoint = self.scene.azure.resource(endpoint);
        let connection = &endpoint["properties"]["manualPrivateLinkServiceConnections"][0];
        let state = &connection["properties"]["privateLinkServiceConnectionState"];
        (text(&state["status"]), text(&state["description"]))
    }

    /// The name that a target has for its only connection.
    fn connection(&self, target: &str) -> String {
        text(&self.scene.azure.resource(target)["properties"]["privateEndpointConnections"][0]["name"])
    }

    /// Methods and bodies of the requests that wrote connections.
    fn writes(&self) -> Vec<(String, Value)> {
        let log = self.scene.azure.requests();
        let own = log.writes().into_iter().filter(|one| one.path.contains("/privateEndpointConnections/"));
        own.map(|one| (one.method.clone(), one.body.clone())).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pair(status: &str, words: &str) -> (String, String) {
    (status.to_owned(), words.to_owned())
}

fn to_workspace(endpoint: &str, more: &str) -> String {
    format!("  workspace_id = azureml_workspace.main.id\n  private_endpoint_id = \"{endpoint}\"\n{more}")
}

fn put(endpoint: &str, status: &str, words: Option<&str>) -> (String, Value) {
    let mut body = json!({"properties": {
        "privateEndpoint": {"id": endpoint}, "privateLinkServiceConnectionState": {"status": status},
    }});
    if let Some(words) = words {
        body["properties"]["privateLinkServiceConnectionState"]["description"] = json!(words);
    }
    ("PUT".to_owned(), body)
}

#[test]
fn a_connection_at_a_workspace_is_approved_reworded_rejected_and_left() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (dir, azure) = (&stage.scene.dir, &stage.scene.azure);
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        assert_eq!(stage.seen(&endpoint).0, "Pending");
        stage.approval(&to_workspace(&endpoint, "  description = \"as agreed\""));
        dir.apply().succeeds();
        assert_eq!(stage.writes(), [put(&endpoint, "Approved", Some("as agreed"))]);
        assert_eq!(azure.requests().to("GET", "/privateEndpointConnections").len(), 1, "one list");
        assert_eq!(stage.seen(&endpoint), pair("Approved", "as agreed"));
        dir.plans_nothing();
        let held = dir.resource(APPROVAL);
        let connection = stage.connection(&stage.scene.id());
        assert_eq!(held["id"], format!("{}/privateEndpointConnections/{connection}", stage.scene.id()));
        assert_eq!(held["connection_name"], connection);
        assert_eq!(held["private_connection_resource_id"], stage.scene.id());
        assert_eq!((&held["status"], &held["actions_required"]), (&json!("Approved"), &json!("None")));

        azure.forget();
        stage.approval(&to_workspace(&endpoint, "  description = \"until May\""));
        dir.plan().has_changes().will("update", APPROVAL);
        dir.apply().succeeds();
        stage.approval(&to_workspace(&endpoint, "  status = \"rejected\"\n  description = \"it is May\""));
        dir.apply().succeeds();
        dir.plans_nothing();
        let sent = [("Approved", "until May"), ("Rejected", "it is May")];
        assert_eq!(stage.writes(), sent.map(|(status, words)| put(&endpoint, status, Some(words))));
        // Words that are not set any more stay.
        stage.approval(&to_workspace(&endpoint, "  status = \"Rejected\""));
        dir.plans_nothing();

        azure.forget();
        stage.scene.workspace("");
        dir.apply().succeeds();
        assert_eq!(stage.writes(), []);
        assert_eq!(stage.seen(&endpoint), pair("Rejected", "it is May"));
    });
}

#[test]
fn a_destroy_rejects_where_that_is_wanted() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = &stage.scene.dir;
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        stage.approval(&to_workspace(&endpoint, ""));
        dir.apply().succeeds();
        assert_eq!(stage.writes(), [put(&endpoint, "Approved", None)]);
        stage.scene.azure.forget();
        stage.approval(&to_workspace(&endpoint, "  reject_on_destroy = true"));
        dir.apply().succeeds();
        assert_eq!(stage.writes(), [], "that concerns the provider alone");
        stage.scene.workspace("");
        dir.apply().succeeds();
        assert_eq!(stage.writes(), [put(&endpoint, "Rejected", Some("The approval was withdrawn"))]);
        assert_eq!(stage.seen(&endpoint), pair("Rejected", "The approval was withdrawn"));
    });
}

#[test]
fn casing_and_the_other_way_to_name_a_workspace_are_no_change() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = &stage.scene.dir;
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        stage.approval(&to_workspace(&endpoint, ""));
        dir.apply().succeeds();
        let connection = stage.connection(&stage.scene.id());
        let other_way = |target: &str, connection: &str| {
            format!(
                "  private_connection_resource_id = \"{target}\"\n  {connection}\n  status = \"APPROVED\""
            )
        };
        for odd in [str::to_uppercase, str::to_lowercase, str::to_owned] {
            let target = odd(&stage.scene.id());
            stage.approval(&other_way(&target, &format!("private_endpoint_id = \"{}\"", odd(&endpoint))));
            dir.plans_nothing();
            stage.approval(&other_way(&target, &format!("connection_name = \"{}\"", odd(&connection))));
            dir.plans_nothing();
        }
        let other = stage.endpoint("second", &stage.scene.id(), "amlworkspace");
        stage.approval(&to_workspace(&other, ""));
        dir.plan().has_changes().will("replace", APPROVAL);
        dir.apply().succeeds();
        dir.plans_nothing();
        assert_eq!((stage.seen(&endpoint).0, stage.seen(&other).0), ("Approved".into(), "Approved".into()));
    });
}

#[test]
fn connections_at_other_resources_are_decided_by_name_and_imported_in_any_casing() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (dir, azure) = (&stage.scene.dir, &stage.scene.azure);
        for (kind, group, asked) in
            [("storage_account", "blob", 0), ("key_vault", "vault", 0), ("container_registry", "registry", 1)]
        {
            let target = stage.scene.dependents.id(kind).to_owned();
            let endpoint = stage.endpoint(&kind.replace('_', "-"), &target, group);
            let connection = stage.connection(&target);
            stage.approval(&format!(
                "  private_connection_resource_id = \"{target}\"\n  connection_name = \"{connection}\"\n  status = \"Rejected\"\n  description = \"no\""
            ));
            dir.apply().succeeds();
            let log = stage.scene.azure.requests();
            let providers = log.0.iter().filter(|one| {
                one.path.contains("/providers/Microsoft.") && one.path.matches('/').count() == 4
            });
            assert_eq!(providers.count(), asked, "{kind}: {log:?}");
            assert_eq!(stage.writes(), [put(&endpoint, "Rejected", Some("no"))], "{kind}");
            assert_eq!(stage.seen(&endpoint), pair("Rejected", "no"), "{kind}");
            dir.plans_nothing();
            if asked > 0 {
                let page = Fault::at("GET", "/providers/Microsoft.ContainerRegistry$");
                azure.inject(page.answer(200, "text/html", "<html>").times(1000));
                let past =
                    "This answer says nothing about the private endpoint approval, so the state keeps it";
                dir.plan().output.fails().says("No API Version for the Target").says(past);
                azure.heal();
            }
            let held = dir.resource(APPROVAL);
            assert_eq!((&held["workspace_id"], &held["actions_required"]), (&Value::Null, &json!("None")));
            for odd in [str::to_uppercase, str::to_lowercase] {
                dir.run(&["state", "rm", APPROVAL]).succeeds();
                dir.import(APPROVAL, &odd(&text(&held["id"]))).succeeds();
                assert_eq!(dir.resource(APPROVAL)["id"], held["id"], "{kind}");
                dir.plans_nothing();
            }
            stage.scene.workspace("");
            dir.apply().succeeds();
        }
    });
}

#[test]
fn a_decision_is_imported_by_its_identity() {
    every_cli(|cli| {
        if !cli.imports_by_identity() {
            return;
        }
        let stage = Stage::set(cli);
        let dir = &stage.scene.dir;
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        stage.approval(&to_workspace(&endpoint, ""));
        dir.apply().succeeds();
        let (held, connection) = (dir.resource(APPROVAL), stage.connection(&stage.scene.id()));
        dir.run(&["state", "rm", APPROVAL]).succeeds();
        let identity = format!(
            "import {{\n  to = {APPROVAL}\n  identity = {{\n    private_connection_resource_id = \"{}\"\n    connection_name = \"{}\"\n  }}\n}}\n",
            stage.scene.id().to_uppercase(),
            connection.to_uppercase()
        );
        dir.write("import.tf", &identity);
        let plan = dir.plan();
        assert_eq!(plan.change(APPROVAL)["actions"], json!(["no-op"]), "{:?}", plan.output);
        dir.apply().succeeds();
        dir.remove("import.tf");
        dir.plans_nothing();
        assert_eq!(dir.resource(APPROVAL)["id"], held["id"]);
    });
}

#[test]
fn what_is_decided_already_is_taken_over_or_left_to_an_import() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (dir, azure) = (&stage.scene.dir, &stage.scene.azure);
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        azure.decide(&endpoint, "Approved", "by hand");
        stage.approval(&to_workspace(&endpoint, ""));
        dir.apply().succeeds();
        assert_eq!(stage.writes(), []);
        assert_eq!(dir.resource(APPROVAL)["description"], "by hand");
        dir.plans_nothing();

        dir.run(&["state", "rm", APPROVAL]).succeeds();
        azure.decide(&endpoint, "Rejected", "not now");
        let error = dir.apply().fails().only_error();
        let id = format!(
            "{}/privateEndpointConnections/{}",
            stage.scene.id(),
            stage.connection(&stage.scene.id())
        );
        assert_eq!(error.summary, "Connection Decided Already");
        assert_eq!(
            error.detail,
            format!(
                "Somebody has decided about this connection: it is Rejected with the words \"not now\". To overrule that, import the decision, with the address of this resource, and apply again:\n\nimport {{\n  to = azureml_private_endpoint_approval.example\n  id = \"{id}\"\n}}\n\nA decision that is the same is taken over without an import, and so is one with other words where no description is set."
            )
        );
        assert_eq!(stage.writes(), []);
        dir.import(APPROVAL, &id).succeeds();
        dir.plan().has_changes().will("update", APPROVAL);
        dir.apply().succeeds();
        assert_eq!(stage.seen(&endpoint).0, "Approved");
        // What somebody decides later is seen, and decided anew.
        azure.decide(&endpoint, "Rejected", "");
        dir.plan().has_changes().will("update", APPROVAL);
    });
}
