//! The usual scene: one tool, one Azure with the dependents of a workspace, one configuration with `azureml_workspace.main`.

use serde_json::{Value, json};

use crate::{Cli, Dependents, Emulator, Provider, Workdir};

/// An Azure, a resource group with everything that a workspace needs, and a configuration.
#[derive(Debug)]
pub struct Scene {
    /// Azure.
    pub azure: Emulator,
    /// What the workspaces stand on.
    pub dependents: Dependents,
    /// The configuration.
    pub dir: Workdir,
}

impl Scene {
    /// The address of the workspace that [`Scene::workspace`] declares.
    pub const MAIN: &str = "azureml_workspace.main";
    /// Its name.
    pub const NAME: &str = "main-workspace";
    /// The resource group of the scene.
    pub const GROUP: &str = "scene-rg";

    /// An empty configuration beside an Azure with dependents.
    pub fn new(cli: &Cli) -> Self {
        let azure = Emulator::start();
        let dependents = azure.seed_dependents(Self::GROUP, "scene");
        let dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
        azure.forget();
        Self { azure, dependents, dir }
    }

    /// Declares the workspace, with these arguments beyond the required ones.
    pub fn workspace(&self, arguments: &str) {
        self.dir.write("main.tf", &self.block("main", Self::NAME, arguments));
    }

    /// The HCL of a workspace on the scene's dependents.
    pub fn block(&self, label: &str, name: &str, arguments: &str) -> String {
        let (group, dependents) = (Self::GROUP, &self.dependents);
        format!(
            "resource \"azureml_workspace\" \"{label}\" {{\n  \
               name                = \"{name}\"\n  \
               resource_group_name = \"{group}\"\n  \
               storage_account_id  = \"{}\"\n  \
               key_vault_id        = \"{}\"\n\n\
             {}\n}}\n",
            dependents.id("storage_account"),
            dependents.id("key_vault"),
            indent(arguments),
        )
    }

    /// The ID of the workspace that [`Scene::workspace`] declares.
    pub fn id(&self) -> String {
        Self::id_of(Self::NAME)
    }

    /// The ID of a workspace in the scene's resource group.
    pub fn id_of(name: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/workspaces/{name}",
            Emulator::SUBSCRIPTION,
            Self::GROUP
        )
    }

    /// The ID of the virtual network that [`Scene::make_network`] makes.
    pub fn network_id() -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/virtualNetworks/scene-vnet",
            Emulator::SUBSCRIPTION,
            Self::GROUP
        )
    }

    /// Makes a virtual network in the scene's resource group, and gives its ID.
    pub fn make_network(&self) -> String {
        let id = Self::network_id();
        self.azure.make_network(&id);
        id
    }

    /// What Azure has of the workspace; null when it has none.
    pub fn in_azure(&self) -> Value {
        self.azure.resource(&self.id())
    }

    /// What the state has of the workspace; null when it has none.
    #[track_caller]
    pub fn in_state(&self) -> Value {
        self.dir.resource(Self::MAIN)
    }

    /// The body of the PUT that creates a workspace from the required arguments alone.
    pub fn minimal_put(&self) -> Value {
        json!({
            "location": self.dependents.location,
            "identity": {"type": "SystemAssigned"},
            "properties": {
                "storageAccount": self.dependents.id("storage_account"),
                "keyVault": self.dependents.id("key_vault"),
                "publicNetworkAccess": "Enabled",
            },
        })
    }

    /// Creates the workspace with these arguments and insists that nothing is left to do, then empties the log.
    #[track_caller]
    pub fn exists_with(&self, arguments: &str) {
        self.workspace(arguments);
        self.dir.apply().succeeds();
        self.dir.plans_nothing();
        self.azure.forget();
    }

    /// The writes since the log was emptied, as `METHOD body` with the body null where there is none, for the workspace
    /// of the scene alone.
    pub fn writes(&self) -> Vec<(String, Value)> {
        let log = self.azure.requests();
        let id = self.id();
        let own = log.writes().into_iter().filter(|request| request.path.eq_ignore_ascii_case(&id));
        own.map(|request| (request.method.clone(), request.body.clone())).collect()
    }
}

/// Two spaces before every line.
fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
