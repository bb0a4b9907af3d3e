//! What platforms and other programs set for themselves: used where it means this run, and in nobody's way elsewhere.

use acceptance_tests::every_cli;

use crate::signing::{Signing, text};

#[test]
fn where_microsofts_libraries_sign_in_is_where_this_cloud_does() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let secret = text(&signing.application(), "secret");
        let authority = signing.scene.azure.environment()["AZURE_AUTHORITY_HOST"].clone();
        for name in ["ARM_METADATA_HOST", "ARM_METADATA_HOSTNAME", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"] {
            signing.scene.dir.unset_env(name);
        }
        let given = [("ARM_CLIENT_SECRET", secret.as_str()), ("AZURE_AUTHORITY_HOST", &authority)];
        signing.with_application(&given).works();
        let asked = signing.scene.azure.requests();
        assert!(asked.to("GET", "/metadata/endpoints").is_empty(), "{asked:?}");
        // What is set for this provider goes first.
        let nowhere = "https://127.0.0.1:1";
        let ours = [
            ("ARM_CLIENT_SECRET", secret.as_str()),
            ("AZURE_AUTHORITY_HOST", nowhere),
            ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", &authority),
        ];
        signing.with_application(&ours).works();
        let wrong = [("ARM_CLIENT_SECRET", secret.as_str()), ("AZURE_AUTHORITY_HOST", "http://x")];
        let error = signing.with_application(&wrong).is_refused();
        assert!(error.detail.starts_with("The environment variable AZURE_AUTHORITY_HOST must be a URL"));
    });
}

#[test]
fn what_is_wrong_in_others_variables_stops_no_other_way() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let secret = text(&signing.application(), "secret");
        let others = [
            ("AZURE_TENANT_ID", "not a tenant"),
            ("AZURE_CLIENT_ID", "not a client"),
            ("AZURE_FEDERATED_TOKEN_FILE", "/nowhere"),
            ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "x"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "x"),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x"),
        ];
        let all = [&others[..], &[("ARM_CLIENT_SECRET", &secret)]].concat();
        signing.with_application(&all).works();
        let id = text(&signing.identity("imds")["user_assigned"], "object_id");
        let endpoint = text(&signing.identity("imds"), "endpoint");
        let machine =
            [("ARM_USE_MSI", "true"), ("ARM_MSI_ENDPOINT", &endpoint), ("ARM_MSI_OBJECT_ID", id.as_str())];
        signing.with(&[&others[..], &machine, &[("AZURE_CLIENT_SECRET", "x")]].concat()).works();
        // Alone, it is what was meant.
        let error = signing.with(&[&others[..], &[("AZURE_CLIENT_SECRET", "x")]].concat()).is_refused();
        assert_eq!(error.summary, "Invalid Environment Variable");
        assert!(error.detail.starts_with("The environment variable AZURE_TENANT_ID must be "), "{error:?}");
    });
}

#[test]
fn in_a_pod_the_token_of_the_pod_is_the_oidc_token() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let aks = signing.identity("aks")["environment"].clone();
        let of = |name| text(&aks, name);
        let (client, tenant) = (of("AZURE_CLIENT_ID"), of("AZURE_TENANT_ID"));
        let pod = [
            ("AZURE_CLIENT_ID", client.as_str()),
            ("AZURE_TENANT_ID", &tenant),
            ("AZURE_FEDERATED_TOKEN_FILE", &of("AZURE_FEDERATED_TOKEN_FILE")),
            ("ARM_USE_OIDC", "true"),
        ];
        signing.with(&pod).works();
        let gone = [pod[0], pod[1], ("AZURE_FEDERATED_TOKEN_FILE", "/gone"), pod[3]];
        signing
            .with(&gone)
            .is_refused_with("The OIDC token of the file cannot be used: there is no file \"/gone\".");
    });
}
