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
    // The other spellings of a UUID (braces, no hyphens) mean nothing to Resource Manager.
    let fits = id.len() == 36 && uuid::Uuid::try_parse(id).is_ok();
    rule_of(fits, id, "subscription", "a GUID such as 00000000-0000-0000-0000-000000000000")
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
