//! Registrations that are missing in another subscription than the resource's, or that end an operation: what a user reads, and
//! what `on_demand` does about them.

use acceptance_tests::{Cli, Emulator, Fault, Scene, every_cli};
use serde_json::json;

const LEARNING: &str = "Microsoft.MachineLearningServices";
const NETWORK: &str = "Microsoft.Network";
const OTHER: &str = Emulator::OTHER_SUBSCRIPTION;
const ON_DEMAND: &str = "  resource_provider_registrations = \"on_demand\"";

fn unregister(scene: &Scene, subscription: &str, namespace: &str) {
    let order = json!({
        "subscription_id": subscription, "namespace": namespace, "state": "NotRegistered",
        "reads": 0,
    });
    scene.azure.control().put("/registrations", &order);
}

/// How often a namespace was registered in a subscription.
fn registered(scene: &Scene, subscription: &str, namespace: &str) -> usize {
    let path = format!("/subscriptions/{subscription}/providers/{namespace}/register");
    scene.azure.requests().to("POST", &path).len()
}

/// Insists that an apply is refused with a remedy for the other subscription, and succeeds on demand with one registration there.
#[track_caller]
fn is_registered_there(scene: &Scene, namespace: &str) {
    let error = scene.dir.apply().fails().only_error();
    let remedy = format!(
        "Something that this resource refers to lies in the subscription {OTHER}, which has not registered the resource provider {namespace}. Register it there, or set resource_provider_registrations = \"on_demand\" in the provider block, which registers such providers along the way.\n\nIn a configuration:\n\n    resource \"azureml_resource_provider_registration\" \"example\" {{\n      namespace       = \"{namespace}\"\n      subscription_id = \"{OTHER}\"\n    }}\n\nAs a command: az provider register --namespace {namespace} --subscription {OTHER} --wait\n"
    );
    assert!(error.detail.contains(&remedy), "{}", error.detail);
    assert_eq!(registered(scene, OTHER, namespace), 0);
    scene.dir.provider_block("azureml", ON_DEMAND);
    scene.dir.apply().succeeds();
    scene.dir.plans_nothing();
    assert_eq!(registered(scene, OTHER, namespace), 1);
    assert_eq!(registered(scene, Emulator::SUBSCRIPTION, namespace), 0);
}

/// A group of the other subscription with what a workspace stands on.
fn dependents(scene: &Scene) -> serde_json::Value {
    let seed = json!({
        "scenario": "dependents", "resource_group": "data-rg", "location": "eastus", "prefix": "data",
        "subscription_id": OTHER,
    });
    scene.azure.control().post("/seed", &seed)
}

fn on_demand(cli: &Cli) -> Scene {
    let scene = Scene::new(cli);
    scene.dir.provider_block("azureml", ON_DEMAND);
    scene
}

/// The workspace on a vault or storage account, and with a registry or insights, of the other subscription.
fn stands_on(scene: &Scene, kind: &str) {
    let planted = dependents(scene);
    let there = planted[kind].as_str().unwrap_or_default().to_owned();
    assert!(there.contains(OTHER), "{planted}");
    let text = match kind {
        "storage_account" | "key_vault" => {
            scene.block("main", Scene::NAME, "").replace(scene.dependents.id(kind), &there)
        }
        _ => scene.block("main", Scene::NAME, &format!("{kind}_id = \"{there}\"")),
    };
    scene.dir.write("main.tf", &text);
}

#[test]
fn what_lies_in_another_subscription_needs_a_registration_there() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let other = OTHER;
        let planted = dependents(&scene);
        let vault = planted["key_vault"].as_str().unwrap_or_default().to_owned();
        unregister(&scene, other, LEARNING);
        let text = scene.block("main", Scene::NAME, "").replace(scene.dependents.id("key_vault"), &vault);
        scene.dir.write("main.tf", &text);
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "Resource Provider Not Registered");
        assert!(error.code.contains("key_vault_id"), "{}", error.code);
        let block = format!(
            "resource \"azureml_resource_provider_registration\" \"example\" {{\n      namespace       = \"Microsoft.MachineLearningServices\"\n      subscription_id = \"{other}\"\n    }}"
        );
        assert_eq!(
            error.detail,
            format!(
                "key_vault_id names something in the subscription {other}, which has not registered the resource provider Microsoft.MachineLearningServices. Azure refuses it for a workspace of another subscription until it has. Register it first, and let this resource depend on that:\n\n    {block}\n\n    depends_on = [azureml_resource_provider_registration.example]\n\nAs a command: az provider register --namespace Microsoft.MachineLearningServices --subscription {other} --wait"
            )
        );
        // Whoever may not look plans all the same.
        let scope = format!("/subscriptions/{other}");
        let denial =
            json!({"denials": [{"scope": scope, "action": "Microsoft.MachineLearningServices/read"}]});
        scene.azure.control().put("/governance", &denial);
        scene.dir.plan().has_changes().will("create", Scene::MAIN);
        scene.azure.control().put("/governance", &json!({}));
        // What it says is what helps, in one apply; afterwards no plan asks again.
        let waits = "depends_on = [azureml_resource_provider_registration.example]";
        let text = scene.block("main", Scene::NAME, waits).replace(scene.dependents.id("key_vault"), &vault);
        scene.dir.write("main.tf", &format!("{}\n{text}", block.replace("    ", "")));
        scene.dir.apply().succeeds();
        scene.azure.forget();
        scene.dir.plans_nothing();
        let looks = scene
            .azure
            .requests()
            .to("GET", &format!("{scope}/providers/Microsoft.MachineLearningServices"))
            .len();
        assert_eq!(looks, 1, "only the registration itself is read");
    });
}

