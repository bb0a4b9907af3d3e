//! The provider block.

use std::collections::BTreeMap;
use std::sync::Arc;

use arm::cloud::Named;
use tfplugin::{Attr, Cx, Diagnostics, Model, Provider, Value};

use crate::check;
use crate::session::Session;
use crate::settings::{Settings, Variables};
use crate::tags;

/// Manages Azure Machine Learning workspaces.
///
/// The provider signs in as a service principal with a client secret, or as whoever is signed in to the Azure CLI; the
/// guide on signing in says more. It speaks to Azure only when a resource has to be read or changed: `validate` needs
/// neither credentials nor a network.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Config {
    /// ID of the subscription of resources that name none themselves. Defaults to `ARM_SUBSCRIPTION_ID`; without it, and
    /// signed in through the Azure CLI, to the CLI's current subscription.
    #[attr(optional, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// ID of the Entra tenant to sign in to. Defaults to `ARM_TENANT_ID`.
    #[attr(optional)]
    pub(crate) tenant_id: Attr<String>,

    /// Client ID of the application to sign in as. Defaults to `ARM_CLIENT_ID`.
    #[attr(optional)]
    pub(crate) client_id: Attr<String>,

    /// Client secret of the application. Defaults to `ARM_CLIENT_SECRET`.
    #[attr(optional, sensitive)]
    pub(crate) client_secret: Attr<String>,

    /// Whether to sign in as whoever is signed in to the Azure CLI. Defaults to `ARM_USE_CLI`; without it, to `true` where
    /// neither a client ID nor a client secret is given.
    #[attr(optional)]
    pub(crate) use_cli: Attr<bool>,

    /// The Azure cloud: `public`, `usgovernment` or `china`. Defaults to `ARM_ENVIRONMENT`; without it, to `public`.
    #[attr(optional, validate(environment))]
    pub(crate) environment: Attr<String>,

    /// Host of a Resource Manager that describes its own cloud, such as `management.azurestack.example`. Takes the place of
    /// `environment`. Defaults to `ARM_METADATA_HOST`.
    #[attr(optional)]
    pub(crate) metadata_host: Attr<String>,

    /// Tags that every resource gets. A resource's own tag of the same name takes precedence.
    #[attr(optional, validate(default_tags))]
    pub(crate) default_tags: Attr<BTreeMap<String, String>>,
}

fn subscription_id(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), check::subscription_id)
}

fn environment(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    text.parse::<Named>()
        .map(drop)
        .map_err(|_| format!("must be \"public\", \"usgovernment\" or \"china\"; it is {text:?}"))
}

fn default_tags(value: &Value) -> Result<(), String> {
    tags::check_value(value)
}

/// The provider: it keeps what was configured for those who need it.
#[derive(Debug)]
pub(crate) struct AzureMl {
    session: Arc<Session>,
}

impl AzureMl {
    /// The provider of a session.
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl Provider for AzureMl {
    type Config = Config;

    async fn configure(self: Arc<Self>, cx: Cx<Config>, config: Config) -> Result<(), Diagnostics> {
        let _ = cx;
        self.session.configure(Settings {
            subscription_id: config.subscription_id,
            tenant_id: config.tenant_id,
            client_id: config.client_id,
            client_secret: config.client_secret,
            use_cli: config.use_cli,
            environment: config.environment,
            metadata_host: config.metadata_host,
            default_tags: config.default_tags,
            variables: Variables::default(),
        });
        Ok(())
    }
}
