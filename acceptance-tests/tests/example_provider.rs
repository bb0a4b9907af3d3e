//! The example provider of the protocol crate (`crates/tfplugin/examples/notes`) under every CLI.

use acceptance_tests::{Cli, Provider, Workdir, every_cli};

fn notes(cli: &Cli) -> Workdir {
    let dir = Workdir::new(cli, &Provider::example("notes", "example/notes"));
    std::fs::create_dir(dir.path("notes")).expect("a folder for the notes");
    dir.provider_block("notes", &format!("folder = {:?}", dir.path("notes")));
    dir
}

const NOTE: &str = r#"
resource "notes_note" "main" {
  title   = "To Do"
  text    = "Feed the \"cat\" at Zoë's"
  urgency = "high"
  labels  = {}
  reader  = { name = "me" }
}
"#;

#[test]
fn a_note_lives_and_dies() {
    every_cli(|cli| {
        let dir = notes(cli);
        dir.write("main.tf", NOTE);
        dir.plan().will("create", "notes_note.main");
        dir.apply().succeeds();
        let note = dir.resource("notes_note.main");
        assert_eq!((&note["urgency"], &note["file"]), (&"high".into(), &"to-do.note".into()));
        assert!(dir.read("notes/to-do.note").contains("urgency: HIGH\n"));
        dir.plans_nothing();

        dir.write("main.tf", &NOTE.replace("high", "Low").replace("{ name = \"me\" }", "null"));
        dir.plan().will("update", "notes_note.main");
        dir.apply().succeeds();
        assert!(!dir.read("notes/to-do.note").contains("reader"));
        dir.plans_nothing();

        dir.write("main.tf", &NOTE.replace("To Do", "Done"));
        dir.plan().will("replace", "notes_note.main");
        dir.apply().succeeds();
        dir.plans_nothing();
        dir.destroy().succeeds();
        assert_eq!(dir.path("notes").read_dir().expect("the folder").count(), 0);
    });
}

#[test]
fn a_note_is_imported_and_its_drift_seen() {
    every_cli(|cli| {
        let dir = notes(cli);
        dir.write("main.tf", NOTE);
        dir.apply().succeeds();
        dir.run(&["state", "rm", "notes_note.main"]).succeeds();
        dir.import("notes_note.main", "To Do").succeeds();
        dir.plan().will("update", "notes_note.main");
        dir.apply().succeeds();
        dir.plans_nothing();
        let stored = dir.read("notes/to-do.note");
        dir.write("notes/to-do.note", &stored.replace("cat", "dog"));
        dir.plan().will("update", "notes_note.main");
        dir.remove("notes/to-do.note");
        dir.plan().will("create", "notes_note.main");
    });
}

#[test]
fn wrong_notes_are_refused_at_their_place() {
    every_cli(|cli| {
        let dir = notes(cli);
        dir.write(
            "main.tf",
            "resource \"notes_note\" \"main\" {\n  title = \"!\"\n  urgency = \"High\"\n}\n",
        );
        let output = dir.validate();
        let said: Vec<String> = output.errors().into_iter().map(|error| error.detail).collect();
        assert_eq!(
            said,
            [
                "The attribute title must have a letter or a digit in it.",
                "An urgent note must say what is urgent."
            ]
        );
    });
}

#[test]
fn a_search_a_function_and_a_lock_work_together() {
    every_cli(|cli| {
        let dir = notes(cli);
        dir.write(
            "main.tf",
            &format!(
                r#"{NOTE}
data "notes_search" "cats" {{
  word       = "cat"
  depends_on = [notes_note.main]
}}
ephemeral "notes_lock" "main" {{
  owner = provider::notes::slug("Some One")
}}
output "files" {{ value = data.notes_search.cats.files }}
output "slug" {{ value = provider::notes::slug("A b") }}
"#
            ),
        );
        dir.apply().succeeds();
        let state = dir.state();
        let output = |name: &str| state["values"]["outputs"][name]["value"].clone();
        assert_eq!((output("files"), output("slug")), (serde_json::json!(["to-do.note"]), "a-b".into()));
        assert!(!dir.path("notes/some-one.lock").exists(), "the lock is still there");
        dir.plans_nothing();
        dir.write("slug.tf", "output \"none\" { value = provider::notes::slug(\"!\") }\n");
        dir.plan().is_refused().says("The title has no letter and no digit.");
    });
}
