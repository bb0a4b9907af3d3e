//! The table is whole, and its page is it.

use super::*;

/// The codes that have to be there, with how they are known.
const CODES: &[(&str, Seen)] = &[
    ("MissingSubscriptionRegistration", Seen::Recorded),
    ("NoRegisteredProviderFound", Seen::Recorded),
    ("SubscriptionNotRegistered", Seen::Known),
    ("SubscriptionNotFound", Seen::Known),
    ("InvalidSubscriptionId", Seen::Known),
    ("AuthorizationFailed", Seen::Known),
    ("LinkedAuthorizationFailed", Seen::Known),
    ("RequestDisallowedByPolicy", Seen::Known),
    ("ScopeLocked", Seen::Known),
    ("AnotherOperationInProgress", Seen::Known),
    ("InvalidApiVersionParameter", Seen::Known),
    ("LocationNotAvailableForResourceType", Seen::Known),
    ("ResourceNotFound", Seen::Recorded),
    ("ParentResourceNotFound", Seen::Known),
    ("NotFound", Seen::Known),
];

#[test]
fn every_code_has_its_remedy_once() {
    for (code, seen) in CODES {
        let found: Vec<_> = TABLE.iter().filter(|one| one.code == *code && one.case.is_none()).collect();
        assert_eq!(found.len(), 1, "{code}");
        assert_eq!(found[0].seen, *seen, "{code}");
    }
    for remedy in TABLE {
        for text in [remedy.words, remedy.hcl, remedy.command] {
            assert!(!text.is_empty(), "{}", remedy.code);
            let left = Facts::none().fill(text);
            let odd = left.split('{').skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(odd.is_none(), "{} has a place that nothing fills: {left}", remedy.code);
        }
    }
}

fn error(code: &str, message: &str) -> ServiceError {
    let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
    ServiceError {
        method: "PUT".to_owned(),
        path: path.to_owned(),
        status: 400,
        code: code.to_owned(),
        message: message.to_owned(),
        target: None,
        missing_registration: None,
        details: Vec::new(),
        additional_info: Vec::new(),
        inner_error: None,
        request_id: None,
        correlation_id: None,
        retry_after: None,
        operation: false,
    }
}

#[test]
fn what_the_error_tells_is_filled_in() {
    let error = error(
        "LocationNotAvailableForResourceType",
        "The provided location 'southindia' is not available for resource type 'Microsoft.MachineLearningServices/workspaces'. List of available regions for the resource type is 'eastus,westeurope'.",
    );
    assert_eq!(
        find(&error).unwrap().text(&error),
        "Microsoft.MachineLearningServices/workspaces is not available in southindia. Available regions: eastus, westeurope. Choose one of them.\n\nIn a configuration:\n\n    location = \"eastus\"\n\nAs a command: az provider show --namespace Microsoft.MachineLearningServices --query \"resourceTypes[?resourceType=='workspaces'].locations[]\" --output table"
    );
}

#[test]
fn the_action_is_the_one_that_is_not_allowed() {
    for word in ["action(s)", "action"] {
        let error = error(
            "LinkedAuthorizationFailed",
            &format!(
                "The client 'c' with object id 'o' has permission to perform action 'Microsoft.Network/privateEndpoints/write' on scope '/a'; however, it does not have permission to perform {word} 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '/b' (respectively) or the linked scope(s) are invalid."
            ),
        );
        let text = find(&error).unwrap().text(&error);
        assert!(text.contains("Microsoft.Network/virtualNetworks/subnets/join/action"), "{text}");
        assert!(text.contains("/b") && !text.contains("privateEndpoints/write"), "{text}");
    }
}

#[test]
fn what_it_does_not_tell_is_left_open() {
    let error = error("AuthorizationFailed", "No.");
    let text = find(&error).unwrap().text(&error);
    assert!(text.contains("permission <action>") && text.contains("--scope <scope>"), "{text}");
}

