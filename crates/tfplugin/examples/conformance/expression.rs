//! What a configuration gives an attribute: made from its field, written as HCL.

use std::fmt::Write;

use tfplugin::schema::{Field, Literal, Replaces, Shape};

use crate::random::Random;
use crate::types::OPTIONS;

/// An expression of a configuration.
#[derive(Debug, Clone)]
pub(crate) enum Expression {
    /// The attribute is left out.
    Omitted,
    Bool(bool),
    /// A number's text, and another spelling of the same number.
    Number(String, String),
    /// Text, and another text that means the same to the service.
    Text(String, String),
    /// An output of a resource of the tool itself, unknown while that is planned: the variation, the output's name,
    /// and what it will be.
    Later(u32, &'static str, Box<Expression>),
    /// A collection or an object that is unknown as a whole as long as those outputs are.
    Whole(u32, Box<Expression>),
    List(Vec<Expression>),
    /// Elements whose order means nothing.
    Set(Vec<Expression>),
    Object(Vec<(String, Expression)>),
}

/// How to write an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As it is.
    Plain,
    /// Otherwise, but with the same meaning.
    Other,
    /// As it is, and with what is known later written out.
    Known,
}

/// Makes the expressions of one attribute.
pub(crate) struct Maker {
    random: Random,
    /// Counts the configurations in which the attribute differs.
    variation: u32,
    /// Whether a part may be an output of another resource.
    later: bool,
}

impl Maker {
    pub(crate) fn new(purpose: &str, variation: u32) -> Self {
        let mut random = Random::of(&format!("{purpose} {variation}"));
        let later = random.chance(25);
        Self { random, variation, later }
    }

    /// What a configuration says about the field: nothing at times, where it need not say anything.
    pub(crate) fn field(&mut self, field: &Field) -> Expression {
        let replaces = !matches!(field.replaces, Replaces::No);
        // What is unknown may change, and would replace the resource in any step.
        self.later &= !replaces;
        if field.optional && !replaces && self.random.chance(if field.unset.is_some() { 45 } else { 25 }) {
            return Expression::Omitted;
        }
        if let Some(empty) = field.unset.filter(|_| self.variation == 0 && self.random.chance(40)) {
            return self.unset(&empty, &field.shape);
        }
        self.value(field, &field.shape, 0)
    }

    /// The service's word for "nothing", configured in so many words.
    fn unset(&mut self, literal: &Literal, shape: &Shape) -> Expression {
        match (literal, shape) {
            (Literal::Bool(value), _) => Expression::Bool(*value),
            (Literal::Integer(value), _) => Expression::Number(value.to_string(), value.to_string()),
            (_, Shape::Map(_)) => Expression::Object(Vec::new()),
            (_, Shape::String) => Expression::Text(String::new(), String::new()),
            _ => Expression::List(Vec::new()),
        }
    }

    fn value(&mut self, field: &Field, shape: &Shape, index: usize) -> Expression {
        let plain = field.one_of.is_empty() && field.validators.is_empty();
        if self.later
            && plain
            && self.random.chance(50)
            && let Some(later) = self.later(field, shape, index)
        {
            return later;
        }
        let value = self.known(field, shape, index);
        let whole = self.later && plain && index == 0 && self.random.chance(40);
        if whole && !replaces(shape) && value.is_filled() {
            return Expression::Whole(self.variation, Box::new(value));
        }
        value
    }

