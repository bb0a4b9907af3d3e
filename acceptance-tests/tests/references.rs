//! What a new resource refers to is looked at before the old one is destroyed for it: a typing mistake costs nothing.

use acceptance_tests::{Dependents, Diagnostic, Emulator, Fault, Scene, every_cli};
use serde_json::json;

const SUMMARY: &str = "Replacement Leads Nowhere";
/// A subscription that nobody has.
const NOBODYS: &str = "00000000-0000-0000-0000-0000000000ff";
/// What every such error says to do.
const ADVICE: &str = "or make what it names before. What another provider, or another configuration (alias) of this one, makes in the same apply has to be made first, by an apply with \"-target\" and its address. If you are destroying it instead, run the destroy with -refresh=false.";

/// A workspace that can be replaced.
const FREE: &str = "purge_on_destroy = true";

/// What an error says first, and what Azure said.
fn told(error: &Diagnostic) -> (&str, &str) {
    let first = error.detail.lines().next().unwrap_or_default();
    let azure = error.detail.lines().last().unwrap_or_default();
    (first, azure.split(", request ID").next().unwrap_or_default())
}

/// The ends of the paths of all reads since the log was emptied, sorted, and insists that there were no writes.
#[track_caller]
fn reads(azure: &Emulator) -> Vec<String> {
    let log = azure.requests();
    assert_eq!(log.writes().len(), 0, "{log:?}");
    let own = log.0.iter().filter(|one| one.path.starts_with("/subscriptions/"));
    let end = |path: &str| {
        path.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/")
    };
    let mut reads: Vec<String> = own.map(|one| end(&one.path)).collect();
    reads.sort();
    azure.forget();
    reads
}

/// The workspace of the scene with one text replaced by another.
fn with(scene: &Scene, from: &str, to: &str, arguments: &str) {
    let block = scene.block("main", Scene::NAME, arguments);
    assert!(block.contains(from), "{block}");
    scene.dir.write("main.tf", &block.replace(from, to));
}

#[test]
fn a_workspace_is_not_destroyed_for_one_that_cannot_be_made() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(FREE);
        let before = scene.in_azure();
        let id = |kind: &str| scene.dependents.id(kind).to_owned();
        let subscription = Emulator::SUBSCRIPTION;
        let wrong = |kind: &str| format!("{}x", id(kind));
        let text = |what: &str, attribute: &str| {
            format!(
                "{attribute} names {what}. A replacement would have destroyed the workspace \"main-workspace\" first, and then found that the new one cannot be made; nothing was destroyed. Correct {attribute}, {ADVICE}"
            )
        };

        // All that a workspace refers to, each told at its place.
        let (storage, identity) = (wrong("storage_account"), wrong("user_assigned_identity"));
        let own = id("user_assigned_identity");
        let arguments = format!(
            r#"{FREE}
application_insights_id = "{}"
container_registry_id = "{}"
identity = {{ type = "UserAssigned", identity_ids = ["{own}", "{identity}"] }}
primary_user_assigned_identity_id = "{identity}"
customer_managed_key = {{ key_vault_id = "{}y", key_id = "https://scene-vaulty.vault.azure.net/keys/k/0123", user_assigned_identity_id = "{own}" }}"#,
            wrong("application_insights"),
            wrong("container_registry"),
            id("key_vault"),
        );
        let block = scene.block("main", Scene::NAME, &arguments);
        let block = block.replace(&format!("\"{}\"", id("storage_account")), &format!("\"{storage}\""));
        let block =
            block.replace(&format!("\"{}\"", id("key_vault")), &format!("\"{}\"", wrong("key_vault")));
        scene.dir.write("main.tf", &block.replace("\"scene-rg\"", "\"scene-rgg\""));
        // An apply comes no further than a plan.
        let mut errors = scene.dir.apply().fails().errors();
        assert!(errors.iter().all(|one| one.summary == SUMMARY && one.address == Scene::MAIN), "{errors:?}");
        errors.sort_by(|one, other| one.code.cmp(&other.code));
        let places = errors.iter().map(|one| one.code.split_whitespace().next().unwrap_or_default());
        assert_eq!(
            places.collect::<Vec<_>>(),
            [
                "application_insights_id",
                "container_registry_id",
                "customer_managed_key",
                "identity",
                "key_vault_id",
                "resource_group_name",
                "storage_account_id"
            ]
        );
        let what = format!(
            "the resource group \"scene-rgg\", which does not exist in the subscription {subscription}"
        );
        let azure = format!(
            "Azure: ResourceGroupNotFound (HTTP 404) to GET /subscriptions/{subscription}/resourceGroups/scene-rgg"
        );
        assert_eq!(told(&errors[5]), (text(&what, "resource_group_name").as_str(), azure.as_str()));
        let what = format!("a storage account that does not exist, {storage}");
        let azure = format!("Azure: ResourceNotFound (HTTP 404) to GET {storage}");
        assert_eq!(told(&errors[6]), (text(&what, "storage_account_id").as_str(), azure.as_str()));
        let what = format!("a user-assigned identity that does not exist, {identity}");
        assert_eq!(told(&errors[3]).0, text(&what, "identity.identity_ids"));

        // The subscription is told by what is asked of its group.
        let other = format!("subscription_id = \"{NOBODYS}\"");
        scene.workspace(&format!("{other}\n{FREE}"));
        let error = scene.dir.plan().is_refused().only_error();
        let what = format!(
            "the subscription {NOBODYS}, which does not exist, or which whoever runs this cannot see"
        );
        let azure = format!(
            "Azure: SubscriptionNotFound (HTTP 404) to GET /subscriptions/{NOBODYS}/resourceGroups/scene-rg"
        );
        assert_eq!(error.code, other);
        assert_eq!(told(&error), (text(&what, "subscription_id").as_str(), azure.as_str()));
        assert_eq!(scene.azure.requests().writes().len(), 0);
        assert_eq!(scene.in_azure(), before);
    });
}

