//! Deleting a resource group: not with what others have put into it, unless that is wanted.

use arm::{ResourceId, resources};
use tfplugin::{Diagnostic, Diagnostics, Model};

use crate::call::Call;
use crate::resource_group::model::ResourceGroup;
use crate::{diagnostics, life, lists, view};

/// A message names this many resources; their number tells the rest.
const NAMED: usize = 10;

/// Deletes the group, unless it holds resources that are not to go with it.
pub(super) async fn delete(call: &Call<ResourceGroup>, state: ResourceGroup) -> Result<(), Diagnostics> {
    let object = state.to_value();
    if !view::is_true(&object, &["force_delete"]) {
        refuse_full(call, &call.id(&object)?).await?;
    }
    life::delete(call, state).await
}

async fn refuse_full(call: &Call<ResourceGroup>, id: &ResourceId) -> Result<(), Diagnostics> {
    match resources::held(call.client(), id, call.context()).await {
        Ok(held) if held.is_empty() => Ok(()),
        Ok(held) => Err(full(id, &held).into()),
        Err(error) if error.is_absent() => Ok(()),
        Err(error) if error.is_cancelled() => Err(interrupted(id).into()),
        Err(error) => Err(diagnostics::failure("Resource Group Not Deleted", &error).into()),
    }
}

/// The user interrupted the look at what the group holds.
fn interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The destroy was interrupted while Azure was asked what the resource group {:?} still holds. Nothing was deleted.\n\n{id}",
        id.name()
    );
    Diagnostic::error("Deletion Interrupted", detail)
}

/// What the group holds, and what can be done about it.
fn full(id: &ResourceId, held: &[resources::Listed]) -> Diagnostic {
    let list = lists::lines(held, NAMED, |one| one.id.clone());
    let count = match held.len() {
        1 => "one resource".to_owned(),
        many => format!("{many} resources"),
    };
    let (name, subscription) = (id.name(), id.subscription_id().unwrap_or_default());
    let detail = format!(
        "The resource group {name:?} still holds {count}, which Azure would delete with it:\n\n{list}\n\nDelete or move them first, or have them deleted with the group: set force_delete = true and apply that, then destroy. To see all of them, run \"az resource list --resource-group {name} --subscription {subscription} --output table\"."
    );
    Diagnostic::error("Resource Group Not Empty", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut() {
        let id = ResourceId::resource_group("s", "rg").unwrap();
        let held: Vec<_> = (1..=12).map(|at| resources::Listed { id: format!("/r/{at}") }).collect();
        let detail = full(&id, &held).detail;
        assert!(detail.starts_with("The resource group \"rg\" still holds 12 resources"), "{detail}");
        assert!(detail.contains("  /r/10\n  and 2 more\n\nDelete or move them"), "{detail}");
        assert!(full(&id, &held[..1]).detail.contains("still holds one resource, which"));
    }
}
