//! The host of an action.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::work;
use crate::action::{DynAction, Progress};
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::private::Private;
use crate::schema::Schema;
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// How many messages wait for the CLI to take them.
const WAITING: usize = 16;

/// An action as the CLIs see it.
pub struct ActionHost {
    action: Arc<dyn DynAction>,
    schema: Schema,
    ty: Type,
}

impl ActionHost {
    /// The host of an action.
    pub fn new(action: Arc<dyn DynAction>) -> Self {
        let schema = action.schema();
        Self { action, schema, ty: schema.ty() }
    }

    /// The action's type, as in `action "example_thing"`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.action.type_name()
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The type of its configuration.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Checks a configuration.
    #[must_use]
    pub fn validate(&self, config: &Value) -> Diagnostics {
        validate::config(&self.schema, config, false, |out| self.action.validate(config, out))
    }

    /// Looks ahead while a plan is made.
    pub async fn plan(&self, config: Value, stop: CancellationToken) -> Diagnostics {
        let cx = Context::new(stop, None, config.clone(), Private::default());
        let result = work::attached(Arc::clone(&self.action).plan(cx.clone(), config)).await;
        work::finish(&cx, result).1
    }

    /// Does it: the messages on the way, and the future of what there is to say in the end. Once the future has been
    /// polled, the action goes on even if both are dropped.
    pub fn invoke(
        &self,
        config: Value,
        stop: CancellationToken,
    ) -> (mpsc::Receiver<String>, impl Future<Output = Diagnostics> + Send + 'static) {
        let (sender, messages) = mpsc::channel(WAITING);
        let cx = Context::new(stop, None, config.clone(), Private::default());
        let action = Arc::clone(&self.action);
        let done = async move {
            let work = action.invoke(cx.clone(), config, Progress::new(sender));
            work::finish(&cx, work::detached(work).await).1
        };
        (messages, done)
    }
}

impl std::fmt::Debug for ActionHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActionHost").field("type_name", &self.type_name()).finish_non_exhaustive()
    }
}
