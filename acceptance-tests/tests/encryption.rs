//! A customer-managed key: added, exchanged, moved to another vault, known only at apply.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

/// The URL of a version of a key in the scene's vault, or in another.
fn key(scene: &Scene, vault: Option<&str>, version: u8) -> String {
    let own = scene.dependents.id("key_vault").rsplit('/').next().unwrap_or_default();
    format!("https://{}.vault.azure.net/keys/data/{version}", vault.unwrap_or(own))
}

/// The block for that key.
fn block(scene: &Scene, url: &str) -> String {
    let vault = scene.dependents.id("key_vault");
    format!(
        "purge_on_destroy     = true\ncustomer_managed_key = {{ key_vault_id = \"{vault}\", key_id = {url} }}"
    )
}

#[test]
fn a_key_cannot_be_added_or_taken_away_in_place() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("purge_on_destroy = true");
        let with_key = block(&scene, &format!("\"{}\"", key(&scene, None, 1)));
        for arguments in [with_key.as_str(), "purge_on_destroy = true"] {
            scene.workspace(arguments);
            let plan = scene.dir.plan();
            plan.has_changes().will("replace", Scene::MAIN);
            assert_eq!(plan.change(Scene::MAIN)["replace_paths"], json!([["customer_managed_key"]]));
            scene.dir.apply_saved().succeeds();
            scene.dir.plans_nothing();
        }
    });
}

#[test]
fn a_key_that_is_known_at_apply_is_exchanged_in_place_or_refused() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let with = |url: &str| {
            let data = format!("resource \"terraform_data\" \"key\" {{\n  input = \"{url}\"\n}}\n");
            let workspace = scene.block("main", Scene::NAME, &block(&scene, "terraform_data.key.output"));
            scene.dir.write("main.tf", &format!("{data}{workspace}"));
        };
        with(&key(&scene, None, 1));
        scene.dir.apply().succeeds();
        scene.azure.forget();

        with(&key(&scene, None, 2));
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        let body = json!({"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": key(&scene, None, 2)}}}});
        assert_eq!(scene.writes(), [("PATCH".to_owned(), body)]);
        scene.dir.plans_nothing();
        scene.azure.forget();

        with(&key(&scene, Some("elsewhere"), 1));
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        let error = scene.dir.apply_saved().fails().only_error();
        assert_eq!(error.summary, "Invalid Customer-Managed Key");
        assert!(error.detail.contains("its URL is that of a key in the vault \"elsewhere\""), "{error:?}");
        assert_eq!(scene.writes(), []);
    });
}
