//! The RPCs of data sources.

use std::sync::Arc;

use super::service::Serving;
use super::{diagnostic, value};
use crate::diagnostic::Diagnostic;
use crate::host::DataSourceHost;
use crate::proto::tfplugin6 as proto;

fn find(serving: &Serving, name: &str) -> Result<Arc<DataSourceHost>, Diagnostic> {
    let found = serving.server.data_sources().get(name).cloned();
    found.ok_or_else(|| {
        Diagnostic::error("Unknown Data Source Type", format!("The provider has no data source type {name}."))
    })
}

/// Checks a configuration.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_data_resource_config::Request,
) -> Result<proto::validate_data_resource_config::Response, Diagnostic> {
    let source = find(&serving, &request.type_name)?;
    let config = value::decode(request.config.as_ref(), source.ty(), "a configuration")?;
    let diagnostics = diagnostic::all_to_proto(source.validate(&config));
    Ok(proto::validate_data_resource_config::Response { diagnostics })
}

/// Reads.
pub(crate) async fn read(
    serving: Serving,
    request: proto::read_data_source::Request,
) -> Result<proto::read_data_source::Response, Diagnostic> {
    let source = find(&serving, &request.type_name)?;
    let config = value::decode(request.config.as_ref(), source.ty(), "a configuration")?;
    let read = source.read(config, serving.stop).await;
    Ok(proto::read_data_source::Response {
        state: value::encode(&read.state, source.ty(), "a state")?,
        diagnostics: diagnostic::all_to_proto(read.diagnostics),
        deferred: None,
    })
}
