//! The provider block.

use std::sync::Arc;

use tfplugin::{Attr, Cx, Diagnostics, Model, Provider};

use crate::folder::Folder;

/// Keeps notes as files in a folder.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Config {
    /// The folder. It must exist.
    #[attr(required)]
    folder: Attr<String>,
}

/// The provider.
pub(crate) struct Notes(Arc<Folder>);

impl Notes {
    pub(crate) fn new(folder: &Arc<Folder>) -> Self {
        Self(Arc::clone(folder))
    }
}

impl Provider for Notes {
    type Config = Config;

    async fn configure(self: Arc<Self>, _: Cx<Config>, config: Config) -> Result<(), Diagnostics> {
        // While a plan is made, the folder may be known only later. What needs it then says so.
        self.0.set(config.folder.into_known());
        Ok(())
    }
}
