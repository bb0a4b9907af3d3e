//! An API version that the cloud does not serve, as Resource Manager says it in several ways.

use super::ServiceError;
use crate::id::namespace_of;

/// What Resource Manager said about a version that it does not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionNotServed {
    /// The namespace that was asked.
    pub namespace: String,
    /// The version in which it was asked, where the answer names it.
    pub asked: Option<String>,
    /// The versions that it serves, oldest first; empty where the answer names none.
    pub served: Vec<String>,
}

impl VersionNotServed {
    /// The version to ask for instead: the newest that is no preview, else the newest.
    pub fn best(&self) -> Option<&str> {
        let stable = self.served.iter().rev().find(|version| !version.contains('-') || version.len() == DATE);
        stable.or(self.served.last()).map(String::as_str)
    }
}

/// The length of `2026-11-24`.
const DATE: usize = 10;
/// What Resource Manager puts before the list of versions.
const LISTS: [&str; 2] = ["supported api-versions are", "supported versions are"];

impl ServiceError {
    /// What the answer says about the API version, where that is what it refuses. A location that is not served comes
    /// with the same code, and is told from it by the list of versions.
    pub fn version_not_served(&self) -> Option<VersionNotServed> {
        let codes = ["NoRegisteredProviderFound", "InvalidApiVersionParameter", "InvalidResourceType"];
        if !codes.into_iter().any(|code| self.has_code(code)) {
            return None;
        }
        let lower = self.message.to_lowercase();
        let list = LISTS.into_iter().find_map(|words| lower.find(words).map(|at| at + words.len()));
        let (before, after) = lower.split_at(list.unwrap_or(lower.len()));
        // Another list may follow: that of the locations.
        let after = after.split("supported locations").next().unwrap_or_default();
        let mut served = versions(after);
        served.sort();
        let asked = versions(before).pop();
        let lacks = asked.as_ref().is_some_and(|asked| !served.contains(asked));
        let names_a_version = lower.contains("api version") || lower.contains("api-version");
        (names_a_version && (lacks || served.is_empty() && !self.has_code("NoRegisteredProviderFound")))
            .then(|| VersionNotServed { namespace: namespace_of(&self.path).to_owned(), asked, served })
    }
}

/// The API versions in a text: dates with what hangs on them, such as `2023-10-01-preview`.
fn versions(text: &str) -> Vec<String> {
    let part = |character: char| !(character.is_ascii_alphanumeric() || character == '-');
    let date = |word: &&str| {
        word.len() >= DATE
            && word.bytes().take(DATE).enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    text.split(part).filter(date).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

    fn refused(code: &str, message: &str) -> Option<VersionNotServed> {
        let body = serde_json::json!({"error": {"code": code, "message": message}}).to_string();
        ServiceError::read("GET", WORKSPACE, 400, body.as_bytes()).version_not_served()
    }

    // The wordings are general knowledge (K).
    #[test]
    fn the_versions_are_read_from_each_wording() {
        for (code, message) in [
            (
                "NoRegisteredProviderFound",
                "No registered resource provider found for location 'chinaeast2' and API version '2026-09-01' for type 'workspaces'. The supported api-versions are '2023-10-01, 2021-03-01-preview, 2023-04-01, 2024-01-01-preview'. The supported locations are 'chinaeast2, chinanorth3'.",
            ),
            (
                "InvalidApiVersionParameter",
                "The api-version '2026-09-01' is invalid. The supported versions are '2023-10-01,2021-03-01-preview,2023-04-01,2024-01-01-preview'.",
            ),
            (
                "InvalidResourceType",
                "The resource type 'workspaces' could not be found in the namespace 'Microsoft.MachineLearningServices' for api version '2026-09-01'. The supported api-versions are '2023-10-01,2021-03-01-preview,2023-04-01,2024-01-01-preview'.",
            ),
        ] {
            let found = refused(code, message).unwrap();
            assert_eq!(found.namespace, "Microsoft.MachineLearningServices", "{code}");
            assert_eq!(found.asked.as_deref(), Some("2026-09-01"), "{code}");
            assert_eq!(
                found.served,
                ["2021-03-01-preview", "2023-04-01", "2023-10-01", "2024-01-01-preview"],
                "{code}"
            );
            assert_eq!(found.best(), Some("2023-10-01"));
        }
    }

    #[test]
    fn without_a_list_there_is_nothing_to_name() {
        let found =
            refused("InvalidApiVersionParameter", "The api-version '2026-09-01' is invalid.").unwrap();
        assert_eq!((found.best(), found.served.len()), (None, 0));
        let found = refused(
            "InvalidApiVersionParameter",
            "The api-version '2026-09-01' is invalid. The supported versions are '2024-01-01-preview'.",
        );
        assert_eq!(found.unwrap().best(), Some("2024-01-01-preview"));
    }

    #[test]
    fn a_location_that_is_not_served_is_another_matter() {
        let message = "No registered resource provider found for location 'atlantis' and API version '2026-09-01' for type 'workspaces'. The supported api-versions are '2023-10-01, 2026-09-01'. The supported locations are 'eastus'.";
        assert_eq!(refused("NoRegisteredProviderFound", message), None);
        assert_eq!(refused("NoRegisteredProviderFound", "No provider in this location."), None);
        assert_eq!(refused("InvalidResourceType", "There is no such type."), None);
        assert_eq!(refused("ResourceNotFound", "api-version '2026-09-01'"), None);
    }
}
