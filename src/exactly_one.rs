//! Two attributes that say the same in two ways, of which a configuration has to set exactly one.
//!
//! A value that is not known yet is neither set nor null: while a configuration is validated, every variable of a module is such
//! a one. So nothing is said until both are known, which they are in a plan or else in the apply.

use tfplugin::{Diagnostics, Value};

use crate::view;

/// Two such attributes, with what a user reads.
#[derive(Debug)]
pub(crate) struct ExactlyOne {
    /// The one that is missed where neither is set, and the one that is too much where both are.
    pub(crate) attributes: [&'static str; 2],
    /// Headline and advice where neither is set.
    pub(crate) none: [&'static str; 2],
    /// Headline and advice where both are.
    pub(crate) two: [&'static str; 2],
}

impl ExactlyOne {
    /// Refuses two and none, as far as they are known, with the reason before the advice.
    pub(crate) fn check(&self, config: &Value, why: &str, found: &mut Diagnostics) {
        let [first, second] = self.attributes;
        let (attribute, [summary, advice]) = match self.attributes.map(|name| view::is_set(config, &[name])) {
            [Some(true), Some(true)] => (second, self.two),
            [Some(false), Some(false)] => (first, self.none),
            _ => return,
        };
        found.error_at(view::path(&[attribute]), summary, format!("{why} {advice}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_neither_set_nor_null() {
        let pair = ExactlyOne {
            attributes: ["one", "other"],
            none: ["None", "Set one."],
            two: ["Two", "Remove one."],
        };
        let said = |one: Value, other: Value| {
            let mut found = Diagnostics::new();
            pair.check(&Value::object([("one", one), ("other", other)]), "Why.", &mut found);
            let mut said = found.into_iter().map(|one| (one.path, one.summary, one.detail));
            (said.next(), said.next())
        };
        let set = || Value::from("x");
        for (one, other) in [
            (set(), Value::Null),
            (Value::Null, set()),
            (set(), Value::Unknown),
            (Value::Unknown, set()),
            (Value::Null, Value::Unknown),
            (Value::Unknown, Value::Null),
            (Value::Unknown, Value::Unknown),
        ] {
            assert_eq!(said(one.clone(), other.clone()), (None, None), "{one:?} {other:?}");
        }
        let error = |at: &str, summary: &str, detail: &str| {
            (Some((Some(view::path(&[at])), summary.to_owned(), detail.to_owned())), None)
        };
        assert_eq!(said(set(), set()), error("other", "Two", "Why. Remove one."));
        assert_eq!(said(Value::Null, Value::Null), error("one", "None", "Why. Set one."));
    }
}
