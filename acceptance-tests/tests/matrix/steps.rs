//! The steps that every attribute takes, all attributes at once.

mod unknown;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use acceptance_tests::{Cli, Requests, Scene, Workdir};
use serde_json::{Value, json};

use crate::attribute::{Attribute, Way, known, overlay, recased};
use crate::rows::Kind;

/// One attribute with the resource that shows it.
struct Subject {
    row: Attribute,
    label: String,
}

/// The scene with all subjects.
struct Matrix {
    scene: Scene,
    kind: Kind,
    subjects: Vec<Subject>,
    names: BTreeMap<&'static str, String>,
    /// Whether the resources free their names when they are destroyed, so that a replacement can follow.
    freeing: Cell<bool>,
}

/// Every write to a resource: method and body.
type Writes = Vec<(String, Value)>;

/// All steps, in an order in which each begins where the one before ended.
pub(crate) fn all(cli: &Cli, kind: Kind) {
    let matrix = Matrix::new(cli, kind);
    matrix.unset_at_creation();
    matrix.unset_to_a();
    matrix.in_another_casing();
    matrix.drifted();
    matrix.a_to_b();
    matrix.b_to_unset();
    matrix.unknown_to_a();
    matrix.imported();
    matrix.created_with_a();
    matrix.left_out();
}

impl Matrix {
    fn new(cli: &Cli, kind: Kind) -> Self {
        let scene = Scene::new(cli);
        let names = kind.all_names(&scene);
        scene.azure.forget();
        // What only Azure sets needs no resource of its own.
        let label = |row: &Attribute, index: usize| match row.is_settable() {
            true => format!("it-{index:02}"),
            false if row.unset.is_empty() => String::from("it-computed"),
            false => String::from("it-shown"),
        };
        let subjects = kind.rows.iter().cloned().enumerate();
        let subjects = subjects.map(|(index, row)| Subject { label: label(&row, index), row }).collect();
        Self { scene, kind, subjects, names, freeing: Cell::new(true) }
    }

    /// Nothing set: the least PUT, and everything that only Azure sets is in the state.
    fn unset_at_creation(&self) {
        self.configure("unset", |row| row.unset, known);
        self.apply("unset at creation", |subject| self.created(subject, subject.row.put_unset));
        let state = self.scene.dir.state();
        for subject in &self.subjects {
            if let Some(expected) = self.set_by_azure(subject) {
                let held = held(&attributes(&state, &subject.label), subject.row.path, &expected);
                assert_eq!(held, expected, "{} in the state", subject.row.path);
            }
        }
    }

    /// What Azure has for an attribute that only it sets.
    fn set_by_azure(&self, subject: &Subject) -> Option<Value> {
        match subject.row.way {
            Way::Answered(version, pointer) => {
                let id = self.fill(self.kind.id, &subject.label);
                let answer = self.scene.azure.by_policy("GET", &id, version, &Value::Null);
                let found = answer.pointer(pointer).cloned();
                Some(found.unwrap_or_else(|| panic!("{pointer} is not in {answer}")))
            }
            Way::Computed(pointer) => {
                let (id, pointer) = pointer.split_once('#').unwrap_or((self.kind.id, pointer));
                let azure = self.scene.azure.resource(&self.fill(id, &subject.label));
                // What Azure leaves out while it is empty is an empty map here.
                let empty = if subject.row.path == "tags_all" { json!({}) } else { Value::Null };
                Some(azure.pointer(pointer).cloned().unwrap_or(empty))
            }
            _ => None,
        }
    }

    fn unset_to_a(&self) {
        self.configure("A", |row| row.a, known);
        self.plans("unset -> A", |row| action(row.way));
        self.apply("unset -> A", |subject| self.change(subject, subject.row.sends_a));
    }

    fn in_another_casing(&self) {
        self.configure(
            "A recased",
            |row| row.a,
            |text| known(&recased(text).unwrap_or_else(|| text.to_owned())),
        );
        self.plans("A recased", |row| match recased(row.a) {
            Some(_) if !row.caseless => action(row.way),
            _ => "noop",
        });
        self.configure("A", |row| row.a, known);
    }

