//! The host of a data source.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{exit, work};
use crate::context::Context;
use crate::data_source::DynDataSource;
use crate::diagnostic::Diagnostics;
use crate::plan;
use crate::private::Private;
use crate::schema::{Operation, Schema, TIMEOUTS};
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// A data source as the CLIs see it.
pub struct DataSourceHost {
    source: Arc<dyn DynDataSource>,
    schema: Schema,
    ty: Type,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadDataResponse {
    /// The configuration with what was read filled in; null after an error.
    pub state: Value,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

impl DataSourceHost {
    /// The host of a data source.
    pub fn new(source: Arc<dyn DynDataSource>) -> Self {
        let schema = source.schema();
        Self { source, schema, ty: schema.ty() }
    }

    /// The data source's type, as in `data "example_thing"`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.source.type_name()
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The type of all its values.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Checks a configuration.
    #[must_use]
    pub fn validate(&self, config: &Value) -> Diagnostics {
        validate::config(&self.schema, config, false, |out| self.source.validate(config, out))
    }

    /// Reads.
    pub async fn read(&self, config: Value, stop: CancellationToken) -> ReadDataResponse {
        let timeouts = self.schema.timeouts.as_ref();
        let limit = timeouts.and_then(|timeouts| timeouts.limit(Operation::Read, config.attribute(TIMEOUTS)));
        let cx = Context::new(stop, limit, config.clone(), Private::default());
        let result = work::attached(Arc::clone(&self.source).read(cx.clone(), config.clone())).await;
        let (fresh, diagnostics) = work::finish(&cx, result);
        let Some(fresh) = fresh.filter(|_| !diagnostics.has_errors()) else {
            return ReadDataResponse { diagnostics, ..ReadDataResponse::default() };
        };
        let state = plan::as_configured(self.schema.fields, &config, &fresh);
        let state = exit::with_timeouts(&self.schema, &config, state);
        ReadDataResponse { state: exit::state(&self.schema, &self.ty, state), diagnostics }
    }
}

impl std::fmt::Debug for DataSourceHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataSourceHost").field("type_name", &self.type_name()).finish_non_exhaustive()
    }
}
