//! The way to Azure, made once and only when something needs it.
//!
//! `validate`, and a plan whose provider block is not known yet, need no Azure: configuring the provider only keeps what
//! was configured. The first resource that asks pays for finding the cloud, signing in and making the client; all
//! others share it.

use std::sync::{Arc, PoisonError, RwLock};

use arm::cloud::{self, Cloud};
use arm::{Client, Context, Error, Failures, ResourceId, Transport};
use tfplugin::{Diagnostic, Diagnostics};
use tokio::sync::OnceCell;

use crate::diagnostics;
use crate::registration;
use crate::settings::{Place, Registrations, Settings, Subscription};
use crate::tags::Tags;

mod credentials;
mod looks;
mod plans;
mod subscription;

use credentials::Credentials;
use looks::Looks;
pub(crate) use plans::Plans;

/// How requests name this provider.
const USER_AGENT: &str = concat!("terraform-provider-azureml/", env!("CARGO_PKG_VERSION"));

/// What all resources share: the provider's configuration, and Azure behind it.
#[derive(Debug, Default)]
pub(crate) struct Session {
    configured: RwLock<Arc<Configured>>,
    plans: Plans,
}

/// One configuration with what was made from it. A process that is reattached to is configured many times.
#[derive(Debug, Default)]
struct Configured {
    settings: Settings,
    azure: OnceCell<Azure>,
    /// Of the attempts to make it: a host that is not there must not cost each resource its time anew.
    failures: Failures<Diagnostic>,
    looks: Looks,
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
        let configured = Arc::new(Configured { settings, ..Configured::default() });
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
        self.plans.begin_anew();
    }

    fn configured(&self) -> Arc<Configured> {
        self.configured.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The subscription of resources that name none, as far as it is known without asking anybody.
    pub(crate) fn known_subscription(&self) -> Option<String> {
        match self.configured().settings.subscription() {
            Ok(Some(Subscription::Id(id))) => Some(id),
            _ => None,
        }
    }

    /// Whether it is certain without asking anybody that resources have to name their subscription themselves: none is
    /// configured, and there is more to sign in with than the Azure CLI, which alone would know one.
    pub(crate) fn lacks_subscription(&self) -> bool {
        let settings = &self.configured().settings;
        matches!(settings.subscription(), Ok(None))
            && settings.sign_in().is_ok_and(|ways| !Credentials::know_a_subscription(&ways))
    }

    /// What the process has learnt while it plans.
    pub(crate) fn plans(&self) -> &Plans {
        &self.plans
    }

    /// What Azure says of the absence of this ID, looked at once for all plans.
    pub(crate) async fn absence(
        &self,
        id: &ResourceId,
        look: impl Future<Output = Option<Error>>,
    ) -> Option<Error> {
        self.configured().looks.absence(id, look).await
    }

    /// Whether resource providers are registered as Azure says that they are missing.
    pub(crate) fn registers_on_demand(&self) -> bool {
        matches!(self.configured().settings.registrations(), Ok(Registrations::OnDemand))
    }

    /// The tags that every resource gets; nothing while they are unknown.
    pub(crate) fn default_tags(&self) -> Option<Tags> {
        self.configured().settings.default_tags()
    }

    /// The way to Azure, for a call whose deadline and interrupt also end what has to be asked on the way to it.
    pub(crate) async fn azure(&self, cx: &Context) -> Result<Azure, Diagnostics> {
        let configured = self.configured();
        let arrival = configured.failures.arrive();
        let azure = configured.azure.get_or_try_init(async || match configured.failures.since(arrival) {
            Some(error) => Err(error),
            None => match connect(&configured.settings, cx).await {
                Ok(azure) => Ok(azure),
                Err(failed) => {
                    if !failed.is_callers {
                        configured.failures.note(&failed.diagnostic);
                    }
                    Err(failed.diagnostic)
                }
            },
        });
        let azure = azure.await;
        azure.cloned().map_err(Diagnostics::from)
    }
}

/// Why there is no way to Azure.
pub(crate) struct Failed {
    diagnostic: Diagnostic,
    /// Whether it failed because the call ended for which it was made: others that wait have time of their own.
    is_callers: bool,
}

impl From<Diagnostic> for Failed {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, is_callers: false }
    }
}

impl Failed {
    /// What Azure was asked on the way did not succeed.
    pub(crate) fn asking(summary: &str, error: &Error) -> Self {
        Self { diagnostic: diagnostics::failure(summary, error), is_callers: error.is_over() }
    }
}

/// Finds the cloud, chooses the credential and makes the client. Nothing is asked of Azure yet but its metadata, and the
/// subscription where it is given by name; and resource providers are registered where that is wanted of the start.
async fn connect(settings: &Settings, cx: &Context) -> Result<Azure, Failed> {
    let transport = transport(settings).await?;
    let (ways, subscription) = (settings.sign_in()?, settings.subscription()?);
    let (tenants, versions) = (settings.auxiliary_tenants()?, settings.api_versions()?);
    let registrations = settings.registrations()?;
    let cloud = find_cloud(settings, &transport).await?;
    let credentials =
        Credentials::new(ways, &cloud, &transport, subscription.as_ref(), &settings.variables).await?;
    let client = Client::builder(cloud, credentials.credential(), transport)
        .auxiliary_tenants(tenants)
        .api_versions(versions)
        .register_on_demand(registrations == Registrations::OnDemand)
        .build();
    let subscription_id = match (subscription, credentials.subscription_id) {
        (Some(Subscription::Id(id)), _) | (_, Some(id)) => Some(id),
        (Some(Subscription::Name(name)), None) => Some(subscription::find(&client, &name, cx).await?),
        (None, None) => None,
    };
    let azure = Azure { client, subscription_id };
    if registrations == Registrations::Required {
        registration::register_required(&azure, cx).await?;
    }
    Ok(azure)
}

/// The way to the network, which trusts what the settings name.
async fn transport(settings: &Settings) -> Result<Transport, Diagnostic> {
    let Some(path) = settings.ca_certificate_file()? else { return Ok(Transport::new(USER_AGENT)) };
    let refused = |why: String| {
        let detail = format!(
            "The file {path:?} of ca_certificate_file (ARM_CA_CERTIFICATE_FILE) cannot be used: {why}."
        );
        Diagnostic::error("Invalid CA Certificates", detail)
    };
    let pem = credentials::read(&path).await.map_err(refused)?;
    let builder = Transport::builder(USER_AGENT).ca_certificates(&pem);
    Ok(builder.map_err(|error| refused(error.to_string()))?.build())
}

async fn find_cloud(settings: &Settings, transport: &Transport) -> Result<Cloud, Diagnostic> {
    match settings.place()? {
        Place::MetadataHost(host) => cloud::discover(transport, &host)
            .await
            .map_err(|error| diagnostics::failure("Cloud Not Found", &error)),
        Place::Named(name) => {
            Cloud::named(name).map_err(|error| diagnostics::failure("Unknown Cloud", &error))
        }
        Place::SignedInAt(name, authority) => Cloud::named(name)
            .and_then(|cloud| cloud.with_authority(&authority))
            .map_err(|error| diagnostics::failure("Invalid Endpoints", &error)),
        Place::Endpoints { resource_manager, authority, audience } => {
            Cloud::custom("Custom", &resource_manager, &authority, audience.as_deref())
                .map_err(|error| diagnostics::failure("Invalid Endpoints", &error))
        }
    }
}

#[cfg(test)]
mod tests;
