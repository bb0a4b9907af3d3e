//! What a process learns while it plans: what the state holds, and what its plans make, replace and register.
//!
//! A plan sees one resource. What depends on it is planned after it, in the same process, and asks here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use arm::ResourceId;
use tfplugin::Value;

use crate::view;

/// The memory of one process, by resource ID in any casing.
///
/// An object that the state holds is told of when it is loaded, before it is planned, also with `-refresh=false`. A plan
/// to create where the state holds an object of that very ID is thus the replacement of a tainted one, which the
/// CLIs plan as if nothing were there, or of one under another address, as after a renaming without `moved`. It cannot be
/// anything else: what a read does not find is forgotten, and so is what a delete has removed. Therefore the plan that
/// an apply makes anew, after the old object is deleted, finds nothing here, whether in this process or in another. Where an
/// address that is given up is loaded after the new one is planned, nothing is found either: the plan to delete it
/// finds in turn what is made.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<Learnt>);

#[derive(Debug, Default)]
struct Learnt {
    held: BTreeMap<String, Value>,
    made: BTreeMap<String, Value>,
    replaced: BTreeSet<String>,
    emptied: BTreeSet<String>,
    registered: BTreeSet<String>,
}

impl Plans {
    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was learnt under another configuration: a process that is reattached to serves many runs. What is
    /// registered is kept, for one run may configure the provider several times, and a registration needs not be of the
    /// configuration of what waits for it.
    pub(super) fn begin_anew(&self) {
        let mut learnt = self.learnt();
        *learnt = Learnt { registered: std::mem::take(&mut learnt.registered), ..Learnt::default() };
    }

    /// The state holds this object.
    pub(crate) fn hold(&self, object: &Value) {
        if let Some(id) = view::text(object, &["id"]) {
            self.learnt().held.insert(id.to_lowercase(), object.clone());
        }
    }

    /// The object is gone.
    pub(crate) fn lose(&self, object: &Value) {
        if let Some(id) = view::text(object, &["id"]) {
            self.learnt().held.remove(&id.to_lowercase());
        }
    }

    /// What the state holds of this ID, as it was loaded or read last.
    pub(crate) fn held(&self, id: &ResourceId) -> Option<Value> {
        self.learnt().held.get(&key(id)).cloned()
    }

    /// Notes that a plan makes this, as planned, also in the place of something.
    pub(crate) fn make(&self, id: &ResourceId, planned: &Value) {
        self.learnt().made.insert(key(id), planned.clone());
    }

    /// What a plan makes of this ID, as it is planned.
    pub(crate) fn made(&self, id: &ResourceId) -> Option<Value> {
        self.learnt().made.get(&key(id)).cloned()
    }

    /// Whether a plan makes this.
    pub(crate) fn makes(&self, id: &ResourceId) -> bool {
        self.learnt().made.contains_key(&key(id))
    }

    /// Notes that a plan replaces this.
    pub(crate) fn replace(&self, id: &ResourceId) {
        self.learnt().replaced.insert(key(id));
    }

    /// Whether a plan replaces this.
    pub(crate) fn replaces(&self, id: &ResourceId) -> bool {
        self.learnt().replaced.contains(&key(id))
    }

    /// What the state holds within this ID, as it was loaded or read last.
    pub(crate) fn held_in(&self, id: &ResourceId) -> Vec<Value> {
        let within = format!("{}/", key(id));
        let learnt = self.learnt();
        let inside = learnt.held.iter().filter(|(key, _)| key.starts_with(&within));
        inside.map(|(_, object)| object.clone()).collect()
    }

    /// Notes that a plan destroys this with all that is in it, be it for good or to make it anew.
    pub(crate) fn empty(&self, id: &ResourceId) {
        self.learnt().emptied.insert(key(id));
    }

    /// Whether a plan destroys this with all that is in it.
    pub(crate) fn empties(&self, id: &ResourceId) -> bool {
        self.learnt().emptied.contains(&key(id))
    }

    /// Notes that a plan registers a resource provider, so that what waits for it in the same apply is not refused.
    pub(crate) fn register(&self, provider: &ResourceId) {
        self.learnt().registered.insert(key(provider));
    }

    /// Whether a plan registers a resource provider.
    pub(crate) fn registers(&self, provider: &ResourceId) -> bool {
        self.learnt().registered.contains(&key(provider))
    }
}

fn key(id: &ResourceId) -> String {
    id.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg";

    #[test]
    fn an_object_is_held_in_any_casing_until_it_is_gone() {
        let plans = Plans::default();
        let object = |name: &str| Value::object([("id", Value::from(GROUP)), ("name", name.into())]);
        let id = ResourceId::parse(&GROUP.to_uppercase()).unwrap();
        plans.hold(&Value::object([("id", Value::Null)]));
        assert_eq!(plans.held(&id), None);
        plans.hold(&object("stored"));
        plans.hold(&object("read"));
        assert_eq!(plans.held(&id), Some(object("read")));
        let inside = Value::object([("id", Value::from(format!("{GROUP}/providers/a/b/c")))]);
        plans.hold(&inside);
        plans.hold(&Value::object([("id", Value::from(format!("{GROUP}-2/providers/a/b/c")))]));
        assert_eq!(plans.held_in(&id), [inside]);
        plans.lose(&object("whatever"));
        assert_eq!(plans.held(&id), None);
    }

    #[test]
    fn another_configuration_knows_of_registrations_only() {
        let plans = Plans::default();
        let id = ResourceId::parse(GROUP).unwrap();
        plans.hold(&Value::object([("id", Value::from(GROUP))]));
        plans.make(&id, &Value::Null);
        plans.replace(&id);
        plans.empty(&id);
        plans.register(&id);
        assert!(plans.empties(&id) && plans.held(&id).is_some() && plans.makes(&id) && plans.replaces(&id));
        plans.begin_anew();
        assert!(
            !plans.empties(&id)
                && plans.held(&id).is_none()
                && plans.made(&id).is_none()
                && !plans.replaces(&id)
        );
        assert!(plans.registers(&id));
    }
}
