//! What the guides on signing in quote of errors is what a user sees when just that goes wrong.

use std::collections::BTreeMap;
use std::path::Path;

use acceptance_tests::{AzureCli, Emulator, Scene, every_cli};
use serde_json::{Value, json};

const TENANT: &str = "00000000-0000-0000-0000-0000000000aa";
const NOBODY: &str = "11111111-1111-1111-1111-111111111111";

/// Flat text, without the marks that a table of a page has around and within what it quotes.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page's table of what goes wrong.
fn table(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides").join(page);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (_, table) =
        text.split_once("## What goes wrong").unwrap_or_else(|| panic!("{page} has no such table"));
    flat(table)
}

/// Variables in place of the sign-in that a scene has, and what the error then says.
struct Mistake {
    page: &'static str,
    words: &'static str,
    environment: BTreeMap<&'static str, String>,
}

fn mistake(page: &'static str, words: &'static str, environment: &[(&'static str, &str)]) -> Mistake {
    let environment = environment.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Mistake { page, words, environment }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// As an application, with what proves it.
fn application<'a>(proof: &'a [(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    let mut all = vec![("ARM_TENANT_ID", TENANT), ("ARM_CLIENT_ID", "00000000-0000-0000-0000-0000000000c1")];
    all.extend(proof);
    all
}

fn secrets(azure: &Emulator) -> Vec<Mistake> {
    let page = "sign-in-client-secret.md";
    let applications = azure.identity("applications");
    let main = text(&applications, "/0/secret");
    let (blind, id) = (text(&applications, "/1/secret"), text(&applications, "/1/client_id"));
    vec![
        mistake(
            page,
            "AADSTS7000215: Invalid client secret provided.",
            &application(&[("ARM_CLIENT_SECRET", "wrong")]),
        ),
        mistake(
            page,
            "AADSTS7000222: The provided client secret keys for app",
            &application(&[("ARM_CLIENT_SECRET", &text(&applications, "/0/expired_secret"))]),
        ),
        mistake(
            page,
            "AADSTS700016: Application with identifier",
            &[("ARM_TENANT_ID", TENANT), ("ARM_CLIENT_ID", NOBODY), ("ARM_CLIENT_SECRET", &main)],
        ),
        mistake(
            page,
            "AADSTS90002: Tenant",
            &[("ARM_TENANT_ID", NOBODY), ("ARM_CLIENT_ID", NOBODY), ("ARM_CLIENT_SECRET", &main)],
        ),
        mistake(
            page,
            "To sign in with the client secret, the provider also needs:",
            &[("ARM_CLIENT_ID", NOBODY), ("ARM_CLIENT_SECRET", &main)],
        ),
        mistake(
            page,
            "does not have authorization to perform action",
            &[("ARM_TENANT_ID", TENANT), ("ARM_CLIENT_ID", &id), ("ARM_CLIENT_SECRET", &blind)],
        ),
    ]
}

fn certificates(azure: &Emulator) -> Vec<Mistake> {
    let page = "sign-in-client-certificate.md";
    let applications = azure.identity("applications");
    let path = |name: &str| text(&applications, &format!("/0/{name}/pem_path"));
    let pfx = text(&applications, "/0/certificate/pfx_path");
    vec![
        mistake(
            page,
            "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.",
            &application(&[("ARM_CLIENT_CERTIFICATE_PATH", &path("unregistered_certificate"))]),
        ),
        mistake(
            page,
            "expired at",
            &application(&[("ARM_CLIENT_CERTIFICATE_PATH", &path("expired_certificate"))]),
        ),
        mistake(
            page,
            "The client certificate cannot be used",
            &application(&[
                ("ARM_CLIENT_CERTIFICATE_PATH", &pfx),
                ("ARM_CLIENT_CERTIFICATE_PASSWORD", "wrong"),
            ]),
        ),
    ]
}

fn tokens(azure: &Emulator, folder: &Path) -> Vec<Mistake> {
    let (oidc, aks) = ("sign-in-openid-connect.md", "sign-in-aks-workload-identity.md");
    let minted = |claims: &Value| {
        text(&azure.control().post("/identities/aks/token", &json!({ "claims": claims })), "/token")
    };
    let file = |name: &str, claims: Value| {
        let path = folder.join(name);
        std::fs::write(&path, minted(&claims)).expect("a token file");
        path.display().to_string()
    };
    let on = ("ARM_USE_AKS_WORKLOAD_IDENTITY", "true");
    let (subject, issuer) = (
        file("subject", json!({"sub": "system:serviceaccount:default:default"})),
        file("issuer", json!({"iss": "https://else.example"})),
    );
    vec![
        mistake(
            oidc,
            "AADSTS7002138:",
            &application(&[(
                "ARM_OIDC_TOKEN",
                &minted(&json!({"sub": "system:serviceaccount:Infrastructure:azureml"})),
            )]),
        ),
        mistake(
            oidc,
            "it expired at",
            &application(&[("ARM_OIDC_TOKEN", &minted(&json!({"exp": 1_000_000_000})))]),
        ),
        mistake(
            oidc,
            "AADSTS700211: No matching federated identity record found for presented assertion issuer",
            &application(&[("ARM_OIDC_TOKEN_FILE_PATH", &issuer)]),
        ),
        mistake(
            aks,
            "To sign in with the AKS workload identity, the provider also needs:",
            &application(&[on]),
        ),
        mistake(
            aks,
            "AADSTS700213: No matching federated identity record found for presented assertion subject",
            &application(&[on, ("AZURE_FEDERATED_TOKEN_FILE", &subject)]),
        ),
        mistake(
            aks,
            "AADSTS700211: No matching federated identity record found for presented assertion issuer",
            &application(&[on, ("AZURE_FEDERATED_TOKEN_FILE", &issuer)]),
        ),
    ]
}

fn machines(azure: &Emulator) -> Vec<Mistake> {
    let page = "sign-in-managed-identity.md";
    let imds = azure.identity("imds");
    let service = azure.identity("app_service");
    vec![
        mistake(
            page,
            "Identity not found",
            &[
                ("ARM_USE_MSI", "true"),
                ("ARM_MSI_ENDPOINT", &text(&imds, "/endpoint")),
                ("ARM_CLIENT_ID", NOBODY),
            ],
        ),
        mistake(
            page,
            "No User Assigned or Delegated Managed Identity found",
            &[
                ("ARM_USE_MSI", "true"),
                ("IDENTITY_ENDPOINT", &text(&service, "/endpoint")),
                ("IDENTITY_HEADER", &text(&service, "/header")),
                ("ARM_CLIENT_ID", NOBODY),
            ],
        ),
    ]
}

/// Whatever signs in or names a subscription.
const SIGN_IN: &[&str] = &["ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"];

#[test]
fn errors_of_applications_and_machines_are_quoted() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        scene.workspace("");
        for name in SIGN_IN {
            scene.dir.unset_env(name);
        }
        // The search for leaked secrets reads all that lies in the scene's own folder.
        let files = tempfile::tempdir().expect("a temporary folder");
        let mut all = secrets(&scene.azure);
        all.extend(certificates(&scene.azure));
        all.extend(tokens(&scene.azure, files.path()));
        all.extend(machines(&scene.azure));
        for Mistake { page, words, environment } in all {
            assert!(table(page).contains(words), "{page} does not quote {words:?}");
            for (name, value) in &environment {
                scene.dir.set_env(name, value);
            }
            scene.dir.apply().fails().says(words);
            for name in environment.keys() {
                scene.dir.unset_env(name);
            }
        }
    });
}

#[test]
fn errors_of_the_azure_cli_are_quoted() {
    let page = "sign-in-azure-cli.md";
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        scene.workspace("");
        for name in SIGN_IN {
            scene.dir.unset_env(name);
        }
        let az = AzureCli::install(&mut scene.dir, &scene.azure);
        let fails = |scene: &Scene, words: &str| {
            let quoted =
                words.replace("Twin subscription", "My subscription").replace("Nowhere", "My subscription");
            assert!(table(page).contains(&quoted), "{page} does not quote {quoted:?}");
            scene.dir.apply().fails().says(words);
        };
        fails(&scene, "Please run 'az login' to setup account.");
        az.sign_in();
        az.expire();
        fails(&scene, "AADSTS700082: The refresh token has expired due to inactivity.");
        az.sign_in();
        scene.dir.set_env("ARM_TENANT_ID", NOBODY);
        fails(&scene, "AADSTS90002: Tenant");
        scene.dir.unset_env("ARM_TENANT_ID");
        for (name, words) in [
            ("Nowhere", "There is no subscription named \"Nowhere\" here."),
            ("Twin subscription", "There are 2 subscriptions named \"Twin subscription\":"),
        ] {
            az.sign_in_with(&[
                "00000000-0000-0000-0000-000000000004",
                "00000000-0000-0000-0000-000000000005",
            ]);
            scene.dir.unset_env("ARM_SUBSCRIPTION_ID");
            scene.dir.provider_block("azureml", &format!("  subscription = \"{name}\""));
            fails(&scene, words);
        }
        scene.dir.provider_block("azureml", "");
        scene.dir.set_env("PATH", scene.dir.path("home"));
        fails(&scene, "Cannot run the Azure CLI");
    });
}