#[test]
fn what_is_replaced_otherwise_is_looked_after_too() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(FREE);
        // In itself this is an update in place, of which Azure will tell what is wrong.
        let insights = format!("{}x", scene.dependents.id("application_insights"));
        scene.workspace(&format!("{FREE}\napplication_insights_id = \"{insights}\""));
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        assert_eq!(reads(&scene.azure), ["workspaces/main-workspace"]);
        let error = scene.dir.plan_with(&["-replace=azureml_workspace.main"]).is_refused().only_error();
        assert_eq!(
            (error.summary.as_str(), error.code),
            (SUMMARY, format!("application_insights_id = \"{insights}\""))
        );
        scene.dir.taint(Scene::MAIN).succeeds();
        assert_eq!(scene.dir.plan().is_refused().only_error().summary, SUMMARY);
        assert_eq!(scene.dir.plan_with(&["-refresh=false"]).is_refused().only_error().summary, SUMMARY);
        scene.dir.run(&["untaint", Scene::MAIN]).succeeds();
        // What has vanished behind the configuration's back.
        scene.workspace(FREE);
        scene.azure.vanish(scene.dependents.id("storage_account"));
        let error = scene.dir.plan_with(&["-replace=azureml_workspace.main"]).is_refused().only_error();
        assert!(error.code.starts_with("storage_account_id"), "{error:?}");
        assert_eq!(scene.azure.requests().writes().len(), 0);
    });
}

#[test]
fn only_a_proven_absence_refuses_and_each_thing_is_read_once() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(FREE);
        let storage = scene.dependents.id("storage_account");
        let plans = || {
            scene.dir.plan().has_changes().will("replace", Scene::MAIN);
        };
        scene.workspace(&format!("hbi_workspace = true\n{FREE}"));
        plans();
        let each = ["storageAccounts/scenestorage", "vaults/scene-vault", "workspaces/main-workspace"];
        assert_eq!(reads(&scene.azure), each, "the refresh, and what the new one refers to");
        // Two that refer to the same.
        let second = scene.block("second", "second-workspace", FREE);
        let main = scene.dir.read("main.tf");
        scene.dir.write("main.tf", &scene.block("main", Scene::NAME, FREE));
        scene.dir.write("second.tf", &second);
        scene.dir.apply().succeeds();
        scene.azure.forget();
        scene.dir.write("main.tf", &main);
        scene.dir.write(
            "second.tf",
            &scene.block("second", "second-workspace", &format!("hbi_workspace = true\n{FREE}")),
        );
        plans();
        let all = [each[0], each[1], each[2], "workspaces/second-workspace"];
        assert_eq!(reads(&scene.azure), all);
        scene.dir.write("second.tf", &second);

        // Whoever may not read it.
        let missing = format!("{storage}x");
        with(&scene, storage, &missing, FREE);
        let denial = json!({"scope": missing, "action": "Microsoft.Storage/storageAccounts/read"});
        scene.azure.control().put("/governance", &json!({"denials": [denial]}));
        plans();
        scene.azure.control().put("/governance", &json!({}));
        // A 404 that says nothing of the resource.
        let odd = Fault::at("GET", "/storageAccounts/scenestoragex$").status(404);
        scene.azure.inject(odd.error("InvalidResourceType", "No such type here."));
        plans();
        // A subscription that is not seen may be another tenant's.
        let elsewhere = storage.replace(Emulator::SUBSCRIPTION, NOBODYS);
        with(&scene, storage, &elsewhere, FREE);
        plans();
        assert_eq!(scene.azure.requests().writes().len(), 0);
    });
}

