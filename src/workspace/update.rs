//! Changing a workspace: as every resource, unless a key turns out to lie where the workspace cannot follow.

use tfplugin::{Diagnostics, Model, Value};

use crate::call::Call;
use crate::workspace::messages;
use crate::workspace::model::Workspace;
use crate::{check, life, view};

/// Makes the workspace what is planned.
pub(super) async fn update(
    call: &Call<Workspace>,
    prior: Workspace,
    plan: Workspace,
) -> Result<Workspace, Diagnostics> {
    refuse_other_vault(&prior.to_value(), &plan.to_value())?;
    life::update(call, prior, plan).await
}

/// A key whose URL was unknown at plan may turn out to lie in another vault, where the workspace cannot follow.
fn refuse_other_vault(prior: &Value, planned: &Value) -> Result<(), Diagnostics> {
    const KEY: &[&str] = &["customer_managed_key", "key_id"];
    let vault =
        |object| view::text(object, KEY).and_then(|url| check::key_url(url).ok()).map(|url| url.vault);
    match (vault(prior), vault(planned)) {
        (Some(old), Some(new)) if !check::same_name(old, new) => Err(messages::other_vault(old, new).into()),
        _ => Ok(()),
    }
}
