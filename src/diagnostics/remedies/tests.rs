//! The table is whole, and its page is it.

use arm::MissingRegistration;

use super::*;

/// The codes that have to be there, with how they are known.
const CODES: &[(&str, Seen)] = &[
    ("MissingSubscriptionRegistration", Seen::Recorded),
    ("NoRegisteredProviderFound", Seen::Known),
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
        assert!(
            !remedy.words.is_empty() && (remedy.code.is_empty() || !remedy.command.is_empty()),
            "{remedy:?}"
        );
        for text in [remedy.words, remedy.hcl, remedy.command] {
            let left = Facts::none().fill(text);
            let odd = left.split('{').skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(odd.is_none(), "{} has a place that nothing fills: {left}", remedy.code);
        }
    }
}

fn error(code: &str, message: &str) -> ServiceError {
    ServiceError {
        method: "PUT".to_owned(),
        path: OWN.to_owned(),
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

const GROUP: &str = "/subscriptions/s/resourceGroups/g";

#[test]
fn what_is_not_there_yet_gets_no_role() {
    let scope = |method: &str, path: &str, scope: &str| {
        let said = format!("No right to perform action 'M.X/y/write' over scope '{scope}'.");
        let error = ServiceError {
            method: method.to_owned(),
            path: path.to_owned(),
            ..error("AuthorizationFailed", &said)
        };
        let text = text(&error);
        let shown = text.rsplit_once("--scope ").unwrap().1.to_owned();
        assert!(text.contains(&format!("= \"{shown}\"\n")), "{text}");
        shown
    };
    assert_eq!(scope("PUT", OWN, &OWN.to_lowercase()), GROUP);
    assert_eq!(scope("PUT", GROUP, GROUP), "/subscriptions/s");
    assert_eq!(scope("PUT", OWN, "/elsewhere"), "/elsewhere");
    assert_eq!(scope("PATCH", OWN, OWN), OWN);
}

#[test]
fn what_is_not_there_yet_is_not_exempt() {
    let exempt = |method: &str, path: &str| {
        let (method, path) = (method.to_owned(), path.to_owned());
        text(&ServiceError { method, path, ..error("RequestDisallowedByPolicy", "No.") })
    };
    for text in [exempt("PUT", OWN), exempt("PATCH", GROUP)] {
        assert!(text.contains("resource_group_id    = \"/subscriptions/s/resourceGroups/g\""), "{text}");
        assert!(text.ends_with(&format!("--scope {GROUP}")), "{text}");
    }
    let text = exempt("PUT", GROUP);
    assert!(text.contains("\"azurerm_subscription_policy_exemption\""), "{text}");
    assert!(text.contains("subscription_id      = \"/subscriptions/s\"\n"), "{text}");
    assert!(text.ends_with("--scope /subscriptions/s"), "{text}");
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

const OWN: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

fn text(error: &ServiceError) -> String {
    find(error).unwrap().text(error)
}

fn missing(code: &str, subscription: &str, in_vain: bool) -> ServiceError {
    let (namespace, subscription) = ("Microsoft.Network".to_owned(), Some(subscription.to_owned()));
    let missing_registration = Some(MissingRegistration { namespace, subscription, in_vain });
    ServiceError { missing_registration, ..error(code, "No.") }
}

#[test]
fn a_registration_is_missing_where_it_is_missing() {
    let command = "az provider register --namespace Microsoft.Network --subscription b --wait";
    for code in ["MissingSubscriptionRegistration", "SubscriptionNotRegistered", "BadRequest"] {
        let linked = text(&missing(code, "b", false));
        assert!(
            linked.starts_with("Something that this resource refers to lies in the subscription b,"),
            "{linked}"
        );
        assert!(linked.ends_with(command) && linked.contains("subscription_id = \"b\""), "{linked}");
    }
    let own = text(&missing("MissingSubscriptionRegistration", "S", false));
    assert!(
        own.starts_with("The subscription S has not registered the resource provider Microsoft.Network. "),
        "{own}"
    );
    for code in ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"] {
        let in_vain = text(&missing(code, "b", true));
        assert!(!in_vain.contains("resource_provider_registrations"), "{in_vain}");
    }
}

#[test]
fn a_registration_that_is_refused_is_for_the_subscription() {
    for (verb, helps) in [
        ("register", "role_definition_name = \"Contributor\""),
        ("unregister", "unregister_on_destroy = false"),
    ] {
        let refused = ServiceError {
            path: format!("/subscriptions/s/providers/Microsoft.Search/{verb}"),
            ..error(
                "AuthorizationFailed",
                &format!(
                    "No right to perform action 'Microsoft.Search/{verb}/action' over scope '/subscriptions/s/providers/Microsoft.Search'."
                ),
            )
        };
        let text = text(&refused);
        let command =
            format!("As a command: az provider {verb} --namespace Microsoft.Search --subscription s --wait");
        assert!(text.contains(helps) && text.ends_with(&command), "{text}");
    }
}

#[test]
fn to_read_takes_no_more_than_a_reader() {
    let refused = |actions: &str| {
        text(&error(
            "LinkedAuthorizationFailed",
            &format!(
                "It does not have permission to perform action(s) '{actions}' on the linked scope(s) '/a,/b' (respectively)."
            ),
        ))
    };
    let read = refused("M.K/v/read,M.S/s/read");
    assert_eq!(
        read,
        "The identity may write this resource but may not read a resource that it refers to. A role with the permission M.K/v/read on /a is needed; Reader is enough. So is one with the permission M.S/s/read on /b.\n\nIn a configuration:\n\n    resource \"azurerm_role_assignment\" \"example\" {\n      scope                = \"/a\"\n      role_definition_name = \"Reader\"\n      principal_id         = \"<principal>\"\n    }\n\n    resource \"azurerm_role_assignment\" \"example_2\" {\n      scope                = \"/b\"\n      role_definition_name = \"Reader\"\n      principal_id         = \"<principal>\"\n    }\n\nAs commands:\n\n    az role assignment create --assignee-object-id <principal> --role Reader --scope /a\n    az role assignment create --assignee-object-id <principal> --role Reader --scope /b"
    );
    let join = refused("M.K/v/read,M.N/subnets/join/action");
    assert!(join.contains("permission M.N/subnets/join/action on /b") && !join.contains("Reader"), "{join}");
    let own = text(&error("AuthorizationFailed", "No right to perform action 'M.X/y/read' over scope '/a'."));
    assert!(own.contains("Reader is enough") && own.ends_with("--role Reader --scope /a"), "{own}");
}

#[test]
fn what_was_not_found_is_named() {
    let said = |method: &str, code: &str, message: &str| {
        text(&ServiceError { method: method.to_owned(), ..error(code, message) })
    };
    let itself = "The Resource 'microsoft.machinelearningservices/workspaces/W' under resource group 'g' was not found.";
    for text in [said("PATCH", "ResourceNotFound", itself), said("GET", "NotFound", "It was not found.")] {
        assert!(text.starts_with("The resource itself does not exist any more:"), "{text}");
        assert!(text.ends_with(&format!("As a command: az resource show --ids {OWN}")), "{text}");
    }
    let vault = "/subscriptions/s/resourceGroups/h/providers/Microsoft.KeyVault/vaults/v";
    let of_vault = "The Resource 'Microsoft.KeyVault/vaults/v' under resource group 'h' was not found.";
    for text in [
        said("PUT", "ResourceNotFound", of_vault),
        said("PUT", "NotFound", &format!("'{vault}' was not found.")),
    ] {
        assert!(
            text.starts_with(&format!("This resource refers to one that does not exist: {vault}.")),
            "{text}"
        );
        assert!(text.contains("key_vault_id = azurerm_key_vault.example.id"), "{text}");
        assert!(text.ends_with(&format!("az resource show --ids {vault}")), "{text}");
    }
    let subnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n";
    let text = said(
        "PUT",
        "InvalidResourceReference",
        &format!("Resource {subnet} referenced by resource {OWN} was not found."),
    );
    assert!(text.contains("subnet_id = azurerm_subnet.example.id") && text.contains(subnet), "{text}");
    assert!(said("PUT", "NotFound", "It was not found.").contains("Azure does not say what."));
}

#[test]
fn a_link_has_no_group_of_its_own_to_correct() {
    let of = |path: &str| {
        let error = ServiceError { path: path.to_owned(), ..error("ResourceGroupNotFound", "No 'g'.") };
        (find(&error).unwrap().attribute, text(&error))
    };
    let zone = format!("{GROUP}/providers/Microsoft.Network/privateDnsZones/a.example");
    let (attribute, link) = of(&format!("{zone}/virtualNetworkLinks/l"));
    assert_eq!(attribute, Some("private_dns_zone_id"));
    assert!(!link.contains("resource_group_name"), "{link}");
    assert!(link.contains("    private_dns_zone_id = azureml_private_dns_zone.example.id"), "{link}");
    assert!(link.contains("zone list --subscription s "), "{link}");
    let (attribute, zone) = of(&zone);
    assert_eq!(attribute, Some("resource_group_name"));
    assert!(zone.contains("    resource_group_name = azureml_resource_group.example.name"), "{zone}");
}

#[test]
fn a_subscription_is_named_by_resources_as_well() {
    for code in ["SubscriptionNotFound", "InvalidSubscriptionId"] {
        let text = text(&error(code, "No."));
        let places = "in the ID or the subscription_id of this resource, or in the provider block;";
        assert!(text.contains(places), "{text}");
    }
}

#[test]
fn what_has_no_code_is_told_by_the_rest() {
    let of = |status: u16, message: &str| {
        find(&ServiceError { status, ..error("Odd", message) })
            .map(|remedy| (remedy.attribute, remedy.case.unwrap().title))
    };
    assert_eq!(of(400, "No."), None);
    assert_eq!(of(400, "Cannot use storage with HNS enabled.").unwrap().0, Some("storage_account_id"));
    assert_eq!(
        [401, 429, 503].map(|status| of(status, "No.").unwrap().1),
        ["HTTP 401", "HTTP 429", "HTTP 500 and above"]
    );
    let moved = error(
        "InvalidResourceLocation",
        "The resource 'w' already exists in location 'eastus' in resource group 'g'. A resource with the same name cannot be created in location 'westus'.",
    );
    assert!(text(&moved).contains("    location = \"eastus\"\n"));
}

/// In a module of this name, so that `make docs` finds it.
mod docs {
    use std::path::Path;

    use super::super::*;

    fn title(remedy: &Remedy) -> String {
        let parts = [remedy.code, remedy.case.map_or("", |case| case.title)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn page() -> String {
        let facts = Facts::none();
        let mut page = String::from(
            "---\npage_title: \"Errors of Azure and what helps\"\nsubcategory: \"\"\ndescription: |-\n  What each of Azure's errors means here, and what helps: in a configuration, and as a command.\n---\n\n# Errors of Azure and what helps\n\nWhen Azure refuses something, the provider says what Azure said, what helps, and at the end the code and the IDs of the request, by which\nMicrosoft's support finds it. This page has all that it says of them; what stands in angle brackets it fills in from the error. What helps against an error without a code is at the end.\n\nWhat is marked *known* is general knowledge; the others are seen in recorded answers of Azure or in public reports of them.\n\n| error | |\n|---|---|\n",
        );
        for remedy in TABLE {
            let mark = if remedy.seen == Seen::Known { "known" } else { "recorded" };
            let title = title(remedy);
            let anchor = title.to_lowercase().replace(' ', "-");
            page.push_str(&format!("| [{title}](#{anchor}) | {mark} |\n"));
        }
        for remedy in TABLE {
            let words = facts.fill(remedy.words).replace('<', "\\<");
            page.push_str(&format!("\n## {}\n\n{words}\n", title(remedy)));
            for (language, text) in [("terraform", remedy.hcl), ("shell", remedy.command)] {
                if !text.is_empty() {
                    page.push_str(&format!("\n```{language}\n{}\n```\n", facts.fill(text)));
                }
            }
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
