//! What is swept: one play for each type of resource. A new type needs a file here and its name in `sweep!`.

pub(crate) mod management_link;
pub(crate) mod management_link_association;
pub(crate) mod private_dns_link;
pub(crate) mod private_dns_zone;
pub(crate) mod private_endpoint;
pub(crate) mod private_endpoint_approval;
pub(crate) mod private_endpoint_asked_for;
pub(crate) mod registration;
pub(crate) mod resource_group;
pub(crate) mod workspace;

use acceptance_tests::Scene;
use serde_json::Value;

/// One resource that is created, changed and deleted.
pub(crate) struct Play {
    /// Its address in the configuration.
    pub(crate) address: &'static str,
    /// What exists before, beside what every scene has.
    pub(crate) prepare: fn(&Scene),
    /// The configuration that creates it, and the one that changes it.
    pub(crate) before: fn(&Scene) -> String,
    pub(crate) after: fn(&Scene) -> String,
    /// What Azure has of it; null when it has nothing.
    pub(crate) in_azure: fn(&Scene) -> Value,
    /// The value in that by which the change is known, and what it is then.
    pub(crate) shows: (&'static str, &'static str),
}
