//! What helps where a registration is missing: in a configuration, and as a command.

use tfplugin::{Diagnostic, Path};

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
