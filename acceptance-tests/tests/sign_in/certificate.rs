//! Client certificates: PEM and PFX, inline and from files, and what is said of those that cannot be used.

use acceptance_tests::every_cli;

use crate::signing::{Signing, text};

const UNUSABLE: &str = "The client certificate cannot be used:";

#[test]
fn a_certificate_signs_in_in_each_form() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let certificate = signing.application()["certificate"].clone();
        let (pem, pfx) = (text(&certificate, "pem_path"), text(&certificate, "pfx_path"));
        let password = text(&certificate, "pfx_password");
        signing.with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &pem)]).works();
        let secured =
            [("ARM_CLIENT_CERTIFICATE_PATH", pfx.as_str()), ("ARM_CLIENT_CERTIFICATE_PASSWORD", &password)];
        signing.with_application(&secured).works();
        let inline = std::fs::read_to_string(&pem).expect("the PEM");
        signing.with_application(&[("ARM_CLIENT_CERTIFICATE", &inline)]).works();
        signing
            .with_application(&[("ARM_CLIENT_CERTIFICATE_PASSWORD", &password)])
            .configured(&format!("client_certificate = filebase64(\"{pfx}\")"))
            .works();
    });
}

#[test]
fn a_certificate_that_cannot_be_used_is_not_shown_to_entra() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let application = signing.application();
        let certificate = &application["certificate"];
        let (pem, pfx) = (text(certificate, "pem_path"), text(certificate, "pfx_path"));
        let secured =
            [("ARM_CLIENT_CERTIFICATE_PATH", pfx.as_str()), ("ARM_CLIENT_CERTIFICATE_PASSWORD", "guess")];
        signing.with_application(&secured).is_refused_with(&format!("{UNUSABLE} its password is wrong."));
        signing
            .with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &pfx)])
            .is_refused_with(&format!("{UNUSABLE} it is protected by a password, and none is given."));
        let whole = std::fs::read_to_string(&pem).expect("the PEM");
        let (key, own) = whole.split_once("-----BEGIN CERTIFICATE").expect("a certificate after the key");
        let keyless = signing.file("keyless.pem", &format!("-----BEGIN CERTIFICATE{own}"));
        signing
            .with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &keyless)])
            .is_refused_with(&format!("{UNUSABLE} it holds no private key."));
        let other = text(&application["unregistered_certificate"], "pem_path");
        let other = std::fs::read_to_string(other).expect("the PEM");
        let (_, other) = other.split_once("-----BEGIN CERTIFICATE").expect("a certificate after the key");
        let mixed = signing.file("mixed.pem", &format!("{key}-----BEGIN CERTIFICATE{other}"));
        let error = signing.with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &mixed)]).is_refused();
        let start = format!("{UNUSABLE} its private key does not belong to its certificate, \"");
        assert!(error.detail.starts_with(&start), "{error:?}");
        signing
            .with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", "/nowhere/app.pfx")])
            .is_refused_with(&format!("{UNUSABLE} the file \"/nowhere/app.pfx\": there is no such file."));
        let expired = text(&application["expired_certificate"], "pem_path");
        let error = signing.with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &expired)]).is_refused();
        assert!(error.detail.contains(" expired at 20"), "{error:?}");
        assert!(error.detail.ends_with("; make a new one and upload it to the application."), "{error:?}");
        assert!(signing.scene.azure.requests().to("POST", "/token").is_empty());
    });
}

#[test]
fn a_certificate_that_entra_does_not_know() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let stranger = signing.application()["unregistered_certificate"].clone();
        let (pem, thumbprint) = (text(&stranger, "pem_path"), text(&stranger, "thumbprint"));
        let error = signing.with_application(&[("ARM_CLIENT_CERTIFICATE_PATH", &pem)]).is_refused();
        let start = "Entra ID refused the client certificate: AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.";
        assert!(error.detail.starts_with(start), "{error:?}");
        let end = format!(
            ", thumbprint {thumbprint})\n\nUpload this certificate to the application, under its certificates and secrets, or use the key that belongs to the one uploaded there."
        );
        assert!(error.detail.ends_with(&end), "{error:?}");
    });
}
