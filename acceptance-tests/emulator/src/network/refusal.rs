//! The errors of the Network service. Codes and sentences are those of public reports, save where `(K)` says that they are
//! general knowledge.

use serde_json::json;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::providers;

/// A body that lacks what it must have.
///
/// (K) Names of connections and of the configurations of zone groups are among that. The examples of the OpenAPI documents send none,
/// but their answers have none either, and so no IDs, where every recorded answer has both: nobody has sent them.
pub(super) fn format() -> ArmError {
    ArmError::new(400, "InvalidRequestFormat", "Cannot parse the request.")
}

/// A name that no resource of the service can have. (K)
pub(super) fn name(name: &str) -> ArmError {
    ArmError::new(
        400,
        "InvalidResourceName",
        format!(
            "Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'."
        ),
    )
}

/// Refuses a name that breaks the service's rule.
pub(super) fn check_name(text: &str) -> Result<(), ArmError> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let good = text.len() <= 80
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(word)
        && text.chars().all(|c| word(c) || c == '.' || c == '-');
    if good { Ok(()) } else { Err(name(text)) }
}

/// A resource that a body refers to is not there, or lives in another region.
pub(super) fn reference(referenced: &str, by: &ResourceId) -> ArmError {
    ArmError::new(
        400,
        "InvalidResourceReference",
        format!(
            "Resource {referenced} referenced by resource {by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region."
        ),
    )
}

/// A member that keeps the value of the resource's creation. (K)
pub(super) fn fixed(member: &str, id: &ResourceId) -> ArmError {
    ArmError::new(400, "PropertyChangeNotAllowed", format!("Changing property '{member}' is not allowed."))
        .target(&id.to_string())
}

/// Another operation is running on the resource, on one above it or below it.
pub(super) fn busy(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    let key = id.key();
    let related = |other: &str| {
        let other = other.to_lowercase();
        other == key || other.starts_with(&format!("{key}/")) || key.starts_with(&format!("{other}/"))
    };
    let running =
        azure.operations.iter().find(|o| o.state == crate::operation::State::Running && related(&o.resource));
    match running {
        None => Ok(()),
        Some(operation) => Err(ArmError::new(
            429,
            "AnotherOperationInProgress",
            format!(
                "Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: {}{}.",
                azure.base_url, operation.status_target
            ),
        )),
    }
}

/// A subnet that something else is changing, as the error says it that is worth another try.
pub(super) fn not_provisioned(subnet: &str, used_by: &str) -> ArmError {
    let message = format!(
        "Cannot proceed with operation because resource {subnet} used by resource {used_by} is not in Succeeded state. Resource is in Updating state and the last operation that updated/is updating the resource is PutSubnetOperation."
    );
    ArmError::new(400, "ReferencedResourceNotProvisioned", message)
}

/// The same wrapped as the service does where it asks for another try.
pub(super) fn retryable(subnet: &str, used_by: &str) -> ArmError {
    let inner = not_provisioned(subnet, used_by);
    ArmError::new(429, "RetryableError", "A retryable error occurred.")
        .detail(json!({ "code": inner.code, "message": inner.message }))
}

/// Refuses a resource in another subscription that has not registered the service, or that the caller's tokens do not reach. One
/// of another tenant cannot be told from one that does not exist.
pub(crate) fn check_linked(
    azure: &Azure,
    scope: &ResourceId,
    linked: &ResourceId,
    action: &str,
) -> Result<(), ArmError> {
    if linked.subscription.eq_ignore_ascii_case(&scope.subscription) {
        return Ok(());
    }
    if azure.caller.may_refer_to(&linked.subscription) {
        return known(azure, &linked.subscription);
    }
    Err(ArmError::new(
        403,
        "LinkedAuthorizationFailed",
        format!(
            "The client has permission to perform action '{action}' on scope '{scope}', however the current tenant '{}' is not authorized to access linked subscription '{}'.",
            azure.caller.tenant, linked.subscription
        ),
    ))
}

/// A subscription that has not registered the service is unknown to it. The rule is documented for the targets of endpoints, the
/// sentence is reported; that it is the same for all that a body refers to is (K).
fn known(azure: &Azure, subscription: &str) -> Result<(), ArmError> {
    match providers::require_registered(azure, subscription, super::NAMESPACE) {
        Ok(()) => Ok(()),
        Err(_) => Err(ArmError::new(
            409,
            "SubscriptionNotRegistered",
            format!("Subscription {subscription} is not registered with NRP."),
        )),
    }
}