#[test]
fn a_lock_against_deletion_has_to_go() {
    let error = error(
        "ScopeLocked",
        "The scope '/w' cannot perform delete operation because following scope(s) are locked: '/g'. Please remove the lock and try again.",
    );
    assert_eq!(
        find(&error).unwrap().text(&error),
        "A lock on /g prevents the deletion. Remove the lock, and apply again.\n\nIn a configuration:\n\n    # Where a configuration has the lock, remove its azurerm_management_lock with\n    # scope = \"/g\"\n\nAs commands:\n\n    az lock list --resource-group g --subscription s --output table\n    az lock delete --ids <lock ID>"
    );
}

#[test]
fn another_tenant_takes_a_token_of_it() {
    let error = error(
        "LinkedAuthorizationFailed",
        "The client has permission to perform action 'Microsoft.MachineLearningServices/workspaces/write', however the current tenant 't' is not authorized to access linked subscription 'l'.",
    );
    assert_eq!(
        find(&error).unwrap().text(&error),
        "The subscription l does not exist, or it belongs to a tenant that the provider has no token for. Add that tenant to auxiliary_tenant_ids in the provider block; the identity has to be known in it. A role alone does not help.\n\nIn a configuration:\n\n    provider \"azureml\" {\n      auxiliary_tenant_ids = [\"00000000-0000-0000-0000-000000000000\"]\n    }\n\nAs a command: az account list --all --query \"[?id=='l'].tenantId\" --output tsv"
    );
}

#[test]
fn a_version_is_named_in_hcl() {
    let error = error(
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'eastus' and API version '2026-09-01' for type 'workspaces'. The supported api-versions are '2023-04-01, 2023-10-01, 2024-01-01-preview'. The supported locations are 'eastus'.",
    );
    assert_eq!(
        another_version(&error, "It is not served."),
        "It is not served.\n\nIn a configuration:\n\n    provider \"azureml\" {\n      api_versions = { \"Microsoft.MachineLearningServices\" = \"2023-10-01\" }\n    }\n\nAs a command: az provider show --namespace Microsoft.MachineLearningServices --query \"resourceTypes[?resourceType=='workspaces'].apiVersions[]\" --output table"
    );
}

/// In a module of this name, so that `make docs` finds it.
mod docs {
    use std::path::Path;

    use super::super::*;

    fn title(remedy: &Remedy) -> String {
        let case = remedy.case.map(|case| format!(" {}", case.title));
        format!("{}{}", remedy.code, case.unwrap_or_default())
    }

    fn page() -> String {
        let facts = Facts::none();
        let mut page = String::from(
            "---\npage_title: \"Errors of Azure and what helps\"\nsubcategory: \"\"\ndescription: |-\n  What each of Azure's errors means here, and what helps: in a configuration, and as a command.\n---\n\n# Errors of Azure and what helps\n\nWhen Azure refuses something, the provider says what Azure said, what helps, and at the end the code and the IDs of the request, by which\nMicrosoft's support finds it. This page has all that it says of codes; what stands in angle brackets it fills in from the error.\n\nA code that is marked *known* is general knowledge; the others are seen in recorded answers of Azure or in Microsoft's own pages.\n\n| code | |\n|---|---|\n",
        );
        for remedy in TABLE {
            let mark = if remedy.seen == Seen::Known { "known" } else { "recorded" };
            let title = title(remedy);
            let anchor = title.to_lowercase().replace(' ', "-");
            page.push_str(&format!("| [{title}](#{anchor}) | {mark} |\n"));
        }
        for remedy in TABLE {
            page.push_str(&format!(
                "\n## {}\n\n{}\n\n```terraform\n{}\n```\n\n```shell\n{}\n```\n",
                title(remedy),
                facts.fill(remedy.words).replace('<', "\\<"),
                facts.fill(remedy.hcl),
                facts.fill(remedy.command)
            ));
        }
        page
    }

    #[test]
    fn the_page_is_the_table() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/errors.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&file, page()).unwrap();
        }
        let held = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(held == page(), "docs/guides/errors.md is not the table; run `make docs`");
    }
}
