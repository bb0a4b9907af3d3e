//! What Azure allows as names, so that a wrong one is told before anything is sent.

use super::NameError;

/// Refuses what cannot be the name of a Machine Learning workspace.
pub fn check_workspace_name(name: &str) -> Result<(), NameError> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let fits = (3..=33).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(inner);
    let rule = "3 to 33 letters, digits, \"-\" and \"_\", beginning with a letter or digit";
    rule_of(fits, name, "workspace", rule)
}

/// Refuses what cannot be the name of a resource group.
pub fn check_resource_group_name(name: &str) -> Result<(), NameError> {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '(' | ')');
    let fits = (1..=90).contains(&name.chars().count()) && name.chars().all(inner) && !name.ends_with('.');
    let rule = "1 to 90 letters, digits, \"-\", \"_\", \".\", \"(\" and \")\", not ending with \".\"";
    rule_of(fits, name, "resource group", rule)
}

/// Refuses what cannot be the ID of a subscription.
pub fn check_subscription_id(id: &str) -> Result<(), NameError> {
    check_guid(id, "subscription")
}

/// Refuses what is no GUID. `what` is what it should name.
pub fn check_guid(text: &str, what: &'static str) -> Result<(), NameError> {
    // The other spellings of a UUID (braces, no hyphens) mean nothing to Resource Manager.
    let fits = text.len() == 36 && uuid::Uuid::try_parse(text).is_ok();
    rule_of(fits, text, what, "a GUID such as 00000000-0000-0000-0000-000000000000")
}

/// Refuses what cannot be the name of a private DNS zone.
pub fn check_private_dns_zone_name(name: &str) -> Result<(), NameError> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fits = name.len() <= 253 && (2..=34).contains(&name.split('.').count()) && name.split('.').all(label);
    let rule = "2 to 34 labels of letters, digits, \"-\" and \"_\" with dots between them, such as privatelink.api.azureml.ms";
    rule_of(fits, name, "private DNS zone", rule)
}

/// Refuses what cannot be the name of most things of the network: an endpoint, a connection, a zone group, a link.
///
/// `what` is what such a thing is called: `private endpoint`.
pub fn check_network_name(name: &str, what: &'static str) -> Result<(), NameError> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let fits = (1..=80).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().all(inner);
    let rule = "1 to 80 letters, digits, \"-\", \"_\" and \".\", beginning with a letter or digit and ending with one or \"_\"";
    rule_of(fits, name, what, rule)
}

fn rule_of(fits: bool, text: &str, what: &'static str, rule: &'static str) -> Result<(), NameError> {
    if fits { Ok(()) } else { Err(NameError::Rule { text: text.to_owned(), what, rule }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces() {
        for name in ["abc", "0a_", "My-Workspace_1", &"a".repeat(33)] {
            assert_eq!(check_workspace_name(name), Ok(()), "{name}");
        }
        for name in ["", "ab", "-abc", "_abc", "a.b.c", "a b c", "äbc", &"a".repeat(34)] {
            assert!(check_workspace_name(name).is_err(), "{name}");
        }
        assert_eq!(
            check_workspace_name("a b").unwrap_err().to_string(),
            "\"a b\" is no name of a workspace: it must be 3 to 33 letters, digits, \"-\" and \"_\", \
             beginning with a letter or digit"
        );
    }

    #[test]
    fn resource_groups() {
        for name in ["a", "rg_(1).x-y", "gruppe-ä", &"é".repeat(90)] {
            assert_eq!(check_resource_group_name(name), Ok(()), "{name}");
        }
        for name in ["", "rg.", "r/g", "r g", &"a".repeat(91)] {
            assert!(check_resource_group_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn private_dns_zones() {
        for name in ["privatelink.api.azureml.ms", "a.b", "_x.1-2", &["a"; 34].join(".")] {
            assert_eq!(check_private_dns_zone_name(name), Ok(()), "{name}");
        }
        let long = format!("{}.ms", "a".repeat(64));
        for name in ["", "ms", "a..b", ".a.b", "a.b.", "-a.b", "a-.b", "a b.c", &long, &["a"; 35].join(".")] {
            assert!(check_private_dns_zone_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn things_of_the_network() {
        for name in ["a", "9", "pe-1", "a.b_", &"a".repeat(80)] {
            assert_eq!(check_network_name(name, "private endpoint"), Ok(()), "{name}");
        }
        for name in ["", "-a", "_a", "a-", "a.", "a b", "ä", &"a".repeat(81)] {
            assert!(check_network_name(name, "private endpoint").is_err(), "{name}");
        }
        let error = check_network_name("a-", "private endpoint").unwrap_err().to_string();
        assert!(error.starts_with("\"a-\" is no name of a private endpoint: it must be 1 to 80 "), "{error}");
    }

    #[test]
    fn subscriptions() {
        assert_eq!(check_subscription_id("00000000-0000-0000-0000-00000000000A"), Ok(()));
        for id in [
            "",
            "my subscription",
            "00000000000000000000000000000001",
            "{00000000-0000-0000-0000-000000000001}",
        ] {
            assert!(check_subscription_id(id).is_err(), "{id}");
        }
    }
}
