//! What a user reads about a workspace beyond Azure's own words.

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Path, Plan, Value};

use crate::diagnostics;
use crate::life::{Cause, DESTROYING};
use crate::view;

/// What helps against a soft-deleted workspace that holds the name.
const REMEDY: &str = "Set purge_soft_deleted = true to have it removed for good before the create, with all that it still holds; or recover it in the Azure portal and import it; or choose another name; or wait until Azure removes it, 14 days after its deletion.";

/// A soft-deleted workspace holds the name.
pub(super) fn tombstone(id: &ResourceId, error: &Error) -> Diagnostic {
    let azure = diagnostics::account(error);
    let detail = format!(
        "A soft-deleted workspace holds the name {:?} in resource group {:?}. {REMEDY}\n\n{azure}",
        id.name(),
        id.resource_group_name().unwrap_or_default()
    );
    Diagnostic::error("Soft-Deleted Workspace Exists", detail).at("name")
}

/// A plan would delete a workspace softly and then fail to create one of the same name.
pub(super) fn replaced_over_tombstone(
    plan: &Plan,
    old: &Value,
    cause: Cause,
    purge_is_new: bool,
) -> Diagnostic {
    let remedy = if purge_is_new {
        "purge_on_destroy = true is not applied yet, and a destroy goes by what is applied: set purge_soft_deleted = true as well, or apply purge_on_destroy alone first."
    } else {
        "Set purge_soft_deleted = true to have the old workspace removed for good, with all that it still holds, before the new one is created; or apply purge_on_destroy = true first; or choose another name."
    };
    let name = view::text(old, &["name"]).unwrap_or_default();
    let (because, way_out) = (cause.because(plan), cause.way_out());
    let detail = format!(
        "This plan replaces the workspace {name:?} by one of the same name, {because}. Azure keeps a deleted workspace and its name for 14 days, so that the create would fail after the destroy. {remedy}{way_out} {DESTROYING}"
    );
    let at = cause.attribute(plan).unwrap_or_else(|| Path::from("name"));
    Diagnostic::error("Replacement Blocked by Soft Delete", detail).at(at)
}

/// A key of another vault turned up at apply.
pub(super) fn other_vault(old: &str, new: &str) -> Diagnostic {
    let detail = format!(
        "The workspace can change to another key in the key vault {old:?} only, but the URL turned out to be that of a key in {new:?}. Nothing was changed. To move to another vault, change customer_managed_key.key_vault_id too, which creates a new workspace."
    );
    Diagnostic::error("Key in Another Vault", detail)
        .at(Path::from("customer_managed_key").attribute("key_id"))
}
