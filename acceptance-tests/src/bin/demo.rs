//! `make demo`: the first scenario of `examples/`, run with a real tool against an emulated Azure, told step by step.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Instant;

use acceptance_tests::{Cli, Dependents, Emulator, Provider, Workdir};
use serde_json::json;

/// The resource of the scenario.
const ADDRESS: &str = "azureml_workspace.first";

/// The version that the demo's mirror offers; `init` wants one.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    let started = Instant::now();
    match tell() {
        Ok(()) => {
            say(&format!("Done, in {} seconds. Nothing is left behind.", started.elapsed().as_secs()));
            ExitCode::SUCCESS
        }
        Err(fault) => {
            say(&format!("The demo stopped: {fault}"));
            ExitCode::FAILURE
        }
    }
}

/// The story, from an empty folder to an empty Azure.
fn tell() -> Result<(), String> {
    let cli = Cli::all().first().ok_or("there is no tool to run")?;
    let azure = Emulator::start();
    let dependents = azure.seed_dependents("first-rg", "first");
    say(&format!(
        "This is {cli} with the provider of this folder, against an Azure that runs in one local process.\n\
         That Azure has a resource group with a storage account, a key vault and Application Insights;\n\
         examples/scenarios/first-workspace puts a workspace on them. `{} init` has run: it finds the provider in\n\
         a local mirror, as after `make install`.",
        cli.kind.program()
    ));
    let dir = scenario(cli, &azure, &dependents)?;
    quietly(&dir, &["init"])?;
    step(&dir, "What would happen: one workspace is made.", &["plan", "-out=first.tfplan"])?;
    step(&dir, "It happens. The provider waits for Azure's operation to end.", &["apply", "first.tfplan"])?;

    dir.write("change.auto.tfvars", "description = \"Now with a better description\"\n");
    step(
        &dir,
        "The description changes. It is one attribute, so the provider sends one, by PATCH.",
        &["apply", "-auto-approve"],
    )?;
    step(&dir, "Nothing is left to do, and the plan says so.", &["plan", "-detailed-exitcode"])?;

    let id = dir.resource(ADDRESS)["id"].as_str().unwrap_or_default().to_owned();
    let second = scenario(cli, &azure, &dependents)?;
    second.write("change.auto.tfvars", "description = \"Now with a better description\"\n");
    quietly(&second, &["init"])?;
    step(
        &second,
        "Another folder with the same configuration and no state: it takes the workspace over by its ID,\n\
         which Azure portals and tools print in any casing.",
        &["import", ADDRESS, &id.to_lowercase()],
    )?;
    step(&second, "After the import, too, there is nothing to do.", &["plan", "-detailed-exitcode"])?;

    step(
        &dir,
        "Away with it. Azure keeps a deleted workspace and its name for 14 days, unless `purge_on_destroy` is set.",
        &["destroy", "-auto-approve"],
    )?;
    if azure.resource(&id).is_null() { Ok(()) } else { Err(format!("{id} is still there")) }
}

/// The scenario in a folder of its own, with the provider in a local mirror and the seeded IDs as its variables.
fn scenario(cli: &Cli, azure: &Emulator, dependents: &Dependents) -> Result<Workdir, String> {
    let dir = Workdir::with_providers(cli, &[]).in_azure(azure);
    dir.remove("versions.tf");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/scenarios/first-workspace");
    for entry in std::fs::read_dir(&source).map_err(|error| format!("{}: {error}", source.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if let Some(name) =
            path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".tf"))
        {
            dir.write(name, &std::fs::read_to_string(&path).map_err(|error| error.to_string())?);
        }
    }
    dir.install(&Provider::azureml(), VERSION);
    let variables = json!({
        "resource_group_name": dependents.group,
        "storage_account_id": dependents.id("storage_account"),
        "key_vault_id": dependents.id("key_vault"),
        "application_insights_id": dependents.id("application_insights"),
    });
    dir.write("terraform.tfvars.json", &format!("{variables:#}\n"));
    Ok(dir)
}

/// Says what comes, runs it with its output as it is, and insists that it succeeds.
fn step(dir: &Workdir, what: &str, arguments: &[&str]) -> Result<(), String> {
    let shown: Vec<&str> = arguments.iter().copied().filter(|word| *word != "-detailed-exitcode").collect();
    say(&format!("{what}\n$ {} {}", dir.cli().kind.program(), shown.join(" ")));
    let mut words = arguments.to_vec();
    if !io::stdout().is_terminal() {
        words.insert(1, "-no-color");
    }
    let mut command = dir.command(&words);
    let status = command.stdin(Stdio::null()).status().map_err(|error| error.to_string())?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) if arguments.contains(&"-detailed-exitcode") => {
            Err("this plan should have been empty".to_owned())
        }
        _ => Err(format!("`{}` ended with {status}", shown.join(" "))),
    }
}

/// Runs what the story need not tell.
fn quietly(dir: &Workdir, arguments: &[&str]) -> Result<(), String> {
    let output = dir.run(arguments);
    if output.code == Some(0) { Ok(()) } else { Err(format!("{output:?}")) }
}

/// Prints a passage of the story, set off from what the tool prints.
fn say(text: &str) {
    let framed: String = text.lines().map(|line| format!("\u{2503} {line}\n")).collect();
    let mut out = io::stdout().lock();
    let _ = write!(out, "\n{framed}\n");
    let _ = out.flush();
}
