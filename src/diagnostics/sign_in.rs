//! What to say when there is no token: what is the matter, as a headline, and what to do.

use arm::Error;
use arm::credential::CredentialError;

use super::{Advice, way};

/// A subscription that is not there for whoever signs in.
pub(crate) const NOT_FOUND: &str = "Subscription Not Found";
/// What is configured cannot be used, whatever anybody says to it.
pub(crate) const UNUSABLE: &str = "Unusable Sign-In";

/// The headline of an error that has nothing to do with what was to be done: nobody is signed in to do it.
pub(super) fn summary(error: &Error) -> Option<&'static str> {
    match error {
        Error::Credential(error) => Some(headline(error)),
        _ => None,
    }
}

fn headline(error: &CredentialError) -> &'static str {
    match error {
        CredentialError::Auxiliary { error, .. } => headline(error),
        CredentialError::Refused { .. } => "Sign-In Refused",
        CredentialError::Invalid { .. } => UNUSABLE,
        CredentialError::CliSubscription { .. } => NOT_FOUND,
        CredentialError::CliSignedOut { .. } | CredentialError::CliStale { .. } => "Not Signed In",
        _ => "Cannot Sign In",
    }
}

pub(super) fn advice(error: &CredentialError) -> Advice {
    match error {
        CredentialError::Refused { .. } => Advice::to(error.remedy().unwrap_or(
            "Check tenant_id and client_id: does the application exist in the tenant, and does it have this credential?",
        )),
        CredentialError::Network { error, .. } | CredentialError::IssuerLost { error, .. } => {
            Advice::to(way::remedy_of_read(error.kind))
        }
        CredentialError::Auxiliary { error: own, .. } => match error.remedy() {
            Some(remedy) => Advice::to(remedy),
            None => advice(own),
        },
        CredentialError::Unreachable { .. } => Advice::to(
            "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the environment or metadata_host of the provider.",
        ),
        error => Advice { remedy: error.remedy().map(str::to_owned), ..Advice::default() },
    }
}
