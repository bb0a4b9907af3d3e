//! The environment that points ARM clients at the box.

use std::path::Path;

use crate::azure::{CLIENT_ID, TENANT_ID};
use crate::entra::directory::SUBSCRIPTIONS;

/// The variables, in the order in which they are printed.
pub fn variables(base: &str, control: &str, secret: &str, authority: &Path) -> Vec<(&'static str, String)> {
    let host = base.trim_start_matches("https://").to_owned();
    let subscription = SUBSCRIPTIONS.first().map_or("", |(id, ..)| id).to_owned();
    let authority = authority.display().to_string();
    vec![
        ("ARM_METADATA_HOST", host.clone()),
        ("ARM_METADATA_HOSTNAME", host),
        ("ARM_TENANT_ID", TENANT_ID.to_owned()),
        ("ARM_SUBSCRIPTION_ID", subscription.clone()),
        ("ARM_CLIENT_ID", CLIENT_ID.to_owned()),
        ("ARM_CLIENT_SECRET", secret.to_owned()),
        // What azapi reads instead of the metadata host.
        ("ARM_RESOURCE_MANAGER_ENDPOINT", base.to_owned()),
        ("ARM_RESOURCE_MANAGER_AUDIENCE", base.to_owned()),
        ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", base.to_owned()),
        ("ARM_DISABLE_INSTANCE_DISCOVERY", "true".to_owned()),
        ("AZURE_TENANT_ID", TENANT_ID.to_owned()),
        ("AZURE_SUBSCRIPTION_ID", subscription),
        ("AZURE_CLIENT_ID", CLIENT_ID.to_owned()),
        ("AZURE_CLIENT_SECRET", secret.to_owned()),
        ("AZURE_AUTHORITY_HOST", base.to_owned()),
        ("SSL_CERT_FILE", authority.clone()),
        ("REQUESTS_CA_BUNDLE", authority),
        ("AZUREML_EMULATOR_URL", base.to_owned()),
        ("AZUREML_EMULATOR_CONTROL", control.to_owned()),
    ]
}

/// The variables as lines for a shell.
pub fn exports(variables: &[(&'static str, String)]) -> String {
    variables
        .iter()
        .map(|(name, value)| format!("export {name}='{}'\n", value.replace('\'', "'\\''")))
        .collect()
}

/// Writes a file in one step, so that whoever waits for it never reads half of it.
pub fn write_file(path: &Path, text: &[u8]) -> std::io::Result<()> {
    crate::state_file::write_atomically(path, text)
}
