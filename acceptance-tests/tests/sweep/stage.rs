//! The stage of a sweep: set once, put back before every run, looked at after it.

use std::fmt;

use acceptance_tests::{Cli, Fault, Output, Running, Scene};
use regex::bytes::Regex;
use serde_json::Value;

use crate::plays::Play;

/// What is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Update,
    Delete,
}

/// Which of the two commands of an operation: what an `apply` plans by itself, the tools do not let one interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Plan,
    Apply,
}

/// One request of the operation.
#[derive(Debug)]
pub(crate) struct Exchange {
    operation: Operation,
    phase: Phase,
    /// How many requests of the phase come before it.
    before: usize,
    request: String,
}

/// A scene from which an operation can be started again and again.
pub(crate) struct Stage {
    pub(crate) scene: Scene,
    play: Play,
    operation: Operation,
    /// The state file and all that Azure has, before the operation.
    state: String,
    azure: Value,
    exchanges: Vec<Exchange>,
}

const STATE: &str = "terraform.tfstate";
const PLAN: &str = "operation.tfplan";
const LOG: &str = "trace.log";

impl Exchange {
    /// A fault that meets it alone.
    pub(crate) fn fault(&self) -> Fault {
        Fault::at("*", "").skip(self.before)
    }

    /// Whether it looks up where Azure's services are.
    pub(crate) fn is_first_contact(&self) -> bool {
        self.request.ends_with("/metadata/endpoints")
    }

    fn is_delete(&self) -> bool {
        self.request.starts_with("DELETE ")
    }

    /// The exit code of its command when all goes well: a plan says that there are changes.
    pub(crate) fn success(&self) -> i32 {
        if self.phase == Phase::Plan { 2 } else { 0 }
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, phase, operation) = (self.before + 1, self.phase, self.operation);
        write!(f, "exchange {number} of the {phase:?} of a {operation:?} ({})", self.request)
    }
}

impl Stage {
    /// Sets the stage and runs the operation once, to see which requests it makes.
    pub(crate) fn set(cli: &Cli, play: Play, operation: Operation) -> Self {
        let mut scene = Scene::new(cli);
        (play.prepare)(&scene);
        scene.dir.set_env("TF_LOG", "trace");
        let log = scene.dir.path(LOG);
        scene.dir.set_env("TF_LOG_PATH", log);
        if operation != Operation::Create {
            scene.dir.write("main.tf", &(play.before)(&scene));
            scene.dir.apply().succeeds();
            scene.dir.plans_nothing();
        }
        let (state, azure) = (scene.dir.read(STATE), scene.azure.snapshot());
        match operation {
            Operation::Delete => scene.dir.write("main.tf", ""),
            _ => scene.dir.write("main.tf", &(play.after)(&scene)),
        }
        let mut stage = Self { scene, play, operation, state, azure, exchanges: Vec::new() };
        stage.restore();
        stage.scene.dir.plan_with(&[&format!("-out={PLAN}")]).has_changes();
        stage.note(Phase::Plan);
        stage.scene.dir.run(&["apply", "-json", "-no-color", "-input=false", PLAN]).succeeds();
        stage.note(Phase::Apply);
        stage
    }

    fn note(&mut self, phase: Phase) {
        let operation = self.operation;
        let log = self.scene.azure.requests();
        let noted = log.0.iter().enumerate().map(|(before, request)| Exchange {
            operation,
            phase,
            before,
            request: format!("{} {}", request.method, request.path),
        });
        self.exchanges.extend(noted);
        self.scene.azure.forget();
    }

    /// Whether the play is that of the resource with this address.
    pub(crate) fn is_of(&self, address: &str) -> bool {
        self.play.address == address
    }

