//! Resource providers: which are registered, registering them, and what happens to a request without.

use acceptance_tests::{Emulator, Fault, Provider, Scene, Workdir, every_cli};
use serde_json::{Value, json};

const ADDRESS: &str = "azureml_resource_provider_registration.main";
const SEARCH: &str = "Microsoft.Search";

fn id(namespace: &str) -> String {
    format!("/subscriptions/{}/providers/{namespace}", Emulator::SUBSCRIPTION)
}

fn block(arguments: &str) -> String {
    format!("resource \"azureml_resource_provider_registration\" \"main\" {{\n{arguments}\n}}\n")
}

/// Lets a namespace not be registered, and a registration of it take some reads and come and go.
fn unregister(azure: &Emulator, subscription: &str, namespace: &str) {
    let order = json!({
        "subscription_id": subscription, "namespace": namespace, "state": "NotRegistered",
        "reads": 1, "flaps": 1,
    });
    azure.control().put("/registrations", &order);
}

/// Lets a namespace be in a state in which a registration takes for ever.
fn lasts(azure: &Emulator, namespace: &str, state: &str) {
    let order = json!({
        "subscription_id": Emulator::SUBSCRIPTION, "namespace": namespace, "state": state,
        "reads": 1_000_000, "polls_left": 1_000_000,
    });
    azure.control().put("/registrations", &order);
}

fn state(azure: &Emulator, namespace: &str) -> Value {
    let key = format!("{}/{namespace}", Emulator::SUBSCRIPTION).to_lowercase();
    azure.snapshot()["registrations"][key]["state"].clone()
}

/// How often a namespace was registered, or what else was asked of it by POST.
fn posts(azure: &Emulator, end: &str) -> usize {
    azure.requests().to("POST", end).len()
}

#[test]
fn a_namespace_is_registered_and_left_so() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        unregister(&scene.azure, Emulator::SUBSCRIPTION, SEARCH);
        scene.dir.write("main.tf", &block("namespace = \"microsoft.search\""));
        scene.dir.apply().succeeds();
        assert_eq!(posts(&scene.azure, "/providers/Microsoft.Search/register"), 1);
        assert_eq!(state(&scene.azure, SEARCH), Value::Null, "registered, and for good");
        scene.dir.plans_nothing();
        let held = scene.dir.resource(ADDRESS);
        assert_eq!((&held["id"], &held["namespace"]), (&json!(id(SEARCH)), &json!("microsoft.search")));
        scene.azure.forget();
        scene.dir.destroy().succeeds();
        assert_eq!(posts(&scene.azure, "register"), 0);
        assert_eq!(state(&scene.azure, SEARCH), Value::Null);
    });
}

#[test]
fn what_is_registered_already_is_taken_over_and_unregistered_where_that_is_wanted() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let arguments = "namespace = \"Microsoft.Search\"\nunregister_on_destroy = true";
        scene.dir.write("main.tf", &block(arguments));
        scene.dir.apply().succeeds();
        assert_eq!(posts(&scene.azure, "register"), 0);
        scene.dir.run(&["state", "rm", ADDRESS]).succeeds();
        scene.dir.import(ADDRESS, &id(SEARCH).to_lowercase()).succeeds();
        assert_eq!(scene.dir.resource(ADDRESS)["namespace"], SEARCH);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        scene.dir.destroy().succeeds();
        assert_eq!(posts(&scene.azure, "/providers/Microsoft.Search/unregister"), 1);
        assert_eq!(state(&scene.azure, SEARCH), "Unregistered");
        // Where it is not registered there is nothing to import.
        scene.dir.import(ADDRESS, &id(SEARCH)).fails().says("Cannot import non-existent remote object");
    });
}

#[test]
fn an_end_outside_is_seen_and_another_subscription_is_reached() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        unregister(&scene.azure, Emulator::OTHER_SUBSCRIPTION, SEARCH);
        let arguments =
            format!("namespace = \"{SEARCH}\"\nsubscription_id = \"{}\"", Emulator::OTHER_SUBSCRIPTION);
        scene.dir.write("main.tf", &block(&arguments));
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        let path = format!("/subscriptions/{}/providers/{SEARCH}/register", Emulator::OTHER_SUBSCRIPTION);
        assert_eq!(posts(&scene.azure, &path), 1);
        unregister(&scene.azure, Emulator::OTHER_SUBSCRIPTION, SEARCH);
        scene.dir.plan().has_changes().will("create", ADDRESS);
    });
}

