//! Several ways to sign in: their order, their switches, and the one error when none works.

use acceptance_tests::{AzureCli, Scene, every_cli};

use crate::signing::{Signing, text};

/// Who asked Resource Manager for the workspace of the scene last, by client ID.
fn caller(signing: &Signing) -> String {
    let log = signing.scene.azure.control().get("/requests");
    let all = log.get("requests").unwrap_or(&log).as_array().cloned().unwrap_or_default();
    let reads = |one: &&serde_json::Value| {
        one["path"].as_str().is_some_and(|path| path.ends_with(Scene::NAME)) && one["client_id"].is_string()
    };
    all.iter().rev().find(reads).map(|one| text(one, "client_id")).unwrap_or_default()
}

const CLI_CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

#[test]
fn a_secret_that_fails_does_not_become_another_identity() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let az = AzureCli::install(&mut signing.scene.dir, &signing.scene.azure);
        az.sign_in();
        let application = signing.application();
        let id = text(&application, "client_id");
        let error = signing.with_application(&[("ARM_CLIENT_SECRET", "not-the-secret")]).is_refused();
        assert!(error.detail.starts_with("Entra ID refused the client secret: AADSTS7000215: "), "{error:?}");
        assert_eq!(az.commands(), [""; 0], "the CLI was not asked for");
        // Whoever switches the CLI on means it.
        signing.with_application(&[("ARM_CLIENT_SECRET", "not-the-secret"), ("ARM_USE_CLI", "true")]).works();
        assert_eq!(caller(&signing), CLI_CLIENT);
        let secret = text(&application, "secret");
        signing.with_application(&[("ARM_CLIENT_SECRET", &secret), ("ARM_USE_CLI", "true")]).works();
        assert_eq!(caller(&signing), id);
    });
}

#[test]
fn what_a_platform_sets_is_tried_before_the_cli() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        AzureCli::install(&mut signing.scene.dir, &signing.scene.azure).sign_in();
        let aks = signing.identity("aks")["environment"].clone();
        let (client, tenant) = (text(&aks, "AZURE_CLIENT_ID"), text(&aks, "AZURE_TENANT_ID"));
        let file = text(&aks, "AZURE_FEDERATED_TOKEN_FILE");
        let pod = |file| {
            [
                ("AZURE_CLIENT_ID", client.as_str()),
                ("AZURE_TENANT_ID", &tenant),
                ("AZURE_FEDERATED_TOKEN_FILE", file),
            ]
        };
        signing.with(&pod(&file)).works();
        assert_eq!(caller(&signing), client);
        let off = [pod(&file).as_slice(), &[("ARM_USE_AKS_WORKLOAD_IDENTITY", "false")]].concat();
        signing.with(&off).works();
        assert_eq!(caller(&signing), CLI_CLIENT);
        let gone = pod("gone");
        signing.with(&gone).works();
        assert_eq!(caller(&signing), CLI_CLIENT);
    });
}

#[test]
fn one_error_lists_each_try() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        AzureCli::install(&mut signing.scene.dir, &signing.scene.azure);
        let application = signing.application();
        let id = text(&application, "client_id");
        let pfx = text(&application["certificate"], "pfx_path");
        let all = [
            ("ARM_CLIENT_CERTIFICATE_PATH", pfx.as_str()),
            ("ARM_CLIENT_SECRET", "not-the-secret"),
            ("ARM_OIDC_TOKEN", "no-token"),
            ("ARM_USE_CLI", "true"),
        ];
        signing.with_application(&all).is_refused_with(&format!(
            "None of the ways to sign in worked:\n  - client certificate: it is protected by a password, and none is given\n  - client secret: Entra ID refused the client secret: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{id}'. Use the value of the client secret, which the portal shows once when the secret is made, and not its ID; and see that it is a secret of this application.\n  - OIDC token: the OIDC token cannot be used: it is not a JSON Web Token: three parts with dots between them, the second of which is encoded JSON\n  - Azure CLI: the Azure CLI is not signed in; run \"az login --tenant {}\" (Please run 'az login' to setup account.)",
            Signing::TENANT
        ));
    });
}

