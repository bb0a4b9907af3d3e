//! Private endpoints under the real tools: made, approved, changed in place, named in zones, and gone in the right order.

mod approval;
mod life;
mod pending_names;
mod refusals;
mod zone_group;
mod zone_group_of_others;

use acceptance_tests::{Cli, Dependents, Emulator, Scene};

/// The endpoint's address.
const MAIN: &str = "azureml_private_endpoint.main";

/// A scene with a workspace and a network.
struct Stage {
    scene: Scene,
    network: Dependents,
}

impl Stage {
    fn new(cli: &Cli) -> Self {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        let stage = Self { scene, network };
        stage.make_workspace();
        stage.scene.azure.forget();
        stage
    }

    fn make_workspace(&self) {
        let put = self.scene.minimal_put();
        self.scene.azure.by_policy("PUT", &self.scene.id(), "2025-12-01", &put);
    }

    /// Writes an endpoint of the workspace with more arguments.
    fn endpoint(&self, arguments: &str) {
        let workspace = format!("workspace_id = \"{}\"\n{arguments}", self.scene.id());
        self.endpoint_to(&workspace);
    }

    /// Writes an endpoint whose arguments say what it leads to.
    fn endpoint_to(&self, arguments: &str) {
        let subnet = self.network.id("subnet");
        let text = format!(
            "resource \"azureml_private_endpoint\" \"main\" {{\n  name                = \"endpoint\"\n  resource_group_name = \"scene-rg\"\n  subnet_id           = \"{subnet}\"\n{arguments}\n}}\n"
        );
        self.scene.dir.write("main.tf", &text);
    }

    /// Writes it, applies, insists that nothing is left to do, and empties the log.
    #[track_caller]
    fn exists_with(&self, arguments: &str) {
        self.endpoint(arguments);
        self.scene.dir.apply().succeeds();
        self.scene.dir.plans_nothing();
        self.scene.azure.forget();
    }

    /// Makes a private DNS zone, and gives its ID.
    fn zone(&self, name: &str) -> String {
        let zone = id_of(&format!("privateDnsZones/{name}"));
        self.scene.azure.make_zone(&zone);
        zone
    }

    /// Methods and ends of paths of all requests about Network, without those for states of operations.
    fn log(&self) -> Vec<String> {
        let log = self.scene.azure.requests();
        let own = |path: &str| path.to_lowercase().contains("/providers/microsoft.network/");
        let requests = log.0.iter().filter(|one| !one.operation_poll && own(&one.path));
        let end = |path: &str| {
            path.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/")
        };
        requests
            .filter(|one| !one.path.contains("/operations/") && !one.path.contains("/operationResults/"))
            .map(|one| format!("{} {}", one.method, end(&one.path)))
            .collect()
    }
}

fn id() -> String {
    id_of("privateEndpoints/endpoint")
}

/// The ID of something of the network in the scene's group.
fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}

/// A zone group of these zones, as an argument.
fn group(name: &str, zones: &[&str]) -> String {
    let zones: Vec<String> = zones.iter().map(|zone| format!("\"{zone}\"")).collect();
    let name = if name.is_empty() { String::new() } else { format!("name = \"{name}\", ") };
    format!("private_dns_zone_group = {{ {name}private_dns_zone_ids = [{}] }}", zones.join(", "))
}