#[test]
fn what_was_unregistered_again_is_refused_in_other_words_with_the_same_remedy() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let namespace = "Microsoft.MachineLearningServices";
        for state in ["Unregistered", "Unregistering"] {
            let order = json!({
                "subscription_id": Emulator::SUBSCRIPTION, "namespace": namespace, "state": state,
                "polls_left": 1000,
            });
            scene.azure.control().put("/registrations", &order);
            scene.workspace("");
            let error = scene.dir.apply().fails().only_error();
            let said = format!(
                "The subscription registration is in '{state}' state. The subscription must be registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.\n\nThe subscription {} has not registered the resource provider {namespace}.",
                Emulator::SUBSCRIPTION
            );
            assert!(error.detail.starts_with(&said), "{}", error.detail);
            let command = format!(
                "az provider register --namespace {namespace} --subscription {} --wait",
                Emulator::SUBSCRIPTION
            );
            assert!(error.detail.contains(&command), "{}", error.detail);
        }
    });
}

#[test]
fn the_data_source_says_what_is_missing_why_and_how_to_mend_it() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        unregister(&scene.azure, Emulator::SUBSCRIPTION, SEARCH);
        let text = "data \"azureml_resource_provider_registration\" \"it\" {\n  features   = [\"customer_managed_key\"]\n  namespaces = [\"Microsoft.Cache\"]\n}\noutput \"it\" {\n  value = data.azureml_resource_provider_registration.it\n}\n";
        scene.dir.write("main.tf", text);
        scene.dir.apply().succeeds();
        let found = scene.dir.state()["values"]["outputs"]["it"]["value"].clone();
        assert_eq!(found["missing"], json!([SEARCH]));
        assert_eq!(found["all_registered"], false);
        assert_eq!(
            found["commands"],
            json!([format!(
                "az provider register --namespace Microsoft.Search --subscription {} --wait",
                Emulator::SUBSCRIPTION
            )])
        );
        let providers = found["resource_providers"].as_object().cloned().unwrap_or_default();
        let names: Vec<&String> = providers.keys().collect();
        assert_eq!(
            names,
            ["Microsoft.Cache", "Microsoft.DocumentDB", "Microsoft.KeyVault", SEARCH, "Microsoft.Storage"]
        );
        let search = &providers[SEARCH];
        assert_eq!(
            (&search["registration_state"], &search["registered"]),
            (&json!("NotRegistered"), &json!(false))
        );
        assert_eq!(search["resource_types"]["searchServices"]["locations"][0], "East US");
        assert_eq!(search["resource_types"]["searchServices"]["api_versions"][0], "2025-05-01");
        let reason = providers["Microsoft.DocumentDB"]["reasons"][0].as_str().unwrap_or_default();
        assert!(reason.contains("needs the role Contributor on the subscription"), "{reason}");
        assert_eq!(posts(&scene.azure, "register"), 0, "a data source changes nothing");
        // What it does not know is refused without asking.
        scene.dir.write(
            "main.tf",
            "data \"azureml_resource_provider_registration\" \"it\" {\n  features = [\"magic\"]\n}\n",
        );
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(
            error.detail,
            "The attribute features has an element that must be one of \"workspace\", \"customer_managed_key\", \"managed_network\", \"kubernetes\", \"private_network\"; it is \"magic\"."
        );
    });
}

#[test]
fn no_casing_gives_a_namespace_another_key() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        unregister(&scene.azure, Emulator::SUBSCRIPTION, SEARCH);
        let text = "data \"azureml_resource_provider_registration\" \"it\" {\n  features   = [\"customer_managed_key\"]\n  namespaces = [\"MICROSOFT.search\", \"microsoft.cache\", \"microsoft.insights\"]\n}\noutput \"it\" {\n  value = data.azureml_resource_provider_registration.it\n}\n";
        scene.dir.write("main.tf", text);
        scene.dir.apply().succeeds();
        let found = scene.dir.state()["values"]["outputs"]["it"]["value"].clone();
        let keys: Vec<&String> =
            found["resource_providers"].as_object().into_iter().flat_map(|all| all.keys()).collect();
        let expected = [
            "Microsoft.Cache",
            "Microsoft.DocumentDB",
            "Microsoft.Insights",
            "Microsoft.KeyVault",
            SEARCH,
            "Microsoft.Storage",
        ];
        assert_eq!(keys, expected);
        assert_eq!(found["missing"], json!([SEARCH]));
        let named = json!(["MICROSOFT.search", "microsoft.cache", "microsoft.insights"]);
        assert_eq!(found["namespaces"], named, "the configuration keeps its own");
    });
}

