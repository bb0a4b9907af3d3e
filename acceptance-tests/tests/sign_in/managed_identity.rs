//! The identities of machines, apps and computes: each platform as it sets its variables, and what users read when there is no
//! token to be had.

use std::os::unix::fs::PermissionsExt as _;

use acceptance_tests::every_cli;
use serde_json::{Value, json};

use crate::signing::{Signing, text};

const STRANGER: &str = "11111111-1111-1111-1111-111111111111";
const ON: (&str, &str) = ("ARM_USE_MSI", "true");

/// Variables as a platform sets them, and the switch.
fn variables(platform: &Value) -> Vec<(String, String)> {
    let set = platform["environment"].as_object().into_iter().flatten();
    let set = set.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
    set.chain([(ON.0.to_owned(), ON.1.to_owned())]).collect()
}

/// Signs in on a platform, with more variables, or others in place of its own.
fn on<'a>(signing: &'a mut Signing, platform: &Value, more: &[(&str, &str)]) -> &'a Signing {
    let own = variables(platform);
    let mut all: Vec<_> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.retain(|(name, _)| more.iter().all(|(given, _)| given != name));
    all.extend(more);
    signing.with(&all)
}

fn refused(platform: &str, why: &str) -> String {
    format!("Cannot get a token of the managed identity from {platform}: {why}")
}

#[test]
fn each_platform_signs_in() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        for platform in ["imds", "app_service", "cloud_shell", "azure_ml"] {
            let platform = signing.identity(platform);
            on(&mut signing, &platform, &[]).works();
        }
        for platform in ["imds", "app_service", "azure_ml"] {
            let platform = signing.identity(platform);
            let id = text(&platform["user_assigned"], "client_id");
            on(&mut signing, &platform, &[("ARM_CLIENT_ID", &id)]).works();
        }
        for platform in ["imds", "app_service"] {
            let platform = signing.identity(platform);
            let of = |name| text(&platform["user_assigned"], name);
            on(&mut signing, &platform, &[("ARM_MSI_OBJECT_ID", &of("object_id"))]).works();
            on(&mut signing, &platform, &[("ARM_MSI_RESOURCE_ID", &of("resource_id"))]).works();
        }
        let endpoint = text(&signing.identity("imds"), "endpoint");
        signing.with(&[ON, ("ARM_MSI_ENDPOINT", &endpoint)]).works();
        // No proxy leads to a machine's own endpoints.
        let proxy = [ON, ("ARM_MSI_ENDPOINT", &endpoint), ("HTTP_PROXY", "http://127.0.0.1:1")];
        signing.with(&proxy).works();
    });
}

#[test]
fn an_identity_that_is_not_assigned() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let missing = format!(
            "; assign the user-assigned identity with the client ID {STRANGER} to the machine, or correct its ID."
        );
        for (part, name, said) in [
            ("imds", "the instance metadata service", "Identity not found"),
            (
                "app_service",
                "App Service",
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
            ),
            ("azure_ml", "the compute of Azure Machine Learning", "Identity not found"),
        ] {
            let platform = signing.identity(part);
            let text = refused(name, &format!("it answered with HTTP 400 ({said}){missing}"));
            on(&mut signing, &platform, &[("ARM_CLIENT_ID", STRANGER)]).is_refused_with(&text);
        }
        let shell = signing.identity("cloud_shell");
        on(&mut signing, &shell, &[("ARM_CLIENT_ID", STRANGER)]).is_refused_with(&refused(
            "Cloud Shell",
            &format!("its tokens are for the person who uses it, and not for the user-assigned identity with the client ID {STRANGER}; leave the identity's ID out."),
        ));
        let arc = signing.identity("arc");
        on(&mut signing, &arc, &[("ARM_CLIENT_ID", STRANGER)]).is_refused_with(&refused(
            "Azure Arc",
            &format!("a machine of it has its system-assigned identity alone, and not the user-assigned identity with the client ID {STRANGER}; leave the identity's ID out."),
        ));
    });
}

