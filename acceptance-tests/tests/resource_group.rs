//! What is special about resource groups: what is in one is not destroyed with it unawares.

use acceptance_tests::{Emulator, Fault, Output, Scene, Signal, every_cli};
use serde_json::json;

const ADDRESS: &str = "azureml_resource_group.main";

fn id() -> String {
    format!("/subscriptions/{}/resourceGroups/own-rg", Emulator::SUBSCRIPTION)
}

fn group(arguments: &str) -> String {
    format!(
        "resource \"azureml_resource_group\" \"main\" {{\n  name     = \"own-rg\"\n  location = \"westeurope\"\n{arguments}\n}}\n"
    )
}

/// A group of one's own, and in it what somebody else made.
fn scene(cli: &acceptance_tests::Cli, arguments: &str, others: usize) -> Scene {
    let scene = Scene::new(cli);
    scene.dir.write("main.tf", &group(arguments));
    scene.dir.apply().succeeds();
    scene.dir.plans_nothing();
    for number in 1..=others {
        let name = format!("{}/providers/Microsoft.Storage/storageAccounts/theirs{number:03}", id());
        scene.azure.place(&name, &json!({"location": "westeurope"}));
    }
    scene.azure.forget();
    scene
}

fn deletes(scene: &Scene) -> usize {
    scene.azure.requests().writes().iter().filter(|request| request.method == "DELETE").count()
}

fn refused(output: &Output) -> String {
    let error = output.fails().only_error();
    assert_eq!(error.summary, "Resource Group Not Empty");
    error.detail
}

#[test]
fn a_group_that_holds_resources_is_not_destroyed() {
    every_cli(|cli| {
        let scene = scene(cli, "", 2);
        assert_eq!(
            refused(&scene.dir.destroy()),
            format!(
                "The resource group \"own-rg\" still holds 2 resources, which Azure would delete with it:\n\n  {id}/providers/Microsoft.Storage/storageAccounts/theirs001\n  {id}/providers/Microsoft.Storage/storageAccounts/theirs002\n\nDelete or move them first, or have them deleted with the group: set force_delete = true and apply that, then destroy. To see all of them, run \"az resource list --resource-group own-rg --subscription {sub} --output table\".",
                id = id(),
                sub = Emulator::SUBSCRIPTION
            )
        );
        assert_eq!(deletes(&scene), 0);
        assert!(scene.azure.resource(&id()).is_object());
        // What the message says is what helps.
        scene.dir.write("main.tf", &group("  force_delete = true"));
        scene.dir.apply().succeeds();
        scene.dir.destroy().succeeds();
        assert!(scene.azure.resource(&id()).is_null());
    });
}

#[test]
fn each_of_them_is_a_line_for_whoever_reads_the_message() {
    every_cli(|cli| {
        let scene = scene(cli, "", 2);
        let output = scene.dir.run(&["destroy", "-auto-approve", "-input=false", "-no-color"]);
        let text = output.fails().text();
        let lines: Vec<&str> =
            text.lines().map(|line| line.trim_start_matches(['│', ' ']).trim_end()).collect();
        for name in ["theirs001", "theirs002"] {
            let line = format!("{}/providers/Microsoft.Storage/storageAccounts/{name}", id());
            assert!(lines.contains(&line.as_str()), "{text}");
        }
    });
}

#[test]
fn a_destroy_that_is_interrupted_while_it_looks_deletes_nothing_and_says_so() {
    every_cli(|cli| {
        let scene = scene(cli, "", 1);
        let hold = scene.azure.inject(Fault::at("GET", "/resourceGroups/own-rg/resources$").hold());
        let running = scene.dir.start(&["destroy", "-auto-approve", "-input=false", "-json", "-no-color"]);
        hold.wait();
        running.signal(Signal::Interrupt);
        let output = running.wait();
        hold.release();
        let error = output.fails().errors().into_iter().find(|error| error.summary == "Deletion Interrupted");
        let error = error.unwrap_or_else(|| panic!("{output:?}"));
        assert_eq!(
            error.detail,
            format!(
                "The destroy was interrupted while Azure was asked what the resource group \"own-rg\" still holds. Nothing was deleted.\n\n{}",
                id()
            )
        );
        assert_eq!(deletes(&scene), 0);
        assert!(!scene.dir.resource(ADDRESS).is_null(), "the state has it still");
    });
}

