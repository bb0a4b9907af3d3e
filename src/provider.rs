//! The provider as the protocol knows it: its block is checked, and kept for those who need it.

use std::sync::Arc;

use tfplugin::{Cx, Diagnostics, Provider, View};

use crate::session::Session;
use crate::settings::{self, Config, Settings, Variables};

/// The provider: it keeps what was configured for those who need it.
#[derive(Debug)]
pub(crate) struct AzureMl {
    session: Arc<Session>,
}

impl AzureMl {
    /// The provider of a session.
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl Provider for AzureMl {
    type Config = Config;

    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        settings::check(config.value(), out);
    }

    async fn configure(self: Arc<Self>, cx: Cx<Config>, config: Config) -> Result<(), Diagnostics> {
        let _ = cx;
        self.session.configure(Settings { config, variables: Variables::default() });
        Ok(())
    }
}
