//! Diagnostics and paths on the wire.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::path::{Path, Step};
use crate::proto::tfplugin6 as proto;
use crate::schema::TIMEOUTS;

/// One diagnostic.
pub(crate) fn to_proto(diagnostic: Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().and_then(attribute),
    }
}

/// All diagnostics of an answer.
pub(crate) fn all_to_proto(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.into_iter().map(to_proto).collect()
}

/// The place of a diagnostic, as far as the CLIs can find it. They find no source for a path that does not begin with an
/// attribute, and look for the last attribute of any other in the innermost block: what lies in an attribute they would show
/// at an attribute of the block that happens to have the same name.
fn attribute(path: &Path) -> Option<proto::AttributePath> {
    let (first, within) = path.steps().split_first()?;
    let Step::Attribute(name) = first else { return None };
    let in_a_block = name == TIMEOUTS;
    let element = |step: &&Step| in_a_block || !matches!(step, Step::Attribute(_));
    let shown = std::iter::once(first).chain(within.first().filter(element));
    Some(path_to_proto(&shown.cloned().collect()))
}

/// A path.
pub(crate) fn path_to_proto(path: &Path) -> proto::AttributePath {
    use proto::attribute_path::step::Selector;

    let step = |step: &Step| proto::attribute_path::Step {
        selector: Some(match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        }),
    };
    proto::AttributePath { steps: path.steps().iter().map(step).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_an_attribute_is_shown_at_the_attribute() {
        let rule = Path::from("rules").key("a");
        for (path, shown) in [
            (Path::from("group"), Some(Path::from("group"))),
            (Path::from("group").attribute("name"), Some(Path::from("group"))),
            (rule.clone(), Some(rule.clone())),
            (rule.clone().attribute("name"), Some(rule)),
            (Path::from("ports").index(1).index(2), Some(Path::from("ports").index(1))),
            (Path::from(TIMEOUTS).attribute("create"), Some(Path::from(TIMEOUTS).attribute("create"))),
            (Path::root().key("a").attribute("name"), None),
            (Path::root(), None),
        ] {
            assert_eq!(attribute(&path), shown.as_ref().map(path_to_proto), "{path}");
        }
    }
}
