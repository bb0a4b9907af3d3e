//! The steps of the test: configurations that lead every type through its life, and what each should plan.

use std::fmt::Write;

use serde_json::{Value as Json, json};
use tfplugin::schema::{Field, Replaces, Shape};

use crate::expression::{Expression, Maker, Spelling};
use crate::random::Random;
use crate::types::{Kind, all};

/// A step in the life of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Create,
    Change,
    Replace,
}

/// All that the test needs to know, as JSON: configurations as HCL, and the action that each plans for every resource.
pub(crate) fn describe() -> String {
    let kinds = all();
    let actions = |action: &dyn Fn(&Kind) -> &'static str| -> Json {
        kinds.iter().map(|kind| (format!("{}.it", kind.name), Json::from(action(kind)))).collect()
    };
    let imports: String = kinds.iter().enumerate().map(|(index, kind)| import(index, kind, false)).collect();
    let by_identity: String =
        kinds.iter().enumerate().map(|(index, kind)| import(index, kind, true)).collect();
    json!({
        "create": configuration(&kinds, Step::Create, Spelling::Plain),
        "create_actions": actions(&|_| "create"),
        "change": configuration(&kinds, Step::Change, Spelling::Plain),
        "change_actions": actions(&|_| "update"),
        "respell": configuration(&kinds, Step::Change, Spelling::Other),
        "replace": configuration(&kinds, Step::Replace, Spelling::Plain),
        "replace_actions": actions(&last),
        "imported": configuration(&kinds, Step::Replace, Spelling::Known),
        "imports": imports,
        "imports_by_identity": by_identity,
    })
    .to_string()
}

/// What the last step does to a type: it changes what replaces, and leaves out the timeouts. What is not known yet may
/// change, unless it is write-only.
fn last(kind: &Kind) -> &'static str {
    let unknown = block(kind, Step::Replace, Spelling::Plain).contains("terraform_data");
    match (replaces(kind.schema.fields), kind.schema.timeouts) {
        (true, _) => "replace",
        (false, Some(_)) => "update",
        (false, None) if unknown => "noop or update",
        (false, None) => "noop",
    }
}

/// The name of the one resource of a type.
fn name(kind: &Kind) -> String {
    format!("it of {}", kind.name)
}

fn configuration(kinds: &[Kind], step: Step, spelling: Spelling) -> String {
    let mut out = String::new();
    if spelling != Spelling::Known {
        out.push_str(&later(step));
    }
    for kind in kinds {
        out.push_str(&block(kind, step, spelling));
    }
    out
}

/// The one resource of a type.
fn block(kind: &Kind, step: Step, spelling: Spelling) -> String {
    let mut out = format!("resource \"{}\" \"it\" {{\n", kind.name);
    for field in kind.schema.fields.iter().filter(|field| field.configurable()) {
        let value = expression(kind, field, step);
        // To leave an attribute out, and to say null, is the same.
        if value.is_omitted() && Random::of(&format!("{} {}", kind.name, field.name)).chance(50) {
            continue;
        }
        let _ = write!(out, "  {} = ", field.name);
        value.write(&mut out, spelling);
        out.push('\n');
    }
    if kind.schema.timeouts.is_some() && step != Step::Replace {
        out.push_str("  timeouts {\n    create = \"30m\"\n  }\n");
    }
    out.push_str("}\n\n");
    out
}

/// Values that are known only after they are applied: in each step anew, for its name is among them.
fn later(step: Step) -> String {
    format!(
        "resource \"terraform_data\" \"later\" {{
  count = 4
  input = {{
    step = \"{step:?}\", text = \"Later ${{count.index}}\", number = 7, flag = true, list = [\"One\", \"Two\"], empty = {{}}
    counts = [0, 1, 2, 3]
  }}
}}

"
    )
}

fn expression(kind: &Kind, field: &Field, step: Step) -> Expression {
    let text = |text: String| Expression::Text(text.clone(), text);
    match field.name {
        "name" => text(name(kind)),
        "touch" if step == Step::Create => text("created".to_owned()),
        "touch" => text("changed".to_owned()),
        _ => Maker::new(&format!("{} {}", kind.name, field.name), variation(kind, field, step)).field(field),
    }
}

/// Which of its values an attribute has in a step. What replaces the resource changes in the last one only.
fn variation(kind: &Kind, field: &Field, step: Step) -> u32 {
    let replaces = replaces(std::slice::from_ref(field));
    let changes =
        field.unset.is_some() || Random::of(&format!("{} {} changes", kind.name, field.name)).chance(60);
    match step {
        Step::Create => 0,
        Step::Replace if replaces => 3,
        Step::Change | Step::Replace => u32::from(changes && !replaces),
    }
}

/// Whether one of the fields, or a field within, replaces the resource in the last step.
fn replaces(fields: &[Field]) -> bool {
    fields.iter().any(|field| {
        let nested = match field.shape {
            Shape::Object(fields) => replaces(fields),
            _ => false,
        };
        // The name never changes.
        (field.name != "name" && !matches!(field.replaces, Replaces::No)) || nested
    })
}

fn import(index: usize, kind: &Kind, by_identity: bool) -> String {
    let what = if by_identity && kind.schema.has_identity() && index.is_multiple_of(2) {
        format!("identity = {{ name = \"{}\" }}", name(kind))
    } else {
        format!("id = \"{}\"", crate::service::id(kind.name, &name(kind)))
    };
    format!("import {{\n  to = {}.it\n  {what}\n}}\n", kind.name)
}
