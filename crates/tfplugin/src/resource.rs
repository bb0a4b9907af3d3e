//! Managed resources: the trait that a provider implements, typed by its model, and the same without types.

use std::future::{Future, ready};
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::context::{Context, Cx, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::plan::Plan;
use crate::schema::{Schema, TimeoutDefaults};
use crate::value::Value;

/// A managed resource. Only what it is and its life's four operations must be said.
pub trait Resource: Send + Sync + 'static {
    /// Its attributes.
    type Model: Model;
    /// Its type, as in `resource "example_thing"`.
    const TYPE: &'static str;
    /// The version of its state. State of a lower one comes to [`Self::upgrade`].
    const VERSION: i64 = 0;
    /// How long its operations may take. Some: it has a `timeouts` block.
    const TIMEOUTS: Option<TimeoutDefaults> = None;
    /// Out of use, and what to use instead.
    const DEPRECATED: Option<&'static str> = None;

    /// Checks the configuration across attributes. Parts may be unknown, and the provider is not configured.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Has the last word on a plan. It must say the same each time that it is asked the same.
    fn modify_plan(&self, plan: &mut Plan) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = plan;
        ready(Ok(()))
    }

    /// Learns what the state holds, before anything is planned on it: each object as it was stored, and then as it was
    /// read. A plan says nothing of an object that is tainted, or that stands at another address; this tells of
    /// all. Parts of an old state may be missing.
    fn held(&self, state: View<'_>) {
        let _ = state;
    }

    /// Learns that what the state held is gone: a read has not found it, or it is deleted.
    fn lost(&self, state: View<'_>) {
        let _ = state;
    }

    /// Creates what is planned, and answers how it is now. Once the service has accepted it, `cx.save` it.
    fn create(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Answers how it is now. None: it is gone.
    fn read(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        state: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes what was into what is planned, and answers how it is now.
    fn update(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        prior: Self::Model,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes it. That it is gone already is no failure.
    fn delete(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        state: Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Finds what is to be imported, and answers as much of it as [`Self::read`] needs.
    fn import(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        target: ImportTarget,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        let _ = (cx, target);
        ready(Err(Diagnostic::error(
            "Import Not Supported",
            format!("Resources of type {} cannot be imported.", Self::TYPE),
        )
        .into()))
    }

    /// Brings the state of an earlier version, as JSON, into the form of the current one, as JSON. What the current
    /// schema does not know is left out by itself.
    ///
    /// # Errors
    /// When the state cannot be brought into the current form.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        let _ = version;
        Ok(state)
    }

    /// Takes over the state of another type of resource, of this provider or another. None: it is not one that can
    /// be taken over.
    ///
    /// # Errors
    /// When it is one that can be taken over, and something is wrong with it.
    fn move_state(&self, source: &MoveSource) -> Result<Option<Self::Model>, Diagnostics> {
        let _ = source;
        Ok(None)
    }
}

/// What is to be imported.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportTarget {
    /// The text behind `terraform import` or in `id` of an import block.
    Id(String),
    /// The identity of an import block: an object of the attributes that make up the resource's identity, of which
    /// the optional ones may be null.
    Identity(Value),
}

/// The state of another type of resource that is to be moved.
#[derive(Debug, Clone, PartialEq)]
pub struct MoveSource {
    /// The address of the provider that wrote it, as `registry.terraform.io/namespace/name`.
    pub provider: String,
    /// Its type of resource.
    pub type_name: String,
    /// The version of that type's state.
    pub version: i64,
    /// The state.
    pub state: serde_json::Value,
    /// The private state: bytes in the other provider's own format.
    pub private: Vec<u8>,
    /// The identity, where the CLI sent one.
    pub identity: Option<serde_json::Value>,
}

/// A managed resource without types: objects in and out. Every [`Resource`] is one through [`erase`]; the engine
/// knows no other.
pub trait DynResource: Send + Sync + 'static {
    /// Its type, as in `resource "example_thing"`.
    fn type_name(&self) -> &str;
    /// Its schema.
    fn schema(&self) -> Schema;
    /// See [`Resource::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`Resource::modify_plan`].
    fn modify_plan<'a>(&'a self, plan: &'a mut Plan) -> BoxFuture<'a, Result<(), Diagnostics>>;
    /// See [`Resource::held`].
    fn held(&self, state: &Value) {
        let _ = state;
    }
    /// See [`Resource::lost`].
    fn lost(&self, state: &Value) {
        let _ = state;
    }
    /// See [`Resource::create`].
    fn create(self: Arc<Self>, cx: Context, plan: Value) -> BoxFuture<'static, Result<Value, Diagnostics>>;
    /// See [`Resource::read`].
    fn read(
        self: Arc<Self>,
        cx: Context,
        state: Value,
    ) -> BoxFuture<'static, Result<Option<Value>, Diagnostics>>;
    /// See [`Resource::update`].
    fn update(
        self: Arc<Self>,
        cx: Context,
        prior: Value,
        plan: Value,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>>;
    /// See [`Resource::delete`].
    fn delete(self: Arc<Self>, cx: Context, state: Value) -> BoxFuture<'static, Result<(), Diagnostics>>;
    /// See [`Resource::import`].
    fn import(
        self: Arc<Self>,
        cx: Context,
        target: ImportTarget,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>>;
    /// See [`Resource::upgrade`].
    ///
    /// # Errors
    /// When the state cannot be brought into the current form.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics>;
    /// See [`Resource::move_state`].
    ///
    /// # Errors
    /// When it is one that can be taken over, and something is wrong with it.
    fn move_state(&self, source: &MoveSource) -> Result<Option<Value>, Diagnostics>;
}

/// A typed resource without its types.
pub fn erase<R: Resource>(resource: R) -> Arc<dyn DynResource> {
    erase_arc(Arc::new(resource))
}

/// A typed resource that others hold as well, without its types.
pub fn erase_arc<R: Resource>(resource: Arc<R>) -> Arc<dyn DynResource> {
    Arc::new(Erased(resource))
}

struct Erased<R>(Arc<R>);

/// Takes an object over into a model.
pub(crate) fn to_model<M: Model>(value: &Value) -> Result<M, Diagnostics> {
    M::from_value(value).map_err(|error| crate::model::unfit(&error).into())
}

impl<R: Resource> DynResource for Erased<R> {
    fn type_name(&self) -> &str {
        R::TYPE
    }

    fn schema(&self) -> Schema {
        Schema {
            version: R::VERSION,
            deprecated: R::DEPRECATED,
            timeouts: R::TIMEOUTS,
            ..Schema::new(R::Model::DOC, R::Model::FIELDS)
        }
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<R::Model>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn modify_plan<'a>(&'a self, plan: &'a mut Plan) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(self.0.modify_plan(plan))
    }

    fn held(&self, state: &Value) {
        self.0.held(View::new(state));
    }

    fn lost(&self, state: &Value) {
        self.0.lost(View::new(state));
    }

    fn create(self: Arc<Self>, cx: Context, plan: Value) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move { Ok(resource.create(Cx::new(cx), to_model(&plan)?).await?.to_value()) })
    }

    fn read(
        self: Arc<Self>,
        cx: Context,
        state: Value,
    ) -> BoxFuture<'static, Result<Option<Value>, Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move {
            Ok(resource.read(Cx::new(cx), to_model(&state)?).await?.map(|model| model.to_value()))
        })
    }

    fn update(
        self: Arc<Self>,
        cx: Context,
        prior: Value,
        plan: Value,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move {
            let (prior, plan) = (to_model(&prior)?, to_model(&plan)?);
            Ok(resource.update(Cx::new(cx), prior, plan).await?.to_value())
        })
    }

    fn delete(self: Arc<Self>, cx: Context, state: Value) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move { resource.delete(Cx::new(cx), to_model(&state)?).await })
    }

    fn import(
        self: Arc<Self>,
        cx: Context,
        target: ImportTarget,
    ) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move { Ok(resource.import(Cx::new(cx), target).await?.to_value()) })
    }

    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        self.0.upgrade(version, state)
    }

    fn move_state(&self, source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
        Ok(self.0.move_state(source)?.map(|model| model.to_value()))
    }
}
