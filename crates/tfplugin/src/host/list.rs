//! The host of a list resource.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{ResourceHost, exit, work};
use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::list::{DynListResource, Found, Listed};
use crate::private::Private;
use crate::schema::Schema;
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// How many results wait for the CLI to take them.
const WAITING: usize = 16;

/// A list resource as the CLIs see it.
pub struct ListHost {
    list: Arc<dyn DynListResource>,
    managed: Option<Arc<ResourceHost>>,
    schema: Schema,
    ty: Type,
}

/// A query.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// The configuration.
    pub config: Value,
    /// How many results are wanted; zero or less is all there are.
    pub limit: i64,
    /// Whether all attributes are wanted, not the identity alone.
    pub include_resource: bool,
    /// Cancelled when the user interrupts.
    pub stop: CancellationToken,
}

/// One result of a query, or something to say about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListEvent {
    /// The identity. None: there is only something to say.
    pub identity: Option<Value>,
    /// What the CLI shows for it.
    pub display_name: String,
    /// All attributes, where wanted.
    pub resource: Option<Value>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// Whether a query is to go on.
enum Wanted {
    All,
    NoMore,
}

impl ListHost {
    /// The host of a list resource, beside that of the managed resource that it lists.
    pub fn new(list: Arc<dyn DynListResource>, managed: Option<Arc<ResourceHost>>) -> Self {
        let schema = list.schema();
        Self { list, managed, schema, ty: schema.ty() }
    }

    /// The resource's type, as in `list "example_thing"`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.list.type_name()
    }

    /// The schema of a query's configuration.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The type of a query's configuration.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The host of the managed resource that it lists.
    #[must_use]
    pub fn managed(&self) -> Option<&Arc<ResourceHost>> {
        self.managed.as_ref()
    }

    /// Checks a configuration.
    #[must_use]
    pub fn validate(&self, config: &Value) -> Diagnostics {
        validate::config(&self.schema, config, false, |out| self.list.validate(config, out))
    }

    /// Starts a query. Its results end with the stream; they end early when nobody takes them any more.
    #[must_use]
    pub fn list(self: &Arc<Self>, request: ListRequest) -> mpsc::Receiver<ListEvent> {
        let (events, receiver) = mpsc::channel(WAITING);
        tokio::spawn(Arc::clone(self).run(request, events).in_current_span());
        receiver
    }

    async fn run(self: Arc<Self>, request: ListRequest, events: mpsc::Sender<ListEvent>) {
        let limit = u64::try_from(request.limit).ok().filter(|limit| *limit > 0);
        let (sender, mut results) = mpsc::channel(1);
        let found = Found::new(sender, limit, request.include_resource);
        let cx = Context::new(request.stop.clone(), None, request.config.clone(), Private::default());
        let work = work::attached(Arc::clone(&self.list).list(cx.clone(), request.config.clone(), found));
        let forward = async {
            let mut sent = 0;
            while limit.is_none_or(|limit| sent < limit) {
                let result = tokio::select! {
                    result = results.recv() => result,
                    () = events.closed() => return Wanted::NoMore,
                };
                let Some(result) = result else { return Wanted::All };
                if events.send(self.event(result, request.include_resource)).await.is_err() {
                    return Wanted::NoMore;
                }
                sent += 1;
            }
            Wanted::NoMore
        };
        let (mut work, mut forward) = (pin!(work), pin!(forward));
        let result = tokio::select! {
            result = &mut work => {
                forward.await;
                result
            }
            wanted = &mut forward => match wanted {
                Wanted::All => work.await,
                // A query changes nothing, so that it may end wherever it is.
                Wanted::NoMore => Ok(()),
            },
        };
        let (_, diagnostics) = work::finish(&cx, result);
        if !diagnostics.is_empty() {
            let _ = events.send(ListEvent { diagnostics, ..ListEvent::default() }).await;
        }
    }

    fn event(&self, listed: Listed<Value>, include_resource: bool) -> ListEvent {
        let Listed { display_name, resource, mut diagnostics } = listed;
        let Some(managed) = &self.managed else {
            let text = format!("There is no managed resource {} for what is listed.", self.type_name());
            return ListEvent {
                diagnostics: Diagnostic::error("Incomplete List Result", text).into(),
                ..Default::default()
            };
        };
        let state = exit::state(&managed.schema, &managed.ty, resource);
        let identity = exit::identity(&managed.schema, &state, None);
        if identity.is_none() && !diagnostics.has_errors() {
            diagnostics
                .error("Incomplete List Result", format!("The identity of {display_name} is not complete."));
        }
        ListEvent { identity, display_name, resource: include_resource.then_some(state), diagnostics }
    }
}

impl std::fmt::Debug for ListHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListHost").field("type_name", &self.type_name()).finish_non_exhaustive()
    }
}
