//! Which platform this is, by the variables that it sets.

use url::Url;

use super::{Platform, imds};
use crate::credential::{CredentialError, Secret};

/// The user's own endpoint, as users name it.
const MSI_ENDPOINT: &str = "msi_endpoint (ARM_MSI_ENDPOINT)";
/// Set by what stands in for the metadata service in a cluster.
const POD_IDENTITY: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

impl Platform {
    /// The platform that the environment tells of; without a trace of any, the instance metadata service, which sets no
    /// variables. An `endpoint` of the user's is one that speaks as the metadata service does, unless it is the one that
    /// the environment names: what proves the caller to a platform is not sent anywhere else.
    pub fn detect(
        lookup: &dyn Fn(&str) -> Option<String>,
        endpoint: Option<Url>,
    ) -> Result<Self, CredentialError> {
        let set = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        let named = match (set("IDENTITY_ENDPOINT"), set("MSI_ENDPOINT")) {
            (Some(url), _) => modern(&url, &set)?,
            (None, Some(url)) => older(&url, &set)?,
            (None, None) => None,
        };
        match (named, endpoint) {
            (Some(platform), None) => Ok(platform),
            (Some(platform), Some(endpoint)) if *platform.endpoint() == endpoint => Ok(platform),
            (_, Some(endpoint)) => {
                Ok(Self::Imds { endpoint: imds::at(endpoint), named_by: Some(MSI_ENDPOINT) })
            }
            (None, None) => match set(POD_IDENTITY) {
                Some(host) => Ok(Self::Imds {
                    endpoint: imds::at(url(POD_IDENTITY, &host, imds::NAME)?),
                    named_by: Some(POD_IDENTITY),
                }),
                None => {
                    let endpoint = imds::usual().map_err(|error| wrong(imds::NAME, error.to_string()))?;
                    Ok(Self::Imds { endpoint, named_by: None })
                }
            },
        }
    }

    fn endpoint(&self) -> &Url {
        match self {
            Self::Imds { endpoint, .. }
            | Self::AppService { endpoint, .. }
            | Self::AzureArc { endpoint }
            | Self::CloudShell { endpoint }
            | Self::AzureMl { endpoint, .. } => endpoint,
        }
    }
}

type Set<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The platforms that set `IDENTITY_ENDPOINT`.
fn modern(text: &str, set: Set<'_>) -> Result<Option<Platform>, CredentialError> {
    let url = |platform| url("IDENTITY_ENDPOINT", text, platform);
    Ok(match (set("IDENTITY_HEADER"), set("IMDS_ENDPOINT")) {
        (Some(_), _) if set("IDENTITY_SERVER_THUMBPRINT").is_some() => {
            return Err(wrong(
                "Service Fabric",
                "the identities of Service Fabric are not supported: its endpoint shows a certificate that no authority has signed; sign in in another way".to_owned(),
            ));
        }
        (Some(header), _) => Some(Platform::AppService {
            endpoint: url(super::app_service::NAME)?,
            header: Secret::new(header),
        }),
        (None, Some(_)) => Some(Platform::AzureArc { endpoint: url(super::azure_arc::NAME)? }),
        (None, None) => None,
    })
}

/// The platforms that set `MSI_ENDPOINT`.
fn older(text: &str, set: Set<'_>) -> Result<Option<Platform>, CredentialError> {
    let url = |platform| url("MSI_ENDPOINT", text, platform);
    Ok(Some(match set("MSI_SECRET") {
        Some(secret) => Platform::AzureMl {
            endpoint: url(super::azure_ml::NAME)?,
            secret: Secret::new(secret),
            default_client_id: set("DEFAULT_IDENTITY_CLIENT_ID"),
        },
        None => Platform::CloudShell { endpoint: url(super::cloud_shell::NAME)? },
    }))
}

fn url(variable: &str, text: &str, platform: &'static str) -> Result<Url, CredentialError> {
    let url = Url::parse(text.trim())
        .map_err(|error| wrong(platform, format!("{variable} is {text:?}, which is not a URL: {error}")))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(wrong(
            platform,
            format!("{variable} is {text:?}, and must be a URL that begins with http:// or https://"),
        ))
    }
}

fn wrong(platform: &'static str, message: String) -> CredentialError {
    CredentialError::ManagedIdentity { platform, message }
}
