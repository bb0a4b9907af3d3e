//! A token for the wrong service: Entra ID knows no such thing in the tenant, whoever asks for it.

use acceptance_tests::{AzureCli, every_cli};

use crate::signing::{Signing, text};

/// Resource Manager of another cloud, as after a copied configuration.
const ELSEWHERE: &str = "https://management.usgovcloudapi.net";
const HELPS: &str = "The token was asked for a service that this tenant does not know. Correct the audience of endpoints (ARM_RESOURCE_MANAGER_AUDIENCE), or choose the cloud that the tenant is in as the environment: Resource Manager is known in every tenant of its own cloud.";

#[test]
fn an_audience_that_the_tenant_does_not_know() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        for name in ["ARM_METADATA_HOST", "ARM_METADATA_HOSTNAME"] {
            signing.scene.dir.unset_env(name);
        }
        let says = format!(
            "AADSTS500011: The resource principal named {ELSEWHERE} was not found in the tenant named {}. ",
            Signing::TENANT
        );
        signing.scene.dir.set_env("ARM_RESOURCE_MANAGER_AUDIENCE", ELSEWHERE);
        let told = |signing: &Signing, start: &str, summary: &str| {
            let error = signing.is_refused();
            assert!(error.detail.starts_with(&format!("{start}{says}")), "{error:?}");
            assert!(error.detail.ends_with(&format!("\n\n{HELPS}")), "{error:?}");
            assert_eq!(error.summary, summary);
        };
        let secret = text(&signing.application(), "secret");
        let signed = signing.with_application(&[("ARM_CLIENT_SECRET", &secret)]);
        told(signed, "Entra ID refused the client secret: ", "Sign-In Refused");

        let endpoint = text(&signing.identity("imds"), "endpoint");
        let signed = signing.with(&[("ARM_USE_MSI", "true"), ("ARM_MSI_ENDPOINT", &endpoint)]);
        let start = "Cannot get a token of the managed identity from the instance metadata service: it answered with HTTP 400 (";
        told(signed, start, "Cannot Sign In");

        AzureCli::install(&mut signing.scene.dir, &signing.scene.azure).sign_in();
        told(signing.with(&[]), "The Azure CLI failed: ", "Cannot Sign In");

        // With the right one, the same works.
        signing.scene.dir.unset_env("ARM_RESOURCE_MANAGER_AUDIENCE");
        signing.with_application(&[("ARM_CLIENT_SECRET", &secret)]).works();
    });
}
