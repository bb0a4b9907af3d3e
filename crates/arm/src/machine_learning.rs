//! Machine Learning workspaces: what is to be known of their service.

use crate::error::Error;

/// The API version of every request here: the newest in which all clouds and the official SDKs agree on the workspace.
pub const API_VERSION: &str = "2025-12-01";

/// What the service says when a name belongs to a soft-deleted workspace; there is no code of its own for it.
const TOMBSTONE: &str = "soft-deleted workspace exists";

/// Whether a create failed because a soft-deleted workspace holds the name.
pub fn is_tombstone(error: &Error) -> bool {
    error.service().is_some_and(|error| {
        let in_words = |message: &str| message.to_lowercase().contains(TOMBSTONE);
        in_words(&error.message) || error.details.iter().any(|detail| in_words(&detail.message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ServiceError;

    fn error(body: &str) -> Error {
        Error::Service(Box::new(ServiceError::read("PUT", "/subscriptions/s", 400, body.as_bytes())))
    }

    #[test]
    fn a_tombstone_is_told_by_its_words() {
        let words = "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete";
        assert!(is_tombstone(&error(&format!(r#"{{"error":{{"code":"BadRequest","message":"{words}"}}}}"#))));
        assert!(is_tombstone(&error(&format!(
            r#"{{"error":{{"code":"DeploymentFailed","message":"","details":[{{"code":"BadRequest","message":"{words}"}}]}}}}"#
        ))));
        assert!(!is_tombstone(&error(
            r#"{"error":{"code":"BadRequest","message":"Cannot use storage with HNS enabled."}}"#
        )));
    }
}
