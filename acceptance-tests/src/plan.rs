//! What a `plan` said it would do.

use serde_json::Value;

use crate::{Output, Workdir};

/// A plan, saved in its working directory.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What the command printed.
    pub output: Output,
    pub(crate) dir: &'a Workdir,
}

impl Plan<'_> {
    /// Insists that there is nothing to do.
    ///
    /// # Panics
    /// With the plan, when there is.
    #[track_caller]
    pub fn is_empty(&self) -> &Self {
        assert!(self.output.code == Some(0), "this plan should be empty: {}", self.explained());
        self
    }

    /// Insists that there is something to do.
    ///
    /// # Panics
    /// With the plan, when there is not, or when planning failed.
    #[track_caller]
    pub fn has_changes(&self) -> &Self {
        assert!(self.output.code == Some(2), "this plan should have changes: {:?}", self.output);
        self
    }

    /// Insists that planning failed, and gives what was printed.
    ///
    /// # Panics
    /// With the plan, when it succeeded.
    #[track_caller]
    pub fn is_refused(&self) -> &Output {
        assert!(self.output.code == Some(1), "this plan should be refused: {}", self.explained());
        &self.output
    }

    /// Insists on what happens to one resource: `create`, `update`, `delete`, `replace`, `import`, or `noop`.
    ///
    /// # Panics
    /// With the plan, when it is something else.
    #[track_caller]
    pub fn will(&self, action: &str, address: &str) -> &Self {
        let planned = self.action_on(address);
        assert!(planned == action, "{address} should be `{action}`, not `{planned}`: {}", self.explained());
        self
    }

    /// What happens to one resource, `noop` when nothing does.
    #[track_caller]
    pub fn action_on(&self, address: &str) -> String {
        assert!(matches!(self.output.code, Some(0 | 2)), "planning failed: {:?}", self.output);
        let changes = self.output.messages("planned_change");
        let change =
            changes.iter().map(|message| &message["change"]).find(|it| it["resource"]["addr"] == address);
        change.and_then(|it| it["action"].as_str()).unwrap_or("noop").to_owned()
    }

    /// The JSON of `show -json` for this plan.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.dir.run(&["show", "-json", "-no-color", Workdir::PLAN]).succeeds().json()
    }

    /// The `change` of one resource in the plan's JSON: `actions`, `before`, `after`, `after_unknown`, `replace_paths`.
    ///
    /// # Panics
    /// When the plan has no such resource.
    #[track_caller]
    pub fn change(&self, address: &str) -> Value {
        let plan = self.json();
        let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
        let found = changes.into_iter().find(|change| change["address"] == address);
        found.unwrap_or_else(|| panic!("the plan has no {address}: {:?}", self.output))["change"].take()
    }

    /// The output, with before and after of every resource that changes.
    fn explained(&self) -> String {
        let mut text = format!("{:?}", self.output);
        if matches!(self.output.code, Some(0 | 2)) {
            for resource in self.json()["resource_changes"].as_array().into_iter().flatten() {
                let change = &resource["change"];
                if change["actions"] != serde_json::json!(["no-op"]) {
                    let differences =
                        differences(&change["before"], &change["after"], &change["after_unknown"]);
                    text.push_str(&format!("{} {}{differences}\n", resource["address"], change["actions"]));
                }
            }
        }
        text
    }
}

/// One line per top-level attribute that differs.
fn differences(before: &Value, after: &Value, unknown: &Value) -> String {
    let empty = serde_json::Map::new();
    let (old, new) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
    let hidden = unknown.as_object().unwrap_or(&empty);
    let mut names: Vec<&String> = old.keys().chain(new.keys()).chain(hidden.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let value = |side: Option<&Value>| side.map_or_else(|| String::from("(none)"), Value::to_string);
    let line = |name: &String| {
        let then = if hidden.get(name).is_some_and(|it| it != &Value::Bool(false)) && !new.contains_key(name)
        {
            String::from("(known after apply)")
        } else {
            value(new.get(name))
        };
        format!("\n    {name}: {} -> {then}", value(old.get(name)))
    };
    differing.map(line).collect()
}
