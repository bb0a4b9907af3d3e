//! `azureml_workspace`: what a Machine Learning workspace is in Terraform's terms.
//!
//! `model` declares the attributes, `rules` what must hold across them, `plan` what a plan adds; `thing` says what the common
//! life needs to know, `create` and `update` what comes before it. `document` and `identity` lead between attributes and
//! Azure's document, `messages` has what users read.

mod create;
mod document;
mod identity;
mod marks;
mod messages;
mod model;
mod plan;
mod rules;
mod thing;
mod update;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Cx, Diagnostics, ImportTarget, Plan, Resource, View};

use crate::call::Call;
use crate::life;
use crate::session::Session;

pub(crate) use model::Workspace;

/// The resource.
#[derive(Debug)]
pub(crate) struct WorkspaceResource {
    session: Arc<Session>,
}

impl WorkspaceResource {
    /// The resource in a session.
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl Resource for WorkspaceResource {
    type Model = Workspace;
    const TYPE: &'static str = "azureml_workspace";
    const TIMEOUTS: Option<TimeoutDefaults> = Some(TimeoutDefaults::minutes(60, 5, 60, 60));

    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        out.extend(rules::check(config.value()));
    }

    async fn modify_plan(&self, plan: &mut Plan) -> Result<(), Diagnostics> {
        plan::modify(&self.session, plan)
    }

    async fn create(self: Arc<Self>, cx: Cx<Workspace>, plan: Workspace) -> Result<Workspace, Diagnostics> {
        create::create(&Call::new(&self.session, cx).await?, plan).await
    }

    async fn read(
        self: Arc<Self>,
        cx: Cx<Workspace>,
        state: Workspace,
    ) -> Result<Option<Workspace>, Diagnostics> {
        life::read(&Call::new(&self.session, cx).await?, state).await
    }

    async fn update(
        self: Arc<Self>,
        cx: Cx<Workspace>,
        prior: Workspace,
        plan: Workspace,
    ) -> Result<Workspace, Diagnostics> {
        update::update(&Call::new(&self.session, cx).await?, prior, plan).await
    }

    async fn delete(self: Arc<Self>, cx: Cx<Workspace>, state: Workspace) -> Result<(), Diagnostics> {
        life::delete(&Call::new(&self.session, cx).await?, state).await
    }

    async fn import(
        self: Arc<Self>,
        cx: Cx<Workspace>,
        target: ImportTarget,
    ) -> Result<Workspace, Diagnostics> {
        let _ = cx;
        life::import(&self.session, target).await
    }
}