#[test]
fn what_is_asked_for_has_to_be_complete() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let error = signing.with(&[("ARM_CLIENT_SECRET", "secret")]).is_refused();
        assert_eq!(
            (error.summary.as_str(), error.detail.as_str()),
            (
                "Incomplete Sign-In",
                "To sign in with the client secret, the provider also needs: tenant_id (ARM_TENANT_ID), client_id (ARM_CLIENT_ID)."
            )
        );
        signing
            .with(&[])
            .configured("use_aks_workload_identity = true")
            .is_refused_with("To sign in with the AKS workload identity, the provider also needs: AZURE_FEDERATED_TOKEN_FILE, which AKS sets in pods whose service account has an identity.");
        signing.with_application(&[]).configured("client_secret_file_path = \"missing\"").is_refused_with(
            "The client secret cannot be used: the file \"missing\": there is no such file.",
        );
        signing.with(&[("ARM_USE_MSI", "maybe")]).configured("").is_refused_with(
            "The environment variable ARM_USE_MSI must be \"true\" or \"false\"; it is \"maybe\".",
        );
    });
}

/// One wrong argument of the block: what it says, and the text of the refusal.
const WRONG: &[(&str, &str)] = &[
    (
        "client_id = \"me\"",
        "The attribute client_id must be a GUID such as 00000000-0000-0000-0000-000000000000; it is \"me\".",
    ),
    (
        "tenant_id = \"my tenant\"",
        "The attribute tenant_id must be a GUID such as 00000000-0000-0000-0000-000000000000, or a domain name such as contoso.onmicrosoft.com; it is \"my tenant\".",
    ),
    (
        "auxiliary_tenant_ids = [\"a.x\", \"b.x\", \"c.x\", \"d.x\"]",
        "The attribute auxiliary_tenant_ids must be at most 3 tenants; these are 4.",
    ),
    (
        "client_certificate = \"./client.pfx\"",
        "The attribute client_certificate must be a PFX as base64, or PEM, which begins with -----BEGIN; for a file, set client_certificate_path.",
    ),
    (
        "oidc_request_url = \"http://x\"",
        "The attribute oidc_request_url must be a URL that begins with https://.",
    ),
    (
        "msi_endpoint = \"x\"",
        "The attribute msi_endpoint must be a URL that begins with http:// or https://.",
    ),
    (
        "environment = \"moon\"",
        "The attribute environment must be \"public\", \"usgovernment\" or \"china\"; it is \"moon\".",
    ),
    (
        "api_versions = { \"Network\" = \"2024-01-01\" }",
        "The attribute api_versions must name a namespace such as \"Microsoft.Network\"; \"Network\" is not one.",
    ),
    (
        "api_versions = { \"Microsoft.Network\" = \"latest\" }",
        "The attribute api_versions must give a version such as \"2024-04-01\" or \"2024-04-01-preview\" to \"Microsoft.Network\"; it is \"latest\".",
    ),
    (
        "subscription = \"Mine\"\nsubscription_id = \"00000000-0000-0000-0000-000000000001\"",
        "subscription and subscription_id say the same in two ways. Remove one of them.",
    ),
    (
        "client_secret = \"a\"\nclient_secret_file_path = \"b\"",
        "client_secret and client_secret_file_path say the same in two ways. Remove one of them.",
    ),
];

#[test]
fn the_block_is_checked_without_anybody_being_asked() {
    every_cli(|cli| {
        let signing = Signing::new(cli);
        signing.scene.azure.forget();
        for (arguments, detail) in WRONG {
            let error = signing.configured(arguments).scene.dir.validate().only_error();
            assert_eq!(error.detail, *detail, "{arguments}");
            let last = arguments.lines().next_back().unwrap_or_default();
            assert!(error.code.is_empty() || last.starts_with(&error.code), "{arguments}: {error:?}");
        }
        assert_eq!(signing.scene.azure.requests().len(), 0);
    });
}

#[test]
fn a_block_that_is_not_known_yet_is_asked_for_nothing() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let application = signing.application();
        let (id, secret) = (text(&application, "client_id"), text(&application, "secret"));
        let data = format!("resource \"terraform_data\" \"client\" {{\n  input = \"{id}\"\n}}\n");
        signing.scene.dir.write("client.tf", &data);
        signing
            .with(&[("ARM_TENANT_ID", Signing::TENANT), ("ARM_CLIENT_SECRET", &secret)])
            .configured("client_id = terraform_data.client.output");
        // The workspace is there, so that its refresh needs to sign in.
        let error = signing.is_refused();
        assert_eq!(
            (error.summary.as_str(), error.detail.as_str()),
            (
                "Provider Configuration Not Known Yet",
                "The provider's client_id depends on values that are known only after apply, but a resource has to be read or changed now. Apply what it depends on first, for example with -target, or set it to a known value."
            )
        );
        signing.scene.dir.apply_with(&["-target=terraform_data.client"]).succeeds();
        signing.works();
    });
}
