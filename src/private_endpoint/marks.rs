//! What the marks of the model's fields name: checks and equalities, as the tables take them.

use std::net::IpAddr;

use tfplugin::Value;

use crate::check;
use crate::kind::Kind;

pub(super) use crate::marks::*;

text_checks! {
    network_name => check::network_name;
    subnet_id => |text| Kind::Subnet.check(text).map(drop);
    ip_address => address;
}

text_equalities! {
    same_address => one_address;
}

/// Whether two texts are one address: version 6 has several spellings.
fn one_address(a: &str, b: &str) -> bool {
    let read = |text: &str| text.parse::<IpAddr>().ok();
    read(a).zip(read(b)).is_some_and(|(a, b)| a == b)
}

fn address(text: &str) -> Result<(), String> {
    let problem = |_| format!("must be an IP address such as \"10.0.0.4\"; it is {text:?}");
    text.parse::<IpAddr>().map(drop).map_err(problem)
}

fn group_id(text: &str) -> Result<(), String> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !text.is_empty() && text.len() <= 80 && text.chars().all(good) {
        return Ok(());
    }
    Err(format!(
        "must be the name of one of the target's groups, such as \"amlworkspace\" or \"blob\"; it is {text:?}"
    ))
}

/// A check of each text of a set, of which some may not be known yet, and of no two that mean the same.
fn each(
    value: &Value,
    check: fn(&str) -> Result<(), String>,
    same: fn(&str, &str) -> bool,
) -> Result<(), String> {
    let texts: Vec<&str> = value.elements().unwrap_or_default().iter().filter_map(Value::as_str).collect();
    for (index, text) in texts.iter().enumerate() {
        check(text).map_err(|problem| format!("has an element that {problem}"))?;
        if let Some(twin) = texts[..index].iter().find(|twin| same(twin, text)) {
            return Err(format!("names one thing twice, as {twin:?} and as {text:?}"));
        }
    }
    Ok(())
}

/// A check of names of groups.
pub(super) fn group_ids(value: &Value) -> Result<(), String> {
    each(value, group_id, check::same_name)
}

/// A check of IDs of application security groups.
pub(super) fn application_security_group_ids(value: &Value) -> Result<(), String> {
    each(value, |text| Kind::ApplicationSecurityGroup.check(text).map(drop), check::same_id)
}

/// A check of IDs of zones.
pub(super) fn private_dns_zone_ids(value: &Value) -> Result<(), String> {
    each(value, |text| Kind::PrivateDnsZone.check(text).map(drop), check::same_id)
}
