//! What Azure would refuse, or could not take, is refused at plan: at its attribute, in words that say what is allowed.

use acceptance_tests::{Scene, every_cli};

/// One wrong value: the arguments that have it, the headline, the text, and the line that is pointed at. For a member of a
/// nested attribute that is the attribute's line.
struct Wrong {
    arguments: &'static str,
    summary: &'static str,
    detail: &'static str,
    code: &'static str,
}

const WRONG: &[Wrong] = &[
    Wrong {
        arguments: "kind = \"Shed\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute kind must be one of \"Default\", \"Hub\" or \"FeatureStore\"; it is \"Shed\".",
        code: "kind = \"Shed\"",
    },
    Wrong {
        arguments: "public_network_access = \"true\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute public_network_access must be one of \"Enabled\" or \"Disabled\"; it is \"true\".",
        code: "public_network_access = \"true\"",
    },
    Wrong {
        arguments: "location = \"west-europe\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute location must be a region's name such as \"westeurope\" or \"West Europe\"; it is \"west-europe\".",
        code: "location = \"west-europe\"",
    },
    Wrong {
        arguments: "subscription_id = \"mine\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute subscription_id must be a GUID such as 00000000-0000-0000-0000-000000000000; it is \"mine\".",
        code: "subscription_id = \"mine\"",
    },
    Wrong {
        arguments: "application_insights_id = \"insights\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute application_insights_id must be the ID of an Application Insights component, /subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.Insights/components/<name>; \"insights\" is no resource ID: it does not begin with \"/\".",
        code: "application_insights_id = \"insights\"",
    },
    Wrong {
        arguments: "container_registry_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg\"",
        summary: "Invalid Attribute Value",
        detail: "The attribute container_registry_id must be the ID of a container registry, /subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>; \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg\" is the ID of a resource group.",
        code: "container_registry_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg\"",
    },
    Wrong {
        arguments: "identity = { type = \"UserAssigned\", identity_ids = [] }",
        summary: "Invalid Identity",
        detail: "With identity type \"UserAssigned\", identity.identity_ids names at least one user-assigned identity.",
        code: "identity = { type = \"UserAssigned\", identity_ids = [] }",
    },
    Wrong {
        arguments: "primary_user_assigned_identity_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u\"",
        summary: "Invalid Identity",
        detail: "primary_user_assigned_identity_id has to be one of identity.identity_ids, but the workspace has a system-assigned identity only. Set identity with type \"UserAssigned\" or \"SystemAssigned,UserAssigned\" and the ID in identity_ids.",
        code: "primary_user_assigned_identity_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u\"",
    },
    Wrong {
        arguments: "customer_managed_key = { key_vault_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/one\", key_id = \"https://other.vault.azure.net/keys/k/1\" }",
        summary: "Invalid Customer-Managed Key",
        detail: "The key has to lie in the vault that customer_managed_key.key_vault_id names, \"one\", but its URL is that of a key in the vault \"other\". A workspace can change to another key in the same vault; another vault needs another workspace.",
        code: "customer_managed_key = { key_vault_id",
    },
    Wrong {
        arguments: "customer_managed_key = { key_vault_id = \"mine\", key_id = \"https://one.vault.azure.net/keys/k/1\" }",
        summary: "Invalid Attribute Value",
        detail: "The attribute customer_managed_key.key_vault_id must be the ID of a key vault",
        code: "customer_managed_key = { key_vault_id",
    },
    Wrong {
        arguments: "timeouts {\n  create = \"soon\"\n}",
        summary: "Invalid Timeout",
        detail: "The timeout \"soon\" is not a length of time. Write it as \"30m\" or \"1h30m\".",
        code: "create = \"soon\"",
    },
    Wrong {
        arguments: "workspace_id = \"mine\"",
        summary: "Invalid Configuration for Read-Only Attribute",
        detail: "The attribute workspace_id is set by the provider alone. Remove it from the configuration.",
        code: "workspace_id = \"mine\"",
    },
];

#[test]
fn wrong_values_are_refused_at_plan() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let label = |index: usize| format!("wrong-{index:02}");
        let blocks = WRONG.iter().enumerate();
        let text: String =
            blocks.map(|(at, wrong)| scene.block(&label(at), &label(at), wrong.arguments)).collect();
        let name = scene.block("wrong-name", "a!", "");
        scene.dir.write("main.tf", &format!("{text}{name}"));

        let output = scene.dir.plan();
        let errors = output.is_refused().errors();
        for (index, wrong) in WRONG.iter().enumerate() {
            let address = format!("azureml_workspace.{}", label(index));
            let own: Vec<_> = errors.iter().filter(|error| error.address == address).collect();
            assert_eq!(own.len(), 1, "errors of `{}`: {:?}", wrong.arguments, output.output);
            assert_eq!(own[0].summary, wrong.summary, "{:?}", own[0]);
            assert!(own[0].detail.starts_with(wrong.detail), "{:?}", own[0]);
            assert!(own[0].code.starts_with(wrong.code), "`{}` points at `{}`", wrong.arguments, own[0].code);
        }
        assert_eq!(errors.len(), WRONG.len() + 1, "{:?}", output.output);
        assert_eq!(scene.azure.requests().len(), 0, "a wrong value is refused without asking Azure");
    });
}

#[test]
fn an_attribute_that_there_is_none_of_is_refused_with_its_line() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("colour = \"red\"");
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(
            (error.summary.as_str(), error.code.as_str()),
            ("Unsupported argument", "colour = \"red\"")
        );
    });
}
