//! A plan in the hands of a resource's own hook.

use std::collections::BTreeSet;

use crate::context::View;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Attr, AttrType};
use crate::path::{Path, Step};
use crate::private::Private;
use crate::value::Value;

/// What a plan is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanKind {
    /// Create what is not there, also as the second half of a replacement.
    Create,
    /// Change what is there, or leave it.
    Update,
    /// Delete what is there.
    Delete,
}

/// A plan in the hands of a resource's own hook: seen by paths, for any part may be unknown.
#[derive(Debug)]
pub struct Plan {
    pub(crate) config: Value,
    pub(crate) prior: Value,
    pub(crate) planned: Value,
    pub(crate) replace: Vec<Path>,
    pub(crate) private: Private,
    pub(crate) predecessor: Option<Value>,
    pub(crate) undecided: Vec<Path>,
    pub(crate) diagnostics: Diagnostics,
    /// The attributes that the hook has spoken of, also where it said what was planned already.
    pub(super) spoken: BTreeSet<String>,
}

impl Plan {
    pub(super) fn new(
        config: Value,
        prior: Value,
        planned: Value,
        replace: Vec<Path>,
        private: Private,
    ) -> Self {
        let (diagnostics, spoken) = (Diagnostics::new(), BTreeSet::new());
        let (predecessor, undecided) = (None, Vec::new());
        Self { config, prior, planned, replace, private, predecessor, undecided, diagnostics, spoken }
    }

    /// What the plan is to do.
    #[must_use]
    pub fn kind(&self) -> PlanKind {
        match (self.prior.is_null(), self.planned.is_null()) {
            (_, true) => PlanKind::Delete,
            (true, false) => PlanKind::Create,
            (false, false) => PlanKind::Update,
        }
    }

    /// An attribute as configured.
    #[must_use]
    pub fn config<T: AttrType>(&self, path: impl Into<Path>) -> Attr<T> {
        View::new(&self.config).get(path)
    }

    /// An attribute as it was.
    #[must_use]
    pub fn prior<T: AttrType>(&self, path: impl Into<Path>) -> Attr<T> {
        View::new(&self.prior).get(path)
    }

    /// An attribute as it is planned.
    #[must_use]
    pub fn planned<T: AttrType>(&self, path: impl Into<Path>) -> Attr<T> {
        View::new(&self.planned).get(path)
    }

    /// The whole configuration.
    #[must_use]
    pub fn config_value(&self) -> &Value {
        &self.config
    }

    /// The whole prior state; null when creating.
    #[must_use]
    pub fn prior_value(&self) -> &Value {
        &self.prior
    }

    /// The whole planned state; null when deleting.
    #[must_use]
    pub fn planned_value(&self) -> &Value {
        &self.planned
    }

    /// Whether an attribute changes. Something that will be known later only may change, and so does.
    #[must_use]
    pub fn changes(&self, path: impl Into<Path>) -> bool {
        let path = path.into();
        let planned = View::new(&self.planned).at(&path);
        !planned.is_wholly_known() || planned != View::new(&self.prior).at(&path)
    }

    /// Whether anything changes.
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        self.planned != self.prior
    }

    /// The attributes whose changes replace what is there.
    #[must_use]
    pub fn replacing(&self) -> &[Path] {
        &self.replace
    }

    /// Whether the plan replaces what is there.
    #[must_use]
    pub fn replaces(&self) -> bool {
        !self.replace.is_empty()
    }

    /// What this plan to create takes the place of, in the second half of a replacement: the whole prior state.
    ///
    /// The CLIs plan a replacement twice, and only the second half shows one that nothing in the resource calls for, as
    /// with `-replace` and `replace_triggered_by`: its first half is an ordinary update, or no change at all. A resource
    /// that is tainted is planned without either; see [`crate::Resource::held`].
    #[must_use]
    pub fn predecessor(&self) -> Option<&Value> {
        self.predecessor.as_ref()
    }

    /// The attributes that are not known yet and whose change would replace the resource, were it known
    /// (`replaces_if_known`). The plan goes as if they stayed.
    #[must_use]
    pub fn undecided(&self) -> &[Path] {
        &self.undecided
    }

    /// What remembers the resource beside its state.
    #[must_use]
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// The same, to change.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// Plans another value for an attribute. Only what is computed and not configured can be planned otherwise than
    /// configured. Answers whether there is such a place.
    pub fn set(&mut self, path: impl Into<Path>, value: Value) -> bool {
        let path = path.into();
        let Some(Step::Attribute(name)) = path.steps().first() else { return false };
        let there = self.planned.get(&path).is_some() && self.planned.set(&path, value);
        if there {
            self.spoken.insert(name.clone());
        }
        there
    }

    /// Plans an attribute as not known before it is applied.
    pub fn set_unknown(&mut self, path: impl Into<Path>) -> bool {
        self.set(path, Value::Unknown)
    }

    /// A change of this attribute replaces the resource.
    pub fn replace(&mut self, path: impl Into<Path>) {
        self.replace.push(path.into());
    }

    /// Adds a message to the user: a warning, or an error that ends the plan.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;
    use crate::plan::{after_hook, declared};
    use crate::schema::Schema;

    /// A thing.
    #[derive(Debug, Clone, Default, Model)]
    struct Thing {
        /// What the hook changes.
        #[attr(computed)]
        all: Attr<String>,
        /// What the hook says to be as it was.
        #[attr(computed)]
        state: Attr<String>,
        /// What it does not speak of.
        #[attr(computed)]
        time: Attr<String>,
    }

    #[test]
    fn what_a_hook_says_stands_also_where_it_says_what_was() {
        const SCHEMA: Schema = Schema::new(Thing::DOC, Thing::FIELDS);
        let thing = |all: &str| {
            Value::object([("all", all.into()), ("state", "good".into()), ("time", Value::from("t"))])
        };
        let config = Value::object([("all", Value::Null), ("state", Value::Null), ("time", Value::Null)]);
        let mut plan = declared(&SCHEMA, config, thing("a"), Private::default());
        let before = plan.planned.clone();
        assert!(plan.set("all", "b".into()) && plan.set("state", "good".into()));
        after_hook(&SCHEMA, &mut plan, &before);
        let expected =
            Value::object([("all", "b".into()), ("state", "good".into()), ("time", Value::Unknown)]);
        assert_eq!(plan.planned, expected);
    }
}
