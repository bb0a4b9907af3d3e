//! The pipeline files in `examples/pipelines/`: each is read, its platform is played, and its jobs run the real command-line
//! tools in Azure, signed in by the tokens that the file asks for. The federated credentials are those of the guide's commands.

mod files;
mod platform;

use acceptance_tests::{Cli, Emulator, Output, Provider, Running, Scene, Workdir, every_cli};
use files::{example, guide, record, records};
use platform::{Job, Platform};
use serde_json::Value;

/// A folder with the example's configuration, in an Azure that has what it stands on, and an application that trusts what the
/// guide's commands tell it to.
struct Repository {
    azure: Emulator,
    dir: Workdir,
}

impl Repository {
    fn new(cli: &Cli, platform: Platform) -> Self {
        let azure = Emulator::start();
        let dependents = azure.seed_dependents(Scene::GROUP, "scene");
        let mut dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
        for name in azure.environment().keys().filter(|name| name.starts_with("ARM_")) {
            dir.unset_env(name);
        }
        dir.install(&Provider::azureml(), "0.1.0");
        dir.remove("versions.tf");
        dir.remove("provider_azureml.tf");
        dir.write("main.tf", &example("main.tf"));
        let variables = format!(
            "resource_group_name = \"{}\"\nstorage_account_id = \"{}\"\nkey_vault_id = \"{}\"\n",
            Scene::GROUP,
            dependents.id("storage_account"),
            dependents.id("key_vault"),
        );
        dir.write("terraform.tfvars", &variables);
        // Only where Azure is; all else is said by the pipeline.
        dir.set_env("ARM_METADATA_HOST", &azure.environment()["ARM_METADATA_HOST"]);
        let issuer = azure.identity(platform.name())["issuer"].clone();
        let own: Vec<Value> = records(&guide("sign-in-openid-connect.md"))
            .into_iter()
            .filter(|known| platform.is_issuer(known["issuer"].as_str().unwrap_or_default()))
            .collect();
        assert!(!own.is_empty(), "the guide has no command for {}", platform.name());
        for known in own {
            let path = "/identities/applications/pipeline/federated_credentials";
            azure.control().post(path, &record(&known, &issuer));
        }
        Self { azure, dir }
    }

    /// Runs the scripts of a job, each in a shell, until one fails.
    fn run(&self, job: &Job) -> Output {
        let mut last = None;
        for script in &job.scripts {
            let template = self.dir.command(&[]);
            let programs = self.dir.path("home/programs");
            std::fs::create_dir_all(&programs).expect("a folder for programs");
            let tofu = programs.join("tofu");
            if !tofu.exists() {
                std::os::unix::fs::symlink(&self.dir.cli().path, &tofu).expect("a link to the tool");
            }
            let mut command = std::process::Command::new("bash");
            command.args(["-e", "-c", script]).current_dir(self.dir.path("")).env_clear();
            command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command.envs(&job.environment);
            let path = std::env::var("PATH").unwrap_or_default();
            command.env("PATH", format!("{}:{path}", programs.display())).env("TF_CLI_ARGS", "-no-color");
            let output = Running::start(command).wait();
            let failed = output.code != Some(0);
            last = Some(output);
            if failed {
                break;
            }
        }
        last.expect("the job has a script")
    }

    /// What a job of the platform runs, begun as a file says.
    fn job(&self, platform: Platform, file: &Value, name: &str) -> Job {
        platform.job(&self.azure, &self.dir, file, name)
    }
}

/// The whole way of a change on the main branch: planned, then applied in a job of its own.
fn applies(platform: Platform) {
    every_cli(|cli| {
        let repository = Repository::new(cli, platform);
        let file = files::yaml(platform.file());
        repository.run(&repository.job(platform, &file, "plan")).succeeds().says("1 to add");
        platform.pass_on(&repository.dir);
        repository.run(&repository.job(platform, &file, "apply")).succeeds().says("1 added");
        let id = Scene::id_of("pipeline-workspace");
        assert!(!repository.azure.resource(&id).is_null(), "{id} is not there");
        let writes = repository.azure.requests();
        let by: Vec<&str> = writes.writes().iter().map(|request| request.client_id.as_str()).collect();
        assert!(by.iter().all(|client| *client == platform::CLIENT), "{by:?}");
    });
}

/// A file that lacks something fails at its apply, for a plan of what is not there yet asks nothing of Azure. The guide quotes
/// the words.
fn fails(platform: Platform, change: impl Fn(&mut Value), words: &str) {
    let page = guide("sign-in-openid-connect.md");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(&page).contains(&flat(words)), "the guide does not say {words:?}");
    every_cli(|cli| {
        let repository = Repository::new(cli, platform);
        let mut file = files::yaml(platform.file());
        let right = file.clone();
        change(&mut file);
        assert_ne!(file, right, "nothing was changed");
        repository.run(&repository.job(platform, &file, "plan")).succeeds();
        platform.pass_on(&repository.dir);
        repository.run(&repository.job(platform, &file, "apply")).fails().says(words);
        assert!(repository.azure.requests().writes().is_empty(), "something was written");
    });
}

#[test]
fn github_actions_applies() {
    applies(Platform::GitHub);
}

#[test]
fn azure_devops_applies() {
    applies(Platform::AzureDevOps);
}

#[test]
fn gitlab_applies() {
    applies(Platform::GitLab);
}

#[test]
fn github_actions_needs_the_permission() {
    let change = |file: &mut Value| {
        file["permissions"].as_object_mut().map(|all| all.remove("id-token"));
    };
    fails(Platform::GitHub, change, "To sign in with the OIDC token, the provider also needs:");
}

#[test]
fn github_actions_needs_the_environment_that_is_trusted() {
    let change = |file: &mut Value| file["jobs"]["apply"]["environment"] = "staging".into();
    let words = "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:example/infrastructure:environment:staging'.";
    fails(Platform::GitHub, change, words);
}

#[test]
fn azure_devops_needs_the_access_token_of_the_job() {
    let change = |file: &mut Value| {
        let steps = file["stages"][1]["jobs"][0]["strategy"]["runOnce"]["deploy"]["steps"].as_array_mut();
        for step in steps.into_iter().flatten() {
            step.as_object_mut().map(|step| step.remove("env"));
        }
    };
    let words = "To sign in with the OIDC token of Azure DevOps, the provider also needs: oidc_request_token (SYSTEM_ACCESSTOKEN).";
    fails(Platform::AzureDevOps, change, words);
}

#[test]
fn gitlab_needs_the_audience_of_entra_id() {
    let change =
        |file: &mut Value| file[".azure"]["id_tokens"]["ARM_OIDC_TOKEN"]["aud"] = "https://gitlab.com".into();
    let words = "AADSTS700212: No matching federated identity record found for presented assertion audience 'https://gitlab.com'.";
    fails(Platform::GitLab, change, words);
}

#[test]
fn the_examples_are_formatted_and_whole() {
    every_cli(|cli| {
        let dir = Workdir::new(cli, &Provider::azureml());
        for name in ["main.tf", "backend.tf", "terraform.tfvars"] {
            dir.write(name, &example(name));
            dir.run(&["fmt", "-check", name]).succeeds();
        }
    });
    for platform in [Platform::GitHub, Platform::AzureDevOps, Platform::GitLab] {
        assert!(
            guide("sign-in-openid-connect.md").contains(&format!("examples/pipelines/{}", platform.file()))
        );
    }
}
