//! Machine Learning workspaces, as requests.
//!
//! Documents go in and out as JSON: what is in them is the caller's business, what happens to them is the service's.

use serde_json::Value;

use crate::client::Client;
use crate::context::Context;
use crate::error::Error;
use crate::id::ResourceId;
use crate::operation::{self, Accepted};
use crate::request::Request;

/// The API version of every request here: the newest in which all clouds and the official SDKs agree on the workspace.
pub const API_VERSION: &str = "2025-12-01";

/// What the service says when a name belongs to a soft-deleted workspace; there is no code of its own for it.
const TOMBSTONE: &str = "soft-deleted workspace exists";

/// The workspaces that a client reaches.
#[derive(Debug, Clone, Copy)]
pub struct Workspaces<'a> {
    client: &'a Client,
}

impl<'a> Workspaces<'a> {
    /// The workspaces that the client reaches.
    pub fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Reads a workspace that may not exist, or may be soft-deleted, which looks the same.
    pub async fn find(&self, id: &ResourceId, cx: &Context) -> Result<Option<Value>, Error> {
        self.client.find(id, API_VERSION, cx).await
    }

    /// Creates a workspace, or replaces what there is: the caller looks first.
    pub async fn create(&self, id: &ResourceId, body: &Value, cx: &Context) -> Result<Accepted, Error> {
        operation::start(self.client, Request::put(id, API_VERSION, body)?, cx).await
    }

    /// Changes what the body names.
    pub async fn update(&self, id: &ResourceId, body: &Value, cx: &Context) -> Result<Accepted, Error> {
        operation::start(self.client, Request::patch(id, API_VERSION, body)?, cx).await
    }

    /// Deletes a workspace: softly, so that the service keeps it and its name for 14 days, or for good.
    ///
    /// With `purge`, a workspace that was soft-deleted before is removed for good too. Nothing comes back where there was
    /// nothing to delete.
    pub async fn delete(
        &self,
        id: &ResourceId,
        purge: bool,
        cx: &Context,
    ) -> Result<Option<Accepted>, Error> {
        let request = Request::delete(id, API_VERSION);
        let request = if purge { request.query("forceToPurge", "true") } else { request };
        match operation::start(self.client, request, cx).await {
            Ok(accepted) => Ok(Some(accepted)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

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
