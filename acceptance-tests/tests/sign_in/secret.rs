//! Client secrets: inline, from files, and what Entra ID says of those that it refuses.

use acceptance_tests::every_cli;

use crate::signing::{Signing, text};

const VALUE_NOT_ID: &str = "Use the value of the client secret, which the portal shows once when the secret is made, and not its ID; and see that it is a secret of this application.";

#[test]
fn a_secret_signs_in_from_wherever_it_comes() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let application = signing.application();
        let (id, secret) = (text(&application, "client_id"), text(&application, "secret"));
        signing.with_application(&[("ARM_CLIENT_SECRET", &secret)]).works();
        let azure = [
            ("AZURE_TENANT_ID", Signing::TENANT),
            ("AZURE_CLIENT_ID", &id),
            ("AZURE_CLIENT_SECRET", &secret),
        ];
        signing.with(&azure).works();
        // Files may end in a newline, as those that people and secret stores write do.
        let id_file = signing.file("client-id", &format!("{id}\n"));
        let secret_file = signing.file("client-secret", &format!("{secret}\n"));
        signing
            .with(&[
                ("ARM_TENANT_ID", Signing::TENANT),
                ("ARM_CLIENT_ID_FILE_PATH", &id_file),
                ("ARM_CLIENT_SECRET_FILE_PATH", &secret_file),
            ])
            .works();
        signing
            .with(&[])
            .configured(&format!(
                "tenant_id = \"{}\"\nclient_id = \"{id}\"\nclient_secret_file_path = \"{secret_file}\"",
                Signing::TENANT
            ))
            .works();
    });
}

#[test]
fn a_secret_that_entra_refuses() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let application = signing.application();
        let id = text(&application, "client_id");
        signing.with_application(&[("ARM_CLIENT_SECRET", "not-the-secret")]).is_refused_with(&format!(
            "Entra ID refused the client secret: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{id}'.\n\n{VALUE_NOT_ID}"
        ));
        let expired = text(&application, "expired_secret");
        signing.with_application(&[("ARM_CLIENT_SECRET", &expired)]).is_refused_with(&format!(
            "Entra ID refused the client secret: AADSTS7000222: The provided client secret keys for app '{id}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.\n\nThe client secret has expired: add a new one to the application and use its value."
        ));
    });
}

#[test]
fn an_application_or_a_tenant_that_is_not_there() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let secret = text(&signing.application(), "secret");
        let stranger = "11111111-1111-1111-1111-111111111111";
        signing.with_application(&[("ARM_CLIENT_SECRET", &secret), ("ARM_CLIENT_ID", stranger)]).is_refused_with(&format!(
            "Entra ID refused the client secret: AADSTS700016: Application with identifier '{stranger}' was not found in the directory '{}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.\n\nCorrect the client ID, which is the application's ID and not that of its object, or the tenant ID: the application must be registered in the tenant or have consent there.",
            Signing::TENANT
        ));
        let error = signing
            .with_application(&[("ARM_CLIENT_SECRET", &secret), ("ARM_TENANT_ID", stranger)])
            .is_refused();
        assert!(
            error.detail.starts_with(&format!(
                "Entra ID refused the client secret: AADSTS90002: Tenant '{stranger}' not found."
            )),
            "{error:?}"
        );
        assert!(
            error
                .detail
                .ends_with("\n\nCorrect the tenant ID. A tenant of another cloud is not found either."),
            "{error:?}"
        );
    });
}
