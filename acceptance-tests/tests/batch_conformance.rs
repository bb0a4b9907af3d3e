//! Batch conformance: two hundred generated resource types over a service that normalises, omits and fills in, led
//! through their life. The tools check every answer of a provider; none of these checks may find anything.

use std::collections::BTreeMap;
use std::process::Command;

use acceptance_tests::{Cli, Output, Provider, Workdir, built_binary, every_cli};
use serde_json::Value;

/// What the tools say when a provider breaks the protocol, or breaks down.
const FAULTS: &[&str] = &[
    "Provider produced",
    "Provider returned",
    "inconsistent",
    "invalid plan",
    "invalid object",
    "panic",
    "Stack trace",
    "Plugin did not respond",
    "Plugin error",
    "Private State Lost",
];

/// How many types the provider has at least.
const TYPES: usize = 200;

/// Part of every write-only text.
const SECRET: &str = "write_only_secret";

/// What `touch` is after a change, as the service's files have it.
const CHANGED: &str = "\"touch\":\"changed\"";

/// What happens to each resource.
type Actions = BTreeMap<String, String>;

/// The story of all types, and the folder in which their service remembers.
struct Life {
    story: Value,
    service: tempfile::TempDir,
}

impl Life {
    fn begin() -> Self {
        let described = Command::new(built_binary("examples/conformance", None)).arg("describe").output();
        let described = described.expect("the provider describes its types");
        let story = serde_json::from_slice(&described.stdout).expect("the description is JSON");
        Self { story, service: tempfile::tempdir().expect("a folder for the service") }
    }

    fn dir(&self, cli: &Cli) -> Workdir {
        let mut dir = Workdir::new(cli, &Provider::example("conformance", "tests/conformance"));
        dir.set_env("CONFORMANCE_FOLDER", self.service.path());
        dir
    }

    fn text(&self, name: &str) -> &str {
        self.story[name].as_str().unwrap_or_else(|| panic!("the story has no {name}"))
    }

    /// How many objects the service has.
    fn objects(&self) -> usize {
        std::fs::read_dir(self.service.path()).expect("the service's folder").count()
    }

    /// What happens to every resource in a step.
    fn actions(&self, step: &str) -> Actions {
        let actions = self.story[format!("{step}_actions")].as_object().expect("the actions of a step");
        actions
            .iter()
            .map(|(address, action)| (address.clone(), action.as_str().unwrap_or_default().to_owned()))
            .collect()
    }

    /// Changes every object behind the tools' back, and deletes one in seven.
    fn meddle(&self) -> Actions {
        let mut expected = Actions::new();
        for (number, address) in self.actions("create").into_keys().enumerate() {
            let kind = address.trim_end_matches(".it");
            let file = self.service.path().join(format!("{kind}-it-of-{kind}.json"));
            let action = if number % 7 == 0 {
                std::fs::remove_file(&file).expect("an object to delete");
                "create"
            } else {
                let text = std::fs::read_to_string(&file).expect("an object to change");
                assert!(text.contains(CHANGED), "{text}");
                std::fs::write(&file, text.replace(CHANGED, "\"touch\":\"meddled with\""))
                    .expect("a changed object");
                "update"
            };
            expected.insert(address, action.to_owned());
        }
        expected
    }

    /// Plans a configuration, insists on what happens to every resource, applies it, and insists that nothing is left
    /// to do then, also for a configuration that says the same in other words.
    #[track_caller]
    fn step(&self, dir: &Workdir, name: &str, expected: &Actions, same: &str) {
        dir.write("main.tf", self.text(name));
        let plan = dir.plan();
        faultless(&plan.output);
        let planned = actions(&plan.output);
        for (address, action) in expected {
            let planned = planned.get(address).map_or("noop", String::as_str);
            assert!(
                action.split(" or ").any(|action| action == planned),
                "{name}: {address} should {action}, not {planned}"
            );
        }
        let applied = dir.apply_saved();
        faultless(&applied);
        applied.succeeds();
        dir.write("main.tf", self.text(same));
        self.nothing_left(dir, name);
    }