    fn drifted(&self) {
        let state = self.scene.dir.state();
        for subject in self.subjects.iter().filter(|subject| !subject.row.drift.is_empty()) {
            self.scene.azure.drift(&id(&state, subject), &self.json(subject, subject.row.drift));
        }
        self.plans("drifted", |row| if row.drift.is_empty() { "noop" } else { action(row.way) });
        self.apply("drifted", |subject| match &subject.row {
            row if row.drift.is_empty() => Vec::new(),
            row if row.repairs.is_empty() => self.change(subject, row.sends_a),
            row => self.change(subject, row.repairs),
        });
    }

    fn a_to_b(&self) {
        self.configure("B", |row| row.b, known);
        self.plans("A -> B", |row| action(row.way));
        self.apply("A -> B", |subject| self.change(subject, subject.row.sends_b));
    }

    fn b_to_unset(&self) {
        self.configure("unset", |row| row.unset, known);
        self.apply("B -> unset", |subject| {
            let row = &subject.row;
            // What the service gives a value of its own keeps the one it has.
            if row.sends_unset.is_empty() { Vec::new() } else { self.change(subject, row.sends_unset) }
        });
    }

    /// Another state takes everything over: nothing but what concerns the provider alone is a change.
    fn imported(&self) {
        self.freeing.set(false);
        self.configure("A", |row| row.a, known);
        let state = self.scene.dir.state();
        let blocks = self.resources().map(|subject| {
            format!("import {{\n  to = {}\n  id = \"{}\"\n}}\n", self.address(subject), id(&state, subject))
        });
        self.scene.dir.write("import.tf", &blocks.collect::<String>());
        let addresses = self.scene.dir.addresses();
        let forget = ["state", "rm"].into_iter().chain(addresses.iter().map(String::as_str));
        self.scene.dir.run(&forget.collect::<Vec<_>>()).succeeds();
        self.plans("imported", |row| if row.way == Way::Local { "update" } else { "noop" });
        self.apply("imported", |_| Vec::new());
        self.scene.dir.remove("import.tf");
    }

    /// All of it again from nothing: the PUT has the value, and no PATCH has to follow.
    fn created_with_a(&self) {
        self.freeing.set(true);
        // What locks itself is let go before it is destroyed.
        self.configure("A", |row| if row.locks { row.unset } else { row.a }, known);
        self.apply("freeing again", |_| Vec::new());
        self.scene.dir.destroy().succeeds();
        self.configure("A", |row| row.a, known);
        self.apply("created with A", |subject| {
            let row = &subject.row;
            if self.kind.stays {
                return Vec::new();
            }
            let before = row.before_put.iter().map(|method| ((*method).to_owned(), Value::Null));
            let created = self.created(subject, if row.put_a.is_empty() { row.sends_a } else { row.put_a });
            before.chain(created).collect()
        });
    }

    /// A required attribute that is left out is refused.
    fn left_out(&self) {
        for subject in self.subjects.iter().filter(|subject| subject.row.required) {
            let block = self.block(subject, &known(&self.fill(subject.row.unset, &subject.label)));
            let lines = block.lines().filter(|line| line.split_whitespace().next() != Some(subject.row.path));
            let dir = Workdir::new(self.scene.dir.cli(), &acceptance_tests::Provider::azureml());
            dir.write("main.tf", &lines.map(|line| format!("{line}\n")).collect::<String>());
            let error = dir.validate().fails().only_error();
            assert_eq!(error.summary, "Missing required argument", "{}", subject.row.path);
        }
    }

    /// Writes the configuration in which every subject has the arguments that `of` gives.
    fn configure(&self, step: &str, of: impl Fn(&Attribute) -> &str, as_written: impl Fn(&str) -> String) {
        self.configure_with(step, |subject| {
            let text = self.fill(of(&subject.row), &subject.label);
            (as_written(&text), String::new())
        });
    }

