//! The way to Azure, made once and only when something needs it.
//!
//! `validate`, and a plan whose provider block is not known yet, need no Azure: configuring the provider only keeps what
//! was configured. The first resource that asks pays for finding the cloud, signing in and making the client; all
//! others share it.

use std::sync::{Arc, PoisonError, RwLock};

use arm::cloud::{self, Cloud};
use arm::credential::{AzureCli, ClientSecret, TokenCredential};
use arm::{Client, Secret, Transport};
use tfplugin::{Diagnostic, Diagnostics};
use tokio::sync::OnceCell;

use crate::diagnostics;
use crate::settings::{Settings, SignIn};
use crate::tags::Tags;

/// How requests name this provider.
const USER_AGENT: &str = concat!("terraform-provider-azureml/", env!("CARGO_PKG_VERSION"));

/// What all resources share: the provider's configuration, and Azure behind it.
#[derive(Debug, Default)]
pub(crate) struct Session {
    configured: RwLock<Arc<Configured>>,
}

/// One configuration with what was made from it. A process that is reattached to is configured many times.
#[derive(Debug, Default)]
struct Configured {
    settings: Settings,
    azure: OnceCell<Azure>,
}

/// A client with what a resource needs to know of the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Azure {
    /// Sends requests.
    pub(crate) client: Client,
    /// The subscription of resources that name none.
    pub(crate) subscription_id: Option<String>,
}

impl Session {
    /// Keeps what was configured, and forgets what was made from another configuration.
    pub(crate) fn configure(&self, settings: Settings) {
        let configured = Arc::new(Configured { settings, azure: OnceCell::new() });
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
    }

    fn configured(&self) -> Arc<Configured> {
        self.configured.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The subscription of resources that name none, as far as it is known without asking anybody.
    pub(crate) fn known_subscription(&self) -> Option<String> {
        self.configured().settings.subscription_id().ok().flatten()
    }

    /// The tags that every resource gets; nothing while they are unknown.
    pub(crate) fn default_tags(&self) -> Option<Tags> {
        self.configured().settings.default_tags()
    }

    /// The way to Azure.
    pub(crate) async fn azure(&self) -> Result<Azure, Diagnostics> {
        let configured = self.configured();
        let azure = configured.azure.get_or_try_init(|| connect(&configured.settings)).await;
        azure.cloned().map_err(Diagnostics::from)
    }
}

/// Finds the cloud, chooses the credential and makes the client. Nothing but the metadata is asked for yet.
async fn connect(settings: &Settings) -> Result<Azure, Diagnostic> {
    let transport = Transport::new(USER_AGENT);
    let cloud = match settings.metadata_host()? {
        Some(host) => cloud::discover(&transport, &host)
            .await
            .map_err(|error| diagnostics::failure("Cloud Not Found", &error))?,
        None => Cloud::named(settings.environment()?)
            .map_err(|error| diagnostics::failure("Unknown Cloud", &error))?,
    };
    let mut subscription_id = settings.subscription_id()?;
    let credential: Arc<dyn TokenCredential> = match settings.sign_in()? {
        SignIn::ClientSecret { tenant_id, client_id, client_secret } => {
            let secret = Secret::new(client_secret);
            Arc::new(ClientSecret::new(&cloud, transport.clone(), &tenant_id, &client_id, secret))
        }
        SignIn::AzureCli { tenant_id } => {
            let cli = AzureCli::default();
            if subscription_id.is_none() {
                let account = cli.account().await;
                let account =
                    account.map_err(|error| diagnostics::failure("No Subscription", &error.into()))?;
                subscription_id = Some(account.subscription_id);
            }
            Arc::new(cli.with_tenant(tenant_id.as_deref()).with_subscription(subscription_id.as_deref()))
        }
    };
    let client = Client::builder(cloud, credential, transport).build();
    Ok(Azure { client, subscription_id })
}