    fn known(&mut self, field: &Field, shape: &Shape, index: usize) -> Expression {
        match shape {
            // What is the same as nothing cannot be told from it after an import.
            Shape::Bool if field.unset.is_some() => Expression::Bool(self.variation > 0),
            Shape::Bool => Expression::Bool((self.variation as usize + index).is_multiple_of(2)),
            Shape::Integer => {
                let number = 100 + index as i64 - i64::from(self.variation) * 10;
                Expression::Number(number.to_string(), format!("{number}.0"))
            }
            Shape::Number => self.number(index),
            Shape::String => self.text(field, index),
            Shape::Dynamic => self.dynamic(index),
            Shape::List(element) => Expression::List(self.elements(field, element)),
            Shape::Set(element) => Expression::Set(self.elements(field, element)),
            Shape::Map(element) => {
                let key = |index: usize| format!("key {index}");
                let elements = self.elements(field, element).into_iter().enumerate();
                Expression::Object(elements.map(|(index, element)| (key(index), element)).collect())
            }
            Shape::Object(fields) => Expression::Object(
                fields
                    .iter()
                    .filter(|field| field.configurable())
                    .map(|field| (field.name.to_owned(), self.nested(field, index)))
                    .collect(),
            ),
        }
    }

    /// An attribute of the object that is the collection's element of this index.
    fn nested(&mut self, field: &Field, index: usize) -> Expression {
        let replaces = !matches!(field.replaces, Replaces::No);
        if field.optional && !replaces && self.random.chance(25) {
            return Expression::Omitted;
        }
        // A replacing attribute changes only in the step that is about replacing.
        let (variation, later) = (self.variation, self.later);
        if replaces {
            self.variation = if variation == 1 { 0 } else { variation };
            self.later = false;
        }
        let value = self.value(field, &field.shape, index);
        (self.variation, self.later) = (variation, later);
        value
    }

    fn elements(&mut self, field: &Field, element: &Shape) -> Vec<Expression> {
        let count = 1 + self.random.below(3);
        (0..count).map(|index| self.value(field, element, index)).collect()
    }

    fn later(&mut self, field: &Field, shape: &Shape, index: usize) -> Option<Expression> {
        // Elements of a set must stay distinct.
        if index > 0 || !matches!(field.replaces, Replaces::No) || matches!(shape, Shape::Object(_)) {
            return None;
        }
        let (name, known) = match shape {
            Shape::Bool => ("flag", Expression::Bool(true)),
            Shape::Integer | Shape::Number => {
                ("number", Expression::Number("7".to_owned(), "7.0".to_owned()))
            }
            Shape::String => {
                let text = format!("Later {}", self.variation);
                ("text", Expression::Text(text.clone(), text))
            }
            Shape::List(Shape::String) => {
                let texts = ["One", "Two"].map(|text| Expression::Text(text.to_owned(), text.to_owned()));
                ("list", Expression::List(texts.to_vec()))
            }
            _ => return None,
        };
        Some(Expression::Later(self.variation, name, Box::new(known)))
    }

    fn number(&mut self, index: usize) -> Expression {
        let texts = [
            ("0.1", "1e-1"),
            ("-2.50", "-2.5"),
            ("123456789012345678901234567890", "123456789012345678901234567890.0"),
            ("1e3", "1000"),
            ("0.30000000000000000000000000000000001", "3.0000000000000000000000000000000001e-1"),
            ("9007199254740993", "9007199254740993"),
        ];
        let (plain, other) = texts[(self.variation as usize + index) % texts.len()];
        Expression::Number(plain.to_owned(), other.to_owned())
    }

    fn text(&mut self, field: &Field, index: usize) -> Expression {
        if !field.one_of.is_empty() {
            let option = OPTIONS[(self.variation as usize + index) % OPTIONS.len()];
            return Expression::Text(option.to_lowercase(), option.to_owned());
        }
        let kind = ["Text", "Größe", "line\nbreak", "${quoted} \"it\"", "e\u{301}"][self.random.below(5)];
        let kind = if field.write_only { "write_only_secret" } else { kind };
        let text = format!("{kind} {} {index}", self.variation);
        let other = if field.equal.is_some() { swap_case(&text) } else { text.clone() };
        Expression::Text(text, other)
    }

