//! A configuration in a folder of its own, and the commands run on it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tempfile::TempDir;

use crate::secrets::{self, Keeper, Printed};
use crate::{Cli, Emulator, Leak, Output, Plan, Provider, Running, Secret};

/// A temporary folder with a configuration, its state and a home of its own. It goes when it is dropped.
///
/// Commands see nothing of the surrounding environment but `PATH`, so that no `TF_*`, `ARM_*`, `AZURE_*` or proxy
/// variable of the machine changes what a scenario proves.
#[derive(Debug)]
pub struct Workdir {
    cli: Cli,
    folder: TempDir,
    environment: BTreeMap<String, OsString>,
    /// What scenarios wrote, and users would: it is searched for secrets only when a command has changed it.
    written: Mutex<BTreeMap<PathBuf, String>>,
    printed: Arc<Printed>,
    keepers: Vec<Keeper>,
    searched: bool,
    /// Further folders that go with this one.
    beside: Vec<TempDir>,
}

impl Workdir {
    /// The file in which [`Workdir::plan`] saves its plan.
    pub(crate) const PLAN: &str = "saved.tfplan";

    /// The file in which the provider's log lies.
    pub const LOG: &str = "home/provider.log";

    /// An empty configuration with one provider, which the tool takes from its build folder: no `init` is needed.
    /// The provider block is without arguments unless [`Workdir::provider_block`] says otherwise.
    pub fn new(cli: &Cli, provider: &Provider) -> Self {
        Self::with_providers(cli, std::slice::from_ref(provider))
    }

