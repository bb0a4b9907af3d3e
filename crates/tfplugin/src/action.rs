//! Actions: something done on request, without state.

use std::future::{Future, ready};
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::mpsc;

use crate::context::{Context, Cx, View};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::resource::to_model;
use crate::schema::Schema;
use crate::value::Value;

/// An action.
pub trait Action: Send + Sync + 'static {
    /// What it is configured with.
    type Model: Model;
    /// Its type, as in `action "example_thing"`.
    const TYPE: &'static str;

    /// Checks the configuration across attributes. Parts may be unknown, and the provider is not configured.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Looks ahead while a plan is made. Parts of the configuration may be unknown.
    fn plan(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        config: Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (cx, config);
        ready(Ok(()))
    }

    /// Does it, and says on the way how it goes.
    fn invoke(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        config: Self::Model,
        progress: Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Where an action says how it goes.
#[derive(Debug, Clone)]
pub struct Progress(mpsc::Sender<String>);

impl Progress {
    pub(crate) fn new(sender: mpsc::Sender<String>) -> Self {
        Self(sender)
    }

    /// Tells the user. Whether somebody still listens makes no difference to what is being done.
    pub async fn say(&self, message: impl Into<String>) {
        let _ = self.0.send(message.into()).await;
    }
}

/// An action without types. Every [`Action`] is one through [`erase`].
pub trait DynAction: Send + Sync + 'static {
    /// Its type, as in `action "example_thing"`.
    fn type_name(&self) -> &str;
    /// Its schema.
    fn schema(&self) -> Schema;
    /// See [`Action::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`Action::plan`].
    fn plan(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<(), Diagnostics>>;
    /// See [`Action::invoke`].
    fn invoke(
        self: Arc<Self>,
        cx: Context,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'static, Result<(), Diagnostics>>;
}

/// A typed action without its types.
pub fn erase<A: Action>(action: A) -> Arc<dyn DynAction> {
    Arc::new(Erased(Arc::new(action)))
}

struct Erased<A>(Arc<A>);

impl<A: Action> DynAction for Erased<A> {
    fn type_name(&self) -> &str {
        A::TYPE
    }

    fn schema(&self) -> Schema {
        Schema::new(A::Model::DOC, A::Model::FIELDS)
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<A::Model>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn plan(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let action = Arc::clone(&self.0);
        Box::pin(async move { action.plan(Cx::new(cx), to_model(&config)?).await })
    }

    fn invoke(
        self: Arc<Self>,
        cx: Context,
        config: Value,
        progress: Progress,
    ) -> BoxFuture<'static, Result<(), Diagnostics>> {
        let action = Arc::clone(&self.0);
        Box::pin(async move { action.invoke(Cx::new(cx), to_model(&config)?, progress).await })
    }
}