    #[track_caller]
    fn nothing_left(&self, dir: &Workdir, after: &str) {
        let plan = dir.plan();
        faultless(&plan.output);
        let left = actions(&plan.output);
        assert!(left.is_empty(), "after {after}: {}", explained(&plan.json(), &left));
        plan.is_empty();
    }
}

/// Insists that the tool found no fault with the provider.
#[track_caller]
fn faultless(output: &Output) {
    let errors = output.errors();
    let mut told: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}\n{}", error.address, error.summary, error.detail))
        .collect();
    let total = told.len();
    told.truncate(12);
    assert!(total == 0, "{total} errors of `{}`:\n{}", output.command, told.join("\n\n"));
    for fault in FAULTS {
        let found = output.text().lines().find(|line| line.contains(fault)).map(str::to_owned);
        assert!(found.is_none(), "`{}` says {found:?}", output.command);
    }
}

/// The action on every resource that a plan changes.
fn actions(output: &Output) -> Actions {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let change =
        |message: Value| (text(&message["change"]["resource"]["addr"]), text(&message["change"]["action"]));
    output.messages("planned_change").into_iter().map(change).collect()
}

/// Before and after of the first few resources that change.
fn explained(plan: &Value, changes: &Actions) -> String {
    let mut text = format!("{} resources change", changes.len());
    let all = plan["resource_changes"].as_array().cloned().unwrap_or_default();
    let changing = all.iter().filter(|it| it["change"]["actions"] != serde_json::json!(["no-op"]));
    for resource in changing.take(8) {
        text.push_str(&format!("\n{} {}", resource["address"], resource["change"]["actions"]));
        let (before, after) = (&resource["change"]["before"], &resource["change"]["after"]);
        for (name, value) in before.as_object().into_iter().flatten() {
            if after[name] != *value {
                let unknown = &resource["change"]["after_unknown"][name];
                text.push_str(&format!("\n    {name}: {value} -> {} (unknown: {unknown})", after[name]));
            }
        }
    }
    text
}

/// Whether a tool can import by identity.
fn imports_by_identity(cli: &Cli) -> bool {
    let part = |at| {
        cli.version.split('.').nth(at).and_then(|part: &str| part.parse::<u32>().ok()).unwrap_or_default()
    };
    (part(0), part(1)) >= (1, 12)
}

#[test]
fn no_tool_finds_fault_with_any_combination_of_shape_and_mark() {
    every_cli(|cli| {
        let life = Life::begin();
        let dir = life.dir(cli);
        life.step(&dir, "create", &life.actions("create"), "create");
        assert!(life.objects() >= TYPES, "only {} types were created", life.objects());

        life.step(&dir, "change", &life.actions("change"), "respell");
        life.step(&dir, "replace", &life.actions("replace"), "replace");
        life.step(&dir, "replace", &life.meddle(), "replace");
        let state = dir.read("terraform.tfstate");
        assert!(state.contains("filled in") && !state.contains(SECRET), "a write-only value is in the state");
        let objects = std::fs::read_dir(life.service.path()).expect("the service's folder");
        let reached = objects
            .flatten()
            .any(|file| std::fs::read_to_string(file.path()).is_ok_and(|it| it.contains(SECRET)));
        assert!(reached, "no write-only value has reached the service");

        let imported = life.dir(cli);
        let imports = if imports_by_identity(cli) { "imports_by_identity" } else { "imports" };
        imported.write("main.tf", life.text("imported"));
        imported.write("imports.tf", life.text(imports));
        let plan = imported.plan();
        faultless(&plan.output);
        let summary = plan.output.messages("change_summary");
        let (import, add, change) = (
            &summary[0]["changes"]["import"],
            &summary[0]["changes"]["add"],
            &summary[0]["changes"]["change"],
        );
        let changes = actions(&plan.output);
        let only = changes.values().all(|action| action == "import");
        assert!(
            *import == TYPES && *add == 0 && *change == 0 && only,
            "import: {}",
            explained(&plan.json(), &changes)
        );
        let applied = imported.apply_saved();
        faultless(&applied);
        applied.succeeds();
        life.nothing_left(&imported, "import");

        let destroyed = imported.destroy();
        faultless(&destroyed);
        destroyed.succeeds();
        assert_eq!(life.objects(), 0, "the service has objects left");
    });
}
