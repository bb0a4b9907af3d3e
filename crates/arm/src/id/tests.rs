use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

const WORKSPACE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

fn parsed(text: &str) -> ResourceId {
    ResourceId::parse(text).unwrap()
}

#[test]
fn prints_the_documented_casing() {
    for (given, printed) in [
        (
            "/SUBSCRIPTIONS/s/resourcegroups/G/PROVIDERS/microsoft.machinelearningservices/WORKSPACES/W",
            "/subscriptions/s/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W",
        ),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Keyvault/vaults/v",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
        ),
        (
            "/subscriptions/s/resourceGroups/g/providers/microsoft.insights/Components/c/",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/c",
        ),
        (
            "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
        ),
        (
            "/subscriptions/s/resourceGroups/g/providers/Contoso.wiDGets/gearBoxes/b",
            "/subscriptions/s/resourceGroups/g/providers/Contoso.wiDGets/gearBoxes/b",
        ),
    ] {
        assert_eq!(parsed(given).as_str(), printed);
        assert_eq!(parsed(given), parsed(printed));
    }
}

#[test]
fn knows_its_parts() {
    let id = parsed(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default",
    );
    assert_eq!(id.subscription_id(), Some("s"));
    assert_eq!(id.resource_group_name(), Some("g"));
    assert_eq!(id.namespace(), Some("Microsoft.Network"));
    assert_eq!(id.resource_type(), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups");
    assert_eq!(id.name(), "default");
    assert_eq!(id.segment("PRIVATEENDPOINTS"), Some("pe"));
    assert_eq!(id.segment("workspaces"), None);
    let parents: Vec<_> =
        std::iter::successors(id.parent(), ResourceId::parent).map(|id| id.to_string()).collect();
    assert_eq!(
        parents,
        [
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe",
            "/subscriptions/s/resourceGroups/g",
            "/subscriptions/s",
        ]
    );
    assert_eq!(id.resource_group_id().unwrap().resource_type(), "Microsoft.Resources/resourceGroups");
}

#[test]
fn reads_every_scope() {
    let lock = parsed(&format!("{WORKSPACE}/providers/Microsoft.Authorization/locks/l"));
    assert_eq!((lock.resource_type().as_str(), lock.name()), ("Microsoft.Authorization/locks", "l"));
    assert_eq!(lock.parent().unwrap(), parsed(WORKSPACE));
    let group = parsed("/providers/Microsoft.Management/managementGroups/m");
    assert_eq!((group.subscription_id(), group.parent()), (None, None));
    let role = parsed("/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/r");
    assert_eq!((role.resource_group_name(), role.parent().unwrap().name()), (None, "s"));
    let provider = parsed("/subscriptions/s/providers/microsoft.notebooks");
    assert_eq!(
        (provider.name(), provider.resource_type().as_str()),
        ("Microsoft.Notebooks", "Microsoft.Notebooks")
    );
    assert_eq!(provider, ResourceId::provider("s", "Microsoft.Notebooks").unwrap());
    assert_eq!(parsed("/subscriptions/s").resource_type(), "Microsoft.Resources/subscriptions");
}

#[test]
fn is_built_from_parts() {
    assert_eq!(ResourceId::workspace("s", "g", "w").unwrap().as_str(), WORKSPACE);
    let account = ResourceId::storage_account("s", "g", "a").unwrap();
    assert_eq!(account.resource_type(), "Microsoft.Storage/storageAccounts");
    let rule = parsed(WORKSPACE).child("OUTBOUNDRULES", "r").unwrap();
    assert_eq!(rule.as_str(), format!("{WORKSPACE}/outboundRules/r"));
    let deployment = ResourceId::resource_group("s", "g").unwrap().child("deployments", "d").unwrap();
    assert_eq!(deployment.resource_type(), "Microsoft.Resources/deployments");
    let lock = parsed(WORKSPACE).resource("microsoft.authorization", "locks", "l").unwrap();
    assert_eq!(lock.as_str(), format!("{WORKSPACE}/providers/Microsoft.Authorization/locks/l"));
    assert_eq!(ResourceId::key_vault("s", "g", "v").unwrap().name(), "v");
    assert_eq!(ResourceId::user_assigned_identity("s", "g", "i").unwrap().name(), "i");
    for (name, problem) in [
        ("", "a part of a resource ID cannot be empty"),
        ("a/b", "\"a/b\" cannot be a part of a resource ID: it contains '/'"),
        ("a?b", "\"a?b\" cannot be a part of a resource ID: it contains '?'"),
        ("a%2fb", "\"a%2fb\" cannot be a part of a resource ID: it contains '%'"),
        ("..", "\"..\" cannot be a part of a resource ID"),
        (" a", "\" a\" cannot be a part of a resource ID: it contains ' '"),
    ] {
        assert_eq!(ResourceId::workspace("s", "g", name).unwrap_err().to_string(), problem);
    }
}

#[test]
fn says_what_is_wrong_with_a_text() {
    for (text, problem) in [
        (
            "",
            "it is empty; expected /subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>",
        ),
        ("my-workspace", "it does not begin with \"/\"; expected /subscriptions/<subscription>/…"),
        ("/", "segment 1 is empty"),
        ("/subscriptions", "the subscription after /subscriptions/ is missing"),
        ("/subscriptions//resourceGroups/g", "segment 2 is empty"),
        ("/subscriptions/s/resourceGroups", "the name after /resourceGroups/ is missing"),
        (
            "/subscriptions/s/groups/g",
            "found \"groups\" where \"resourceGroups\" or \"providers\" was expected",
        ),
        ("/tenants/t", "found \"tenants\" where \"subscriptions\" or \"providers\" was expected"),
        ("/subscriptions/s/resourceGroups/g/x", "found \"x\" where \"providers\" was expected"),
        ("/subscriptions/s/providers", "the namespace after /providers/ is missing"),
        ("/subscriptions/s/providers/N/types", "the name after /types/ is missing"),
        ("/subscriptions/s/providers/N/providers/M", "the type and name after /providers/N/ are missing"),
        ("/subscriptions/s?x=1", "\"s?x=1\" cannot be a part of a resource ID: it contains '?'"),
    ] {
        let error = ResourceId::parse(text).unwrap_err();
        assert_eq!(error.problem(), problem);
        assert_eq!(error.to_string(), format!("{text:?} is not an Azure resource ID: {problem}"));
    }
    let error = parsed(WORKSPACE).expect_type("Microsoft.Storage/storageAccounts").unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{WORKSPACE:?} is not the ID of a Microsoft.Storage/storageAccounts: \
             it is the ID of a Microsoft.MachineLearningServices/workspaces"
        )
    );
    assert!(parsed(WORKSPACE).expect_type("microsoft.machinelearningservices/WORKSPACES").is_ok());
}