#[test]
fn on_demand_registers_where_what_a_workspace_stands_on_lies() {
    every_cli(|cli| {
        for kind in ["storage_account", "key_vault", "application_insights", "container_registry"] {
            let scene = on_demand(cli);
            stands_on(&scene, kind);
            unregister(&scene, OTHER, LEARNING);
            // The plan leaves it to the apply.
            scene.dir.apply().succeeds();
            scene.dir.plans_nothing();
            assert_eq!(registered(&scene, OTHER, LEARNING), 1, "{kind}");
            assert_eq!(registered(&scene, Emulator::SUBSCRIPTION, LEARNING), 0, "{kind}");
        }
    });
}

#[test]
fn who_may_not_look_elsewhere_is_told_of_it_by_the_apply() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        stands_on(&scene, "key_vault");
        unregister(&scene, OTHER, LEARNING);
        let denial =
            json!({"scope": format!("/subscriptions/{OTHER}"), "action": format!("{LEARNING}/read")});
        scene.azure.control().put("/governance", &json!({"denials": [denial]}));
        let error = scene.dir.apply().fails().only_error();
        assert!(
            error.detail.contains(&format!("lies in the subscription {OTHER}, which")),
            "{}",
            error.detail
        );
        assert!(error.detail.contains(&format!("subscription_id = \"{OTHER}\"")), "{}", error.detail);
    });
}

/// An endpoint to this target in this subnet, with these zones.
fn endpoint(scene: &Scene, target: &str, subnet: &str, zone: Option<&str>) {
    let zones =
        zone.map(|zone| format!("private_dns_zone_group = {{ private_dns_zone_ids = [\"{zone}\"] }}"));
    let text = format!(
        "resource \"azureml_private_endpoint\" \"main\" {{\n  name                           = \"endpoint\"\n  resource_group_name            = \"scene-rg\"\n  subnet_id                      = \"{subnet}\"\n  private_connection_resource_id = \"{target}\"\n  group_ids                      = [\"vault\"]\n{}\n}}\n",
        zones.unwrap_or_default()
    );
    scene.dir.write("main.tf", &text);
}

/// A virtual network of the other subscription, by its ID, and a private DNS zone there.
fn hub(scene: &Scene) -> (String, String) {
    let hub = format!("/subscriptions/{OTHER}/resourceGroups/hub-rg");
    scene.azure.place(&hub, &json!({"location": "eastus"}));
    let network = format!("{hub}/providers/Microsoft.Network/virtualNetworks/hub");
    scene.azure.make_network(&network);
    let zone = format!("{hub}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net");
    scene.azure.make_zone(&zone);
    (network, zone)
}

#[test]
fn an_endpoint_needs_network_where_its_target_lies() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        let planted = dependents(&scene);
        endpoint(&scene, planted["key_vault"].as_str().unwrap_or_default(), network.id("subnet"), None);
        unregister(&scene, OTHER, NETWORK);
        is_registered_there(&scene, NETWORK);
    });
}

#[test]
fn an_endpoint_needs_network_where_its_subnet_lies() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let (network, _) = hub(&scene);
        let subnet = format!("{network}/subnets/endpoints");
        endpoint(&scene, scene.dependents.id("key_vault"), &subnet, None);
        unregister(&scene, OTHER, NETWORK);
        is_registered_there(&scene, NETWORK);
    });
}

#[test]
fn a_zone_group_needs_network_where_its_zones_lie() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        let (_, zone) = hub(&scene);
        endpoint(&scene, scene.dependents.id("key_vault"), network.id("subnet"), Some(&zone));
        unregister(&scene, OTHER, NETWORK);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(registered(&scene, OTHER, NETWORK), 1);
    });
}

