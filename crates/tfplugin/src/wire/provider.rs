//! The RPCs about the provider as a whole.

use super::service::Serving;
use super::{diagnostic, function, schema, value};
use crate::diagnostic::Diagnostic;
use crate::proto::tfplugin6 as proto;

/// What is served beyond the base of the protocol.
fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}

/// Names of everything.
pub(crate) async fn metadata(
    serving: Serving,
    _request: proto::get_metadata::Request,
) -> Result<proto::get_metadata::Response, Diagnostic> {
    use proto::get_metadata::{
        ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata,
        ResourceMetadata, Response,
    };

    let server = &serving.server;
    Ok(Response {
        server_capabilities: Some(capabilities()),
        diagnostics: Vec::new(),
        data_sources: each(server.data_sources(), |type_name| DataSourceMetadata { type_name }),
        resources: each(server.resources(), |type_name| ResourceMetadata { type_name }),
        functions: each(server.functions(), |name| FunctionMetadata { name }),
        ephemeral_resources: each(server.ephemeral_resources(), |type_name| EphemeralMetadata { type_name }),
        list_resources: each(server.list_resources(), |type_name| ListResourceMetadata { type_name }),
        state_stores: Vec::new(),
        actions: each(server.actions(), |type_name| ActionMetadata { type_name }),
    })
}

/// The schemas of all things of one kind, by name.
macro_rules! schemas {
    ($served:expr) => {
        $served.iter().map(|(name, host)| (name.clone(), schema::to_proto(host.schema()))).collect()
    };
}

fn each<T, M>(served: &std::collections::BTreeMap<String, T>, metadata: impl Fn(String) -> M) -> Vec<M> {
    served.keys().cloned().map(metadata).collect()
}

/// All schemas. They are made here and not kept: a process is asked once.
pub(crate) async fn schema(
    serving: Serving,
    _request: proto::get_provider_schema::Request,
) -> Result<proto::get_provider_schema::Response, Diagnostic> {
    let server = &serving.server;
    Ok(proto::get_provider_schema::Response {
        provider: Some(schema::to_proto(server.provider().schema())),
        resource_schemas: schemas!(server.resources()),
        data_source_schemas: schemas!(server.data_sources()),
        server_capabilities: Some(capabilities()),
        functions: function::signatures(server),
        ephemeral_resource_schemas: schemas!(server.ephemeral_resources()),
        list_resource_schemas: schemas!(server.list_resources()),
        action_schemas: server
            .actions()
            .iter()
            .map(|(name, action)| {
                (name.clone(), proto::ActionSchema { schema: Some(schema::to_proto(action.schema())) })
            })
            .collect(),
        ..Default::default()
    })
}

/// The identities of the resources that have one. Answered even if none has: OpenTofu warns otherwise.
pub(crate) async fn identity_schemas(
    serving: Serving,
    _request: proto::get_resource_identity_schemas::Request,
) -> Result<proto::get_resource_identity_schemas::Response, Diagnostic> {
    let resources = serving.server.resources().iter();
    let identities = resources.filter(|(_, resource)| resource.schema().has_identity());
    Ok(proto::get_resource_identity_schemas::Response {
        identity_schemas: identities
            .map(|(name, resource)| (name.clone(), schema::identity_to_proto(resource.schema())))
            .collect(),
        diagnostics: Vec::new(),
    })
}

/// Checks the provider block.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_provider_config::Request,
) -> Result<proto::validate_provider_config::Response, Diagnostic> {
    let provider = serving.server.provider();
    let config = value::decode(request.config.as_ref(), provider.ty(), "a provider block")?;
    Ok(proto::validate_provider_config::Response {
        diagnostics: diagnostic::all_to_proto(provider.validate(&config)),
    })
}

/// Takes the provider block over.
pub(crate) async fn configure(
    serving: Serving,
    request: proto::configure_provider::Request,
) -> Result<proto::configure_provider::Response, Diagnostic> {
    let provider = serving.server.provider();
    let config = value::decode(request.config.as_ref(), provider.ty(), "a provider block")?;
    Ok(proto::configure_provider::Response {
        diagnostics: diagnostic::all_to_proto(provider.configure(config, serving.stop.clone()).await),
    })
}
