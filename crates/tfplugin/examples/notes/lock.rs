//! `notes_lock`: an ephemeral resource.

use std::sync::Arc;

use tfplugin::{Attr, Cx, Diagnostic, Diagnostics, EphemeralResource, Model, Opened};

use crate::folder::{Folder, failed};

/// A lock on the folder for the length of a run.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Lock {
    /// Who holds it.
    #[attr(required)]
    owner: Attr<String>,

    /// What opens the lock. It is in no plan and in no state.
    #[attr(computed, sensitive)]
    key: Attr<String>,
}

/// The ephemeral resource.
pub(crate) struct LockResource(Arc<Folder>);

impl LockResource {
    pub(crate) fn new(folder: &Arc<Folder>) -> Self {
        Self(Arc::clone(folder))
    }
}

impl EphemeralResource for LockResource {
    type Model = Lock;
    const TYPE: &'static str = "notes_lock";

    async fn open(self: Arc<Self>, cx: Cx<Lock>, mut config: Lock) -> Result<Opened<Lock>, Diagnostics> {
        let name = format!("{}.lock", config.owner.as_str().unwrap_or_default());
        let file = self.0.file(&name)?;
        std::fs::write(&file, "locked").map_err(|error| failed("Writing", &file, &error))?;
        cx.set_private("file", &name)
            .map_err(|error| Diagnostic::error("Lock Not Remembered", error.to_string()))?;
        config.key = format!("key of {name}").into();
        Ok(Opened { result: config, renew_at: None })
    }

    async fn close(self: Arc<Self>, cx: Cx<Lock>) -> Result<(), Diagnostics> {
        let file = self.0.file(&cx.private::<String>("file").unwrap_or_default())?;
        std::fs::remove_file(&file).map_err(|error| failed("Deleting", &file, &error))?;
        Ok(())
    }
}
