//! What the owner of a subscription has decided: rights, locks, policies.

use super::*;

#[test]
fn rights_that_are_missing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let action = format!("{WORKSPACES}/write");
        govern(&scene, &json!({"denials": [{"scope": group(), "action": action}]}));
        let error = refused(&scene, "");
        let object = error.detail.split("object id '").nth(1).unwrap_or_default();
        let object = object.split('\'').next().unwrap_or_default().to_owned();
        let role = |label: &str, role: &str, scope: &str| {
            format!(
                "resource \"azurerm_role_assignment\" \"{label}\" {{\n  scope                = \"{scope}\"\n  role_definition_name = \"{role}\"\n  principal_id         = \"{object}\"\n}}"
            )
        };
        let command = |role: &str, scope: &str| {
            format!("az role assignment create --assignee-object-id {object} --role {role} --scope {scope}")
        };
        let id = scene.id();
        shows(
            &error,
            &format!(
                "The client '{CLIENT}' with object id '{object}' does not have authorization to perform action '{action}' over scope '{id}' or the scope is invalid. If access was recently granted, please refresh your credentials."
            ),
            &[
                &format!(
                    "Whoever runs this needs a role with the permission {action}, such as Contributor. A new role assignment takes some minutes to be seen."
                ),
                &role("example", "Contributor", &group()),
                &command("Contributor", &group()),
            ],
            "AuthorizationFailed (HTTP 403)",
            &put(&scene),
        );
        let (vault, account) =
            (scene.dependents.id("key_vault").to_owned(), scene.dependents.id("storage_account").to_owned());
        let (read, join) =
            ("Microsoft.KeyVault/vaults/read", "Microsoft.Storage/storageAccounts/listkeys/action");
        let vaults = json!({"scope": vault, "action": read, "linked": true});
        govern(&scene, &json!({"denials": [vaults]}));
        let error = refused(&scene, "");
        let said = |actions: &str, scopes: &str| {
            format!(
                "The client '{CLIENT}' with object id '{object}' has permission to perform action '{action}' on scope '{id}'; however, it does not have permission to perform action(s) '{actions}' on the linked scope(s) '{scopes}' (respectively) or the linked scope(s) are invalid."
            )
        };
        shows(
            &error,
            &said(read, &vault),
            &[
                &format!(
                    "The identity may write this resource but may not read a resource that it refers to. A role with the permission {read} on {vault} is needed; Reader is enough."
                ),
                &role("example", "Reader", &vault),
                &command("Reader", &vault),
            ],
            "LinkedAuthorizationFailed (HTTP 403)",
            &put(&scene),
        );
        let accounts = json!({"scope": account, "action": join, "linked": true});
        govern(&scene, &json!({"denials": [vaults, accounts]}));
        let error = refused(&scene, "");
        shows(
            &error,
            &said(&format!("{join},{read}"), &format!("{account},{vault}")),
            &[
                &format!(
                    "The identity may write this resource but may not use a resource that it refers to. A role with the permission {join} on {account} is needed, such as Contributor. So is one with the permission {read} on {vault}."
                ),
                &format!(
                    "{}\n\n{}",
                    role("example", "Contributor", &account),
                    role("example_2", "Contributor", &vault)
                ),
                &format!("{}\n{}", command("Contributor", &account), command("Contributor", &vault)),
            ],
            "LinkedAuthorizationFailed (HTTP 403)",
            &put(&scene),
        );
    });
}

/// A group that is to be made can have neither a role nor an exemption yet; its subscription can.
#[test]
fn a_group_that_may_not_be_made() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let (subscription, kind) =
            (format!("/subscriptions/{SUBSCRIPTION}"), "Microsoft.Resources/subscriptions/resourceGroups");
        scene.dir.write(
            "main.tf",
            "resource \"azureml_resource_group\" \"main\" {\n  name     = \"new-rg\"\n  location = \"eastus\"\n}\n",
        );
        let denial = json!({"scope": subscription, "action": format!("{kind}/write")});
        let policy = json!({"scope": subscription, "type": kind, "name": "no-groups"});
        for (governance, code, block) in [
            (
                json!({"denials": [denial]}),
                "AuthorizationFailed",
                format!("\n      scope                = \"{subscription}\"\n"),
            ),
            (
                json!({"policies": [policy]}),
                "RequestDisallowedByPolicy",
                format!("\n      subscription_id      = \"{subscription}\"\n"),
            ),
        ] {
            govern(&scene, &governance);
            let error = scene.dir.apply().fails().only_error();
            let command =
                format!(" --scope {subscription}\n\nAzure: {code} (HTTP 403) to PUT {subscription}/");
            for text in [&block, &command] {
                assert!(error.detail.contains(text), "{}", error.detail);
            }
        }
    });
}