    /// A value that the configuration decides the type of.
    fn dynamic(&mut self, index: usize) -> Expression {
        let text = |text: String| Expression::Text(text.clone(), text);
        let own = text(format!("dynamic {} {index}", self.variation));
        match self.random.below(5) {
            0 => own,
            1 => Expression::Bool(self.variation.is_multiple_of(2)),
            2 => self.number(index),
            3 => Expression::List(vec![own, Expression::Bool(true), Expression::List(Vec::new())]),
            _ => Expression::Object(vec![("a".to_owned(), own), ("b".to_owned(), self.number(index))]),
        }
    }
}

/// Whether something within a value of the shape replaces the resource.
fn replaces(shape: &Shape) -> bool {
    match shape {
        Shape::Object(fields) => {
            fields.iter().any(|field| !matches!(field.replaces, Replaces::No) || replaces(&field.shape))
        }
        Shape::List(element) | Shape::Set(element) | Shape::Map(element) => replaces(element),
        _ => false,
    }
}

/// Another casing of the ASCII letters, which is all that the service folds.
fn swap_case(text: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    // A combining accent would follow a letter of another casing.
    text.replace("e\u{301}", "é").chars().map(swap).collect()
}

impl Expression {
    /// Writes the expression as HCL.
    pub(crate) fn write(&self, out: &mut String, spelling: Spelling) {
        let other = spelling == Spelling::Other;
        match self {
            Self::Omitted => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(plain, alias) => out.push_str(if other { alias } else { plain }),
            Self::Text(plain, alias) => quote(out, if other { alias } else { plain }),
            Self::Later(_, _, known) if spelling == Spelling::Known => known.write(out, spelling),
            Self::Later(variation, name, _) => {
                let _ = write!(out, "terraform_data.later[{variation}].output.{name}");
            }
            Self::Whole(_, value) if spelling == Spelling::Known => value.write(out, spelling),
            Self::Whole(variation, value) => value.write_whole(out, *variation, spelling),
            Self::List(elements) => list(out, elements.iter(), spelling),
            Self::Set(elements) if other => list(out, elements.iter().rev(), spelling),
            Self::Set(elements) => list(out, elements.iter(), spelling),
            Self::Object(entries) => {
                out.push_str("{ ");
                for (index, (name, value)) in
                    entries.iter().filter(|(_, value)| !value.is_omitted()).enumerate()
                {
                    out.push_str(if index == 0 { "" } else { ", " });
                    quote(out, name);
                    out.push_str(" = ");
                    value.write(out, spelling);
                }
                out.push_str(" }");
            }
        }
    }

    /// Writes a value by way of a function that cannot tell it before another resource's outputs are known.
    fn write_whole(&self, out: &mut String, variation: u32, spelling: Spelling) {
        let outputs = format!("terraform_data.later[{variation}].output");
        match self {
            Self::Object(_) => {
                out.push_str("merge(");
                self.write(out, spelling);
                let _ = write!(out, ", {outputs}.empty)");
            }
            Self::List(elements) | Self::Set(elements) => {
                out.push_str("slice(");
                self.write(out, spelling);
                let _ = write!(out, ", 0, {outputs}.counts[{}])", elements.len());
            }
            other => other.write(out, spelling),
        }
    }

    /// Whether this is a collection or an object with something in it.
    fn is_filled(&self) -> bool {
        match self {
            Self::List(elements) | Self::Set(elements) => !elements.is_empty(),
            Self::Object(entries) => !entries.is_empty(),
            _ => false,
        }
    }

    pub(crate) fn is_omitted(&self) -> bool {
        matches!(self, Self::Omitted)
    }
}

fn list<'e>(out: &mut String, elements: impl Iterator<Item = &'e Expression>, spelling: Spelling) {
    out.push('[');
    for (index, element) in elements.enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        element.write(out, spelling);
    }
    out.push(']');
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '$' => out.push_str("$$"),
            other => out.push(other),
        }
    }
    out.push('"');
}
