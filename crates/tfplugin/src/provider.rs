//! The provider itself, and the registry of all it serves.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::action::{self, Action, DynAction};
use crate::context::{Context, Cx, View};
use crate::data_source::{self, DataSource, DynDataSource};
use crate::diagnostic::Diagnostics;
use crate::ephemeral::{self, DynEphemeralResource, EphemeralResource};
use crate::function::{Function, Signature};
use crate::host::{
    ActionHost, DataSourceHost, EphemeralHost, FunctionHost, ListHost, ProviderHost, ResourceHost,
};
use crate::list::{self, DynListResource, ListResource};
use crate::model::Model;
use crate::resource::{self, DynResource, Resource, to_model};
use crate::schema::{Of, Schema, is_name, lint};
use crate::value::Value;

/// A provider: what its block is configured with, and what becomes of that. What resources need of it they hold
/// themselves, as a handle made where the server is put together.
pub trait Provider: Send + Sync + 'static {
    /// The attributes of the provider block.
    type Config: Model;

    /// Checks the configuration across attributes. Parts may be unknown.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Takes the configuration over. Parts may be unknown while a plan is made.
    fn configure(
        self: Arc<Self>,
        cx: Cx<Self::Config>,
        config: Self::Config,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// A provider without types. Every [`Provider`] is one.
pub trait DynProvider: Send + Sync + 'static {
    /// The schema of the provider block.
    fn schema(&self) -> Schema;
    /// See [`Provider::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`Provider::configure`].
    fn configure(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<(), Diagnostics>>;
}

struct Erased<P>(Arc<P>);

impl<P: Provider> DynProvider for Erased<P> {
    fn schema(&self) -> Schema {
        Schema::new(P::Config::DOC, P::Config::FIELDS)
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<P::Config>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn configure(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let provider = Arc::clone(&self.0);
        Box::pin(async move { provider.configure(Cx::new(cx), to_model(&config)?).await })
    }
}

/// All that one provider serves, by name.
pub struct Server {
    address: String,
    version: String,
    provider: ProviderHost,
    resources: BTreeMap<String, Arc<ResourceHost>>,
    data_sources: BTreeMap<String, Arc<DataSourceHost>>,
    ephemeral_resources: BTreeMap<String, Arc<EphemeralHost>>,
    list_resources: BTreeMap<String, Arc<ListHost>>,
    actions: BTreeMap<String, Arc<ActionHost>>,
    functions: BTreeMap<String, Arc<FunctionHost>>,
    /// Names given twice, for the lint.
    twice: Vec<String>,
}

impl Server {
    /// A server of the provider at this address, as `registry.terraform.io/namespace/name`, which serves nothing yet.
    pub fn new<P: Provider>(address: impl Into<String>, version: impl Into<String>, provider: P) -> Self {
        Self {
            address: address.into(),
            version: version.into(),
            provider: ProviderHost::new(Arc::new(Erased(Arc::new(provider)))),
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral_resources: BTreeMap::new(),
            list_resources: BTreeMap::new(),
            actions: BTreeMap::new(),
            functions: BTreeMap::new(),
            twice: Vec::new(),
        }
    }

    /// Serves a managed resource as well.
    #[must_use]
    pub fn resource<R: Resource>(self, resource: R) -> Self {
        self.dyn_resource(resource::erase(resource))
    }

    /// Serves a data source as well.
    #[must_use]
    pub fn data_source<D: DataSource>(self, source: D) -> Self {
        self.dyn_data_source(data_source::erase(source))
    }

    /// Serves an ephemeral resource as well.
    #[must_use]
    pub fn ephemeral<E: EphemeralResource>(self, resource: E) -> Self {
        self.dyn_ephemeral(ephemeral::erase(resource))
    }

    /// Serves a list resource as well. The managed resource that it lists comes first.
    #[must_use]
    pub fn list<L: ListResource>(self, resource: L) -> Self {
        self.dyn_list(list::erase(resource))
    }

    /// Serves an action as well.
    #[must_use]
    pub fn action<A: Action>(self, action: A) -> Self {
        self.dyn_action(action::erase(action))
    }

    /// Serves a function as well.
    #[must_use]
    pub fn function<F: Function>(mut self, function: F) -> Self {
        let host = FunctionHost::new(Arc::new(function));
        let name = host.signature().name.to_owned();
        note(
            &mut self.twice,
            "function",
            &name,
            self.functions.insert(name.clone(), Arc::new(host)).is_some(),
        );
        self
    }

    /// Serves a managed resource without types as well.
    #[must_use]
    pub fn dyn_resource(mut self, resource: Arc<dyn DynResource>) -> Self {
        let name = resource.type_name().to_owned();
        let host = Arc::new(ResourceHost::new(resource));
        note(&mut self.twice, "resource", &name, self.resources.insert(name.clone(), host).is_some());
        self
    }

    /// Serves a data source without types as well.
    #[must_use]
    pub fn dyn_data_source(mut self, source: Arc<dyn DynDataSource>) -> Self {
        let name = source.type_name().to_owned();
        let host = Arc::new(DataSourceHost::new(source));
        note(&mut self.twice, "data source", &name, self.data_sources.insert(name.clone(), host).is_some());
        self
    }

    /// Serves an ephemeral resource without types as well.
    #[must_use]
    pub fn dyn_ephemeral(mut self, resource: Arc<dyn DynEphemeralResource>) -> Self {
        let name = resource.type_name().to_owned();
        let host = Arc::new(EphemeralHost::new(resource));
        let before = self.ephemeral_resources.insert(name.clone(), host);
        note(&mut self.twice, "ephemeral resource", &name, before.is_some());
        self
    }

    /// Serves a list resource without types as well.
    #[must_use]
    pub fn dyn_list(mut self, resource: Arc<dyn DynListResource>) -> Self {
        let name = resource.type_name().to_owned();
        let managed = self.resources.get(&name).cloned();
        let host = Arc::new(ListHost::new(resource, managed));
        note(
            &mut self.twice,
            "list resource",
            &name,
            self.list_resources.insert(name.clone(), host).is_some(),
        );
        self
    }

    /// Serves an action without types as well.
    #[must_use]
    pub fn dyn_action(mut self, action: Arc<dyn DynAction>) -> Self {
        let name = action.type_name().to_owned();
        let host = Arc::new(ActionHost::new(action));
        note(&mut self.twice, "action", &name, self.actions.insert(name.clone(), host).is_some());
        self
    }

    /// The provider's address in a registry.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The provider's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The provider itself.
    #[must_use]
    pub fn provider(&self) -> &ProviderHost {
        &self.provider
    }

    /// The managed resources by type.
    #[must_use]
    pub fn resources(&self) -> &BTreeMap<String, Arc<ResourceHost>> {
        &self.resources
    }

    /// The data sources by type.
    #[must_use]
    pub fn data_sources(&self) -> &BTreeMap<String, Arc<DataSourceHost>> {
        &self.data_sources
    }

    /// The ephemeral resources by type.
    #[must_use]
    pub fn ephemeral_resources(&self) -> &BTreeMap<String, Arc<EphemeralHost>> {
        &self.ephemeral_resources
    }

    /// The list resources by type.
    #[must_use]
    pub fn list_resources(&self) -> &BTreeMap<String, Arc<ListHost>> {
        &self.list_resources
    }

    /// The actions by type.
    #[must_use]
    pub fn actions(&self) -> &BTreeMap<String, Arc<ActionHost>> {
        &self.actions
    }

    /// The functions by name.
    #[must_use]
    pub fn functions(&self) -> &BTreeMap<String, Arc<FunctionHost>> {
        &self.functions
    }

    /// What is wrong with all that is served, one sentence each. For a provider's tests: what stands here a CLI refuses,
    /// crashes on, or cannot use.
    #[must_use]
    pub fn lint(&self) -> Vec<String> {
        let mut faults = self.twice.clone();
        let prefix = format!("{}_", self.address.rsplit('/').next().unwrap_or_default());
        let mut of = |kind: Of, what: &str, name: &str, schema: &Schema| {
            let place = format!("{what} {name}");
            if kind != Of::Provider && !(is_name(name) && name.starts_with(&prefix)) {
                faults.push(format!("{place} does not have a name that begins with {prefix}"));
            }
            faults.extend(lint(&place, kind, schema));
        };
        of(Of::Provider, "provider", &self.address, self.provider.schema());
        self.resources.iter().for_each(|(name, host)| of(Of::Resource, "resource", name, host.schema()));
        self.data_sources
            .iter()
            .for_each(|(name, host)| of(Of::DataSource, "data source", name, host.schema()));
        let ephemeral = &self.ephemeral_resources;
        ephemeral
            .iter()
            .for_each(|(name, host)| of(Of::Ephemeral, "ephemeral resource", name, host.schema()));
        self.list_resources
            .iter()
            .for_each(|(name, host)| of(Of::List, "list resource", name, host.schema()));
        self.actions.iter().for_each(|(name, host)| of(Of::Action, "action", name, host.schema()));
        for (name, list) in &self.list_resources {
            if list.managed().is_none_or(|managed| managed.identity_type().is_none()) {
                faults
                    .push(format!("list resource {name} has no managed resource with an identity before it"));
            }
        }
        for host in self.functions.values() {
            lint_function(host.signature(), &mut faults);
        }
        faults
    }
}

fn lint_function(signature: &Signature, faults: &mut Vec<String>) {
    let name = signature.name;
    if !is_name(name) {
        faults.push(format!("function {name} has a name that no configuration can use"));
    }
    let mut names = BTreeSet::new();
    for parameter in signature.parameters.iter().chain(&signature.variadic) {
        if !is_name(parameter.name) || !names.insert(parameter.name) {
            faults.push(format!(
                "function {name} has a parameter {} that is twice there or no name",
                parameter.name
            ));
        }
    }
}

fn note(twice: &mut Vec<String>, kind: &str, name: &str, already: bool) {
    if already {
        twice.push(format!("{kind} {name} is registered twice"));
    }
}