#[test]
fn a_namespace_that_the_cloud_lacks_is_not_missing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let lacks = Fault::at("GET", &format!("/providers/{SEARCH}$")).times(1000).status(404);
        scene.azure.inject(lacks.error("InvalidResourceNamespace", "The resource namespace is invalid."));
        let text = "data \"azureml_resource_provider_registration\" \"it\" {\n  features = [\"customer_managed_key\"]\n}\noutput \"it\" {\n  value = data.azureml_resource_provider_registration.it\n}\n";
        scene.dir.write("main.tf", text);
        scene.dir.apply().succeeds();
        let found = scene.dir.state()["values"]["outputs"]["it"]["value"].clone();
        assert_eq!((&found["missing"], &found["all_registered"]), (&json!([]), &json!(true)));
        let search = &found["resource_providers"][SEARCH];
        assert_eq!((&search["registered"], &search["registration_state"]), (&json!(false), &json!(null)));
    });
}

#[test]
fn on_demand_registers_what_azure_names_once_and_goes_on() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.provider_block("azureml", "  resource_provider_registrations = \"on_demand\"");
        unregister(&scene.azure, Emulator::SUBSCRIPTION, "Microsoft.MachineLearningServices");
        let blocks: String =
            ["one", "two", "three"].map(|name| scene.block(name, &format!("ws-{name}"), "")).concat();
        scene.dir.write("main.tf", &blocks);
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(posts(&scene.azure, "/providers/Microsoft.MachineLearningServices/register"), 1);
    });
}

#[test]
fn required_registers_what_is_missing_before_anything_else() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.provider_block("azureml", "  resource_provider_registrations = \"required\"");
        unregister(&scene.azure, Emulator::SUBSCRIPTION, "Microsoft.MachineLearningServices");
        unregister(&scene.azure, Emulator::SUBSCRIPTION, SEARCH);
        scene.workspace("");
        assert_eq!(scene.dir.validate().succeeds().errors().len(), 0);
        assert!(scene.azure.requests().is_empty(), "validate asks nobody");
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(posts(&scene.azure, "/providers/Microsoft.MachineLearningServices/register"), 1);
        assert_eq!(state(&scene.azure, SEARCH), "NotRegistered", "no workspace needs it");
    });
}

#[test]
fn without_the_right_to_register_the_user_reads_who_has_to() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        unregister(&scene.azure, Emulator::SUBSCRIPTION, SEARCH);
        let scope = format!("/subscriptions/{}", Emulator::SUBSCRIPTION);
        let denial = json!({"denials": [{"scope": scope, "action": "Microsoft.Search/register/action"}]});
        scene.azure.control().put("/governance", &denial);
        scene.dir.write("main.tf", &block("namespace = \"Microsoft.Search\""));
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Resource Provider Not Registered");
        let said = format!(
            "Whoever runs this may not register the resource provider Microsoft.Search in the subscription {0}. That takes the permission Microsoft.Search/register/action there, which Contributor has. It need not be whoever runs this: once somebody who may has registered it, by the command, it is found registered.\n\nIn a configuration:\n\n    resource \"azurerm_role_assignment\" \"example\" {{\n      scope                = \"/subscriptions/{0}\"",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&said), "{}", error.detail);
        assert!(scene.dir.addresses().is_empty());
    });
}

#[test]
fn required_says_what_it_waited_for() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.provider_block("azureml", "  resource_provider_registrations = \"required\"");
        lasts(&scene.azure, "Microsoft.KeyVault", "NotRegistered");
        scene.workspace("timeouts {\n  create = \"8s\"\n}");
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Resource Providers Not Registered");
        let said = format!(
            "The last status was \"Registering\".\n\nAzure goes on with the registration of Microsoft.KeyVault in the subscription {0}. This command waits for it; where it does not end for hours, registering anew by it often helps: az provider register --namespace Microsoft.KeyVault --subscription {0} --wait\n",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&said), "{}", error.detail);
        assert!(!error.detail.contains("Nothing was changed"), "{}", error.detail);
    });
}

#[test]
fn a_registration_that_does_not_end_holds_up_no_refresh() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.write("main.tf", &block("namespace = \"Microsoft.Search\""));
        scene.dir.apply().succeeds();
        lasts(&scene.azure, SEARCH, "Registering");
        let applied = scene.dir.apply();
        let [warning] = &applied.succeeds().warnings()[..] else { panic!("{}", applied.text()) };
        assert_eq!(warning.summary, "Resource Provider Is Still Registering");
        let said = format!(
            "Azure still works on the registration of Microsoft.Search in the subscription {}: its state is Registering.",
            Emulator::SUBSCRIPTION
        );
        assert!(warning.detail.starts_with(&said), "{}", warning.detail);
        assert_eq!(scene.dir.addresses(), [ADDRESS]);
        scene.dir.run(&["state", "rm", ADDRESS]).succeeds();
        scene.dir.import(ADDRESS, &id(SEARCH)).succeeds();
    });
}