    fn configure_with(&self, step: &str, of: impl Fn(&Subject) -> (String, String)) {
        let mut text = format!("# {step}\n");
        for subject in self.resources() {
            let (arguments, more) = of(subject);
            text.push_str(&self.block(subject, &arguments));
            text.push_str(&more);
        }
        self.scene.dir.write("main.tf", &text);
    }

    /// The subjects, one for each resource.
    fn resources(&self) -> impl Iterator<Item = &Subject> {
        let mut seen = BTreeSet::new();
        self.subjects.iter().filter(move |subject| seen.insert(&subject.label))
    }

    /// The block of one subject. Arguments that it gives itself take the place of the usual ones.
    fn block(&self, subject: &Subject, arguments: &str) -> String {
        let given = |name: &str| arguments.lines().any(|line| line.split_whitespace().next() == Some(name));
        let usual = self.kind.usual.iter().copied();
        let like = |name: &str| name.split('_').next() == subject.row.path.split('_').next();
        let freeing = self.kind.freeing.iter().filter(|(name, _)| self.freeing.get() && !like(name));
        let lines = usual.chain(freeing.copied()).filter(|(name, _)| !given(name));
        let text: String = lines.map(|(name, value)| format!("  {name} = {value}\n")).collect();
        let (kind, label) = (self.kind.type_name, &subject.label);
        format!("resource \"{kind}\" \"{label}\" {{\n{}{arguments}\n}}\n", self.fill(&text, label))
    }

    fn address(&self, subject: &Subject) -> String {
        format!("{}.{}", self.kind.type_name, subject.label)
    }

    /// Insists on what the plan does with every subject.
    fn plans(&self, step: &str, action_of: impl Fn(&Attribute) -> &'static str) {
        let plan = self.scene.dir.plan();
        let mut wrong = Vec::new();
        for subject in &self.subjects {
            let planned = plan.action_on(&self.address(subject));
            let planned = if planned == "import" { "noop" } else { &planned };
            let expected = if subject.row.is_settable() { action_of(&subject.row) } else { "noop" };
            if planned != expected {
                wrong.push(format!("{}: {planned} instead of {expected}", subject.row.path));
            }
        }
        assert!(wrong.is_empty(), "{step}: the plan has\n{}", wrong.join("\n"));
    }

    /// Applies, insists on the exact writes for every subject, and on an empty plan afterwards.
    fn apply(&self, step: &str, expected: impl Fn(&Subject) -> Writes) {
        self.scene.azure.forget();
        self.ends(step, expected);
    }

    /// The same, with what was sent in an apply before.
    fn ends(&self, step: &str, expected: impl Fn(&Subject) -> Writes) {
        self.scene.dir.apply().succeeds();
        let log = self.scene.azure.requests();
        let mut wrong = Vec::new();
        for subject in &self.subjects {
            let (sent, expected) = (writes(&log, subject), expected(subject));
            if sent != expected {
                wrong.push(format!(
                    "{}: sent {}\n  instead of {}",
                    subject.row.path,
                    shown(&sent),
                    shown(&expected)
                ));
            }
        }
        assert!(wrong.is_empty(), "{step}: {}", wrong.join("\n"));
        let plan = self.scene.dir.plan();
        assert!(
            plan.output.code == Some(0),
            "{step}: the plan afterwards is not empty: {}",
            self.changed(&plan)
        );
    }

    /// Which attribute's resource still has changes, for the message.
    fn changed(&self, plan: &acceptance_tests::Plan<'_>) -> String {
        let one = |subject: &Subject| {
            let action = plan.action_on(&self.address(subject));
            (action != "noop").then(|| {
                let change = plan.change(&self.address(subject));
                format!("\n{} ({action}): {} -> {}", subject.row.path, change["before"], change["after"])
            })
        };
        let changes: String = self.subjects.iter().filter_map(one).collect();
        format!("{changes}\n{:?}", plan.output)
    }

