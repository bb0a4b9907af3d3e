//! What an update has to send: the attributes that change.

use super::build::member;
use crate::path::Path;
use crate::schema::{Field, Nesting};
use crate::value::Value;

/// One attribute that changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// Where it is.
    pub path: Path,
    /// Its declaration.
    pub field: &'static Field,
    /// What it was.
    pub prior: Value,
    /// What it is to be; null where it was removed.
    pub planned: Value,
}

impl Change {
    /// What is to be sent: the planned value, or what the declaration says for a removed attribute.
    #[must_use]
    pub fn value(&self) -> Value {
        if self.planned.is_null() { self.field.clear.value(&self.field.shape) } else { self.planned.clone() }
    }
}

/// The attributes that change between what was and what is planned. One that is not known in the plan does not: the
/// service decides about it. A nested attribute that holds one object before and after is looked into; all others
/// change as a whole.
#[must_use]
pub fn changes(fields: &'static [Field], prior: &Value, planned: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    collect(fields, &Path::root(), prior, planned, &mut found);
    found
}

fn collect(fields: &'static [Field], path: &Path, prior: &Value, planned: &Value, found: &mut Vec<Change>) {
    for field in fields {
        let (was, will) = (member(prior, field.name), member(planned, field.name));
        let path = path.clone().attribute(field.name);
        if will.is_unknown() || was == will {
            continue;
        }
        match (field.nested(), was, will) {
            (Some((Nesting::Single, fields)), Value::Object(_), Value::Object(_)) => {
                collect(fields, &path, was, will, found);
            }
            _ => found.push(Change { path, field, prior: was.clone(), planned: will.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Attr, Model, Value};

    /// An outer one.
    #[derive(Debug, Clone, Default, Model)]
    struct Outer {
        #[attr(optional, clear = "", api = "properties.name")]
        name: Attr<String>,
        #[attr(optional, clear = {})]
        list: Attr<Vec<String>>,
        #[attr(optional)]
        inner: Attr<Inner>,
        #[attr(computed)]
        id: Attr<String>,
    }

    /// An inner one.
    #[derive(Debug, Clone, Default, Model)]
    struct Inner {
        #[attr(optional)]
        on: Attr<bool>,
        #[attr(optional)]
        off: Attr<bool>,
    }

    #[test]
    fn only_what_changes_is_sent_and_what_was_removed_is_cleared() {
        let inner = |on: bool| Attr::Known(Inner { on: on.into(), off: Attr::Null });
        let list = Attr::Known(vec!["a".to_owned()]);
        let prior = Outer { name: "a".into(), list, inner: inner(true), id: "1".into() };
        let planned = Outer { inner: inner(false), id: Attr::Unknown, ..Outer::default() };
        let sent: Vec<_> =
            prior.changes(&planned).iter().map(|change| (change.path.to_string(), change.value())).collect();
        let expected = [("name", Value::from("")), ("list", Value::List(vec![])), ("inner.on", false.into())];
        assert_eq!(sent, expected.map(|(path, value)| (path.to_owned(), value)));
        let whole = prior.changes(&Outer { inner: Attr::Null, ..prior.clone() });
        assert_eq!(whole.iter().map(|change| change.path.to_string()).collect::<Vec<_>>(), ["inner"]);
    }
}