#[test]
fn an_end_that_azure_refuses_says_how_to_leave_it() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let exists = |namespace: &str| {
            let arguments = format!("namespace = \"{namespace}\"\nunregister_on_destroy = true");
            scene.dir.write("main.tf", &block(&arguments));
            scene.dir.apply().succeeds();
        };
        exists("Microsoft.KeyVault");
        let error = scene.dir.destroy().fails().only_error();
        assert_eq!(error.summary, "Resource Provider Not Unregistered");
        let said = "Azure ends no registration while the subscription has resources of Microsoft.KeyVault. Delete these first. To leave it registered instead, apply the configuration with unregister_on_destroy = false before the destroy.\n\n";
        assert!(error.detail.starts_with(said), "{}", error.detail);
        scene.dir.run(&["state", "rm", ADDRESS]).succeeds();
        exists(SEARCH);
        let scope = format!("/subscriptions/{}", Emulator::SUBSCRIPTION);
        let action = "Microsoft.Search/unregister/action";
        scene.azure.control().put("/governance", &json!({"denials": [{"scope": scope, "action": action}]}));
        let error = scene.dir.destroy().fails().only_error();
        let said = format!(
            "Whoever runs this may not end the registration of Microsoft.Search in the subscription {}. That takes the permission {action} there, which Contributor has. To leave it registered instead, apply the configuration with unregister_on_destroy = false before the destroy.\n\nIn a configuration:\n\n    unregister_on_destroy = false\n\nAs a command: az provider unregister --namespace Microsoft.Search",
            Emulator::SUBSCRIPTION
        );
        assert!(error.detail.contains(&said), "{}", error.detail);
        // That is what helps.
        scene.dir.write("main.tf", &block("namespace = \"Microsoft.Search\""));
        scene.dir.apply().succeeds();
        scene.dir.destroy().succeeds();
    });
}

#[test]
fn a_namespace_that_there_is_not_is_refused() {
    every_cli(|cli| {
        let azure = Emulator::start();
        let dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
        dir.write("main.tf", &block("namespace = \"Microsoft.Nothing\""));
        let error = dir.apply().fails().only_error();
        assert_eq!(error.summary, "Resource Provider Not Found");
        assert_eq!(
            error.detail,
            "This cloud has no resource provider with the namespace \"Microsoft.Nothing\". Correct it, or leave it out in this cloud. To see which there are, run \"az provider list --output table\"."
        );
        dir.write("main.tf", &block("namespace = \"nothing\""));
        let error = dir.plan().is_refused().only_error();
        assert_eq!(
            error.detail,
            "The attribute namespace must be the namespace of a resource provider such as \"Microsoft.Storage\"; it is \"nothing\"."
        );
    });
}

#[test]
fn each_attribute_changes_as_it_says() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let plan = |arguments: &str| {
            scene.dir.write("main.tf", &block(arguments));
            scene.dir.plan().action_on(ADDRESS)
        };
        scene.dir.write("main.tf", &block("namespace = \"Microsoft.Search\""));
        scene.dir.apply().succeeds();
        assert_eq!(plan("namespace = \"MICROSOFT.SEARCH\""), "noop");
        let own =
            format!("namespace = \"Microsoft.Search\"\nsubscription_id = \"{}\"", Emulator::SUBSCRIPTION);
        assert_eq!(plan(&own), "noop");
        let other = own.replace(Emulator::SUBSCRIPTION, Emulator::OTHER_SUBSCRIPTION);
        assert_eq!(plan(&other), "replace");
        assert_eq!(plan("namespace = \"Microsoft.Cache\""), "replace");
        for operation in ["create", "read", "update", "delete"] {
            let timeouts =
                format!("namespace = \"Microsoft.Search\"\ntimeouts {{\n  {operation} = \"9m\"\n}}");
            assert_eq!(plan(&timeouts), "update", "{operation}");
        }
        scene.azure.forget();
        assert_eq!(plan("namespace = \"Microsoft.Search\"\nunregister_on_destroy = true"), "update");
        scene.dir.apply().succeeds();
        assert_eq!(scene.azure.requests().writes().len(), 0, "it concerns the provider alone");
        scene.dir.plans_nothing();
        assert_eq!(scene.dir.resource(ADDRESS)["unregister_on_destroy"], true);
    });
}
