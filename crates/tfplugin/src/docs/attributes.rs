//! Attributes as lists: what may be configured, what is to be read, and the attributes of nested objects.

use std::fmt::Write as _;

use crate::schema::{Field, Operation, Schema, TimeoutDefaults};

use super::sentences;
use super::text;

/// "Argument Reference": what may be configured. Nothing where that is nothing.
pub(super) fn arguments(schema: &Schema) -> String {
    let required = select(schema.fields, |field| field.required);
    let optional = select(schema.fields, |field| field.optional);
    if required.is_empty() && optional.is_empty() && schema.timeouts.is_none() {
        return String::new();
    }
    let mut out = String::from("## Argument Reference\n\n");
    if !required.is_empty() {
        out.push_str("### Required\n\n");
        required.iter().for_each(|field| item(&mut out, field, ""));
        out.push('\n');
    }
    if !optional.is_empty() || schema.timeouts.is_some() {
        out.push_str("### Optional\n\n");
        optional.iter().for_each(|field| item(&mut out, field, ""));
        if schema.timeouts.is_some() {
            out.push_str("- `timeouts` (Block) How long operations may take. See [Timeouts](#timeouts).\n");
        }
        out.push('\n');
    }
    required.iter().chain(&optional).for_each(|field| nested(&mut out, field, ""));
    out
}

/// "Attribute Reference": what is to be read only. Nothing where that is nothing.
pub(super) fn attributes(schema: &Schema, noun: &str) -> String {
    let computed = select(schema.fields, |field| !field.configurable());
    if computed.is_empty() {
        return String::new();
    }
    let mut out =
        format!("## Attribute Reference\n\nBesides its arguments, the {noun} has these attributes:\n\n");
    computed.iter().for_each(|field| item(&mut out, field, ""));
    out.push('\n');
    computed.iter().for_each(|field| nested(&mut out, field, ""));
    out
}

/// "Timeouts": the block, with the defaults.
pub(super) fn timeouts(timeouts: &TimeoutDefaults) -> String {
    let mut out = String::from(
        "## Timeouts\n\nThe `timeouts` block sets how long an operation may take, as `30m` or `1h30m`:\n\n",
    );
    for operation in timeouts.operations() {
        let _ =
            writeln!(out, "- `{}` (String) Defaults to {}.", operation.name(), length(timeouts, operation));
    }
    out.push('\n');
    out
}

/// The attributes of the identity, as an import by it takes them.
pub(super) fn identity(schema: &Schema) -> String {
    let part = |out: &mut String, title: &str, required: bool| {
        use crate::schema::IdentityPart::{Optional, Required};
        let wanted = if required { Required } else { Optional };
        let fields: Vec<&Field> = schema.identity_fields().filter(|field| field.identity == wanted).collect();
        if fields.is_empty() {
            return;
        }
        let _ = write!(out, "{title}:\n\n");
        for field in fields {
            let (kind, doc) = (sentences::kind(&field.shape), text::first_sentence(field.doc));
            let _ = writeln!(out, "- `{}` ({kind}) {doc}", field.name);
        }
        out.push('\n');
    };
    let mut out = String::from("### Identity Schema\n\n");
    part(&mut out, "Required", true);
    part(&mut out, "Optional", false);
    out
}

fn select(fields: &'static [Field], wanted: fn(&Field) -> bool) -> Vec<&'static Field> {
    fields.iter().filter(|field| wanted(field)).collect()
}

/// One attribute. `parents` are the names of the objects it is in, each with a dot behind.
fn item(out: &mut String, field: &Field, parents: &str) {
    let mut description = sentences::description(field);
    if field.nested().is_some() {
        if !description.is_empty() {
            description.push(' ');
        }
        let _ = write!(description, "See [`{parents}{}`](#{}).", field.name, anchor(parents, field.name));
    }
    let (name, brackets) = (field.name, sentences::brackets(field));
    let _ = writeln!(out, "{}", text::hang(format!("- `{name}` ({brackets}) {description}").trim_end()));
}

/// The attributes of a nested object under a heading of their own, and those of what is nested in it.
fn nested(out: &mut String, field: &Field, parents: &str) {
    let Some((_, fields)) = field.nested() else { return };
    let anchor = anchor(parents, field.name);
    let _ = write!(out, "<a id=\"{anchor}\"></a>\n### `{parents}{}`\n\n", field.name);
    let parents = format!("{parents}{}.", field.name);
    let mut part = |title: &str, wanted: fn(&Field) -> bool| {
        let fields = select(fields, wanted);
        if !fields.is_empty() {
            let _ = write!(out, "{title}:\n\n");
            fields.iter().for_each(|field| item(out, field, &parents));
            out.push('\n');
        }
    };
    part("Required", |field| field.required);
    part("Optional", |field| field.optional);
    part("Read-only", |field| !field.configurable());
    fields.iter().for_each(|field| nested(out, field, &parents));
}

/// Where the attributes of a nested object are on the page.
fn anchor(parents: &str, name: &str) -> String {
    format!("nestedatt--{}{name}", parents.replace('.', "--"))
}

/// The default for an operation, in words.
fn length(timeouts: &TimeoutDefaults, operation: Operation) -> String {
    let seconds = timeouts.of(operation).unwrap_or_default().as_secs();
    let (amount, unit) =
        if seconds.is_multiple_of(60) { (seconds / 60, "minute") } else { (seconds, "second") };
    format!("{amount} {unit}{}", if amount == 1 { "" } else { "s" })
}