#[test]
fn a_read_takes_no_more_than_a_reader() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.apply().succeeds();
        let action = format!("{WORKSPACES}/read");
        govern(&scene, &json!({"denials": [{"scope": group(), "action": action}]}));
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "Workspace Not Read");
        let id = scene.id();
        let helps = format!(
            "Whoever runs this needs a role with the permission {action}; Reader is enough for that. A new role assignment takes some minutes to be seen.\n\nIn a configuration:\n\n    resource \"azurerm_role_assignment\" \"example\" {{\n      scope                = \"{id}\"\n      role_definition_name = \"Reader\"\n"
        );
        assert!(error.detail.contains(&helps), "{}", error.detail);
        assert!(error.detail.contains(&format!(" --role Reader --scope {id}\n")), "{}", error.detail);
    });
}

/// The commands that find a lock and remove it.
fn unlock() -> String {
    format!(
        "az lock list --resource-group {} --subscription {SUBSCRIPTION} --output table\naz lock delete --ids <lock ID>",
        Scene::GROUP
    )
}

#[test]
fn a_lock_against_deletion() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.apply().succeeds();
        govern(&scene, &json!({"locks": [{"scope": group(), "level": "CanNotDelete"}]}));
        let error = scene.dir.destroy().fails().only_error();
        let (id, scope) = (scene.id(), group());
        shows(
            &error,
            &format!(
                "The scope '{id}' cannot perform delete operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again."
            ),
            &[
                &format!("A lock on {scope} prevents the deletion. Remove the lock, and apply again."),
                &format!(
                    "# Where a configuration has the lock, remove its azurerm_management_lock with\n# scope = \"{scope}\""
                ),
                &unlock(),
            ],
            "ScopeLocked (HTTP 409)",
            &format!("DELETE {id}"),
        );
    });
}

#[test]
fn policies_and_locks() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        govern(
            &scene,
            &json!({"policies": [{"scope": group(), "type": WORKSPACES, "name": "no-workspaces"}]}),
        );
        let error = refused(&scene, "");
        let policy = format!("{}/providers/Microsoft.Authorization/policyAssignments/no-workspaces", group());
        let said = error.detail.split("\n\n").next().unwrap_or_default().to_owned();
        assert!(
            said.starts_with("Resource 'main-workspace' was disallowed by policy. Policy identifiers: '[{"),
            "{said}"
        );
        shows(
            &error,
            &said,
            &[
                &format!(
                    "Change the configuration to what the policy {policy} allows, or have its owner exempt what is made here."
                ),
                &format!(
                    "resource \"azurerm_resource_group_policy_exemption\" \"example\" {{\n  name                 = \"example\"\n  resource_group_id    = \"{}\"\n  policy_assignment_id = \"{policy}\"\n  exemption_category   = \"Waiver\"\n}}",
                    group()
                ),
                &format!(
                    "az policy exemption create --name example --policy-assignment {policy} --exemption-category Waiver --scope {}",
                    group()
                ),
            ],
            "RequestDisallowedByPolicy (HTTP 403)",
            &put(&scene),
        );
        govern(&scene, &json!({"locks": [{"scope": group(), "level": "ReadOnly"}]}));
        let error = refused(&scene, "");
        let (id, scope) = (scene.id(), group());
        shows(
            &error,
            &format!(
                "The scope '{id}' cannot perform write operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again."
            ),
            &[
                &format!(
                    "A lock on {scope} keeps this from being done. Remove it, apply, and put it back; to protect against deletion only, the lock level CanNotDelete is enough."
                ),
                &format!(
                    "resource \"azurerm_management_lock\" \"example\" {{\n  name       = \"example\"\n  scope      = \"{scope}\"\n  lock_level = \"CanNotDelete\" # not \"ReadOnly\"\n}}"
                ),
                &unlock(),
            ],
            "ScopeLocked (HTTP 409)",
            &put(&scene),
        );
    });
}
