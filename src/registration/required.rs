//! Registering what no workspace can be without, for `resource_provider_registrations = "required"`.

use arm::providers;
use arm::{Context, ResourceId};
use tfplugin::Diagnostic;

use crate::messages;
use crate::registration::features::required;
use crate::session::{Azure, Failed};

/// Registers what is missing of it in the provider's subscription, before anything else is asked there.
pub(crate) async fn register_required(azure: &Azure, cx: &Context) -> Result<(), Failed> {
    let subscription = azure.subscription_id.as_deref().ok_or_else(messages::no_subscription)?;
    let ids = required().map(|namespace| ResourceId::provider(subscription, namespace));
    let ids: Vec<ResourceId> = ids
        .collect::<Result<_, _>>()
        .map_err(|error| Diagnostic::error("Invalid Name", error.to_string()))?;
    let registered = providers::register_missing(&azure.client, &ids, cx).await;
    registered.map_err(|error| Failed::asking("Resource Providers Not Registered", &error))
}
