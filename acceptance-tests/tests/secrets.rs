//! The search for secrets that ends every scenario: it finds what is planted, wherever that is, and the provider leaves it
//! nothing to find, at the most talkative.

use std::panic::{AssertUnwindSafe, catch_unwind};

use acceptance_tests::{Cli, Emulator, Leak, Scene, Secret, Workdir, every_cli};

/// With characters that JSON, URLs and Go escape, each in its way.
const PLANTED: &str = "Pl4nted~<secret>&\"with\" /everything+=";

fn planted() -> [Secret; 1] {
    [Secret::new("planted secret", PLANTED)]
}

/// A configuration that keeps the secret in the state.
fn careless(cli: &Cli) -> Workdir {
    let dir = Workdir::with_providers(cli, &[]);
    let text = PLANTED.replace('"', "\\\"");
    dir.write("main.tf", &format!("resource \"terraform_data\" \"it\" {{\n  input = \"{text}\"\n}}\n"));
    dir
}

fn places(leaks: &[Leak]) -> Vec<&str> {
    leaks.iter().map(|leak| leak.place.as_str()).collect()
}

#[test]
fn a_planted_secret_is_found_in_plan_state_output_and_log() {
    every_cli(|cli| {
        let dir = careless(cli);
        dir.plan().has_changes();
        dir.apply_saved().succeeds();
        dir.state();
        std::fs::write(dir.path(Workdir::LOG), format!("x {PLANTED}")).unwrap();
        let program = cli.path.display().to_string();
        let leaks = dir.leaks(&planted());
        let shown = format!("the standard output of `{program} show -json -no-color`");
        for place in ["tfplan of saved.tfplan", "terraform.tfstate", Workdir::LOG, &shown] {
            assert!(places(&leaks).contains(&place), "nothing found in {place}: {leaks:?}");
        }
        // The configuration, and its copy in the plan, say what the user wrote.
        assert!(
            !places(&leaks).iter().any(|place| place.contains("main.tf") || place.contains("tfconfig")),
            "{leaks:?}"
        );
        assert!(
            leaks.iter().all(|leak| leak.kind == "planted secret" && !leak.to_string().contains("Pl4nted"))
        );
    });
}

#[test]
fn a_secret_is_found_in_what_a_failed_command_printed() {
    every_cli(|cli| {
        let dir = Workdir::with_providers(cli, &[]);
        dir.write("secret.txt", PLANTED);
        dir.write(
            "main.tf",
            "resource \"terraform_data\" \"it\" {\n  lifecycle {\n    precondition {\n      condition     = path.module == \"x\"\n      error_message = \"It is ${base64encode(file(\"secret.txt\"))}.\"\n    }\n  }\n}\n",
        );
        dir.plan().is_refused();
        let leaks = dir.leaks(&planted());
        assert!(leaks.iter().all(|leak| leak.encoding == "base64"), "{leaks:?}");
        let places = places(&leaks);
        assert!(places[0].starts_with("the standard output of `"), "{leaks:?}");
        // What a refused plan says is saved with it.
        assert_eq!(places[1..], ["tfplan of saved.tfplan"]);
    });
}

#[test]
fn a_scenario_that_leaks_fails_without_asking_for_it() {
    let cli = &Cli::all()[0];
    let azure = Emulator::start();
    let dir = Workdir::with_providers(cli, &[]).in_azure(&azure);
    std::fs::write(dir.path("notes.txt"), azure.secret()).unwrap();
    let secret = azure.secret().to_owned();
    // The search outlives the scenario's own hold on its Azure.
    drop(azure);
    let failure = catch_unwind(AssertUnwindSafe(|| drop(dir))).unwrap_err();
    let message = failure.downcast_ref::<String>().unwrap();
    assert!(
        message.starts_with(
            "secrets have leaked:\n  a client_secret is in notes.txt, written as plain text, at byte "
        ),
        "{message}"
    );
    assert!(!message.contains(&secret));
}

#[test]
fn nothing_leaks_when_everything_is_logged() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        // The tool's own log as well, and the secret in the provider block.
        scene.dir.unset_env("TF_LOG_PROVIDER");
        scene.dir.set_env("TF_LOG", "TRACE");
        scene.dir.unset_env("ARM_CLIENT_SECRET");
        let secret = scene.azure.secret().to_owned();
        scene.dir.provider_block("azureml", &format!("  client_secret = \"{secret}\""));
        scene.workspace("description = \"first\"");
        scene.dir.plan().has_changes();
        scene.dir.apply_saved().succeeds();
        scene.workspace("description = \"second\"\nkind = \"Hub\"");
        scene.dir.plan();
        scene.workspace("description = \"second\"");
        scene.dir.apply().succeeds();
        scene.dir.destroy().succeeds();
        let log = scene.dir.read(Workdir::LOG);
        assert!(log.contains("response body") && log.contains("request body"), "the log is not talkative");
        let kinds = issued(&scene.azure);
        for kind in ["access_token", "client_secret", "signature"] {
            assert!(kinds.iter().any(|(known, _)| known == kind), "Azure knows of no {kind}");
        }
        assert_eq!(scene.dir.leaks(&[]), []);
    });
}

#[test]
fn what_azure_issued_is_found_in_every_log() {
    let cli = &Cli::all()[0];
    let scene = Scene::new(cli);
    scene.workspace("");
    scene.dir.apply().succeeds();
    let (_, token) = issued(&scene.azure).into_iter().find(|(kind, _)| kind == "access_token").unwrap();
    let log = scene.dir.read(Workdir::LOG);
    std::fs::write(scene.dir.path(Workdir::LOG), format!("{log}\nBearer {token}\n")).unwrap();
    let leaks = scene.dir.leaks(&[]);
    assert_eq!(leaks.len(), 1, "{leaks:?}");
    assert_eq!((leaks[0].kind.as_str(), leaks[0].place.as_str()), ("access_token", Workdir::LOG));
}

/// Kind and value of everything secret that an Azure has handed out or taken.
fn issued(azure: &Emulator) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let answer = azure.control().get("/secrets");
    let all = answer["secrets"].as_array().into_iter().flatten();
    all.map(|one| (text(&one["kind"]), text(&one["value"]))).collect()
}