    /// What a change of the value sends: an update, or a DELETE and a PUT, or nothing.
    fn change(&self, subject: &Subject, sends: &str) -> Writes {
        match subject.row.way {
            // A type that is changed by PUT gets the whole.
            Way::Update if self.kind.update == "PUT" => vec![self.put(subject, sends)],
            Way::Within => self.list(subject, sends),
            Way::Update => vec![(self.kind.update.to_owned(), self.json(subject, sends))],
            Way::Replace => vec![(String::from("DELETE"), Value::Null), self.put(subject, sends)],
            Way::Local | Way::Fixed | Way::Computed(_) | Way::Answered(..) => Vec::new(),
        }
    }

    /// What a creation sends.
    fn created(&self, subject: &Subject, more: &str) -> Writes {
        let row = &subject.row;
        if row.way == Way::Within || !row.is_settable() && !row.unset.is_empty() {
            return [vec![self.put(subject, "{}")], self.list(subject, more)].concat();
        }
        vec![self.put(subject, more)]
    }

    /// A list of writes; an empty object is none.
    fn list(&self, subject: &Subject, text: &str) -> Writes {
        let text = self.json(subject, text);
        let one = |write: &Value| (write[0].as_str().unwrap_or_default().to_owned(), write[1].clone());
        text.as_array().into_iter().flatten().map(one).collect()
    }

    /// The PUT of a creation: the least body, and over it what belongs to the value.
    fn put(&self, subject: &Subject, more: &str) -> (String, Value) {
        (String::from("PUT"), overlay(&self.json(subject, self.kind.put), &self.json(subject, more)))
    }

    fn json(&self, subject: &Subject, text: &str) -> Value {
        let filled = self.fill(text, &subject.label);
        serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{error} in `{filled}`"))
    }

    /// The text with what the scene has in place of the names in braces.
    fn fill(&self, text: &str, label: &str) -> String {
        let text = text.replace("{label}", label).replace("{guid_end}", &guid_end(label));
        self.names.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// What a plan says of a change that goes this way.
fn action(way: Way) -> &'static str {
    match way {
        Way::Update | Way::Within | Way::Local => "update",
        Way::Replace => "replace",
        Way::Fixed | Way::Computed(_) | Way::Answered(..) => "noop",
    }
}

/// The writes to the resources of one subject, whatever their group and the end of their name.
fn writes(log: &Requests, subject: &Subject) -> Writes {
    let end = guid_end(&subject.label);
    let own =
        |path: &str| path.split('/').any(|name| name.starts_with(&subject.label) || name.ends_with(&end));
    let writes = log.writes().into_iter().filter(|request| own(&request.path));
    writes.map(|request| (request.method.clone(), request.body.clone())).collect()
}

/// The end of a GUID that is the subject's own, for types whose names are GUIDs.
fn guid_end(label: &str) -> String {
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    format!("-8000-{:0>12}", if digits.is_empty() { "cc" } else { &digits })
}

/// Writes on one line.
fn shown(writes: &Writes) -> String {
    let one = |(method, body): &(String, Value)| format!("{method} {body}");
    writes.iter().map(one).collect::<Vec<_>>().join(", then ")
}

/// The ID of a subject's resource, which the rows about names put elsewhere.
fn id(state: &Value, subject: &Subject) -> String {
    attributes(state, &subject.label)["id"].as_str().unwrap_or_default().to_owned()
}

/// The attributes of one subject in a state.
fn attributes(state: &Value, label: &str) -> Value {
    let resources = state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
    let found = resources.into_iter().find(|resource| resource["name"] == label);
    found.map_or(Value::Null, |mut resource| resource["values"].take())
}

/// What a state holds at the path of an attribute: of lists the first elements, but for one that is expected as a whole.
fn held(attributes: &Value, path: &str, expected: &Value) -> Value {
    let first = |value: &Value| value.get(0).cloned().unwrap_or_default();
    let held = path.split('.').fold(attributes.clone(), |at, name| match at {
        Value::Array(_) => first(&at)[name].clone(),
        at => at[name].clone(),
    });
    if held.is_array() && !expected.is_array() { first(&held) } else { held }
}
