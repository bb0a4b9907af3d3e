//! `azureml_workspace`: what a Machine Learning workspace is in Terraform's terms.
//!
//! `model` declares the attributes, `rules` what must hold across them, `plan` what a plan adds; `thing` says what the common
//! life needs to know, `create` and `update` what comes before it. `document` and `identity` lead between attributes and
//! Azure's document, `messages` has what users read.

mod create;
mod document;
mod elsewhere;
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

use tfplugin::schema::TimeoutDefaults;
use tfplugin::{Diagnostics, Plan, Value};

use crate::call::Call;
use crate::life::{Managed, Reference};
use crate::session::Session;

pub(crate) use model::Workspace;

impl Managed for Workspace {
    const TIMEOUTS: TimeoutDefaults = TimeoutDefaults::minutes(60, 5, 60, 60);
    const REFERENCES: &'static [Reference] = &[
        Reference::GROUP,
        Reference::resource(&["storage_account_id"]),
        Reference::resource(&["key_vault_id"]),
        Reference::resource(&["application_insights_id"]),
        Reference::resource(&["container_registry_id"]),
        Reference::resource(&["identity", "identity_ids"]),
        Reference::resource(&["primary_user_assigned_identity_id"]),
        Reference::resource(&["customer_managed_key", "key_vault_id"]),
        Reference::resource(&["customer_managed_key", "user_assigned_identity_id"]),
    ];

    fn check(config: &Value, out: &mut Diagnostics) {
        out.extend(rules::check(config));
    }

    async fn plan(session: &Session, plan: &mut Plan) -> Result<(), Diagnostics> {
        plan::modify(session, plan)?;
        elsewhere::check(session, plan).await
    }

    fn plan_delete(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
        plan::refuse_delete(session, plan)
    }

    async fn create(call: &Call<Self>, plan: Self) -> Result<Self, Diagnostics> {
        create::create(call, plan).await
    }

    async fn update(call: &Call<Self>, prior: Self, plan: Self) -> Result<Self, Diagnostics> {
        update::update(call, prior, plan).await
    }
}
