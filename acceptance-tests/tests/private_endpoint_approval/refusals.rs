//! Connections that are not there, or not decided by one word, and configurations that say too little or too much.

use acceptance_tests::{Emulator, Scene, every_cli};
use serde_json::{Value, json};

use crate::{APPROVAL, Stage, text, to_workspace};

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
                "No connection at {workspace} has the name \"there\". The target has these:\n  \"{connection}\": Pending, from {endpoint}\n\n{end}"
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
                    "An approval is about a connection at one resource. Set workspace_id to the ID of a workspace, or private_connection_resource_id to that of another resource."
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
                    "An approval is about a connection at one resource. Set workspace_id, or private_connection_resource_id for what is no workspace, and remove the other."
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
                "Several connections at the target come from this private endpoint. Say by connection_name, instead of private_endpoint_id, which one is meant:\n  \"{first}\": Pending, from {endpoint}\n  \"twice.second\": Pending, from {endpoint}"
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

#[test]
fn a_target_that_there_is_not_or_that_takes_no_connections_is_told_at_its_attribute() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (dir, absent) = (&stage.scene.dir, Scene::id_of("absent"));
        let missing = |named: &str, target: &str| {
            format!(
                "The target does not exist, so that no connection arrives there. Correct {named}, or refer to the resource that makes the target, so that it is there first.\n\n{target}"
            )
        };
        let storage = stage.scene.dependents.id("storage_account").replace("/scene-rg/", "/absent-rg/");
        assert_ne!(storage, stage.scene.dependents.id("storage_account"));
        let network = stage.network.id("subnet").split("/subnets/").next().unwrap_or_default().to_owned();
        let takes_none = format!(
            "A Microsoft.Network/virtualNetworks takes no private connections, so that there is none to decide about. Set private_connection_resource_id to the ID of the resource that the private endpoint leads to.\n\n{network}"
        );
        for (named, target, summary, detail) in [
            ("workspace_id", &absent, "Target Not Found", missing("workspace_id", &absent)),
            (
                "private_connection_resource_id",
                &storage,
                "Target Not Found",
                missing("private_connection_resource_id", &storage),
            ),
            ("private_connection_resource_id", &network, "Target Without Private Connections", takes_none),
        ] {
            stage.approval(&format!("  {named} = \"{target}\"\n  connection_name = \"c\""));
            let error = dir.apply().fails().only_error();
            assert_eq!((error.summary.as_str(), &error.detail), (summary, &detail));
            assert_eq!(error.code, format!("{named} = \"{target}\""));
        }
    });
}
