//! The API version in which a target takes decisions about its connections.

use arm::ResourceId;
use tfplugin::Diagnostics;

use super::{Approval, connection, messages};
use crate::call::Call;
use crate::{diagnostics, versions};

/// The version for a connection. For types of which it is not known it is what their resource provider says.
pub(super) async fn of(call: &Call<Approval>, connection: &ResourceId) -> Result<String, Diagnostics> {
    let target = connection.parent().unwrap_or_else(|| connection.clone());
    let kind = target.resource_type();
    if let Some(known) = versions::known(&kind).filter(|known| known.connections) {
        return Ok(known.version.to_owned());
    }
    let short = kind.split_once('/').unwrap_or_default().1;
    let types = [&format!("{short}/{}", connection::CONNECTIONS), short];
    let found = versions::asked(call.client(), &target, &types, call.context()).await;
    let found = found.map_err(|error| diagnostics::failure(messages::NO_VERSION, &error))?;
    found.ok_or_else(|| messages::takes_none(&kind).into())
}
