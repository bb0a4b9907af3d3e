//! The data source: what a subscription has registered of what Azure Machine Learning needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arm::ResourceId;
use arm::providers::{self, ResourceProvider};
use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Attr, Cx, DataSource, Diagnostic, Diagnostics, Model, Value};

use crate::call::Call;
use crate::diagnostics;
use crate::marks::*;
use crate::messages;
use crate::registration::features::{self, FEATURES};
use crate::registration::remedy::{self, no_such_namespace};
use crate::session::Session;

/// Which resource providers a subscription has registered, of those that Azure Machine Learning needs for some features, and
/// why it needs them.
///
/// Reading it changes nothing. What is `missing` can be registered by the commands that it gives, by the resource of the same
/// name, or by the provider's `resource_provider_registrations`.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Registrations {
    /// ID of the subscription. Defaults to the provider's.
    #[attr(optional, computed, validate(subscription_id))]
    pub(crate) subscription_id: Attr<String>,

    /// What is to be used: `workspace`, `customer_managed_key`, `managed_network`, `kubernetes` and `private_network`. Defaults
    /// to `workspace` where `namespaces` is not given either.
    #[attr(optional, validate(feature_names))]
    pub(crate) features: Attr<BTreeSet<String>>,

    /// Namespaces to look at beside those of the features.
    #[attr(optional, validate(namespaces))]
    pub(crate) namespaces: Attr<BTreeSet<String>>,

    /// What was found, by namespace as the features spell it, else as Azure does.
    #[attr(computed)]
    pub(crate) resource_providers: Attr<BTreeMap<String, Found>>,

    /// Namespaces that this cloud has and that are not registered.
    #[attr(computed)]
    pub(crate) missing: Attr<BTreeSet<String>>,

    /// Whether every namespace that this cloud has is registered.
    #[attr(computed)]
    pub(crate) all_registered: Attr<bool>,

    /// Commands of the Azure CLI that register what is missing.
    #[attr(computed)]
    pub(crate) commands: Attr<Vec<String>>,
}

/// A resource provider in a subscription.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Found {
    /// `Registered`, `Registering`, `NotRegistered`, `Unregistering` or `Unregistered`; null where the cloud does not have the
    /// namespace.
    #[attr(computed)]
    pub(crate) registration_state: Attr<String>,

    /// Whether the subscription may use it.
    #[attr(computed)]
    pub(crate) registered: Attr<bool>,

    /// Why Azure Machine Learning needs it.
    #[attr(computed)]
    pub(crate) reasons: Attr<Vec<String>>,

    /// The types of resources that are used of it, by name.
    #[attr(computed)]
    pub(crate) resource_types: Attr<BTreeMap<String, Type>>,
}

/// A type of resources.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Type {
    /// Regions that have it, by their display names.
    #[attr(computed)]
    pub(crate) locations: Attr<Vec<String>>,

    /// API versions in which it is served.
    #[attr(computed)]
    pub(crate) api_versions: Attr<Vec<String>>,
}

/// A check of names of features, of which some may not be known yet.
fn feature_names(value: &Value) -> Result<(), String> {
    let mut texts = value.elements().unwrap_or_default().iter().filter_map(Value::as_str);
    match texts.find(|text| !FEATURES.iter().any(|(feature, _)| feature == text)) {
        None => Ok(()),
        Some(text) => {
            let all: Vec<String> = FEATURES.iter().map(|(feature, _)| format!("{feature:?}")).collect();
            Err(format!("has an element that must be one of {}; it is {text:?}", all.join(", ")))
        }
    }
}

/// The data source.
#[derive(Debug)]
pub(crate) struct RegistrationSource {
    session: Arc<Session>,
}

impl RegistrationSource {
    /// The data source in a session.
    pub(crate) fn new(session: &Arc<Session>) -> Self {
        Self { session: Arc::clone(session) }
    }
}

impl DataSource for RegistrationSource {
    type Model = Registrations;
    const TYPE: &'static str = "azureml_resource_provider_registration";
    const TIMEOUTS: Option<TimeoutDefaults> = Some(TimeoutDefaults::read_minutes(5));

