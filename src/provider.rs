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
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Config {
    /// ID of the subscription of resources that name none. `ARM_SUBSCRIPTION_ID`, unless set; then the Azure CLI's.
    #[attr(optional, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// ID of the tenant to sign in to. `ARM_TENANT_ID`, unless set.
    #[attr(optional)]
    pub(crate) tenant_id: Attr<String>,

    /// ID of the application to sign in as. `ARM_CLIENT_ID`, unless set.
    #[attr(optional)]
    pub(crate) client_id: Attr<String>,

    /// A secret of the application. `ARM_CLIENT_SECRET`, unless set.
    #[attr(optional, sensitive)]
    pub(crate) client_secret: Attr<String>,

    /// Whether to sign in as whoever is signed in to the Azure CLI. `ARM_USE_CLI`, unless set; then where no application is
    /// given.
    #[attr(optional)]
    pub(crate) use_cli: Attr<bool>,

    /// The cloud: `public`, `usgovernment` or `china`. `ARM_ENVIRONMENT`, unless set; then `public`.
    #[attr(optional, validate(environment))]
    pub(crate) environment: Attr<String>,

    /// Host of a Resource Manager that describes its own cloud, in place of `environment`. `ARM_METADATA_HOST`, unless set.
    #[attr(optional)]
    pub(crate) metadata_host: Attr<String>,

    /// Tags that every resource gets, under its own.
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