#[test]
fn is_one_text_in_json() {
    let json = serde_json::to_string(&parsed(WORKSPACE)).unwrap();
    assert_eq!(json, format!("{WORKSPACE:?}"));
    assert_eq!(serde_json::from_str::<ResourceId>(&json).unwrap(), parsed(WORKSPACE));
    assert!(serde_json::from_str::<ResourceId>("\"x\"").is_err());
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9éß(._-][a-zA-Z0-9 éß()._-]{0,20}[a-zA-Z0-9)_-]"
}

prop_compose! {
    fn ids()(
        subscription in proptest::option::of(name()),
        group in name(),
        providers in prop::collection::vec(("[A-Za-z]{1,9}\\.[A-Za-z]{1,9}", prop::collection::vec(("[A-Za-z]{1,9}x", name()), 1..4)), 1..3),
    ) -> String {
        let mut text = subscription.map(|s| format!("/subscriptions/{s}/resourceGroups/{group}")).unwrap_or_default();
        for (namespace, path) in providers {
            text += &format!("/providers/{namespace}");
            for (kind, name) in path {
                text += &format!("/{kind}/{name}");
            }
        }
        text
    }
}

proptest! {
    #[test]
    fn printing_and_parsing_agree(text in ids()) {
        let id = parsed(&text);
        let again = parsed(id.as_str());
        prop_assert_eq!(again.as_str(), id.as_str());
        prop_assert!(id.as_str().eq_ignore_ascii_case(&text));
    }

    #[test]
    fn casing_makes_no_difference(text in ids()) {
        let id = parsed(&text);
        let shouted: String = text.chars().map(|c| c.to_ascii_uppercase()).collect();
        let mut set = HashSet::from([id.clone()]);
        prop_assert!(!set.insert(parsed(&shouted)));
        prop_assert!(!set.insert(parsed(&text.to_ascii_lowercase())));
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = ResourceId::parse(&text);
        let _ = ResourceId::parse(&format!("/subscriptions/s/{text}"));
    }
}
