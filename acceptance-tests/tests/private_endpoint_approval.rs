//! Decisions about connections that other teams' private endpoints make: at workspaces, storage accounts, registries.

use acceptance_tests::{Cli, Dependents, Emulator, Scene, every_cli};
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
        let dir = &stage.scene.dir;
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

#[test]
fn a_connection_that_there_is_not_is_told_with_those_that_there_are() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = &stage.scene.dir;
        let workspace = stage.scene.id();
        let absent = format!(
            "/subscriptions/{}/resourceGroups/other-rg/providers/Microsoft.Network/privateEndpoints/absent",
            Emulator::OTHER_SUBSCRIPTION
        );
        let end = "A connection is there as soon as its private endpoint has been created with this target.";
        stage.approval(&to_workspace(&absent, ""));
        let error = dir.apply().fails().only_error();
        assert_eq!(error.summary, "Connection Not Found");
        assert_eq!(
            error.detail,
            format!(
                "No connection at {workspace} comes from the private endpoint {absent}. The target has no connections at all. {end}"
            )
        );
        let endpoint = stage.endpoint("there", &workspace, "amlworkspace");
        let connection = stage.connection(&workspace);
        stage.approval("  workspace_id = azureml_workspace.main.id\n  connection_name = \"there\"");
        let error = dir.apply().fails().only_error();
        assert_eq!(
            error.detail,
            format!(
                "No connection at {workspace} has the name \"there\". The target has these:\n- \"{connection}\": Pending, from {endpoint}\n\n{end}"
            )
        );
        assert!(error.code.contains("connection_name"), "{error:?}");
        assert_eq!(stage.writes(), []);
    });
}

#[test]
fn a_connection_that_leads_nowhere_is_refused_and_one_that_is_gone_is_planned_anew() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (dir, azure) = (&stage.scene.dir, &stage.scene.azure);
        let endpoint = stage.endpoint("to-ws", &stage.scene.id(), "amlworkspace");
        stage.approval(&to_workspace(&endpoint, ""));
        azure.decide(&endpoint, "Disconnected", "");
        let error = dir.apply().fails().only_error();
        assert_eq!(error.summary, "Connection Is Disconnected");
        let text = format!(
            "The connection is Disconnected: its private endpoint or its target was deleted at some time, and no decision makes it work again. Its owner has to delete the private endpoint {endpoint} and create it anew, which makes another connection.\n\n{}/",
            stage.scene.id()
        );
        assert!(error.detail.starts_with(&text), "{error:?}");
        azure.decide(&endpoint, "Pending", "");
        dir.apply().succeeds();
        azure.by_policy("DELETE", &endpoint, "2024-01-01", &Value::Null);
        dir.plan().has_changes().will("create", APPROVAL);
        stage.scene.workspace("");
        dir.apply().succeeds();
    });
}

