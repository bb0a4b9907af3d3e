//! What the marks of models' fields name, where several resources have the field: checks and equalities, as the tables
//! take them.

use tfplugin::Value;

use crate::check;
use crate::kind::Kind;

/// Checks of a text.
macro_rules! text_checks {
    ($($name:ident => $check:expr;)*) => {
        $(pub(crate) fn $name(value: &tfplugin::Value) -> Result<(), String> {
            value.as_str().map_or(Ok(()), $check)
        })*
    };
}
pub(crate) use text_checks;

/// Equalities of two texts.
macro_rules! text_equalities {
    ($($name:ident => $same:expr;)*) => {
        $(pub(crate) fn $name(a: &tfplugin::Value, b: &tfplugin::Value) -> bool {
            a.as_str().zip(b.as_str()).is_some_and(|(a, b)| $same(a, b))
        })*
    };
}
pub(crate) use text_equalities;

text_checks! {
    resource_group_name => check::resource_group_name;
    subscription_id => check::subscription_id;
    location => check::location;
    private_dns_zone_id => |text| Kind::PrivateDnsZone.check(text).map(drop);
    virtual_network_id => |text| Kind::VirtualNetwork.check(text).map(drop);
    workspace_id => |text| Kind::Workspace.check(text).map(drop);
    resource_id => check::resource_id;
    namespace => check::namespace;
}

text_equalities! {
    same_id => check::same_id;
    same_name => check::same_name;
    same_location => check::same_location;
}

/// A check of tags.
pub(crate) fn tags(value: &Value) -> Result<(), String> {
    crate::tags::check_value(value)
}

/// A check of a set of namespaces, of which some may not be known yet.
pub(crate) fn namespaces(value: &Value) -> Result<(), String> {
    let mut texts = value.elements().unwrap_or_default().iter().filter_map(Value::as_str);
    texts.try_for_each(|text| {
        check::namespace(text).map_err(|problem| format!("has an element that {problem}"))
    })
}
