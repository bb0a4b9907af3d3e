//! What a user reads about a workspace beyond Azure's own words.

use arm::machine_learning::is_tombstone;
use arm::{Error, ResourceId};
use tfplugin::Diagnostic;

use crate::diagnostics;

/// What helps against a soft-deleted workspace that holds the name.
const REMEDY: &str = "Set purge_soft_deleted = true to have it removed for good before the create, with all that it still holds; or recover it in the Azure portal and import it; or choose another name; or wait until Azure removes it, 14 days after its deletion.";

/// A workspace could not be created.
pub(super) fn not_created(id: &ResourceId, error: &Error) -> Diagnostic {
    if is_tombstone(error) {
        return tombstone(id, error);
    }
    diagnostics::failure("Workspace Not Created", error)
}

fn tombstone(id: &ResourceId, error: &Error) -> Diagnostic {
    let azure = diagnostics::account(error);
    let detail = format!(
        "A soft-deleted workspace holds the name {:?} in resource group {:?}. {REMEDY}\n\n{azure}",
        id.name(),
        id.resource_group_name().unwrap_or_default()
    );
    Diagnostic::error("Soft-Deleted Workspace Exists", detail).at("name")
}

/// A plan would delete a workspace softly and then fail to create one of the same name.
pub(super) fn replaced_over_tombstone(name: &str, purge_is_new: bool) -> Diagnostic {
    let remedy = if purge_is_new {
        "purge_on_destroy = true is not applied yet, and a destroy goes by what is applied: set purge_soft_deleted = true as well, or apply purge_on_destroy alone first."
    } else {
        "Set purge_soft_deleted = true to have the old workspace removed for good, with all that it still holds, before the new one is created; or apply purge_on_destroy = true first; or choose another name."
    };
    let detail = format!(
        "This plan replaces the workspace {name:?} by one of the same name. Azure keeps a deleted workspace and its name for 14 days, so that the create would fail after the destroy. {remedy}"
    );
    Diagnostic::error("Replacement Blocked by Soft Delete", detail).at("name")
}

/// A create would overwrite what exists.
pub(super) fn exists_already(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "A workspace with this ID exists already, and creating it would overwrite its settings. To manage it here, import it, with the address of this resource:\n\nimport {{\n  to = azureml_workspace.example\n  id = \"{id}\"\n}}\n\nTo have another workspace, choose another name."
    );
    Diagnostic::error("Workspace Exists Already", detail).at("name")
}

/// No subscription is configured anywhere.
pub(super) fn no_subscription() -> Diagnostic {
    let detail =
        "Set subscription_id here or in the provider block, or ARM_SUBSCRIPTION_ID in the environment.";
    Diagnostic::error("No Subscription", detail).at("subscription_id")
}

/// The call ended before there was a way to Azure. Nothing was changed.
pub(super) fn not_connected(ended: tfplugin::Ended) -> Diagnostic {
    let detail = format!("While connecting to Azure, {ended}. Nothing was changed.");
    Diagnostic::error("Not Connected to Azure", detail)
}

/// The group whose location the workspace would take does not exist.
pub(super) fn no_group(group: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The resource group {:?} does not exist in subscription {}. Create it first, or correct its name or the subscription.",
        group.name(),
        group.subscription_id().unwrap_or_default()
    );
    Diagnostic::error("Resource Group Not Found", detail).at("resource_group_name")
}

/// The user interrupted a create that Azure had accepted.
pub(super) fn create_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure had accepted the creation and goes on with it. The state has the workspace already; the next plan or apply waits for it and reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Creation Interrupted", detail)
}

/// The user interrupted a create of which nothing can be seen.
pub(super) fn create_interrupted_early(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The creation was interrupted before Azure showed the workspace. Should it appear nevertheless, the next apply says how to import it.\n\n{id}"
    );
    Diagnostic::error("Creation Interrupted", detail)
}

