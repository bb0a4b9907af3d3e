//! The RPCs of managed resources.

use std::sync::Arc;

use super::diagnostic::{all_to_proto, path_to_proto};
use super::service::Serving;
use super::value::{decode, decode_identity, encode, encode_identity};
use crate::diagnostic::Diagnostic;
use crate::host::{
    ApplyRequest, Capabilities, ImportRequest, MoveRequest, PlanRequest, ReadRequest, ResourceHost,
};
use crate::proto::tfplugin6 as proto;
use crate::resource::ImportTarget;

fn find(serving: &Serving, name: &str) -> Result<Arc<ResourceHost>, Diagnostic> {
    let found = serving.server.resources().get(name).cloned();
    found.ok_or_else(|| {
        Diagnostic::error("Unknown Resource Type", format!("The provider has no resource type {name}."))
    })
}

/// What the CLI can do. Older ones do not say: nothing.
fn capabilities(sent: Option<proto::ClientCapabilities>) -> Capabilities {
    let sent = sent.unwrap_or_default();
    Capabilities { deferral: sent.deferral_allowed, write_only: sent.write_only_attributes_allowed }
}

/// Checks a configuration.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_resource_config::Request,
) -> Result<proto::validate_resource_config::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let config = decode(request.config.as_ref(), resource.ty(), "a configuration")?;
    let diagnostics = resource.validate(&config, capabilities(request.client_capabilities));
    Ok(proto::validate_resource_config::Response { diagnostics: all_to_proto(diagnostics) })
}

/// Plans.
pub(crate) async fn plan(
    serving: Serving,
    request: proto::plan_resource_change::Request,
) -> Result<proto::plan_resource_change::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let ty = resource.ty();
    let plan = resource.plan(PlanRequest {
        prior: decode(request.prior_state.as_ref(), ty, "a prior state")?,
        proposed: decode(request.proposed_new_state.as_ref(), ty, "a proposed state")?,
        config: decode(request.config.as_ref(), ty, "a configuration")?,
        private: request.prior_private,
        identity: decode_identity(request.prior_identity.as_ref(), resource.identity_type())?,
        capabilities: capabilities(request.client_capabilities),
    });
    let plan = tokio::select! {
        biased;
        plan = plan => plan,
        () = serving.stop.cancelled() => return Err(interrupted()),
    };
    Ok(proto::plan_resource_change::Response {
        planned_state: encode(&plan.planned, ty, "a planned state")?,
        requires_replace: plan.replace.iter().map(path_to_proto).collect(),
        planned_private: plan.private,
        diagnostics: all_to_proto(plan.diagnostics),
        planned_identity: encode_identity(plan.identity.as_ref(), resource.identity_type())?,
        ..Default::default()
    })
}

fn interrupted() -> Diagnostic {
    Diagnostic::error("Interrupted", "The plan was not finished, because the run was interrupted.")
}

/// Creates, updates or deletes.
pub(crate) async fn apply(
    serving: Serving,
    request: proto::apply_resource_change::Request,
) -> Result<proto::apply_resource_change::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let ty = resource.ty();
    let applied = resource.apply(ApplyRequest {
        prior: decode(request.prior_state.as_ref(), ty, "a prior state")?,
        planned: decode(request.planned_state.as_ref(), ty, "a planned state")?,
        config: decode(request.config.as_ref(), ty, "a configuration")?,
        private: request.planned_private,
        identity: decode_identity(request.planned_identity.as_ref(), resource.identity_type())?,
        stop: serving.stop,
    });
    let applied = applied.await;
    Ok(proto::apply_resource_change::Response {
        new_state: encode(&applied.state, ty, "a state")?,
        private: applied.private,
        diagnostics: all_to_proto(applied.diagnostics),
        new_identity: encode_identity(applied.identity.as_ref(), resource.identity_type())?,
        ..Default::default()
    })
}

