//! One resource's life, as the tools lead it: refresh, plan, apply, with the state between.

use serde_json::Value;

use super::client::PlanAnswer;
use super::value::is_unknown_in_part;
use super::{Plugin, Said, failed, rules};

/// What a state file holds of a resource.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    /// Its attributes; null where there is nothing.
    pub value: Value,
    /// What the provider keeps for itself.
    pub private: Vec<u8>,
    /// Its identity.
    pub identity: Option<Value>,
    /// Whether its creation failed, so that the next plan makes it anew.
    pub tainted: bool,
}

/// What a plan does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// It makes the resource.
    Create,
    /// It changes the resource in place.
    Update,
    /// It deletes the resource and makes another.
    Replace,
    /// It deletes the resource.
    Delete,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What it does.
    pub action: Action,
    /// What shall be; null for nothing.
    pub value: Value,
    /// The attributes that force another resource.
    pub forced_by: Vec<String>,
    private: Vec<u8>,
    identity: Option<Value>,
}

/// A resource of a type, with what the state holds of it.
#[derive(Debug, Clone)]
pub struct Life {
    kind: String,
    /// What the state holds; a null value is nothing.
    pub held: Held,
}

impl Life {
    /// One that has not begun.
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), held: Held::default() }
    }

    /// Whether the state holds it.
    pub fn is_held(&self) -> bool {
        !self.held.value.is_null()
    }

    /// Reads it anew. After an error the state is what it was.
    pub fn refresh(&mut self, plugin: &Plugin) -> Vec<Said> {
        let said = self.upgrade(plugin);
        if failed(&said) || !self.is_held() {
            return said;
        }
        let (read, more) = plugin.read(&self.kind, &self.held);
        let mut said = [said, more].concat();
        if is_unknown_in_part(&read.value) {
            said.push(Said::breach(format!("a refresh gave something unknown: {}", read.value)));
        }
        if !failed(&said) {
            self.held = if read.value.is_null() { Held::default() } else { read };
        }
        said
    }

    /// Reads the state as every command does first.
    fn upgrade(&mut self, plugin: &Plugin) -> Vec<Said> {
        if !self.is_held() {
            return Vec::new();
        }
        let (value, said) = plugin.upgrade(&self.kind, &self.held.value);
        if !failed(&said) {
            self.held.value = value;
        }
        said
    }

    /// Plans what makes it as configured, or deletes it without a configuration.
    ///
    /// # Errors
    /// With all that was said, when an error was.
    pub fn plan(&self, plugin: &Plugin, config: Option<&Value>) -> Result<(Planned, Vec<Said>), Vec<Said>> {
        let config = config.map_or(Value::Null, |config| plugin.complete(&self.kind, config));
        // What failed to become anything is nothing to go by.
        let prior = if self.held.tainted && !config.is_null() { Held::default() } else { self.held.clone() };
        if prior.value.is_null() && config.is_null() {
            let nothing =
                PlanAnswer { value: Value::Null, private: Vec::new(), identity: None, replace: Vec::new() };
            return Ok((planned(Action::Nothing, nothing, Vec::new()), Vec::new()));
        }
        let (answer, mut said) = self.plan_once(plugin, &prior, &config);
        if failed(&said) {
            return Err(said);
        }
        let differs = |path: &&super::proto::AttributePath| {
            !rules::same(rules::at(&prior.value, path), rules::at(&answer.value, path))
        };
        let forced_by: Vec<String> = match prior.value.is_null() {
            true => Vec::new(),
            false => answer.replace.iter().filter(differs).map(|path| rules::text(Some(path))).collect(),
        };
        let action = match () {
            () if answer.value.is_null() => Action::Delete,
            () if self.held.tainted || !forced_by.is_empty() => Action::Replace,
            () if prior.value.is_null() => Action::Create,
            () if rules::same(&prior.value, &answer.value) => Action::Nothing,
            () => Action::Update,
        };
        if action != Action::Replace || self.held.tainted {
            return Ok((planned(action, answer, forced_by), said));
        }
        // The second call of a replacement asks for a creation, and hands on what the first one kept.
        let none = Held { private: answer.private, identity: answer.identity, ..Held::default() };
        let (answer, more) = self.plan_once(plugin, &none, &config);
        if failed(&more) {
            said.extend(more);
            return Err(said);
        }
        Ok((planned(action, answer, forced_by), said))
    }

    fn plan_once(&self, plugin: &Plugin, prior: &Held, config: &Value) -> (PlanAnswer, Vec<Said>) {
        let (answer, mut said) = plugin.plan(&self.kind, prior, config);
        if !failed(&said) {
            let mut found = Vec::new();
            rules::invalid(plugin.block(&self.kind), &prior.value, config, &answer.value, &mut found);
            said.extend(found.into_iter().map(|breach| Said::breach(format!("an invalid plan: {breach}"))));
        }
        (answer, said)
    }

    /// Carries out a plan, as a process of its own does: the plan is made again first, and has to be the same.
    pub fn apply(&mut self, plugin: &Plugin, plan: &Planned, config: Option<&Value>) -> Vec<Said> {
        let mut said = self.upgrade(plugin);
        if failed(&said) {
            return said;
        }
        let (private, identity) = (plan.private.clone(), plan.identity.clone());
        if matches!(plan.action, Action::Delete | Action::Replace) {
            let end = PlanAnswer { value: Value::Null, private, identity, replace: Vec::new() };
            said.extend(self.carry_out(plugin, &end, &Value::Null));
        }
        if matches!(plan.action, Action::Delete | Action::Nothing) || failed(&said) {
            return said;
        }
        let config = config.map_or(Value::Null, |config| plugin.complete(&self.kind, config));
        let (answer, more) = self.plan_once(plugin, &self.held.clone(), &config);
        said.extend(more);
        let mut found = Vec::new();
        rules::incompatible(&plan.value, &answer.value, "", &mut found);
        said.extend(
            found.into_iter().map(|breach| Said::breach(format!("an inconsistent final plan: {breach}"))),
        );
        if failed(&said) {
            return said;
        }
        said.extend(self.carry_out(plugin, &answer, &config));
        said
    }

    fn carry_out(&mut self, plugin: &Plugin, plan: &PlanAnswer, config: &Value) -> Vec<Said> {
        let (applied, mut said) = plugin.apply(&self.kind, &self.held.value, config, plan);
        let (creates, deletes) = (!self.is_held(), plan.value.is_null());
        if is_unknown_in_part(&applied.value) {
            said.push(Said::breach(format!("something is unknown after an apply: {}", applied.value)));
        }
        if failed(&said) {
            if !applied.value.is_null() {
                self.held = Held { tainted: creates, ..applied };
            }
            return said;
        }
        let mut found = Vec::new();
        rules::incompatible(&plan.value, &applied.value, "", &mut found);
        said.extend(
            found.into_iter().map(|breach| Said::breach(format!("an inconsistent result: {breach}"))),
        );
        self.held = if deletes || applied.value.is_null() { Held::default() } else { applied };
        said
    }

    /// Imports it by ID, and reads it as the tools do at once.
    pub fn import(&mut self, plugin: &Plugin, id: &str) -> Vec<Said> {
        let (imported, mut said) = plugin.import(&self.kind, id);
        let Some(imported) = imported.filter(|_| !failed(&said)) else { return said };
        let before = std::mem::replace(&mut self.held, imported);
        let (read, more) = plugin.read(&self.kind, &self.held);
        said.extend(more);
        if read.value.is_null() && !failed(&said) {
            said.push(Said::breach("what was imported is not there".to_owned()));
        }
        self.held = if failed(&said) { before } else { read };
        said
    }
}

fn planned(action: Action, answer: PlanAnswer, forced_by: Vec<String>) -> Planned {
    let PlanAnswer { value, private, identity, .. } = answer;
    Planned { action, value, forced_by, private, identity }
}