    async fn read(
        self: Arc<Self>,
        cx: Cx<Registrations>,
        config: Registrations,
    ) -> Result<Registrations, Diagnostics> {
        read(&Call::new(&self.session, cx).await?, config).await
    }
}

async fn read(call: &Call<Registrations>, config: Registrations) -> Result<Registrations, Diagnostics> {
    let subscription = config.subscription_id.as_str().or(call.subscription());
    let subscription = subscription.ok_or_else(messages::no_subscription)?.to_owned();
    let named = config.namespaces.known().cloned().unwrap_or_default();
    let mut features: Vec<String> = config.features.known().into_iter().flatten().cloned().collect();
    if config.features.is_null() && named.is_empty() {
        features.push(features::DEFAULT.to_owned());
    }
    let wanted = wanted(&features, &named);
    let ids = wanted.iter().map(|namespace| ResourceId::provider(&subscription, namespace));
    let ids: Vec<ResourceId> = ids
        .collect::<Result<_, _>>()
        .map_err(|error| Diagnostic::error("Invalid Name", error.to_string()))?;
    let found = providers::find_all(call.client(), &ids, call.context()).await;
    let found = found.map_err(|error| diagnostics::failure("Resource Providers Not Read", &error))?;
    let mut answer = Registrations {
        subscription_id: Attr::Known(subscription.clone()),
        features: config.features,
        namespaces: config.namespaces,
        ..Registrations::default()
    };
    let (mut all, mut missing) = (BTreeMap::new(), BTreeSet::new());
    for (namespace, provider) in wanted.iter().zip(&found) {
        let explicit = named.iter().any(|one| one.eq_ignore_ascii_case(namespace));
        let namespace = spelled(namespace, provider.as_ref());
        match provider {
            None if explicit => return Err(no_such_namespace(&namespace, "namespaces").into()),
            Some(provider) if !provider.is_registered() => {
                missing.insert(namespace.clone());
            }
            _ => {}
        }
        let described = describe(&namespace, provider.as_ref(), &features);
        all.insert(namespace, described);
    }
    answer.all_registered = Attr::Known(missing.is_empty());
    let command = |namespace: &String| remedy::command(namespace, &subscription);
    answer.commands = Attr::Known(missing.iter().map(command).collect());
    answer.missing = Attr::Known(missing);
    answer.resource_providers = Attr::Known(all);
    Ok(answer)
}

/// A namespace as the features have it, or else as Azure does, so that no casing in the configuration gives it another key.
fn spelled(namespace: &str, provider: Option<&ResourceProvider>) -> String {
    let azure = || provider.map_or(namespace, |provider| &provider.namespace);
    features::spelled(namespace).unwrap_or_else(azure).to_owned()
}

/// The namespaces of the features, and those named beside them; each once, in any casing.
fn wanted(features: &[String], named: &BTreeSet<String>) -> Vec<String> {
    let needs = FEATURES.iter().filter(|(feature, _)| features.iter().any(|one| one == feature));
    let needs = needs.flat_map(|(_, needs)| *needs).map(|need| need.namespace.to_owned());
    let mut wanted: Vec<String> = Vec::new();
    for namespace in named.iter().cloned().chain(needs) {
        if !wanted.iter().any(|one| one.eq_ignore_ascii_case(&namespace)) {
            wanted.push(namespace);
        }
    }
    wanted.sort();
    wanted
}

fn describe(namespace: &str, provider: Option<&ResourceProvider>, features: &[String]) -> Found {
    let used = features::types(namespace);
    let types = provider.map(|provider| &provider.resource_types[..]).unwrap_or_default();
    let types = types.iter().filter_map(|one| {
        let name = used.iter().find(|name| name.eq_ignore_ascii_case(&one.resource_type))?;
        let (locations, api_versions) = (one.locations.clone().into(), one.api_versions.clone().into());
        Some(((*name).to_owned(), Type { locations, api_versions }))
    });
    Found {
        registration_state: provider.map(|provider| provider.registration_state.clone()).into(),
        registered: Attr::Known(provider.is_some_and(ResourceProvider::is_registered)),
        reasons: Attr::Known(features::reasons(namespace, features)),
        resource_types: Attr::Known(types.collect()),
    }
}
