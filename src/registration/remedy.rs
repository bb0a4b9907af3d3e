//! What a user reads about registrations, and what helps where one is missing: in a configuration, and as a command.

use arm::{Error, ResourceId};
use tfplugin::{Diagnostic, Path};

use crate::diagnostics;

/// The block that registers `{namespace}` in `{subscription}`.
pub(crate) const BLOCK: &str = "resource \"azureml_resource_provider_registration\" \"example\" {\n  namespace       = \"{namespace}\"\n  subscription_id = \"{subscription}\"\n}";
/// The command that does.
pub(crate) const COMMAND: &str =
    "az provider register --namespace {namespace} --subscription {subscription} --wait";

/// The block for a namespace and a subscription.
pub(crate) fn block(namespace: &str, subscription: &str) -> String {
    fill(BLOCK, namespace, subscription)
}

/// The command for them.
pub(crate) fn command(namespace: &str, subscription: &str) -> String {
    fill(COMMAND, namespace, subscription)
}

fn fill(text: &str, namespace: &str, subscription: &str) -> String {
    text.replace("{namespace}", namespace).replace("{subscription}", subscription)
}

/// The cloud does not have a namespace that an attribute asks for.
pub(super) fn no_such_namespace(namespace: &str, attribute: impl Into<Path>) -> Diagnostic {
    let detail = format!(
        "This cloud has no resource provider with the namespace {namespace:?}. Correct it, or leave it out in this cloud. To see which there are, run \"az provider list --output table\"."
    );
    Diagnostic::error("Resource Provider Not Found", detail).at(attribute)
}

/// What helps where the time passed while a registration was waited for.
pub(crate) fn of_wait(error: &Error) -> Option<String> {
    let Error::DeadlinePassed { request, under_way, last, .. } = error else { return None };
    if !under_way {
        return last.as_deref().and_then(of_wait);
    }
    let id = ResourceId::parse(request.strip_prefix("GET ")?).ok()?;
    let (namespace, subscription) = (id.namespace()?, id.subscription_id()?);
    let of_provider = id.resource_type() == namespace;
    of_provider.then(|| {
        format!(
            "Azure goes on with the registration of {namespace} in the subscription {subscription}. {}",
            wait_for(namespace, subscription)
        )
    })
}

/// The user interrupted the wait for a registration.
pub(super) fn interrupted(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Azure had accepted the registration and goes on with it. The state has it already; a later plan says so where it is not done by then.\n\n{id}"
    );
    Diagnostic::warning("Registration Interrupted", detail)
}

/// A registration that the state has is not done.
pub(super) fn under_way(id: &ResourceId) -> Diagnostic {
    let (namespace, subscription) = (id.name(), id.subscription_id().unwrap_or_default());
    let detail = format!(
        "Azure still works on the registration of {namespace} in the subscription {subscription}: its state is Registering. Resources of it may be refused until it is done. {}",
        wait_for(namespace, subscription)
    );
    Diagnostic::warning("Resource Provider Is Still Registering", detail)
}

fn wait_for(namespace: &str, subscription: &str) -> String {
    format!(
        "This command waits for it; where it does not end for hours, registering anew by it often helps: {}",
        command(namespace, subscription)
    )
}

/// A registration was not ended.
pub(super) fn not_unregistered(id: &ResourceId, error: &Error) -> Diagnostic {
    let (summary, namespace) = ("Resource Provider Not Unregistered", id.name());
    let says = if error.is_conflict() {
        format!(
            "Azure ends no registration while the subscription has resources of {namespace}. Delete these first."
        )
    } else if error.is_deadline() {
        format!(
            "Azure goes on with the end of the registration of {namespace}. Destroy again when it has ended."
        )
    } else {
        return diagnostics::failure(summary, error);
    };
    let detail = format!(
        "{says} To leave it registered instead, apply the configuration with unregister_on_destroy = false before the destroy.\n\n{}",
        diagnostics::account(error)
    );
    Diagnostic::error(summary, detail).at("unregister_on_destroy")
}
