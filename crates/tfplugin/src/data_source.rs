//! Data sources: what is read and never managed.

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::context::{Context, Cx, View};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::resource::to_model;
use crate::schema::{Schema, TimeoutDefaults};
use crate::value::Value;

/// A data source.
pub trait DataSource: Send + Sync + 'static {
    /// Its attributes.
    type Model: Model;
    /// Its type, as in `data "example_thing"`.
    const TYPE: &'static str;
    /// How long reading may take. Some: it has a `timeouts` block with `read`.
    const TIMEOUTS: Option<TimeoutDefaults> = None;
    /// Out of use, and what to use instead.
    const DEPRECATED: Option<&'static str> = None;

    /// Checks the configuration across attributes. Parts may be unknown, and the provider is not configured.
    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let _ = (config, out);
    }

    /// Answers the configuration with what was read filled in.
    fn read(
        self: Arc<Self>,
        cx: Cx<Self::Model>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A data source without types. Every [`DataSource`] is one through [`erase`].
pub trait DynDataSource: Send + Sync + 'static {
    /// Its type, as in `data "example_thing"`.
    fn type_name(&self) -> &str;
    /// Its schema.
    fn schema(&self) -> Schema;
    /// See [`DataSource::validate`].
    fn validate(&self, config: &Value, out: &mut Diagnostics);
    /// See [`DataSource::read`].
    fn read(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<Value, Diagnostics>>;
}

/// A typed data source without its types.
pub fn erase<D: DataSource>(source: D) -> Arc<dyn DynDataSource> {
    Arc::new(Erased(Arc::new(source)))
}

struct Erased<D>(Arc<D>);

impl<D: DataSource> DynDataSource for Erased<D> {
    fn type_name(&self) -> &str {
        D::TYPE
    }

    fn schema(&self) -> Schema {
        Schema {
            deprecated: D::DEPRECATED,
            timeouts: D::TIMEOUTS,
            ..Schema::new(D::Model::DOC, D::Model::FIELDS)
        }
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        crate::model::check::<D::Model>(config, out);
        self.0.validate(View::new(config), out);
    }

    fn read(self: Arc<Self>, cx: Context, config: Value) -> BoxFuture<'static, Result<Value, Diagnostics>> {
        let source = Arc::clone(&self.0);
        Box::pin(async move { Ok(source.read(Cx::new(cx), to_model(&config)?).await?.to_value()) })
    }
}
