//! Ephemeral resources: opened for the length of a run, never stored.

use std::future::{Future, ready};
use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::context::{Context, Cx, View};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::resource::to_model;
use crate::schema::Schema;
use crate::value::Value;

/// An ephemeral resource. What it remembers for renewing and closing is the context's private state.
pub trait EphemeralResource: Send + Sync + 'static {
    /// Its attributes.
    type Model: Model;
    /// Its type, as in `ephemeral "example_thing"`.
    const TYPE: &'static str;
    /// Out of use, and what to use instead.
    const DEPRECATED: Option<&'static str> = None;

    /// Checks the configuration across attributes. The provider is not configured.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Answers the configuration with the results filled in, and when to renew.
    fn open(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Opened<Self::Model>, Diagnostics>> + Send;

    /// Prolongs its life. Answers when to renew again; None: never.
    fn renew(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
    ) -> impl Future<Output = Result<Option<Timestamp>, Diagnostics>> + Send {
        let _ = cx;
        ready(Ok(None))
    }

    /// Ends it. Some CLIs hand in the private state as it was when it was opened, whatever a renewal remembered.
    fn close(self: Arc<Self>, cx: Cx<Self::Model>) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        ready(Ok(()))
    }
}

/// What opening an ephemeral resource gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<M> {
    /// The configuration with the results filled in.
    pub result: M,
    /// When it must be renewed. None: it need not be.
    pub renew_at: Option<Timestamp>,
}

/// An ephemeral resource without types. Every [`EphemeralResource`] is one through [`erase`].
pub trait DynEphemeralResource: Send + Sync + 'static {
    /// Its type, as in `ephemeral "example_thing"`.
    fn type_name(&self) -> &str;
    /// Its schema.
    fn schema(&self) -> Schema;
    /// See [`EphemeralResource::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`EphemeralResource::open`].
    fn open(
        self: Arc<Self>,
        cx: Context,
        config: Value,
    ) -> BoxFuture<'static, Result<Opened<Value>, Diagnostics>>;
    /// See [`EphemeralResource::renew`].
    fn renew(self: Arc<Self>, cx: Context) -> BoxFuture<'static, Result<Option<Timestamp>, Diagnostics>>;
    /// See [`EphemeralResource::close`].
    fn close(self: Arc<Self>, cx: Context) -> BoxFuture<'static, Result<(), Diagnostics>>;
}

/// A typed ephemeral resource without its types.
pub fn erase<E: EphemeralResource>(resource: E) -> Arc<dyn DynEphemeralResource> {
    Arc::new(Erased(Arc::new(resource)))
}

struct Erased<E>(Arc<E>);

impl<E: EphemeralResource> DynEphemeralResource for Erased<E> {
    fn type_name(&self) -> &str {
        E::TYPE
    }

    fn schema(&self) -> Schema {
        Schema { deprecated: E::DEPRECATED, ..Schema::new(E::Model::DOC, E::Model::FIELDS) }
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<E::Model>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn open(
        self: Arc<Self>,
        cx: Context,
        config: Value,
    ) -> BoxFuture<'static, Result<Opened<Value>, Diagnostics>> {
        let resource = Arc::clone(&self.0);
        Box::pin(async move {
            let opened = resource.open(Cx::new(cx), to_model(&config)?).await?;
            Ok(Opened { result: opened.result.to_value(), renew_at: opened.renew_at })
        })
    }

    fn renew(self: Arc<Self>, cx: Context) -> BoxFuture<'static, Result<Option<Timestamp>, Diagnostics>> {
        Box::pin(Arc::clone(&self.0).renew(Cx::new(cx)))
    }

    fn close(self: Arc<Self>, cx: Context) -> BoxFuture<'static, Result<(), Diagnostics>> {
        Box::pin(Arc::clone(&self.0).close(Cx::new(cx)))
    }
}
