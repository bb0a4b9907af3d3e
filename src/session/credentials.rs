//! From the ways to sign in to a credential. Files are read here, once, but for OIDC tokens, which are renewed.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use arm::credential::{
    AssertionSource, AzureCli, AzureDevOps, Certificate, Chain, ClientCertificate, ClientSecret,
    CredentialError, Federated, GitHubActions, ManagedIdentity, OidcToken, OidcTokenFile, Platform,
    TokenCredential, UserAssigned,
};
use arm::{Cloud, Secret, Transport};
use tfplugin::Diagnostic;
use tokio::io::AsyncReadExt as _;

use super::subscription;
use crate::diagnostics;
use crate::settings::{Application, How, Identity, Oidc, Source, Subscription, Variables, Way};

/// No file with a secret, a certificate or all authorities of the world is larger; a device has no end.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Why something cannot be used.
type Why = String;

/// A credential, with what was learned on the way to it.
pub(super) struct Credentials {
    credential: Arc<dyn TokenCredential>,
    /// The subscription that the Azure CLI works on, where it alone signs in and no ID is configured.
    pub(super) subscription_id: Option<String>,
}

impl Credentials {
    /// Whether these ways to sign in come with a subscription: the Azure CLI does, alone.
    pub(super) fn know_a_subscription(ways: &[Way]) -> bool {
        matches!(ways, [Way { how: How::AzureCli { .. }, .. }])
    }

    /// The credential of these ways. The Azure CLI, where it alone signs in, also says which subscription is meant.
    pub(super) async fn new(
        ways: Vec<Way>,
        cloud: &Cloud,
        transport: &Transport,
        subscription: Option<&Subscription>,
        variables: &Variables,
    ) -> Result<Self, Diagnostic> {
        if let [Way { how: How::AzureCli { tenant_id }, .. }] = &ways[..] {
            let (cli, subscription_id) =
                subscription::of_azure_cli(cloud, subscription, tenant_id.as_deref()).await?;
            return Ok(Self { credential: Arc::new(cli), subscription_id: Some(subscription_id) });
        }
        let maker = Maker { cloud, transport, subscription, variables };
        let mut made = Vec::new();
        for Way { name, how } in ways {
            // The list of tries and the headline name the way already.
            let known = format!("the {name} cannot be used: ");
            let credential = maker.credential(how).await;
            made.push((name, credential.map_err(|why| why.trim_start_matches(&*known).to_owned())));
        }
        // Alone, it speaks for itself.
        if let [(name, credential)] = &made[..] {
            let credential = credential.clone().map_err(|why| cannot(name, &why))?;
            return Ok(Self { credential, subscription_id: None });
        }
        let chain = Chain::new(made.into_iter().map(|(name, made)| (name.to_owned(), made)).collect());
        Ok(Self { credential: Arc::new(chain), subscription_id: None })
    }

    /// The credential.
    pub(super) fn credential(&self) -> Arc<dyn TokenCredential> {
        Arc::clone(&self.credential)
    }
}

fn cannot(name: &str, why: &str) -> Diagnostic {
    let detail = format!("The {name} cannot be used: {}.", why.trim_end_matches('.'));
    Diagnostic::error(diagnostics::UNUSABLE, detail)
}

/// What credentials are made with.
struct Maker<'a> {
    cloud: &'a Cloud,
    transport: &'a Transport,
    subscription: Option<&'a Subscription>,
    variables: &'a Variables,
}

