//! List resources: what exists already, found by a query.

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::mpsc;

use crate::context::{Context, Cx, View};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::resource::to_model;
use crate::schema::Schema;
use crate::value::Value;

/// A list resource. A managed resource of the same type, with an identity, must exist beside it.
pub trait ListResource: Send + Sync + 'static {
    /// What a query is configured with.
    type Config: Model;
    /// The managed resource that it lists, as its model.
    type Model: Model;
    /// Its type, as in `list "example_thing"`: that of the managed resource.
    const TYPE: &'static str;

    /// Checks the configuration across attributes. The provider is not configured.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Finds resources, and gives each to `found` until that wants no more.
    fn list(
        self: Arc<Self>,
        cx: Cx<Self::Config>,
        config: Self::Config,
        found: Found<Self::Model>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// One resource that a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<M> {
    /// What the CLI shows for it.
    pub display_name: String,
    /// The resource. Its identity is taken from it, so the attributes that make it up must be known.
    pub resource: M,
    /// What there is to say about it.
    pub diagnostics: Diagnostics,
}

/// Where a query's results go.
#[derive(Debug)]
pub struct Found<M> {
    sender: mpsc::Sender<Listed<Value>>,
    limit: Option<u64>,
    include_resource: bool,
    model: std::marker::PhantomData<fn(M)>,
}

impl<M> Found<M> {
    pub(crate) fn new(
        sender: mpsc::Sender<Listed<Value>>,
        limit: Option<u64>,
        include_resource: bool,
    ) -> Self {
        Self { sender, limit, include_resource, model: std::marker::PhantomData }
    }

    /// How many results are wanted at most.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Whether all attributes are wanted, not the identity alone.
    #[must_use]
    pub fn include_resource(&self) -> bool {
        self.include_resource
    }

    /// Hands a result over, an object as the model would make it. False: no more are wanted.
    pub async fn send_value(&self, result: Listed<Value>) -> bool {
        self.sender.send(result).await.is_ok()
    }
}

impl<M: Model> Found<M> {
    /// Hands a result over. False: no more are wanted.
    pub async fn send(&self, result: Listed<M>) -> bool {
        let Listed { display_name, resource, diagnostics } = result;
        self.send_value(Listed { display_name, resource: resource.to_value(), diagnostics }).await
    }
}

/// A list resource without types. Every [`ListResource`] is one through [`erase`].
pub trait DynListResource: Send + Sync + 'static {
    /// Its type, as in `list "example_thing"`.
    fn type_name(&self) -> &str;
    /// The schema of a query's configuration.
    fn schema(&self) -> Schema;
    /// See [`ListResource::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`ListResource::list`].
    fn list(
        self: Arc<Self>,
        cx: Context,
        config: Value,
        found: Found<Value>,
    ) -> BoxFuture<'static, Result<(), Diagnostics>>;
}

/// A typed list resource without its types.
pub fn erase<L: ListResource>(list: L) -> Arc<dyn DynListResource> {
    Arc::new(Erased(Arc::new(list)))
}

struct Erased<L>(Arc<L>);

impl<L: ListResource> DynListResource for Erased<L> {
    fn type_name(&self) -> &str {
        L::TYPE
    }

    fn schema(&self) -> Schema {
        Schema::new(L::Config::DOC, L::Config::FIELDS)
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<L::Config>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn list(
        self: Arc<Self>,
        cx: Context,
        config: Value,
        found: Found<Value>,
    ) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let list = Arc::clone(&self.0);
        let found = Found::new(found.sender, found.limit, found.include_resource);
        Box::pin(async move { list.list(Cx::new(cx), to_model(&config)?, found).await })
    }
}
