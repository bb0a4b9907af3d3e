//! The host of an ephemeral resource.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{exit, work};
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::ephemeral::DynEphemeralResource;
use crate::plan;
use crate::private::Private;
use crate::schema::Schema;
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// An ephemeral resource as the CLIs see it.
pub struct EphemeralHost {
    resource: Arc<dyn DynEphemeralResource>,
    schema: Schema,
    ty: Type,
}

/// What was opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenResponse {
    /// The configuration with the results filled in; null after an error.
    pub result: Value,
    /// When it must be renewed.
    pub renew_at: Option<Timestamp>,
    /// What it remembers.
    pub private: Vec<u8>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// What a renewal gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RenewResponse {
    /// When it must be renewed again.
    pub renew_at: Option<Timestamp>,
    /// What it remembers.
    pub private: Vec<u8>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

impl EphemeralHost {
    /// The host of an ephemeral resource.
    pub fn new(resource: Arc<dyn DynEphemeralResource>) -> Self {
        let schema = resource.schema();
        Self { resource, schema, ty: schema.ty() }
    }

    /// The resource's type, as in `ephemeral "example_thing"`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.resource.type_name()
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
        validate::config(&self.schema, config, false, |out| self.resource.validate(config, out))
    }

    /// Opens it. What was configured is in the result as it was configured.
    pub async fn open(&self, config: Value, stop: CancellationToken) -> OpenResponse {
        let cx = Context::new(stop, None, config.clone(), Private::default());
        let result = work::detached(Arc::clone(&self.resource).open(cx.clone(), config.clone())).await;
        let (opened, diagnostics) = work::finish(&cx, result);
        let private = cx.cell().private.encode();
        let Some(opened) = opened.filter(|_| !diagnostics.has_errors()) else {
            return OpenResponse { private, diagnostics, ..OpenResponse::default() };
        };
        let result = plan::as_configured(self.schema.fields, &config, &opened.result);
        let result = exit::state(&self.schema, &self.ty, result);
        OpenResponse { result, renew_at: opened.renew_at, private, diagnostics }
    }

    /// Prolongs its life.
    pub async fn renew(&self, private: &[u8], stop: CancellationToken) -> RenewResponse {
        let cx = Context::new(stop, None, Value::Null, Private::decode(private));
        let result = work::detached(Arc::clone(&self.resource).renew(cx.clone())).await;
        let (renew_at, diagnostics) = work::finish(&cx, result);
        let private = cx.cell().private.encode();
        RenewResponse { renew_at: renew_at.flatten(), private, diagnostics }
    }

    /// Ends it.
    pub async fn close(&self, private: &[u8], stop: CancellationToken) -> Diagnostics {
        let cx = Context::new(stop, None, Value::Null, Private::decode(private));
        let result = work::detached(Arc::clone(&self.resource).close(cx.clone())).await;
        work::finish(&cx, result).1
    }
}

impl std::fmt::Debug for EphemeralHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EphemeralHost").field("type_name", &self.type_name()).finish_non_exhaustive()
    }
}
