//! What lies in another subscription than the workspace: Azure refuses it unless Microsoft.MachineLearningServices is registered
//! there. That is looked up at plan, and told at the attribute.

use std::collections::BTreeMap;

use arm::{Context, ResourceId, providers};
use tfplugin::{Diagnostic, Diagnostics, Plan, PlanKind};

use crate::check;
use crate::life::PATIENCE;
use crate::registration::remedy;
use crate::session::Session;
use crate::view;

/// What a workspace stands on.
const STANDS_ON: [&str; 4] =
    ["storage_account_id", "key_vault_id", "application_insights_id", "container_registry_id"];

/// What has to be registered where that lies.
const NAMESPACE: &str = "Microsoft.MachineLearningServices";

/// Refuses a plan that Azure would refuse for lack of a registration elsewhere. Only what the plan changes is looked up; where
/// that cannot be done, as without the right to, the apply tells.
pub(super) async fn check(session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let planned = plan.planned_value();
    let Some(own) = view::text(planned, &["subscription_id"]).map(str::to_owned) else { return Ok(()) };
    let mut elsewhere: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for attribute in STANDS_ON {
        let new = plan.kind() == PlanKind::Create || plan.replaces() || plan.changes(attribute);
        let id = view::text(planned, &[attribute]).and_then(|text| ResourceId::parse(text).ok());
        let subscription = id.as_ref().and_then(ResourceId::subscription_id).unwrap_or(&own);
        if new && !check::same_name(subscription, &own) {
            elsewhere.entry(subscription.to_lowercase()).or_default().push(attribute);
        }
    }
    // On demand, the apply registers it.
    if elsewhere.is_empty() || session.registers_on_demand() {
        return Ok(());
    }
    let context = Context::default().with_timeout(PATIENCE);
    let Ok(azure) = session.azure(&context).await else { return Ok(()) };
    let mut found = Diagnostics::new();
    for (subscription, attributes) in elsewhere {
        let Ok(id) = ResourceId::provider(&subscription, NAMESPACE) else { continue };
        // What this workspace depends on is planned before it.
        if session.plans().registers(&id) {
            continue;
        }
        let context = Context::default().with_timeout(PATIENCE);
        let provider = providers::find(&azure.client, &id, &context).await;
        // One look is enough to refuse: a registration that is on its way is none that is missing.
        if provider.is_ok_and(|provider| provider.is_some_and(|provider| provider.is_unregistered())) {
            found.extend(attributes.into_iter().map(|attribute| missing(attribute, &subscription)));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn missing(attribute: &str, subscription: &str) -> Diagnostic {
    let block = remedy::block(NAMESPACE, subscription).replace('\n', "\n    ");
    let command = remedy::command(NAMESPACE, subscription);
    let detail = format!(
        "{attribute} names something in the subscription {subscription}, which has not registered the resource provider {NAMESPACE}. Azure refuses it for a workspace of another subscription until it has. Register it first, and let this resource depend on that:\n\n    {block}\n\n    depends_on = [azureml_resource_provider_registration.example]\n\nAs a command: {command}"
    );
    Diagnostic::error("Resource Provider Not Registered", detail).at(attribute)
}
