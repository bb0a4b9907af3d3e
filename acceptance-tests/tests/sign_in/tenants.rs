//! Tokens of further tenants, without which a resource cannot refer to those that live there.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

use crate::signing::{Signing, text};

/// Another tenant that knows the application, and what lies in a subscription of it.
const OTHER: &str = "00000000-0000-0000-0000-0000000000bb";
const NOBODYS: &str = "11111111-1111-1111-1111-111111111111";
const ELSEWHERE: &str = "/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/there";

#[test]
fn what_lies_in_another_tenant_takes_a_token_of_that_tenant() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let secret = text(&signing.application(), "secret");
        let account = json!({
            "location": "eastus",
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"provisioningState": "Succeeded"},
        });
        signing.scene.azure.control().put(&format!("/resources?id={ELSEWHERE}"), &account);
        let own = signing.scene.dependents.id("storage_account").to_owned();
        let linked = signing.scene.block("linked", "linked", "").replace(&own, ELSEWHERE);
        signing.scene.dir.write("linked.tf", &linked);

        let error = signing.with_application(&[("ARM_CLIENT_SECRET", &secret)]).scene.dir.apply();
        let error = error.fails().only_error();
        assert!(error.detail.contains("is not authorized to access linked subscription"), "{error:?}");
        let helps = "Add that tenant to auxiliary_tenant_ids in the provider block";
        assert!(error.detail.contains(helps), "{}", error.detail);
        assert!(!error.detail.contains("azurerm_role_assignment"), "{}", error.detail);

        signing.scene.azure.forget();
        let further = [("ARM_CLIENT_SECRET", secret.as_str()), ("ARM_AUXILIARY_TENANT_IDS", OTHER)];
        signing.with_application(&further).scene.dir.apply().succeeds();
        let log = signing.scene.azure.requests();
        let of_workspaces =
            log.0.iter().filter(|it| it.path.ends_with("/linked") || it.path.ends_with(Scene::NAME));
        let tenants: Vec<_> = of_workspaces.map(|request| request.auxiliary_tenants.clone()).collect();
        assert!(tenants.len() > 2 && tenants.iter().all(|one| *one == [OTHER]), "{tenants:?}");
    });
}

#[test]
fn a_wrong_auxiliary_tenant_is_told_as_such() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let secret = text(&signing.application(), "secret");
        let helps = "\n\nCorrect this tenant in auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS), or take it out. The application needs a service principal there: somebody of that tenant makes one with \"az ad sp create --id CLIENT_ID\".";
        let further = [("ARM_CLIENT_SECRET", secret.as_str()), ("ARM_AUXILIARY_TENANT_IDS", NOBODYS)];
        let error = signing.with_application(&further).is_refused();
        let start = format!(
            "There is no token of the auxiliary tenant {NOBODYS}: Entra ID refused the client secret: AADSTS90002: "
        );
        assert!(error.detail.starts_with(&start) && error.detail.ends_with(helps), "{error:?}");
        assert_eq!(error.summary, "Sign-In Refused");

        let imds = signing.identity("imds");
        let endpoint = text(&imds, "endpoint");
        let machine =
            [("ARM_USE_MSI", "true"), ("ARM_MSI_ENDPOINT", &endpoint), ("ARM_AUXILIARY_TENANT_IDS", OTHER)];
        let error = signing.with(&machine).is_refused();
        assert!(error.detail.contains("a managed identity has tokens of its own tenant alone"), "{error:?}");
    });
}
