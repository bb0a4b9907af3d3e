//! Wrong answers under the real tools: what a proxy or a cloud without the type answers in the place of a workspace
//! changes neither state nor Azure, and a creation that a page answers takes place. `wrong_answers` has all the rest.

use acceptance_tests::{Fault, Scene, every_cli};

const WORKSPACES: &str = "/workspaces/";

#[test]
fn what_says_nothing_about_a_workspace_changes_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("purge_on_destroy = true");
        let (state, azure) = (scene.dir.read("terraform.tfstate"), scene.in_azure());
        let gone = "<html>no such page</html>";
        let no_type = r#"{"error":{"code":"InvalidResourceType","message":"No such type in this version."}}"#;
        let get = || Fault::at("GET", WORKSPACES).times(1000);
        for (fault, words) in [
            (
                get().answer(200, "application/json", "{}"),
                "it has no id, so it is not the resource (HTTP 200",
            ),
            (get().answer(404, "text/html", gone), "no such page"),
            (get().answer(404, "application/json", no_type), "InvalidResourceType"),
        ] {
            let armed = scene.azure.inject(fault);
            scene.dir.plan().output.fails().says("Workspace Not Read").says(words);
            let destroyed =
                scene.dir.run(&["destroy", "-auto-approve", "-json", "-no-color", "-input=false"]);
            destroyed.fails().says("Workspace Not Read").says(words);
            assert!(armed.hits() >= 2, "both commands have asked");
            scene.azure.heal();
            assert_eq!(scene.dir.read("terraform.tfstate"), state, "{words}");
            assert_eq!(scene.in_azure(), azure, "{words}");
        }
        assert!(scene.azure.requests().writes().is_empty());
        scene.dir.plans_nothing();

        // A creation that a page answers, sent and not sent on: it is there in the end, once.
        let page = "<html>Please sign in to the network</html>";
        let put =
            |name: &str| Fault::at("PUT", &format!("{WORKSPACES}{name}$")).answer(200, "text/html", page);
        for (name, fault) in [("not-sent-on", put("not-sent-on")), ("sent-on", put("sent-on").after_all())] {
            scene.dir.write(&format!("{name}.tf"), &scene.block(name, name, ""));
            scene.azure.inject(fault);
            scene.dir.apply().succeeds();
            assert!(!scene.azure.resource(&Scene::id_of(name)).is_null(), "{name} is in Azure");
        }
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_page_in_the_wait_for_a_creation_taints_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        let page = "<html>Please sign in to the network</html>";
        let polled = Fault::at("GET", "workspaceOperationsStatus").times(2).answer(403, "text/html", page);
        let polled = scene.azure.inject(polled);
        scene.dir.apply().succeeds();
        assert_eq!(polled.hits(), 2);
        assert!(!scene.dir.is_tainted(Scene::MAIN));
        scene.dir.plans_nothing();
    });
}