impl Maker<'_> {
    async fn credential(&self, how: How) -> Result<Arc<dyn TokenCredential>, Why> {
        let (cloud, transport) = (self.cloud, self.transport.clone());
        Ok(match how {
            How::Certificate { application, certificate, password } => {
                let bytes = bytes(&certificate).await?;
                let certificate =
                    Certificate::read(&bytes, password.as_ref()).map_err(|error| error.to_string())?;
                let (tenant, client) = names(&application).await?;
                Arc::new(ClientCertificate::new(cloud, transport, &tenant, &client, certificate))
            }
            How::ClientSecret { application, secret } => {
                let secret = text(&secret).await?;
                let (tenant, client) = names(&application).await?;
                Arc::new(ClientSecret::new(cloud, transport, &tenant, &client, secret))
            }
            How::Oidc { application, token } => {
                let (tenant, client) = names(&application).await?;
                Arc::new(Federated::new(cloud, transport, &tenant, &client, assertions(token)))
            }
            How::ManagedIdentity { identity, endpoint } => {
                let endpoint = endpoint.map(|url| url.parse()).transpose();
                let endpoint = endpoint
                    .map_err(|error| format!("msi_endpoint (ARM_MSI_ENDPOINT) is not a URL: {error}"))?;
                let platform = Platform::detect(&|name| self.variables.get(name), endpoint);
                let platform = platform.map_err(|error| match error {
                    // That it is the managed identity which cannot be used is said already.
                    CredentialError::ManagedIdentity { message, .. } => message,
                    error => error.to_string(),
                })?;
                Arc::new(ManagedIdentity::new(transport, assigned(identity).await?, platform))
            }
            How::AzureCli { tenant_id } => {
                let subscription = match self.subscription {
                    Some(Subscription::Id(id)) => Some(id.as_str()),
                    _ => None,
                };
                Arc::new(
                    AzureCli::default()
                        .with_cloud(cloud)
                        .with_tenant(tenant_id.as_deref())
                        .with_subscription(subscription),
                )
            }
        })
    }
}

/// Which of the machine's identities.
async fn assigned(identity: Identity) -> Result<UserAssigned, Why> {
    Ok(match identity {
        Identity::System => UserAssigned::None,
        Identity::Client(id) => UserAssigned::ClientId(text(&id).await?.expose().to_owned()),
        Identity::Object(id) => UserAssigned::ObjectId(id),
        Identity::Resource(id) => UserAssigned::ResourceId(id),
    })
}

/// Where the OIDC tokens come from.
fn assertions(token: Oidc) -> Arc<dyn AssertionSource> {
    match token {
        Oidc::Token(token) => Arc::new(OidcToken(token)),
        Oidc::File(path) => Arc::new(OidcTokenFile(path)),
        Oidc::GitHubActions { url, token } => {
            Arc::new(GitHubActions { request_url: url, request_token: token, audience: None })
        }
        Oidc::AzureDevOps { url, token, service_connection_id } => {
            Arc::new(AzureDevOps { request_url: url, request_token: token, service_connection_id })
        }
    }
}

/// The tenant and the client ID of an application.
async fn names(application: &Application) -> Result<(String, String), Why> {
    let client = text(&application.client_id).await?;
    Ok((application.tenant_id.clone(), client.expose().to_owned()))
}

/// A text, where a newline at the end of its file is common.
async fn text(source: &Source) -> Result<Secret, Why> {
    let path = match source {
        Source::Text(text) => return Ok(text.clone()),
        Source::File(path) => path,
    };
    let bytes = read(path).await.map_err(|why| told(source, &why))?;
    let text = String::from_utf8(bytes).map_err(|_| told(source, "it is not text"))?;
    match text.trim() {
        "" => Err(told(source, "it is empty")),
        text => Ok(Secret::new(text)),
    }
}

async fn bytes(source: &Source) -> Result<Vec<u8>, Why> {
    match source {
        Source::Text(text) => Ok(text.expose().as_bytes().to_vec()),
        Source::File(path) => read(path).await.map_err(|why| told(source, &why)),
    }
}

/// A problem, with the file that has it.
fn told(source: &Source, why: &str) -> Why {
    match source {
        Source::Text(_) => why.to_owned(),
        Source::File(path) => format!("the file {path:?}: {why}"),
    }
}

/// The bytes of a file that the configuration names.
pub(super) async fn read(path: &Path) -> Result<Vec<u8>, Why> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).await.map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it has more than {} MiB", LARGEST / 1024 / 1024));
    }
    Ok(bytes)
}
