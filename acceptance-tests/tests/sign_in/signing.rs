//! A workspace that is there, and a provider that is told in one way or another who runs it.

use std::path::Path;

use acceptance_tests::{Cli, Diagnostic, Emulator, Scene};
use regex::Regex;
use serde_json::{Value, json};

/// A scene with a workspace, in which nobody is signed in but by what a scenario gives.
pub(crate) struct Signing {
    pub(crate) scene: Scene,
    given: Vec<String>,
}

impl Signing {
    /// The tenant of the subscription.
    pub(crate) const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";

    /// A workspace, made by the sign-in of the box, which is taken away then.
    pub(crate) fn new(cli: &Cli) -> Self {
        let mut scene = Scene::new(cli);
        scene.exists_with("");
        for name in ["ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"] {
            scene.dir.unset_env(name);
        }
        Self { scene, given: Vec::new() }
    }

    /// One part of what can sign in, such as `github`.
    pub(crate) fn identity(&self, part: &str) -> Value {
        self.scene.azure.control().get(&format!("/identities/{part}"))
    }

    /// The application of the box.
    pub(crate) fn application(&self) -> Value {
        let all = self.identity("applications");
        let main = all.as_array().and_then(|all| all.iter().find(|one| one["name"] == "main"));
        main.cloned().unwrap_or_default()
    }

    /// Signs in with these variables and no others.
    pub(crate) fn with(&mut self, variables: &[(&str, &str)]) -> &Self {
        for name in self.given.drain(..) {
            self.scene.dir.unset_env(&name);
        }
        for (name, value) in variables {
            self.scene.dir.set_env(name, value);
            self.given.push((*name).to_owned());
        }
        self
    }

    /// The same for an application of the tenant, which most ways need.
    pub(crate) fn with_application(&mut self, variables: &[(&str, &str)]) -> &Self {
        let id = self.application()["client_id"].as_str().unwrap_or_default().to_owned();
        let mut all = vec![("ARM_TENANT_ID", Self::TENANT), ("ARM_CLIENT_ID", id.as_str())];
        all.retain(|(name, _)| variables.iter().all(|(given, _)| given != name));
        all.extend(variables);
        self.with(&all)
    }

    /// The arguments of the provider's block.
    pub(crate) fn configured(&self, arguments: &str) -> &Self {
        self.scene.dir.provider_block("azureml", arguments);
        self
    }

    /// Insists that the workspace can be read, which takes a token of the application.
    #[track_caller]
    pub(crate) fn works(&self) {
        self.scene.azure.forget();
        self.scene.dir.plans_nothing();
        let reads = self.scene.azure.requests();
        assert!(!reads.to("GET", Scene::NAME).is_empty(), "nothing was read: {reads:?}");
    }

    /// Insists that a plan fails once, and that Resource Manager is asked nothing. The text comes without the IDs and times
    /// that differ from run to run.
    #[track_caller]
    pub(crate) fn is_refused(&self) -> Diagnostic {
        self.scene.azure.forget();
        let output = self.scene.dir.run(&["plan", "-json", "-no-color", "-input=false"]);
        let mut error = output.fails().only_error();
        let asked = self.scene.azure.requests();
        assert!(asked.to("GET", Scene::NAME).is_empty(), "Resource Manager was asked: {asked:?}");
        let reference =
            Regex::new(r" Trace ID: \S+ Correlation ID: \S+ Timestamp: \S+ \S+").expect("a pattern");
        error.detail = reference.replace_all(&error.detail, "").into_owned();
        error
    }

    /// Insists that the refusal says exactly this.
    #[track_caller]
    pub(crate) fn is_refused_with(&self, detail: &str) {
        let error = self.is_refused();
        assert_eq!(error.detail, detail);
    }

    /// A token of an issuer with these claims in place of its own.
    pub(crate) fn token(&self, issuer: &str, claims: &Value) -> String {
        let path = format!("/identities/{issuer}/token");
        let answer = self.scene.azure.control().post(&path, &json!({ "claims": claims }));
        answer["token"].as_str().unwrap_or_default().to_owned()
    }

    /// Writes a file beside the configuration, and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        self.scene.dir.write(name, text);
        path(&self.scene.dir.path(name))
    }

    /// Host and port of the box, as errors name them.
    pub(crate) fn host(&self) -> String {
        host(&self.scene.azure)
    }
}

/// A path as variables have it.
pub(crate) fn path(path: &Path) -> String {
    path.display().to_string()
}

fn host(azure: &Emulator) -> String {
    let url = azure.environment().get("AZUREML_EMULATOR_URL").cloned().unwrap_or_default();
    url.trim_start_matches("https://").trim_end_matches('/').to_owned()
}

/// A member of an answer that is a text.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("there is no {name} in {value}")).to_owned()
}
