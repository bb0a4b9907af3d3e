//! Importing a workspace by its ID, in any casing, or by its identity.

use arm::ResourceId;
use tfplugin::{Attr, Diagnostic, Diagnostics, ImportTarget};

use crate::check::Kind;
use crate::session::Session;
use crate::view;
use crate::workspace::messages;
use crate::workspace::model::Workspace;

/// What the first read needs: which workspace it is.
pub(super) async fn import(session: &Session, target: ImportTarget) -> Result<Workspace, Diagnostics> {
    let id = match target {
        ImportTarget::Id(text) => {
            let wrong = |problem| Diagnostic::error("Invalid Import ID", format!("The import ID {problem}."));
            Kind::Workspace.check(&text).map_err(wrong)?
        }
        ImportTarget::Identity(identity) => {
            let text = |name: &str| view::text(&identity, &[name]).unwrap_or_default().to_owned();
            let subscription = match view::text(&identity, &["subscription_id"]) {
                Some(subscription) => subscription.to_owned(),
                None => session.azure().await?.subscription_id.ok_or_else(messages::no_subscription)?,
            };
            ResourceId::workspace(&subscription, &text("resource_group_name"), &text("name"))
                .map_err(|error| Diagnostic::error("Invalid Import Identity", error.to_string()))?
        }
    };
    Ok(Workspace {
        id: Attr::from(id.as_str()),
        name: Attr::from(id.name()),
        resource_group_name: id.resource_group_name().map(str::to_owned).into(),
        subscription_id: id.subscription_id().map(str::to_owned).into(),
        // Azure knows nothing of these; a configuration that leaves them out means this.
        purge_on_destroy: Attr::Known(false),
        purge_soft_deleted: Attr::Known(false),
        ..Workspace::default()
    })
}
