//! The host of a managed resource: validation, plans, and the requests around its life.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Capabilities, exit, work};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::plan::{self, Plan, PlanKind};
use crate::private::Private;
use crate::resource::{DynResource, ImportTarget};
use crate::schema::{IdentityPart, Schema};
use crate::ty::Type;
use crate::validate;
use crate::value::Value;

/// A managed resource as the CLIs see it.
pub struct ResourceHost {
    pub(super) resource: Arc<dyn DynResource>,
    pub(super) schema: Schema,
    pub(super) ty: Type,
    pub(super) identity_type: Type,
}

/// A request for a plan.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// The state before; null to create.
    pub prior: Value,
    /// What the CLI would do. Only whether it is null matters: to delete.
    pub proposed: Value,
    /// The configuration; null to delete.
    pub config: Value,
    /// The private state before.
    pub private: Vec<u8>,
    /// The identity before.
    pub identity: Option<Value>,
    /// What the CLI can do.
    pub capabilities: Capabilities,
}

/// A plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanResponse {
    /// The planned state; null to delete.
    pub planned: Value,
    /// Whose changes replace the resource.
    pub replace: Vec<Path>,
    /// The private state for the apply.
    pub private: Vec<u8>,
    /// The planned identity.
    pub identity: Option<Value>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// A request to apply a plan.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// The state before; null to create.
    pub prior: Value,
    /// The planned state; null to delete.
    pub planned: Value,
    /// The configuration; null to delete.
    pub config: Value,
    /// The private state of the plan.
    pub private: Vec<u8>,
    /// The planned identity.
    pub identity: Option<Value>,
    /// Cancelled when the user interrupts.
    pub stop: CancellationToken,
}

/// A request to read.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// The state before.
    pub state: Value,
    /// The private state before.
    pub private: Vec<u8>,
    /// The identity before.
    pub identity: Option<Value>,
    /// What the CLI can do.
    pub capabilities: Capabilities,
    /// Cancelled when the user interrupts.
    pub stop: CancellationToken,
}

/// A request to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// What to import.
    pub target: ImportTarget,
    /// What the CLI can do.
    pub capabilities: Capabilities,
    /// Cancelled when the user interrupts.
    pub stop: CancellationToken,
}

/// A request to take over the state of another type of resource, all as the CLI stored it.
#[derive(Debug, Clone, Default)]
pub struct MoveRequest {
    /// The address of the provider that wrote the state.
    pub source_provider: String,
    /// Its type of resource.
    pub source_type: String,
    /// The version of that type's state.
    pub source_version: i64,
    /// The state, as JSON.
    pub source_state: Vec<u8>,
    /// The private state.
    pub source_private: Vec<u8>,
    /// The identity, as JSON; empty where there is none.
    pub source_identity: Vec<u8>,
}

/// The answer to all that gives a state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateResponse {
    /// The state; null where there is nothing.
    pub state: Value,
    /// The private state.
    pub private: Vec<u8>,
    /// The identity.
    pub identity: Option<Value>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// The answer to the upgrade of an identity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IdentityResponse {
    /// The identity. None: there was none.
    pub identity: Option<Value>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// A configuration made from a state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GenerateResponse {
    /// The configuration.
    pub config: Value,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

impl ResourceHost {
    /// The host of a resource.
    pub fn new(resource: Arc<dyn DynResource>) -> Self {
        let schema = resource.schema();
        let (ty, identity_type) = (schema.ty(), schema.identity_type());
        Self { resource, schema, ty, identity_type }
    }

    /// The resource's type, as in `resource "example_thing"`.
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

    /// The type of its identity. None: it has no identity.
    #[must_use]
    pub fn identity_type(&self) -> Option<&Type> {
        self.schema.has_identity().then_some(&self.identity_type)
    }

    /// Checks a configuration.
    #[must_use]
    pub fn validate(&self, config: &Value, capabilities: Capabilities) -> Diagnostics {
        validate::config(&self.schema, config, capabilities.write_only, |out| {
            self.resource.validate(config, out)
        })
    }

    /// Makes a plan. The same request always gives the same plan.
    pub async fn plan(&self, request: PlanRequest) -> PlanResponse {
        let PlanRequest { prior, proposed, config, private, identity, capabilities: _ } = request;
        let carried = PlanResponse {
            planned: prior.clone(),
            private: private.clone(),
            identity: identity.clone(),
            ..PlanResponse::default()
        };
        let mut private = Private::decode(&private);
        let predecessor = private.take_predecessor(&self.ty);
        let mut plan = if proposed.is_null() {
            plan::deletion(config, prior, private)
        } else {
            plan::declared(&self.schema, config, prior, private)
        };
        plan.predecessor = predecessor.filter(|_| plan.kind() == PlanKind::Create);
        let before = plan.planned.clone();
        let result = work::attached(self.resource.modify_plan(&mut plan)).await;
        let mut diagnostics = std::mem::take(&mut plan.diagnostics);
        if let Err(errors) = result {
            diagnostics.extend(errors);
        }
        if diagnostics.has_errors() {
            return PlanResponse { diagnostics, ..carried };
        }
        plan::after_hook(&self.schema, &mut plan, &before);
        self.planned(plan, identity, diagnostics)
    }

    /// What the resource remembers, of what the CLI has stored.
    pub(super) fn private(&self, stored: &[u8]) -> Private {
        let mut private = Private::decode(stored);
        private.take_predecessor(&self.ty);
        private
    }

    fn planned(&self, plan: Plan, identity: Option<Value>, diagnostics: Diagnostics) -> PlanResponse {
        let identity = exit::planned_identity(&self.schema, &plan, identity);
        let mut private = plan.private.clone();
        if plan.kind() == PlanKind::Update {
            // The CLIs give it to the second half of a replacement, where nothing else has the prior state.
            private.set_predecessor(&plan.prior, &self.ty);
        }
        PlanResponse {
            planned: exit::planned(&self.schema, &self.ty, plan.planned),
            replace: if plan.prior.is_null() { Vec::new() } else { plan.replace },
            private: private.encode(),
            identity,
            diagnostics,
        }
    }

    /// Makes the configuration that a resource of this state would have.
    #[must_use]
    pub fn generate_config(&self, state: &Value) -> GenerateResponse {
        let mut config = self.schema.nulls();
        super::state::configurable(self.schema.fields, state, &mut config);
        GenerateResponse { config, diagnostics: Diagnostics::new() }
    }

    /// The identity that an import was asked for, as one of this schema.
    pub(super) fn import_identity(&self, target: &ImportTarget) -> Result<Option<Value>, Diagnostic> {
        let ImportTarget::Identity(identity) = target else { return Ok(None) };
        let missing = self.schema.identity_fields().find(|field| {
            field.identity == IdentityPart::Required
                && identity
                    .attribute(field.name)
                    .is_none_or(|value| value.is_null() || !value.is_wholly_known())
        });
        match missing {
            _ if !self.schema.has_identity() => Err(Diagnostic::error(
                "Import by Identity Not Supported",
                format!("Resources of type {} have no identity. Import it by its ID.", self.type_name()),
            )),
            Some(field) => Err(Diagnostic::error(
                "Incomplete Identity",
                format!("The identity must have a known value for {}.", field.name),
            )),
            None => Ok(Some(identity.clone())),
        }
    }
}

impl std::fmt::Debug for ResourceHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceHost").field("type_name", &self.type_name()).finish_non_exhaustive()
    }
}