#[test]
fn what_the_same_plan_makes_is_there_in_time() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let config = |name: &str| {
            let group = format!(
                "resource \"azureml_resource_group\" \"main\" {{\n  name     = \"{name}\"\n  location = \"eastus\"\n}}\n"
            );
            let text = scene.block("main", Scene::NAME, FREE);
            scene.dir.write(
                "main.tf",
                &format!("{group}{}", text.replace("\"scene-rg\"", "azureml_resource_group.main.name")),
            );
        };
        config("first-rg");
        scene.dir.apply().succeeds();
        config("second-rg");
        scene.dir.plan().has_changes().will("replace", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.in_state()["resource_group_name"], "second-rg");
    });
}

/// An endpoint to a vault with a zone, the link of that zone, and an approval of the endpoint's connection; further types.
fn private_network(scene: &Scene, network: &Dependents) -> String {
    let (vault, subnet) = (scene.dependents.id("key_vault"), network.id("subnet"));
    let (security, linked) = (network.id("application_security_group"), network.id("virtual_network"));
    let zone = within("privateDnsZones/privatelink.vaultcore.azure.net");
    format!(
        r#"resource "azureml_private_endpoint" "main" {{
  name                           = "endpoint"
  resource_group_name            = "scene-rg"
  subnet_id                      = "{subnet}"
  private_connection_resource_id = "{vault}"
  group_ids                      = ["vault"]
  application_security_group_ids = ["{security}"]
  private_dns_zone_group         = {{ private_dns_zone_ids = ["{zone}"] }}
}}
resource "azureml_private_endpoint_approval" "main" {{
  private_connection_resource_id = "{vault}"
  private_endpoint_id            = "{}"
  depends_on                     = [azureml_private_endpoint.main]
}}
resource "azureml_private_dns_link" "main" {{
  name                = "link"
  private_dns_zone_id = "{zone}"
  virtual_network_id  = "{linked}"
}}
resource "azureml_private_dns_zone" "main" {{
  name                = "privatelink.notebooks.azure.net"
  resource_group_name = "scene-rg"
}}
resource "azureml_resource_management_private_link" "main" {{
  name                = "arm"
  resource_group_name = "scene-rg"
}}
resource "azureml_resource_group" "main" {{
  name            = "more-rg"
  location        = "eastus"
  subscription_id = "{}"
}}
"#,
        within("privateEndpoints/endpoint"),
        Emulator::SUBSCRIPTION,
    )
}

/// The ID of something of the network in the scene's group.
fn within(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}

#[test]
fn endpoints_links_and_zones_are_not_destroyed_for_what_cannot_be_made() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        scene.azure.make_zone(&within("privateDnsZones/privatelink.vaultcore.azure.net"));
        let text = private_network(&scene, &network);
        scene.dir.write("main.tf", &text);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        scene.azure.forget();
        let endpoint = || scene.azure.resource(&within("privateEndpoints/endpoint"));
        let before = endpoint();
        let refused = |text: &str| {
            scene.dir.write("main.tf", text);
            let errors = scene.dir.plan().is_refused().errors();
            assert!(errors.iter().all(|one| one.summary == SUMMARY), "{errors:?}");
            let place = |one: &Diagnostic| {
                let argument = one.code.split_whitespace().next().unwrap_or_default();
                format!("{}.{argument}", one.address.trim_start_matches("azureml_"))
            };
            let mut places: Vec<String> = errors.iter().map(place).collect();
            places.sort();
            places
        };
        let vault = format!("\"{}\"", scene.dependents.id("key_vault"));
        let wrong = |text: &str| text.replace(&vault, &vault.replace("-vault", "-vaultx"));
        let (first, rest) = text.split_once("resource \"azureml_private_endpoint_approval\"").expect("it");
        assert_eq!(
            refused(&format!("{first}resource \"azureml_private_endpoint_approval\"{}", wrong(rest))),
            ["private_endpoint_approval.main.private_connection_resource_id"]
        );
        let all = wrong(&text)
            .replace("\"scene-rg\"", "\"scene-rgg\"")
            .replace("virtualNetworks/scene-vnet", "virtualNetworks/none")
            .replace("applicationSecurityGroups/scene-group", "applicationSecurityGroups/none")
            .replace("privateDnsZones/privatelink.vaultcore", "privateDnsZones/none.vaultcore")
            .replace(
                &format!("subscription_id = \"{}\"", Emulator::SUBSCRIPTION),
                &format!("subscription_id = \"{NOBODYS}\""),
            );
        assert_eq!(
            refused(&all),
            [
                "private_dns_link.main.private_dns_zone_id",
                "private_dns_link.main.virtual_network_id",
                "private_dns_zone.main.resource_group_name",
                "private_endpoint.main.application_security_group_ids",
                "private_endpoint.main.private_connection_resource_id",
                "private_endpoint.main.private_dns_zone_group",
                "private_endpoint.main.resource_group_name",
                "private_endpoint.main.subnet_id",
                "resource_group.main.subscription_id",
                "resource_management_private_link.main.resource_group_name",
            ]
        );
        assert_eq!(scene.azure.requests().writes().len(), 0);
        assert_eq!(endpoint(), before);
    });
}
