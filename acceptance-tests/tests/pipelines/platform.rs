//! The platforms, as far as a job sees them: the environment that they give it, by what the pipeline file says.

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Workdir};
use serde_json::{Value, json};

/// The application that the pipelines sign in as.
pub(crate) const CLIENT: &str = "00000000-0000-0000-0000-0000000000c4";
const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";

/// Who runs the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    GitHub,
    AzureDevOps,
    GitLab,
}

/// A job as it is begun.
#[derive(Debug, Default)]
pub(crate) struct Job {
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) scripts: Vec<String>,
}

impl Platform {
    /// Its name in the emulator.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::AzureDevOps => "azure_devops",
            Self::GitLab => "gitlab",
        }
    }

    /// Its file among the examples.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::GitHub => "github-actions.yml",
            Self::AzureDevOps => "azure-pipelines.yml",
            Self::GitLab => "gitlab-ci.yml",
        }
    }

    /// Whether tokens of this issuer are its own.
    pub(crate) fn is_issuer(self, url: &str) -> bool {
        let host = match self {
            Self::GitHub => "https://token.actions.githubusercontent.com",
            Self::AzureDevOps => "https://vstoken.dev.azure.com/",
            Self::GitLab => "https://gitlab.com",
        };
        url.starts_with(host)
    }

    /// Carries the plan from the job that makes it to the one that applies it.
    pub(crate) fn pass_on(self, dir: &Workdir) {
        let plan = dir.path("azureml.tfplan");
        assert!(plan.is_file(), "the plan was not saved");
        if self == Self::AzureDevOps {
            std::fs::create_dir_all(dir.path("plan")).expect("a folder for the artifact");
            std::fs::rename(plan, dir.path("plan/azureml.tfplan")).expect("the artifact");
        }
    }

    /// A job of the file.
    pub(crate) fn job(self, azure: &Emulator, dir: &Workdir, file: &Value, name: &str) -> Job {
        match self {
            Self::GitHub => github(azure, file, name),
            Self::AzureDevOps => azure_devops(azure, dir, file, name),
            Self::GitLab => gitlab(azure, file, name),
        }
    }
}

/// What the repository or project says of the application, by the names that its platform has for them.
fn variable(name: &str) -> &str {
    match name {
        "AZURE_TENANT_ID" => TENANT,
        "AZURE_CLIENT_ID" => CLIENT,
        "AZURE_SUBSCRIPTION_ID" => Emulator::SUBSCRIPTION,
        other => panic!("the guide sets no variable {other}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A job of GitHub Actions on the main branch. It may ask for tokens if its permissions say so, and their subject is the
/// environment where it names one.
fn github(azure: &Emulator, file: &Value, name: &str) -> Job {
    let own = &file["jobs"][name];
    let mut job = Job::default();
    for (name, value) in members(&file["env"]).chain(members(&own["env"])) {
        let value = text(value);
        let inner = value.strip_prefix("${{ vars.").and_then(|rest| rest.strip_suffix(" }}"));
        job.environment.insert(name.clone(), inner.map_or(value.clone(), |name| variable(name).to_owned()));
    }
    let permissions = if own["permissions"].is_null() { &file["permissions"] } else { &own["permissions"] };
    if permissions["id-token"] == "write" {
        let subject = match own["environment"].as_str() {
            Some(environment) => format!("repo:example/infrastructure:environment:{environment}"),
            None => "repo:example/infrastructure:ref:refs/heads/main".to_owned(),
        };
        let begun = azure.control().post("/identities/github/jobs", &json!({"claims": {"sub": subject}}));
        job.environment
            .extend(members(&begun["environment"]).map(|(name, value)| (name.clone(), text(value))));
    }
    job.scripts =
        elements(&own["steps"]).filter_map(|step| step["run"].as_str().map(str::to_owned)).collect();
    job
}

/// A job of Azure DevOps. A task with a service connection is told of it; the token of the job is handed to the steps that
/// map it, and to no others.
fn azure_devops(azure: &Emulator, dir: &Workdir, file: &Value, name: &str) -> Job {
    let stage = elements(&file["stages"]).find(|stage| stage["stage"] == name).expect("the stage");
    let own = &stage["jobs"][0];
    let deployed = &own["strategy"]["runOnce"]["deploy"]["steps"];
    let steps = if deployed.is_null() { &own["steps"] } else { deployed };
    let step =
        elements(steps).find(|step| step["task"] == "AzureCLI@2").expect("a step with a service connection");
    assert_eq!(step["inputs"]["azureSubscription"], "azureml-production", "the guide's service connection");
    let claims = json!({"claims": {"sub": "sc://example/infrastructure/azureml-production"}});
    let begun = azure.control().post("/identities/azure_devops/jobs", &claims);
    let mut job = Job::default();
    for (name, value) in members(&file["variables"]) {
        job.environment.insert(name.to_uppercase().replace('.', "_"), text(value));
    }
    let platform = [
        ("SYSTEM_OIDCREQUESTURI", text(&begun["request_url"])),
        ("AZURESUBSCRIPTION_CLIENT_ID", CLIENT.to_owned()),
        ("AZURESUBSCRIPTION_TENANT_ID", TENANT.to_owned()),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", text(&begun["service_connection_id"])),
    ];
    job.environment.extend(platform.map(|(name, value)| (name.to_owned(), value)));
    for (name, value) in members(&step["env"]) {
        let value = match text(value).as_str() {
            "$(System.AccessToken)" => text(&begun["request_token"]),
            other => other.to_owned(),
        };
        job.environment.insert(name.clone(), value);
    }
    let workspace = dir.path("").display().to_string();
    let script = text(&step["inputs"]["inlineScript"]);
    job.scripts = vec![script.replace("$(Pipeline.Workspace)", workspace.trim_end_matches('/'))];
    job
}

/// A job of GitLab on the main branch: every token that it asks for is in the variable of its name.
fn gitlab(azure: &Emulator, file: &Value, name: &str) -> Job {
    let own = &file[name];
    let base = own["extends"].as_str().map_or(&Value::Null, |name| &file[name]);
    let mut job = Job::default();
    for (name, value) in members(&file["variables"]) {
        let value = text(value);
        let value = value.strip_prefix('$').map_or(value.clone(), |name| variable(name).to_owned());
        job.environment.insert(name.clone(), value);
    }
    for (name, token) in members(&base["id_tokens"]).chain(members(&own["id_tokens"])) {
        let wanted = json!({"audience": token["aud"]});
        let minted = azure.control().post("/identities/gitlab/token", &wanted);
        job.environment.insert(name.clone(), text(&minted["token"]));
    }
    job.scripts = elements(&own["script"]).map(text).collect();
    job
}
