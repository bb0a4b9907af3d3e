//! Members of an answer that are not believed: what is noted of them, and what a user reads.

use serde_json::Value as Json;
use tfplugin::schema::Shape;
use tfplugin::{Diagnostic, Path};

/// A member that has another shape than its document gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit {
    pub(crate) expected: &'static str,
    pub(crate) found: &'static str,
}

impl Unfit {
    /// A member in which this shape was expected.
    pub(crate) fn of(shape: &Shape, json: &Json) -> Self {
        Self::instead(shape_name(shape), json)
    }

    /// A member in which something else was expected, given with its article.
    pub(crate) fn instead(expected: &'static str, json: &Json) -> Self {
        Self { expected, found: json_name(json) }
    }
}

/// Why a member is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// It has another shape.
    Bent(Unfit),
    /// It is not there, and the resource cannot be without it.
    Missing,
}

/// The members of an answer that are not believed, by the attributes that keep their values.
#[derive(Debug, Default)]
pub(crate) struct Misfits {
    at: Path,
    found: Vec<(Path, Misfit)>,
    refused: Vec<(Path, Misfit)>,
    importing: bool,
}

impl Misfits {
    /// Those of an answer to the first read after an import, if it is one, before which there are no values to keep.
    pub(crate) fn of_read(importing: bool) -> Self {
        Self { importing, ..Self::default() }
    }

    /// Notes one at an attribute.
    pub(crate) fn note(&mut self, attribute: &str, misfit: Misfit) {
        self.found.push((self.at.clone().attribute(attribute), misfit));
    }

    /// Notes one without which the resource cannot be imported.
    pub(crate) fn refuse(&mut self, attribute: &str, misfit: Misfit) {
        self.refused.push((self.at.clone().attribute(attribute), misfit));
    }

    /// Notes those within a nested attribute.
    pub(crate) fn within<T>(&mut self, attribute: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.at, Path::root());
        self.at = outer.clone().attribute(attribute);
        let value = read(self);
        self.at = outer;
        value
    }

    /// What a user reads of each: a warning at its attribute.
    pub(crate) fn warnings(&self, id: &str) -> Vec<Diagnostic> {
        self.found.iter().map(|(path, misfit)| warning(path, *misfit, self.importing, id)).collect()
    }

    /// What a user reads of each that is refused: an error at its attribute.
    pub(crate) fn errors(&self, id: &str) -> Vec<Diagnostic> {
        self.refused.iter().map(|(path, misfit)| error(path, *misfit, id)).collect()
    }

    /// The attributes that keep their values.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.found.iter().map(|(path, _)| path)
    }

    #[cfg(test)]
    pub(crate) fn refused(&self) -> Vec<(String, Misfit)> {
        self.refused.iter().map(|(path, misfit)| (path.to_string(), *misfit)).collect()
    }

    #[cfg(test)]
    pub(crate) fn found(&self) -> Vec<(String, Misfit)> {
        self.found.iter().map(|(path, misfit)| (path.to_string(), *misfit)).collect()
    }
}

/// What is wrong with one.
fn what(path: &Path, misfit: Misfit) -> String {
    match misfit {
        Misfit::Bent(Unfit { expected, found }) => {
            format!("For {path}, Azure answered with {found} where {expected} is expected.")
        }
        Misfit::Missing => format!("Azure's answer has no {path}, which cannot be missing."),
    }
}

fn warning(path: &Path, misfit: Misfit, importing: bool, id: &str) -> Diagnostic {
    let what = what(path, misfit);
    let then = if importing {
        "it is imported without a value, and the next refresh takes what Azure answers then"
    } else {
        "the value of before stays, and nothing is planned for it"
    };
    let detail = format!(
        "{what} The answer is not believed in this: {then}. If Azure goes on answering so, please report it.\n\n{id}"
    );
    Diagnostic::warning("Unexpected Answer", detail).at(path.clone())
}

fn error(path: &Path, misfit: Misfit, id: &str) -> Diagnostic {
    let what = what(path, misfit);
    let detail = format!(
        "{what} The resource cannot be imported from this answer: with no value there, a plan would replace it. Nothing was imported. Import it again; if Azure goes on answering so, please report it.\n\n{id}"
    );
    Diagnostic::error("Unexpected Answer", detail).at(path.clone())
}

/// A shape, with its article.
fn shape_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Bool => "true or false",
        Shape::Number => "a number",
        Shape::Integer => "a whole number",
        Shape::String => "a text",
        Shape::List(_) | Shape::Set(_) => "a list",
        Shape::Map(_) | Shape::Object(_) | Shape::Dynamic => "an object",
    }
}

/// What a member is, with its article.
fn json_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