#[test]
fn an_endpoint_that_does_not_answer_or_not_to_this_caller() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        // Nothing listens at this port, which is reserved.
        signing.with(&[ON, ("ARM_MSI_ENDPOINT", "http://127.0.0.1:1")]).is_refused_with(&refused(
            "the instance metadata service",
            "cannot connect to 127.0.0.1:1: Connection refused (os error 111); correct msi_endpoint (ARM_MSI_ENDPOINT), or leave it out to ask the endpoint that the machine has.",
        ));
        let app = signing.identity("app_service");
        on(&mut signing, &app, &[("IDENTITY_HEADER", "another")]).is_refused_with(&refused(
            "App Service",
            "it answered with HTTP 401 (The X-IDENTITY-HEADER header is missing or wrong.)",
        ));
        let compute = signing.identity("azure_ml");
        on(&mut signing, &compute, &[("MSI_SECRET", "another")]).is_refused_with(&refused(
            "the compute of Azure Machine Learning",
            "it answered with HTTP 401 (The secret header is missing or wrong.)",
        ));
        let fabric = ("IDENTITY_SERVER_THUMBPRINT", "00AA");
        let error = on(&mut signing, &app, &[fabric]).is_refused();
        assert!(
            error.detail.ends_with(
                "the identities of Service Fabric are not supported: its endpoint shows a certificate that no authority has signed; sign in in another way."
            ),
            "{error:?}"
        );
    });
}

/// Where the agent of Azure Arc keeps its keys.
const KEYS: &str = "/var/opt/azcmagent/tokens";

/// A script with a mount namespace of its own. The agent's folder is the root user's and cannot be chosen: there, it is empty.
fn apart(script: &str) -> std::process::Command {
    let script = format!("mount -t tmpfs none /var/opt && mkdir -p {KEYS} && {script}");
    let mut command = std::process::Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    command
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_of_azure_arc_signs_in() {
    if !apart("true").output().is_ok_and(|output| output.status.success()) {
        let demanded = std::env::var_os("AZUREML_DEMAND_NAMESPACES").is_some_and(|value| !value.is_empty());
        assert!(
            !demanded,
            "AZUREML_DEMAND_NAMESPACES demands user namespaces, which this system does not have"
        );
        eprintln!("not tested: this system has no user namespaces to put Azure Arc's keys in their place");
        return;
    }
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let arc = signing.identity("arc");
        let folder = text(&arc, "key_folder");
        std::fs::create_dir_all(&folder).expect("a folder for keys");
        signing
            .scene
            .azure
            .control()
            .post("/identities/arc", &json!({"key_folder": folder, "seen_as": KEYS}));
        let provider = signing.scene.dir.path("providers/azureml/terraform-provider-azureml");
        let program = std::fs::read_link(&provider).expect("a link to the provider");
        std::fs::remove_file(&provider).expect("the link");
        let script = format!("mount --bind '{folder}' {KEYS} && exec '{}'", program.display());
        let words: Vec<_> =
            apart(&script).get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let quoted: Vec<String> =
            words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
        std::fs::write(&provider, format!("#!/bin/sh\nexec unshare {}\n", quoted.join(" "))).expect("a file");
        std::fs::set_permissions(&provider, std::fs::Permissions::from_mode(0o755)).expect("permissions");
        on(&mut signing, &arc, &[]).works();
    });
}

/// Whoever listens where the agent of Azure Arc should cannot have a file read that is not the agent's.
#[test]
fn a_key_file_that_is_not_azure_arcs() {
    every_cli(|cli| {
        let mut signing = Signing::new(cli);
        let arc = signing.identity("arc");
        let folder = text(&arc, "key_folder");
        let error = on(&mut signing, &arc, &[]).is_refused();
        assert!(
            error.detail.starts_with(&refused("Azure Arc", &format!("it names \"{folder}/")))
                && error.detail.ends_with(
                    ".key\" as its key, which was not read: its agent's keys are the files /var/opt/azcmagent/tokens/*.key; something else may listen at IDENTITY_ENDPOINT."
                ),
            "{error:?}"
        );
    });
}
