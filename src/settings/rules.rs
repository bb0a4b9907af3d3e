//! What may be written into the provider block, and into the variables that stand in for it.
//!
//! What they say follows the name: "must be …". Blank is unset everywhere, as a pipeline leaves a variable empty.

use arm::ResourceId;
use arm::cloud::{self, Named};
use tfplugin::{Diagnostics, Value};

use crate::{check, tags, view};

/// What is wrong with a text.
pub(super) type Check = fn(&str) -> Result<(), String>;

/// Azure accepts so many further tenants.
const AUXILIARY_TENANTS: usize = 3;

/// Checks a text unless it is blank.
fn written(value: &Value, check: Check) -> Result<(), String> {
    match value.as_str().map(str::trim) {
        None | Some("") => Ok(()),
        Some(text) => check(text),
    }
}

/// A GUID.
pub(super) fn guid(value: &Value) -> Result<(), String> {
    written(value, check::subscription_id)
}

/// A tenant.
pub(super) fn tenant(value: &Value) -> Result<(), String> {
    written(value, is_tenant)
}

/// A GUID, or a domain name.
pub(super) fn is_tenant(text: &str) -> Result<(), String> {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if check::subscription_id(text).is_ok() || text.contains('.') && text.split('.').all(label) {
        return Ok(());
    }
    Err(format!(
        "must be a GUID such as 00000000-0000-0000-0000-000000000000, or a domain name such as contoso.onmicrosoft.com; it is {text:?}"
    ))
}

/// Tenants beside the first.
pub(super) fn auxiliary_tenants(value: &Value) -> Result<(), String> {
    let texts = view::texts(value, &[]).unwrap_or_default();
    are_auxiliary_tenants(&texts)
}

/// Up to three tenants.
pub(super) fn are_auxiliary_tenants(tenants: &[&str]) -> Result<(), String> {
    if tenants.len() > AUXILIARY_TENANTS {
        return Err(format!("must be at most {AUXILIARY_TENANTS} tenants; these are {}", tenants.len()));
    }
    tenants.iter().try_for_each(|tenant| {
        is_tenant(tenant.trim()).map_err(|why| why.replace("must be", "must have for each element"))
    })
}

/// Anything.
pub(super) fn anything(_: &str) -> Result<(), String> {
    Ok(())
}

/// A certificate in the block.
pub(super) fn certificate(value: &Value) -> Result<(), String> {
    written(value, is_certificate)
}

/// PEM or base64. What it is otherwise is not said, as it may be a secret.
pub(super) fn is_certificate(text: &str) -> Result<(), String> {
    let base64 =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
    if text.contains("-----BEGIN ") || text.chars().all(base64) {
        return Ok(());
    }
    Err("must be a PFX as base64, or PEM, which begins with -----BEGIN; for a file, set client_certificate_path".to_owned())
}

/// An HTTPS URL in the block.
pub(super) fn https(value: &Value) -> Result<(), String> {
    written(value, is_https)
}

/// A URL that begins with https. It is not repeated, as its query belongs to the job.
pub(super) fn is_https(text: &str) -> Result<(), String> {
    has_scheme(text, &["https://"], "must be a URL that begins with https://")
}

/// An HTTP URL in the block.
pub(super) fn http(value: &Value) -> Result<(), String> {
    written(value, is_http)
}

/// A URL that begins with http or https, as identity endpoints are plain HTTP by nature.
pub(super) fn is_http(text: &str) -> Result<(), String> {
    has_scheme(text, &["http://", "https://"], "must be a URL that begins with http:// or https://")
}

fn has_scheme(text: &str, schemes: &[&str], rule: &str) -> Result<(), String> {
    let text = text.to_lowercase();
    let host = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with(['/', '?', '#', ':']) => Ok(()),
        _ => Err(rule.to_owned()),
    }
}

/// A user-assigned identity in the block.
pub(super) fn identity_id(value: &Value) -> Result<(), String> {
    written(value, is_identity_id)
}

