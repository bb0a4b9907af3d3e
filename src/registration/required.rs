//! Registering what no workspace can be without, for `resource_provider_registrations = "required"`.

use arm::providers;
use arm::{Context, ResourceId};
use tfplugin::Diagnostic;

use crate::registration::features::REQUIRED;
use crate::session::Azure;
use crate::{diagnostics, messages};

/// Registers what is missing of it in the provider's subscription, before anything else is asked there.
pub(crate) async fn register_required(azure: &Azure) -> Result<(), Diagnostic> {
    let subscription = azure.subscription_id.as_deref().ok_or_else(messages::no_subscription)?;
    let ids = REQUIRED.iter().map(|namespace| ResourceId::provider(subscription, namespace));
    let ids: Vec<ResourceId> = ids
        .collect::<Result<_, _>>()
        .map_err(|error| Diagnostic::error("Invalid Name", error.to_string()))?;
    // Whoever waits for the way to Azure ends this with an interrupt or a deadline.
    let registered = providers::register_missing(&azure.client, &ids, &Context::default()).await;
    registered.map_err(|error| diagnostics::failure("Resource Providers Not Registered", &error))
}