#[test]
fn a_link_needs_network_where_its_network_lies() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let (network, _) = hub(&scene);
        let zone = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms",
            Emulator::SUBSCRIPTION,
            Scene::GROUP
        );
        scene.azure.make_zone(&zone);
        let text = format!(
            "resource \"azureml_private_dns_link\" \"main\" {{\n  name                = \"hub\"\n  private_dns_zone_id = \"{zone}\"\n  virtual_network_id  = \"{network}\"\n}}\n"
        );
        scene.dir.write("main.tf", &text);
        unregister(&scene, OTHER, NETWORK);
        is_registered_there(&scene, NETWORK);
    });
}

#[test]
fn a_zone_is_registered_for_in_its_own_subscription() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        hub(&scene);
        let text = format!(
            "resource \"azureml_private_dns_zone\" \"main\" {{\n  name                = \"privatelink.api.azureml.ms\"\n  resource_group_name = \"hub-rg\"\n  subscription_id     = \"{OTHER}\"\n}}\n"
        );
        scene.dir.write("main.tf", &text);
        unregister(&scene, OTHER, NETWORK);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(registered(&scene, OTHER, NETWORK), 1);
    });
}

/// A workspace whose creation is accepted and then ends for lack of a registration, this often.
fn ends_unregistered(scene: &Scene, times: usize) {
    unregister(scene, Emulator::SUBSCRIPTION, "Microsoft.Search");
    let message = "The subscription is not registered to use namespace 'Microsoft.Search'. See x.";
    let fault = Fault::at("PUT", &format!("{}$", scene.id())).times(times);
    scene.azure.inject(fault.fail_operation("MissingSubscriptionRegistration", message));
    scene.workspace("");
}

#[test]
fn an_operation_that_ends_for_lack_of_a_registration_is_begun_again() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        ends_unregistered(&scene, 1);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(registered(&scene, Emulator::SUBSCRIPTION, "Microsoft.Search"), 1);
        let puts: Vec<_> = scene.writes().into_iter().filter(|(method, _)| method == "PUT").collect();
        assert_eq!(puts.len(), 2);
    });
}

#[test]
fn what_is_refused_although_it_is_registered_on_demand_is_told_so() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        ends_unregistered(&scene, 2);
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(registered(&scene, Emulator::SUBSCRIPTION, "Microsoft.Search"), 1, "and no second time");
        let remedy = format!(
            "The provider registers what is missing on demand, and Azure still refuses the subscription {} for want of the resource provider Microsoft.Search.",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&remedy), "{}", error.detail);
        assert!(!error.detail.contains("resource_provider_registrations"), "{}", error.detail);
    });
}

#[test]
fn a_registration_on_demand_that_does_not_end_is_what_is_read() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        let order = json!({
            "subscription_id": Emulator::SUBSCRIPTION, "namespace": LEARNING, "state": "NotRegistered",
            "reads": 1_000_000,
        });
        scene.azure.control().put("/registrations", &order);
        let soon = "timeouts {\n  create = \"8s\"\n}";
        let blocks = ["one", "two"].map(|name| scene.block(name, &format!("ws-{name}"), soon));
        scene.dir.write("main.tf", &blocks.concat());
        let errors = scene.dir.apply().fails().errors();
        assert_eq!(errors.len(), 2);
        let registers = format!("Azure goes on with the registration of {LEARNING} in the subscription ");
        assert!(errors.iter().any(|error| error.detail.contains(&registers)), "{errors:?}");
        // Neither it nor who waits for it is advised to register on demand.
        for error in errors {
            assert!(!error.detail.contains("resource_provider_registrations"), "{}", error.detail);
        }
        assert_eq!(registered(&scene, Emulator::SUBSCRIPTION, LEARNING), 1);
    });
}

#[test]
fn who_may_not_register_on_demand_reads_what_it_takes() {
    every_cli(|cli| {
        let scene = on_demand(cli);
        unregister(&scene, Emulator::SUBSCRIPTION, LEARNING);
        let scope = format!("/subscriptions/{}", Emulator::SUBSCRIPTION);
        let action = format!("{LEARNING}/register/action");
        scene.azure.control().put("/governance", &json!({"denials": [{"scope": scope, "action": action}]}));
        scene.workspace("");
        let error = scene.dir.apply().fails().only_error();
        let remedy = format!(
            "Whoever runs this may not register the resource provider {LEARNING} in the subscription {}. That takes the permission {action} there, which Contributor has.",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&remedy), "{}", error.detail);
        let command = format!(
            "az provider register --namespace {LEARNING} --subscription {} --wait",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&command), "{}", error.detail);
    });
}