    /// The same with several providers.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn with_providers(cli: &Cli, providers: &[Provider]) -> Self {
        let folder = tempfile::Builder::new().prefix("azureml-test-").tempdir().expect("a temporary folder");
        let mut dir = Self {
            cli: cli.clone(),
            folder,
            environment: BTreeMap::new(),
            written: Mutex::default(),
            printed: Arc::default(),
            keepers: Vec::new(),
            searched: false,
            beside: Vec::new(),
        };
        std::fs::create_dir_all(dir.path("home")).expect("a home folder");
        let mut overrides = String::new();
        let mut required = String::new();
        for provider in providers {
            let (name, source) = (provider.type_name(), &provider.source);
            let build = dir.path(&format!("providers/{name}"));
            std::fs::create_dir_all(&build).expect("a folder for the provider");
            let link = build.join(format!("terraform-provider-{name}"));
            std::os::unix::fs::symlink(&provider.binary, link).expect("a link to the provider");
            overrides.push_str(&format!("    \"{source}\" = \"{}\"\n", build.display()));
            required.push_str(&format!("    {name} = {{ source = \"{source}\" }}\n"));
            dir.provider_block(name, "");
        }
        let installation =
            format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        dir.write("home/cli.tfrc", &installation);
        dir.write("versions.tf", &format!("terraform {{\n  required_providers {{\n{required}  }}\n}}\n"));
        dir.set_env("TF_CLI_CONFIG_FILE", dir.path("home/cli.tfrc"));
        // Everything that the provider has to say, for the search for secrets.
        dir.set_env("TF_LOG_PROVIDER", "TRACE");
        dir.set_env("TF_LOG_PATH", dir.path(Self::LOG));
        dir
    }

    /// Keeps a folder of somebody else's as long as this one: what lies in it is not the scenario's, and not searched.
    pub(crate) fn keep(&mut self, folder: TempDir) -> PathBuf {
        let path = folder.path().to_owned();
        self.beside.push(folder);
        path
    }

    /// Offers a provider in a local mirror under a version, so that `init` finds it there instead of a registry.
    /// Replaces what the tool takes from build folders.
    ///
    /// # Panics
    /// When the mirror cannot be written.
    pub fn install(&self, provider: &Provider, version: &str) {
        let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
        let arch = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        let (registry, source) = (self.cli.kind.registry(), &provider.source);
        let place = self.path(&format!("home/mirror/{registry}/{source}/{version}/{os}_{arch}"));
        std::fs::create_dir_all(&place).expect("a folder for the provider");
        let program = place.join(format!("terraform-provider-{}_v{version}", provider.type_name()));
        std::fs::copy(&provider.binary, program).expect("a copy of the provider");
        let mirror = self.path("home/mirror");
        let text = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n",
            mirror.display()
        );
        self.write("home/cli.tfrc", &text);
    }

    /// Points the provider at an emulator, by the variables that it documents and no others.
    pub fn in_azure(mut self, azure: &Emulator) -> Self {
        for (name, value) in azure.environment() {
            if name.starts_with("ARM_") || name == "SSL_CERT_FILE" {
                self.set_env(name, value);
            }
        }
        self.keepers.push(azure.keeper());
        self
    }

    /// The tool in use.
    pub fn cli(&self) -> &Cli {
        &self.cli
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sets a variable for all further commands.
    pub fn set_env(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Removes a variable from all further commands.
    pub fn unset_env(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Writes a file, replacing one of the same name.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(path, text.to_owned());
    }

    /// The text of a file; empty when there is none.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Removes a file, so that what it declared is gone from the configuration.
    ///
    /// # Panics
    /// When there is none.
    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// The arguments of a provider's block.
    pub fn provider_block(&self, name: &str, arguments: &str) {
        self.write(&format!("provider_{name}.tf"), &format!("provider \"{name}\" {{\n{arguments}\n}}\n"));
    }

    /// The command line for any subcommand, with this folder and its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.cli.path);
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        for name in ["PATH", "TMPDIR", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", self.path("home")).env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1");
        command.envs(&self.environment);
        command
    }

    /// Runs any subcommand to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.start(arguments).wait()
    }

    /// Starts any subcommand.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::watched(self.command(arguments), &self.printed)
    }

    /// `validate -json`.
    pub fn validate(&self) -> Output {
        self.run(&["validate", "-json", "-no-color"])
    }

    /// `plan`, saved in the folder.
    pub fn plan(&self) -> Plan<'_> {
        self.plan_with(&[])
    }

    /// `plan` with more arguments, such as `-destroy`, `-refresh-only` or `-replace=…`.
    pub fn plan_with(&self, more: &[&str]) -> Plan<'_> {
        let out = format!("-out={}", Self::PLAN);
        let mut arguments = vec!["plan", "-json", "-no-color", "-input=false", "-detailed-exitcode", &out];
        arguments.extend(more);
        Plan { output: self.run(&arguments), dir: self }
    }

    /// Insists that a `plan` has nothing to do.
    ///
    /// # Panics
    /// With the plan, when it has.
    #[track_caller]
    pub fn plans_nothing(&self) {
        self.plan().is_empty();
    }

    /// `apply` of the configuration, without asking.
    pub fn apply(&self) -> Output {
        self.apply_with(&[])
    }

    /// `apply` with more arguments.
    pub fn apply_with(&self, more: &[&str]) -> Output {
        let mut arguments = vec!["apply", "-json", "-no-color", "-input=false", "-auto-approve"];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// `apply` of what [`Workdir::plan`] saved.
    pub fn apply_saved(&self) -> Output {
        self.run(&["apply", "-json", "-no-color", "-input=false", Self::PLAN])
    }

    /// `destroy` of everything, without asking.
    pub fn destroy(&self) -> Output {
        self.run(&["destroy", "-json", "-no-color", "-input=false", "-auto-approve"])
    }

    /// `import` of one resource by its ID.
    pub fn import(&self, address: &str, id: &str) -> Output {
        self.run(&["import", "-no-color", "-input=false", address, id])
    }

    /// `taint` of one resource.
    pub fn taint(&self, address: &str) -> Output {
        self.run(&["taint", address])
    }

    /// The schemas of the provider, as `providers schema -json` prints them, without the tool's registry host.
    ///
    /// # Panics
    /// When the tool refuses the schema.
    #[track_caller]
    pub fn provider_schema(&self, source: &str) -> Value {
        let mut printed = self.run(&["providers", "schema", "-json"]).succeeds().json();
        let address = format!("{}/{source}", self.cli.kind.registry());
        let schema = printed["provider_schemas"][&address].take();
        assert!(!schema.is_null(), "`providers schema` has no {address}");
        schema
    }

    /// The whole state, as `show -json` prints it.
    #[track_caller]
    pub fn state(&self) -> Value {
        self.run(&["show", "-json", "-no-color"]).succeeds().json()
    }

    /// The attributes of one resource in the state; null when it is not there.
    #[track_caller]
    pub fn resource(&self, address: &str) -> Value {
        let state = self.state();
        let resources = state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
        let found = resources.into_iter().find(|resource| resource["address"] == address);
        found.map_or(Value::Null, |mut resource| resource["values"].take())
    }

    /// The addresses of all resources in the state.
    pub fn addresses(&self) -> Vec<String> {
        self.run(&["state", "list"]).stdout.lines().map(str::to_owned).collect()
    }

    /// Whether the state says that a resource is tainted.
    #[track_caller]
    pub fn is_tainted(&self, address: &str) -> bool {
        let state = self.state();
        let resources = state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
        resources.iter().any(|resource| resource["address"] == address && resource["tainted"] == true)
    }

    /// Searches everything that commands made for the secrets of the Azures in use and for these, and ends the working
    /// directory. Without this call it is searched all the same when it goes, and a leak is a panic then.
    pub fn leaks(mut self, more: &[Secret]) -> Vec<Leak> {
        self.searched = true;
        self.search(more)
    }

    fn search(&self, more: &[Secret]) -> Vec<Leak> {
        let mut wanted: Vec<Secret> = self.keepers.iter().flat_map(Keeper::secrets).collect();
        wanted.extend_from_slice(more);
        if wanted.is_empty() {
            return Vec::new();
        }
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = self.printed.places();
        for (path, bytes) in self.files() {
            let name = path.strip_prefix(self.folder.path()).unwrap_or(&path);
            let own = written.get(&path).is_some_and(|text| text.as_bytes() == bytes);
            if !own && secrets::is_made(name) {
                places.push((name.display().to_string(), bytes));
            }
        }
        secrets::search(&wanted, &places)
    }

    /// Every file in the folder, by path, for a search for what must not be there.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        gather(self.folder.path(), &mut files);
        files
    }
}

impl Drop for Workdir {
    fn drop(&mut self) {
        let leaks = if self.searched { Vec::new() } else { self.search(&[]) };
        if leaks.is_empty() {
            return;
        }
        let report = secrets::report(&leaks);
        // A scenario that fails already says why by itself; a second panic would end the whole run.
        if std::thread::panicking() { eprintln!("{report}") } else { panic!("{report}") }
    }
}

/// Reads the files under a folder; links (the provider itself) are left out.
fn gather(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => gather(&entry.path(), files),
            Ok(kind) if kind.is_file() => {
                files.push((entry.path(), std::fs::read(entry.path()).unwrap_or_default()));
            }
            _ => {}
        }
    }
}
