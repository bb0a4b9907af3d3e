//! The stand-in for the Azure CLI, put on a scenario's `PATH`, signed in or not.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Emulator, Workdir, built_binary};

/// A program `az` that a scenario finds on its `PATH`, with a configuration folder that goes with the scenario's. It lies beside
/// that one and not in it, for it holds a secret, as the real one does.
#[derive(Debug)]
pub struct AzureCli {
    folder: PathBuf,
    authority_file: String,
    cli: Value,
    subscriptions: Value,
}

impl AzureCli {
    /// Puts it on the `PATH` of a folder's commands; nobody is signed in yet.
    ///
    /// # Panics
    /// When the files cannot be written.
    pub fn install(dir: &mut Workdir, azure: &Emulator) -> Self {
        let programs = dir.path("home/programs");
        std::fs::create_dir_all(&programs).expect("a folder for programs");
        std::os::unix::fs::symlink(built_binary("az", None), programs.join("az")).expect("a link to az");
        let mut path = OsString::from(&programs);
        if let Some(rest) = std::env::var_os("PATH") {
            path.push(":");
            path.push(rest);
        }
        let folder = tempfile::Builder::new().prefix("azureml-az-").tempdir().expect("a folder for the CLI");
        dir.set_env("PATH", path);
        dir.set_env("AZURE_CONFIG_DIR", folder.path());
        let folder = dir.keep(folder);
        Self {
            folder,
            authority_file: azure.environment().get("SSL_CERT_FILE").cloned().unwrap_or_default(),
            cli: azure.identity("cli"),
            subscriptions: azure.identity("subscriptions"),
        }
    }

    /// Signs in a person who sees subscriptions of both tenants; the first one is in use.
    pub fn sign_in(&self) -> &Self {
        let seen = self.cli["subscriptions"].as_array().cloned().unwrap_or_default();
        let ids: Vec<&str> = seen.iter().filter_map(Value::as_str).collect();
        self.sign_in_with(&ids)
    }

    /// Signs in a person whose list of subscriptions is this, as far as the CLI knows; the first one is in use.
    pub fn sign_in_with(&self, ids: &[&str]) -> &Self {
        let home = &self.subscriptions[0]["tenant_id"];
        let known = self.subscriptions.as_array().cloned().unwrap_or_default();
        let entry = |(index, id): (usize, &&str)| {
            let subscription = known.iter().find(|s| s["id"] == **id).cloned().unwrap_or_default();
            json!({
                "id": id,
                "name": subscription["name"],
                "state": "Enabled",
                "user": {"name": self.cli["user"], "type": "user"},
                "isDefault": index == 0,
                "tenantId": subscription["tenant_id"],
                "environmentName": "AzureCloud",
                "homeTenantId": home,
                "tenantDefaultDomain": null,
                "tenantDisplayName": null,
                "managedByTenants": [],
            })
        };
        let all: Vec<Value> = ids.iter().enumerate().map(entry).collect();
        self.write("azureProfile.json", &json!({ "subscriptions": all }));
        self.session(&self.cli["refresh_token"]);
        self
    }

    /// Lets the sign-in end, as a long absence does: the CLI still lists subscriptions, and gets no token any more.
    pub fn expire(&self) {
        self.session(&json!("ended"));
    }

    /// Sets the CLI to another cloud, with its sign-in: `AzureUSGovernment`.
    ///
    /// # Panics
    /// When nobody has signed in before.
    pub fn set_cloud(&self, name: &str) {
        let profile = std::fs::read(self.folder.join("azureProfile.json")).expect("a sign-in before");
        let mut profile: Value = serde_json::from_slice(&profile).expect("the profile is JSON");
        for subscription in profile["subscriptions"].as_array_mut().into_iter().flatten() {
            subscription["environmentName"] = json!(name);
        }
        self.write("azureProfile.json", &profile);
    }

    /// Signs out.
    pub fn sign_out(&self) {
        self.write("azureProfile.json", &json!({"subscriptions": []}));
    }

    /// The arguments of each call so far.
    pub fn commands(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.join("commands.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    fn session(&self, refresh_token: &Value) {
        let session = json!({
            "authority": self.cli["authority"],
            "authority_file": self.authority_file,
            "refresh_token": refresh_token,
        });
        self.write("session.json", &session);
    }

    fn write(&self, name: &str, value: &Value) {
        let path = self.folder.join(name);
        std::fs::write(&path, value.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