/// The resource ID of a user-assigned identity.
pub(super) fn is_identity_id(text: &str) -> Result<(), String> {
    const TYPE: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
    match ResourceId::parse(text) {
        Ok(id) if id.resource_type().eq_ignore_ascii_case(TYPE) => Ok(()),
        _ => Err(format!(
            "must be the ID of a user-assigned identity, /subscriptions/<subscription>/resourceGroups/<group>/providers/{TYPE}/<name>; it is {text:?}"
        )),
    }
}

/// A cloud's name in the block.
pub(super) fn environment(value: &Value) -> Result<(), String> {
    written(value, is_environment)
}

/// A cloud's name.
pub(super) fn is_environment(text: &str) -> Result<(), String> {
    text.parse::<Named>()
        .map(drop)
        .map_err(|_| format!("must be \"public\", \"usgovernment\" or \"china\"; it is {text:?}"))
}

/// The host of a metadata document in the block.
pub(super) fn metadata_host(value: &Value) -> Result<(), String> {
    written(value, is_metadata_host)
}

/// The host of a metadata document.
pub(super) fn is_metadata_host(text: &str) -> Result<(), String> {
    cloud::check_metadata_host(text).map_err(|why| {
        format!("must be a host such as management.azurestack.example; {:?} {why}", cloud::shown(text))
    })
}

/// An endpoint in the block.
pub(super) fn endpoint(value: &Value) -> Result<(), String> {
    written(value, is_endpoint)
}

/// The endpoint of a cloud's service.
pub(super) fn is_endpoint(text: &str) -> Result<(), String> {
    cloud::check_endpoint(text).map_err(|why| {
        format!("must be a URL such as https://management.azurestack.example; {:?} {why}", cloud::shown(text))
    })
}

/// Versions by namespace.
pub(super) fn api_versions(value: &Value) -> Result<(), String> {
    let Value::Map(versions) = value else { return Ok(()) };
    for (namespace, version) in versions {
        let is_name = namespace.split('.').count() > 1
            && namespace.split('.').all(|part| !part.is_empty())
            && !namespace.contains('/');
        if !is_name {
            return Err(format!(
                "must name a namespace such as \"Microsoft.Network\"; {namespace:?} is not one"
            ));
        }
        if let Some(version) = version.as_str()
            && !is_version(version)
        {
            return Err(format!(
                "must give a version such as \"2024-04-01\" or \"2024-04-01-preview\" to {namespace:?}; it is {version:?}"
            ));
        }
    }
    Ok(())
}

fn is_version(text: &str) -> bool {
    let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let is_rest = rest.strip_prefix('-').map_or(rest.is_empty(), |word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    is_rest && date.parse::<jiff::civil::Date>().is_ok()
}

/// Tags in the block.
pub(super) fn default_tags(value: &Value) -> Result<(), String> {
    tags::check_value(value)
}

const CONFLICT: &str = "Conflicting Attributes";

/// Attributes of which the block may set one.
const EITHER: &[&[&str]] = &[
    &["subscription", "subscription_id"],
    &["client_id", "client_id_file_path"],
    &["client_secret", "client_secret_file_path"],
    &["client_certificate", "client_certificate_path"],
    &["oidc_token", "oidc_token_file_path"],
    &["msi_object_id", "msi_resource_id"],
    &["endpoints", "metadata_host"],
    &["endpoints", "environment"],
];

/// Everything that is wrong with the block as a whole.
pub(crate) fn check(config: &Value, found: &mut Diagnostics) {
    for pair in EITHER {
        let set = |name: &&&str| match view::member(config, &[name]) {
            Value::Null | Value::Unknown => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        };
        let set: Vec<&&str> = pair.iter().filter(set).collect();
        if let [first, second] = set[..] {
            let detail = format!("{first} and {second} say the same in two ways. Remove one of them.");
            found.error_at(view::path(&[second]), CONFLICT, detail);
        }
    }
}
