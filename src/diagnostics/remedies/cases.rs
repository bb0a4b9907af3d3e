//! What tells the cases of a code from each other.

use arm::{ResourceId, ServiceError};

use super::facts::{missing, refused, subject};

/// The resource itself was not found, or what it lies in.
pub(super) fn is_gone(error: &ServiceError) -> bool {
    let Some(own) = subject(error) else { return false };
    // A request that creates does not miss what it creates.
    let creates = error.method == "PUT";
    match missing(error) {
        None => !creates,
        Some(missing) if creates => missing == own,
        Some(missing) => std::iter::successors(Some(own), ResourceId::parent).any(|one| one == missing),
    }
}

/// Something else that the error names was not found.
pub(super) fn is_absent(error: &ServiceError) -> bool {
    missing(error).is_some()
}

/// The registration is missing in another subscription than that of the resource.
pub(super) fn is_linked(error: &ServiceError) -> bool {
    let lacking = error.missing_registration.as_ref().and_then(|missing| missing.subscription.as_deref());
    let own = subject(error);
    let own = own.as_ref().and_then(ResourceId::subscription_id);
    lacking.zip(own).is_some_and(|(lacking, own)| !lacking.eq_ignore_ascii_case(own))
}

/// The client registers what is missing, and that did not help.
pub(super) fn is_in_vain(error: &ServiceError) -> bool {
    error.missing_registration.as_ref().is_some_and(|missing| missing.in_vain)
}

/// Whether each action that is refused ends so.
pub(super) fn refuses(error: &ServiceError, end: &str) -> bool {
    let refused = refused(error);
    !refused.is_empty() && refused.iter().all(|(action, _)| action.to_lowercase().ends_with(end))
}

/// The request creates a resource group.
pub(super) fn creates_group(error: &ServiceError) -> bool {
    let is_group = |own: &ResourceId| own.resource_group_id().is_some_and(|group| group == *own);
    error.method == "PUT" && subject(error).as_ref().is_some_and(is_group)
}

/// The request is about the link of a private DNS zone.
pub(super) fn is_of_link(error: &ServiceError) -> bool {
    subject(error).is_some_and(|own| own.is_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks"))
}