    /// Every request of the operation, in order.
    pub(crate) fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter()
    }

    /// What is said of a deletion that is interrupted while an exchange waits for its answer.
    pub(crate) fn deletion(&self, exchange: &Exchange) -> &'static str {
        let mut before = self.exchanges().take_while(|one| !std::ptr::eq(*one, exchange));
        match exchange.is_delete() {
            true => "The deletion was interrupted before Azure answered",
            false if before.any(Exchange::is_delete) => "Azure had accepted the deletion",
            false => "Nothing was deleted.",
        }
    }

    /// Starts the command in which an exchange takes place. The saved plan fits every time, for the state does.
    pub(crate) fn start(&self, exchange: &Exchange) -> Running {
        match exchange.phase {
            Phase::Plan => {
                self.scene.dir.start(&["plan", "-json", "-no-color", "-input=false", "-detailed-exitcode"])
            }
            Phase::Apply => self.scene.dir.start(&["apply", "-json", "-no-color", "-input=false", PLAN]),
        }
    }

    /// Puts everything back to before the operation.
    pub(crate) fn restore(&self) {
        let azure = &self.scene.azure;
        azure.heal();
        azure.restore(&self.azure);
        self.scene.dir.write(STATE, &self.state);
        if self.state.is_empty() {
            self.scene.dir.remove(STATE);
        }
        self.scene.dir.write(LOG, "");
        self.scene.dir.write("import.tf", "");
        azure.forget();
    }

    /// Insists that what the command of an exchange had to do took place.
    pub(crate) fn is_done_by(&self, exchange: &Exchange, after: &str) {
        match exchange.phase {
            Phase::Apply => self.is_done(after),
            Phase::Plan => {
                assert_eq!(self.scene.azure.requests().writes().len(), 0, "{after}: a plan writes")
            }
        }
    }

    /// Insists that the operation took place, and that state and Azure agree about it.
    pub(crate) fn is_done(&self, after: &str) {
        let azure = (self.play.in_azure)(&self.scene);
        let (pointer, value) = self.play.shows;
        match self.operation {
            Operation::Delete => assert!(azure.is_null(), "{after}: it is still there"),
            _ => assert_eq!(azure.pointer(pointer), Some(&Value::from(value)), "{after}"),
        }
        assert_eq!(self.is_in_state(), !azure.is_null(), "{after}: state and Azure do not agree");
        let plan = self.scene.dir.plan();
        assert!(plan.output.code == Some(0), "{after}: the plan is not empty: {:?}", plan.output);
    }

    /// Insists that the next apply completes the operation, or says how to and is right about it.
    pub(crate) fn goes_on(&self, after: &str) {
        let output = self.scene.dir.apply();
        if output.code != Some(0) {
            let error = output.only_error();
            let block = import_block(&error.detail);
            assert!(!block.is_empty(), "{after}: the next apply does not say what to do: {output:?}");
            let kind = self.play.address.split('.').next().unwrap_or_default();
            let block = block.replace(&format!("{kind}.example"), self.play.address);
            self.scene.dir.write("import.tf", &block);
            self.scene.dir.apply().succeeds();
        }
        self.is_done(after);
    }

    /// Insists that neither output nor any file of the run has the client secret, a token or a signed URL.
    pub(crate) fn has_no_secrets(&self, output: &Output, at: &str) {
        let signed = r"[?&](t|c|s|h)=[A-Za-z0-9%_-]{16,}";
        let token = r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}";
        let secret = self.scene.azure.secret();
        assert!(secret.len() > 16, "the emulator has a secret");
        let pattern = Regex::new(&format!("{}|{token}|{signed}", regex::escape(secret))).expect("a pattern");
        let find = |bytes: &[u8]| {
            pattern.find(bytes).map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned())
        };
        assert_eq!(find(output.text().as_bytes()), None, "in the output of {at}");
        for (path, bytes) in self.scene.dir.files() {
            assert_eq!(find(&bytes), None, "in {} after {at}", path.display());
        }
    }

    /// Whether the state file has the resource as one to make anew.
    pub(crate) fn is_tainted(&self) -> bool {
        self.in_state().iter().any(|instance| instance["status"] == "tainted")
    }

    fn is_in_state(&self) -> bool {
        !self.in_state().is_empty()
    }

    /// The instances of the resource in the state file. (A killed tool may have left no file.)
    fn in_state(&self) -> Vec<Value> {
        let state: Value = serde_json::from_str(&self.scene.dir.read(STATE)).unwrap_or_default();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        let address = |resource: &Value| format!("{}.{}", text(&resource["type"]), text(&resource["name"]));
        let own = resources.iter().filter(|resource| address(resource) == self.play.address);
        let instances = own.filter_map(|resource| resource["instances"].as_array());
        instances.flatten().cloned().collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The import block in a message; empty where there is none.
fn import_block(text: &str) -> &str {
    let Some(start) = text.find("import {") else { return "" };
    let rest = &text[start..];
    rest.find("\n}").map_or("", |end| &rest[..end + 2])
}
