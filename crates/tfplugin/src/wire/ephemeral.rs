//! The RPCs of ephemeral resources.

use std::sync::Arc;

use jiff::Timestamp;

use super::service::Serving;
use super::{diagnostic, value};
use crate::diagnostic::Diagnostic;
use crate::host::EphemeralHost;
use crate::proto::tfplugin6 as proto;

fn find(serving: &Serving, name: &str) -> Result<Arc<EphemeralHost>, Diagnostic> {
    let found = serving.server.ephemeral_resources().get(name).cloned();
    found.ok_or_else(|| {
        let detail = format!("The provider has no ephemeral resource type {name}.");
        Diagnostic::error("Unknown Ephemeral Resource Type", detail)
    })
}

/// A point in time on the wire.
fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    let nanos = time.subsec_nanosecond();
    // The wire counts nanoseconds forwards only, also before 1970.
    let (seconds, nanos) =
        if nanos < 0 { (time.as_second() - 1, nanos + 1_000_000_000) } else { (time.as_second(), nanos) };
    prost_types::Timestamp { seconds, nanos }
}

/// Checks a configuration.
pub(crate) async fn validate(
    serving: Serving,
    request: proto::validate_ephemeral_resource_config::Request,
) -> Result<proto::validate_ephemeral_resource_config::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let config = value::decode(request.config.as_ref(), resource.ty(), "a configuration")?;
    let diagnostics = diagnostic::all_to_proto(resource.validate(&config));
    Ok(proto::validate_ephemeral_resource_config::Response { diagnostics })
}

/// Opens.
pub(crate) async fn open(
    serving: Serving,
    request: proto::open_ephemeral_resource::Request,
) -> Result<proto::open_ephemeral_resource::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let config = value::decode(request.config.as_ref(), resource.ty(), "a configuration")?;
    let opened = resource.open(config, serving.stop).await;
    Ok(proto::open_ephemeral_resource::Response {
        result: value::encode(&opened.result, resource.ty(), "a result")?,
        renew_at: opened.renew_at.map(timestamp),
        private: Some(opened.private),
        diagnostics: diagnostic::all_to_proto(opened.diagnostics),
        deferred: None,
    })
}

/// Prolongs.
pub(crate) async fn renew(
    serving: Serving,
    request: proto::renew_ephemeral_resource::Request,
) -> Result<proto::renew_ephemeral_resource::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let renewed = resource.renew(request.private(), serving.stop).await;
    Ok(proto::renew_ephemeral_resource::Response {
        renew_at: renewed.renew_at.map(timestamp),
        private: Some(renewed.private),
        diagnostics: diagnostic::all_to_proto(renewed.diagnostics),
    })
}

/// Ends.
pub(crate) async fn close(
    serving: Serving,
    request: proto::close_ephemeral_resource::Request,
) -> Result<proto::close_ephemeral_resource::Response, Diagnostic> {
    let resource = find(&serving, &request.type_name)?;
    let diagnostics = resource.close(request.private(), serving.stop).await;
    Ok(proto::close_ephemeral_resource::Response { diagnostics: diagnostic::all_to_proto(diagnostics) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_count_their_nanoseconds_forwards() {
        let time = Timestamp::new(-2, -500_000_000).unwrap_or_default();
        let expected = prost_types::Timestamp { seconds: -3, nanos: 500_000_000 };
        assert_eq!(timestamp(time), expected);
    }
}
