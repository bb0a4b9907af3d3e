//! Creating a workspace: as every resource, after a soft-deleted one of the name is out of the way.

use arm::{Request, ResourceId, operation};
use tfplugin::Diagnostics;

use crate::call::Call;
use crate::diagnostics;
use crate::life::Creation;
use crate::thing::Thing;
use crate::view;
use crate::workspace::model::Workspace;

/// Creates what is planned.
pub(super) async fn create(call: &Call<Workspace>, plan: Workspace) -> Result<Workspace, Diagnostics> {
    let creation = Creation::begin(call, plan).await?;
    if view::is_true(&creation.planned, &["purge_soft_deleted"]) {
        purge(call, &creation.id).await?;
    }
    creation.finish(call).await
}

/// A delete for good.
pub(super) fn purging(id: &ResourceId) -> Request {
    Request::delete(id, Workspace::API_VERSION).query("forceToPurge", "true")
}

/// Removes a soft-deleted workspace of the name for good, if there is one.
async fn purge(call: &Call<Workspace>, id: &ResourceId) -> Result<(), Diagnostics> {
    match operation::run(call.client(), purging(id), call.context()).await {
        Err(error) if !error.is_absent() => {
            Err(diagnostics::failure("Soft-Deleted Workspace Not Removed", &error).into())
        }
        _ => Ok(()),
    }
}
