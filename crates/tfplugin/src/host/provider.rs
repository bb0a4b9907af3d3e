//! The host of the provider itself.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::work;
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::private::Private;
use crate::provider::DynProvider;
use crate::schema::Schema;
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// The provider as the CLIs see it.
pub struct ProviderHost {
    provider: Arc<dyn DynProvider>,
    schema: Schema,
    ty: Type,
}

impl ProviderHost {
    /// The host of a provider.
    pub fn new(provider: Arc<dyn DynProvider>) -> Self {
        let schema = provider.schema();
        Self { provider, schema, ty: schema.ty() }
    }

    /// The schema of the provider block.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The type of the provider block.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Checks a configuration.
    #[must_use]
    pub fn validate(&self, config: &Value) -> Diagnostics {
        validate::config(&self.schema, config, false, |out| self.provider.validate(config, out))
    }

    /// Configures the provider.
    pub async fn configure(&self, config: Value, stop: CancellationToken) -> Diagnostics {
        let cx = Context::new(stop, None, config.clone(), Private::default());
        let result = work::attached(Arc::clone(&self.provider).configure(cx.clone(), config)).await;
        work::finish(&cx, result).1
    }
}

impl std::fmt::Debug for ProviderHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderHost").finish_non_exhaustive()
    }
}