/// Reads.
pub(crate) async fn read(
    serving: Serving,
    request: proto::read_resource::Request,
) -> Result<proto::read_resource::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let ty = resource.ty();
    let read = resource.read(ReadRequest {
        state: decode(request.current_state.as_ref(), ty, "a state")?,
        private: request.private,
        identity: decode_identity(request.current_identity.as_ref(), resource.identity_type())?,
        capabilities: capabilities(request.client_capabilities),
        stop: serving.stop,
    });
    let read = read.await;
    Ok(proto::read_resource::Response {
        new_state: encode(&read.state, ty, "a state")?,
        diagnostics: all_to_proto(read.diagnostics),
        private: read.private,
        new_identity: encode_identity(read.identity.as_ref(), resource.identity_type())?,
        deferred: None,
    })
}

/// Imports.
pub(crate) async fn import(
    serving: Serving,
    request: proto::import_resource_state::Request,
) -> Result<proto::import_resource_state::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let target = match decode_identity(request.identity.as_ref(), resource.identity_type())? {
        Some(identity) => ImportTarget::Identity(identity),
        None => ImportTarget::Id(request.id),
    };
    let capabilities = capabilities(request.client_capabilities);
    let found = resource.import(ImportRequest { target, capabilities, stop: serving.stop }).await;
    let mut imported_resources = Vec::new();
    if !found.state.is_null() {
        imported_resources.push(proto::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: encode(&found.state, resource.ty(), "a state")?,
            private: found.private,
            identity: encode_identity(found.identity.as_ref(), resource.identity_type())?,
        });
    }
    let diagnostics = all_to_proto(found.diagnostics);
    Ok(proto::import_resource_state::Response { imported_resources, diagnostics, deferred: None })
}

/// Brings stored state to the current schema.
pub(crate) async fn upgrade(
    serving: Serving,
    request: proto::upgrade_resource_state::Request,
) -> Result<proto::upgrade_resource_state::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let upgraded = resource.upgrade_state(request.version, &json(request.raw_state)?);
    Ok(proto::upgrade_resource_state::Response {
        upgraded_state: encode(&upgraded.state, resource.ty(), "a state")?,
        diagnostics: all_to_proto(upgraded.diagnostics),
    })
}

/// Brings a stored identity to the current schema.
pub(crate) async fn upgrade_identity(
    serving: Serving,
    request: proto::upgrade_resource_identity::Request,
) -> Result<proto::upgrade_resource_identity::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let upgraded = resource.upgrade_identity(&json(request.raw_identity)?);
    Ok(proto::upgrade_resource_identity::Response {
        upgraded_identity: encode_identity(upgraded.identity.as_ref(), resource.identity_type())?,
        diagnostics: all_to_proto(upgraded.diagnostics),
    })
}

/// Takes over the state of another type.
pub(crate) async fn move_state(
    serving: Serving,
    request: proto::move_resource_state::Request,
) -> Result<proto::move_resource_state::Response, Diagnostic> {
    let resource = find(&serving, &request.target_type_name)?;
    let moved = resource.move_state(MoveRequest {
        source_provider: request.source_provider_address,
        source_type: request.source_type_name,
        source_version: request.source_schema_version,
        source_state: json(request.source_state)?,
        source_private: request.source_private,
        source_identity: json(request.source_identity)?,
    });
    Ok(proto::move_resource_state::Response {
        target_state: encode(&moved.state, resource.ty(), "a state")?,
        diagnostics: all_to_proto(moved.diagnostics),
        target_private: moved.private,
        target_identity: encode_identity(moved.identity.as_ref(), resource.identity_type())?,
    })
}

/// Writes a configuration.
pub(crate) async fn generate_config(
    serving: Serving,
    request: proto::generate_resource_config::Request,
) -> Result<proto::generate_resource_config::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let state = decode(request.state.as_ref(), resource.ty(), "a state")?;
    let generated = resource.generate_config(&state);
    Ok(proto::generate_resource_config::Response {
        config: encode(&generated.config, resource.ty(), "a configuration")?,
        diagnostics: all_to_proto(generated.diagnostics),
    })
}

/// What was stored, as JSON.
fn json(stored: Option<proto::RawState>) -> Result<Vec<u8>, Diagnostic> {
    let stored = stored.unwrap_or_default();
    if stored.json.is_empty() && !stored.flatmap.is_empty() {
        return Err(Diagnostic::error(
            "Unreadable Resource State",
            "The state was written by Terraform 0.11 or older, in a form that is no longer read. Apply the \
             configuration with Terraform 0.12 first.",
        ));
    }
    Ok(stored.json)
}