#[test]
fn whoever_manages_the_group_stays_through_every_change() {
    every_cli(|cli| {
        let scene = scene(cli, "  tags = { team = \"ours\" }", 0);
        let theirs = format!("{}/providers/Microsoft.Solutions/applications/app", id());
        scene.azure.drift(&id(), &json!({"managedBy": theirs}));
        scene.dir.plans_nothing();
        scene.dir.write("main.tf", &group("  tags = { team = \"new\" }"));
        scene.dir.plan().has_changes().will("update", ADDRESS);
        scene.dir.apply().succeeds();
        let there = scene.azure.resource(&id());
        assert_eq!((&there["managedBy"], &there["tags"]), (&json!(theirs), &json!({"team": "new"})));
        assert_eq!(scene.dir.resource(ADDRESS)["managed_by"], theirs);
        scene.dir.plans_nothing();
        // Services of Azure write what is no ID of a resource, too; another manager is another group.
        let backup =
            "subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.RecoveryServices/";
        scene.azure.drift(&id(), &json!({"managedBy": backup}));
        scene
            .dir
            .write("main.tf", &group(&format!("  managed_by = \"{backup}\"\n  tags = {{ team = \"new\" }}")));
        scene.dir.plans_nothing();
        let other = format!("  managed_by = \"{}\"", theirs.replace("/app", "/other"));
        scene.dir.write("main.tf", &group(&other));
        scene.dir.plan().has_changes().will("replace", ADDRESS);
    });
}

#[test]
fn a_list_of_many_pages_is_counted_and_cut() {
    every_cli(|cli| {
        let scene = scene(cli, "", 103);
        let detail = refused(&scene.dir.destroy());
        assert!(detail.contains("still holds 103 resources"), "{detail}");
        assert!(detail.contains("theirs010\n  and 93 more\n\n"), "{detail}");
    });
}

#[test]
fn a_whole_configuration_goes_with_its_group() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let workspace = scene.block("main", Scene::NAME, "purge_on_destroy = true");
        let workspace = workspace.replace("\"scene-rg\"\n", "azureml_resource_group.main.name\n");
        scene.dir.write("main.tf", &format!("{}{workspace}", group("")));
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        scene.dir.destroy().succeeds();
        assert!(scene.azure.resource(&id()).is_null());
    });
}

#[test]
fn tags_of_a_policy_are_no_drift_and_stay() {
    every_cli(|cli| {
        let scene = scene(cli, "  tags = { team = \"ours\" }", 0);
        scene.azure.drift(&id(), &json!({"tags": {"policy": "theirs"}}));
        scene.dir.plans_nothing();
        scene.dir.write("main.tf", &group("  tags = { team = \"new\" }"));
        scene.dir.apply().succeeds();
        assert_eq!(scene.azure.resource(&id())["tags"], json!({"team": "new", "policy": "theirs"}));
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_group_that_exists_is_imported_and_not_taken() {
    every_cli(|cli| {
        let scene = scene(cli, "", 0);
        scene.dir.run(&["state", "rm", ADDRESS]).succeeds();
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Resource Group Exists Already");
        assert_eq!(
            error.detail,
            format!(
                "A resource group with this ID exists already, and creating it would overwrite its settings. To manage it here, import it, with the address of this resource:\n\nimport {{\n  to = azureml_resource_group.example\n  id = \"{}\"\n}}\n\nTo have another resource group, choose another name.",
                id()
            )
        );
        scene.dir.import(ADDRESS, &id().to_uppercase()).succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.dir.resource(ADDRESS)["id"], id());
    });
}