#[test]
fn what_is_not_said_or_said_twice_is_refused_without_asking() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let refused = |arguments: &str| {
            let text =
                format!("resource \"azureml_private_endpoint_approval\" \"main\" {{\n{arguments}\n}}\n");
            scene.dir.write("main.tf", &text);
            let mut errors = scene.dir.validate().fails().errors();
            errors.sort_by(|a, b| a.summary.cmp(&b.summary));
            errors.into_iter().map(|error| (error.summary, error.detail)).collect::<Vec<_>>()
        };
        let said = |summary: &str, detail: &str| (summary.to_owned(), detail.to_owned());
        assert_eq!(
            refused(""),
            [
                said(
                    "Missing Connection",
                    "An approval is about one connection. Set private_endpoint_id to the ID of the endpoint that it comes from, or connection_name to the name that the target has for it."
                ),
                said(
                    "Missing Target",
                    "An approval is about a connection at a resource. Set workspace_id to the ID of a workspace, or private_connection_resource_id to that of another resource."
                ),
            ]
        );
        let (workspace, storage) = (Scene::id_of("w"), scene.dependents.id("storage_account"));
        let endpoint =
            storage.replace("Microsoft.Storage/storageAccounts", "Microsoft.Network/privateEndpoints");
        assert_eq!(
            refused(&format!(
                "  workspace_id = \"{workspace}\"\n  private_connection_resource_id = \"{storage}\"\n  private_endpoint_id = \"{endpoint}\"\n  connection_name = \"c\""
            )),
            [
                said(
                    "Two Connections",
                    "An approval is about one connection. Set private_endpoint_id, or connection_name, and remove the other."
                ),
                said(
                    "Two Targets",
                    "A connection arrives at one resource. Set workspace_id, or private_connection_resource_id for what is no workspace, and remove the other."
                ),
            ]
        );
        let group = format!("/subscriptions/{}/resourceGroups/g", Emulator::SUBSCRIPTION);
        let bad = refused(&format!(
            "  private_connection_resource_id = \"{group}\"\n  connection_name = \"a/b\"\n  status = \"Pending\""
        ));
        let details: Vec<&str> = bad.iter().map(|(_, detail)| detail.as_str()).collect();
        for detail in [
            format!(
                "The attribute private_connection_resource_id must be the ID of a resource, /subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>; it is \"{group}\"."
            ),
            "The attribute connection_name must be the name of a connection such as \"endpoint.00000000-0000-0000-0000-000000000000\", not its ID; it is \"a/b\".".to_owned(),
            "The attribute status must be one of \"Approved\" or \"Rejected\"; it is \"Pending\".".to_owned(),
        ] {
            assert!(details.contains(&detail.as_str()), "{details:?}");
        }
        assert!(scene.azure.requests().is_empty());
        scene.dir.write("main.tf", &format!("import {{\n  to = {APPROVAL}\n  id = \"{storage}\"\n}}\nresource \"azureml_private_endpoint_approval\" \"main\" {{\n  private_connection_resource_id = \"{storage}\"\n  connection_name = \"c\"\n}}\n"));
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "Invalid Import ID");
        assert_eq!(
            error.detail,
            format!(
                "The import ID must be the ID of a resource's private endpoint connection, /subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>/privateEndpointConnections/<name>; {storage:?} is the ID of a storage account."
            )
        );
    });
}

#[test]
fn several_connections_of_one_endpoint_are_told_apart_by_name() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = &stage.scene.dir;
        let target = stage.scene.dependents.id("storage_account").to_owned();
        let endpoint = stage.endpoint("twice", &target, "blob");
        let held = stage.scene.azure.resource(&target);
        let one = held["properties"]["privateEndpointConnections"][0].clone();
        let (first, mut other) = (text(&one["name"]), one.clone());
        other["name"] = json!("twice.second");
        other["id"] = json!(format!("{target}/privateEndpointConnections/twice.second"));
        let both = json!({"properties": {"privateEndpointConnections": [one, other]}});
        stage.scene.azure.drift(&target, &both);
        let by = |which: &str| {
            stage.approval(&format!("  private_connection_resource_id = \"{target}\"\n  {which}"));
        };
        by(&format!("private_endpoint_id = \"{endpoint}\""));
        let error = dir.apply().fails().only_error();
        assert_eq!(error.summary, "Several Connections");
        assert_eq!(
            error.detail,
            format!(
                "Several connections at the target come from this private endpoint. Say by connection_name, instead of private_endpoint_id, which one is meant:\n- \"{first}\": Pending, from {endpoint}\n- \"twice.second\": Pending, from {endpoint}"
            )
        );
        by(&format!("connection_name = \"{}\"", first.to_uppercase()));
        dir.apply().succeeds();
        dir.plans_nothing();
    });
}

#[test]
fn a_target_of_an_unknown_type_is_refused_in_words() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let target =
            stage.scene.dependents.id("storage_account").replace("storageAccounts", "nothingOfTheKind");
        stage
            .approval(&format!("  private_connection_resource_id = \"{target}\"\n  connection_name = \"c\""));
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "No API Version for the Target");
        assert_eq!(
            error.detail,
            "The resource provider has no type Microsoft.Storage/nothingOfTheKind in this subscription, so that there is no API version to ask for its connections. Correct the ID."
        );
    });
}
