//! Diagnostics and paths on the wire.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::path::{Path, Step};
use crate::proto::tfplugin6 as proto;

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

/// The place of a diagnostic. The CLIs find no source for a path that does not begin with an attribute.
fn attribute(path: &Path) -> Option<proto::AttributePath> {
    let first = path.steps().first()?;
    matches!(first, Step::Attribute(_)).then(|| path_to_proto(path))
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
