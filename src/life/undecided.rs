//! Attributes that are not known yet and whose change would replace the resource: what a plan makes of them.
//!
//! Not known is no change. Should another value come out in the apply, the plan that is made anew there is another one than
//! what the user has seen, and the apply ends before this resource is touched. What the value comes from is applied before, so
//! that it may be changed or destroyed by then.

use arm::ResourceId;
use tfplugin::{Diagnostic, Path, Plan, PlanKind, Value, View};

use crate::session::Session;
use crate::view;

/// Replaces the resource after all where what it refers to is made anew, and says of all else that it is taken for what it was.
pub(super) fn settle(session: &Session, plan: &mut Plan) {
    if plan.kind() != PlanKind::Update {
        return;
    }
    let old = |plan: &Plan, path: &Path| View::new(plan.prior_value()).at(path);
    let anew: Vec<Path> =
        plan.undecided().iter().filter(|path| is_made_anew(session, &old(plan, path))).cloned().collect();
    anew.into_iter().for_each(|path| plan.replace(path));
    if plan.replaces() {
        return;
    }
    let warnings: Vec<Diagnostic> =
        plan.undecided().iter().map(|path| taken_for_the_old(path, &old(plan, path))).collect();
    warnings.into_iter().for_each(|warning| plan.report(warning));
}

/// Whether a value names something that a plan of this process makes, again or in the place of what was there: its ID may well be
/// the old one, but it is another thing, and what led to the old one leads nowhere.
fn is_made_anew(session: &Session, value: &Value) -> bool {
    let among = |values: &[Value]| values.iter().any(|value| is_made_anew(session, value));
    match value {
        Value::String(text) => ResourceId::parse(text)
            .is_ok_and(|id| session.plans().replaces(&id) || session.plans().makes(&id)),
        Value::List(values) | Value::Set(values) => among(values),
        Value::Object(members) | Value::Map(members) => {
            members.values().any(|value| is_made_anew(session, value))
        }
        _ => false,
    }
}

/// What a user reads of an attribute that is planned as it was.
fn taken_for_the_old(path: &Path, old: &Value) -> Diagnostic {
    let stayed = match old {
        Value::Null => "unset".to_owned(),
        old => view::shown(old).unwrap_or_else(|| "as it is".to_owned()),
    };
    let detail = format!(
        "{path} is not known yet. It is planned as if it stayed {stayed}. If another value comes out, the apply stops with an error before this resource is touched; what the value comes from may be changed or destroyed by then. Where that is replaced under another name, apply it first, with -target."
    );
    Diagnostic::warning("Value Not Known Yet", detail).at(path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_says_what_is_planned() {
        let path = view::path(&["customer_managed_key", "key_vault_id"]);
        let shown = |old: Value| taken_for_the_old(&path, &old).to_string();
        assert_eq!(
            shown("/a/b".into()),
            "Value Not Known Yet: customer_managed_key.key_vault_id is not known yet. It is planned as if it stayed \"/a/b\". If another value comes out, the apply stops with an error before this resource is touched; what the value comes from may be changed or destroyed by then. Where that is replaced under another name, apply it first, with -target. (at customer_managed_key.key_vault_id)"
        );
        assert!(shown(Value::Null).contains(" It is planned as if it stayed unset. If"));
        assert!(shown(false.into()).contains(" It is planned as if it stayed false. If"));
        assert!(shown(Value::set_of(["a".into()])).contains(" It is planned as if it stayed as it is. If"));
    }
}