/// The time for a create passed while Azure was still working.
pub(super) fn create_timed_out(id: &ResourceId, error: &Error) -> Diagnostic {
    let azure = diagnostics::account(error);
    let detail = format!(
        "Azure goes on with the creation. The state has the workspace, marked as tainted, so that the next apply would replace it. If it comes up in the meantime and you want to keep it, run \"terraform untaint\" (\"tofu untaint\") with its address; the next plan then reads what became of it.\n\n{azure}\n\n{id}"
    );
    Diagnostic::error("Workspace Not Ready in Time", detail)
}

/// Azure accepted a create and then failed; something is left.
pub(super) fn create_left_something(error: &Error) -> Diagnostic {
    let mut diagnostic = diagnostics::failure("Workspace Not Created", error);
    diagnostic.detail.push_str(
        "\n\nA failed workspace is left in Azure. The state has it, marked as tainted: the next apply deletes it before it tries again.",
    );
    diagnostic
}

/// Azure ended a create with a workspace in a state other than good.
pub(super) fn created_unusable(state: &str) -> Diagnostic {
    let detail = format!(
        "Azure's creation of the workspace ended with the state {state:?}. The state has it, marked as tainted: the next apply deletes it before it tries again."
    );
    Diagnostic::error("Workspace Not Created", detail)
}

/// What became of a create that was interrupted earlier: nothing.
pub(super) fn interrupted_and_gone(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Its creation was interrupted earlier and has left nothing in Azure. It is planned anew.\n\n{id}"
    );
    Diagnostic::warning("Workspace Was Not Created", detail)
}

/// What became of a create that was interrupted earlier: a failure.
pub(super) fn interrupted_and_failed(id: &ResourceId, state: &str) -> Diagnostic {
    let detail = format!(
        "Its creation was interrupted earlier and has since ended with the state {state:?}. To create it anew, run apply with \"-replace\" and its address, or delete it.\n\n{id}"
    );
    Diagnostic::warning("Workspace Is Not Usable", detail)
}

/// What became of a create that was interrupted earlier is not decided yet.
pub(super) fn still_creating(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Its creation was interrupted earlier, and Azure still works on it. What is shown may be incomplete until a later refresh.\n\n{id}"
    );
    Diagnostic::warning("Workspace Is Still Being Created", detail)
}

/// The last thing that Azure did to the workspace failed.
pub(super) fn failed_before(id: &ResourceId, state: &str) -> Diagnostic {
    let detail = format!(
        "Azure has the workspace in state {state:?}: the last change of it, by whomever, did not come to a good end. The next change that succeeds mends that.\n\n{id}"
    );
    Diagnostic::warning("Workspace Is in a Failed State", detail)
}

/// Something has deleted the workspace, and Azure is not done with it.
pub(super) fn still_deleting(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure still works on its deletion. A later refresh sees whether it is gone; a change would be refused until then.\n\n{id}"
    );
    Diagnostic::warning("Workspace Is Being Deleted", detail)
}

/// The user interrupted an update that Azure had accepted.
pub(super) fn update_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure had accepted the change and goes on with it. The next plan reads what became of it.\n\n{id}"
    );
    Diagnostic::warning("Update Interrupted", detail)
}

/// The user interrupted a delete that Azure had accepted.
pub(super) fn delete_interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure had accepted the deletion and goes on with it. The state has the workspace still; the next plan or apply sees whether it is gone.\n\n{id}"
    );
    Diagnostic::error("Deletion Interrupted", detail)
}

/// A key of another vault turned up at apply.
pub(super) fn other_vault(old: &str, new: &str) -> Diagnostic {
    let detail = format!(
        "The workspace can change to another key in the key vault {old:?} only, but the URL turned out to be that of a key in {new:?}. Nothing was changed. To move to another vault, change key_vault_id too, which creates a new workspace."
    );
    Diagnostic::error("Key in Another Vault", detail)
        .at(tfplugin::Path::from("customer_managed_key").attribute("key_id"))
}
