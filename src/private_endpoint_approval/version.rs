//! The API version in which a target takes decisions about its connections.

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Diagnostics};

use super::{Approval, connection, messages};
use crate::call::Call;
use crate::{diagnostics, life, versions};

/// The version to decide about a connection.
pub(super) async fn of(call: &Call<Approval>, connection: &ResourceId) -> Result<String, Diagnostics> {
    asked(call, connection, |_, diagnostic| diagnostic).await
}

/// The version to read a connection of the state, which a plan or a destroy may do without.
pub(super) async fn to_read(call: &Call<Approval>, connection: &ResourceId) -> Result<String, Diagnostics> {
    asked(call, connection, life::or_not_believed::<Approval>).await
}

/// For types of which the version is not known it is what their resource provider says.
async fn asked(
    call: &Call<Approval>,
    connection: &ResourceId,
    told: impl Fn(&Error, Diagnostic) -> Diagnostic,
) -> Result<String, Diagnostics> {
    let target = connection.parent().unwrap_or_else(|| connection.clone());
    let kind = target.resource_type();
    if let Some(known) = versions::known(&kind).filter(|known| known.connections) {
        return Ok(known.version.to_owned());
    }
    let short = kind.split_once('/').unwrap_or_default().1;
    let types = [&format!("{short}/{}", connection::CONNECTIONS), short];
    let found = versions::asked(call.client(), &target, &types, call.context()).await;
    let found = found.map_err(|error| told(&error, diagnostics::failure(messages::NO_VERSION, &error)))?;
    found.ok_or_else(|| messages::takes_none(&kind).into())
}
