//! Where OIDC tokens come from: a text, a file, GitHub Actions, Azure DevOps.

use std::io::ErrorKind;
use std::path::PathBuf;

use async_trait::async_trait;
use tokio::io::AsyncReadExt as _;
use url::Url;

use super::issuer::{Issuer, is_named};
use super::{AssertionSource, Issuance, OIDC_TOKEN};
use crate::credential::{CredentialError, Secret};

/// An OIDC token that is at hand, such as GitLab puts into a variable.
#[derive(Debug, Clone)]
pub struct OidcToken(pub Secret);

/// A file that holds an OIDC token and is kept fresh by somebody else, such as the kubelet of an AKS cluster. It is read
/// again for each token.
#[derive(Debug, Clone)]
pub struct OidcTokenFile(pub PathBuf);

/// The issuer of GitHub Actions, asked by the job with what its runner put into the environment.
#[derive(Debug, Clone)]
pub struct GitHubActions {
    /// The URL that gives tokens: `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub request_url: Secret,
    /// What lets the job ask: `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    pub request_token: Secret,
    /// Another audience than the cloud's.
    pub audience: Option<String>,
}

/// The issuer of Azure DevOps, asked by the job for the token of a service connection.
#[derive(Debug, Clone)]
pub struct AzureDevOps {
    /// The URL that gives tokens: `SYSTEM_OIDCREQUESTURI`.
    pub request_url: Secret,
    /// What lets the job ask: `SYSTEM_ACCESSTOKEN`.
    pub request_token: Secret,
    /// The service connection, by its ID.
    pub service_connection_id: String,
}

/// A token takes a few KiB; a device has no end.
const LARGEST: u64 = 1024 * 1024;
const TEXT: &str = OIDC_TOKEN;
const FILE: &str = "OIDC token of the file";
const OF_GITHUB: &str = "OIDC token of GitHub Actions";
const OF_AZURE_DEVOPS: &str = "OIDC token of Azure DevOps";
const GITHUB: Issuer = Issuer {
    name: "GitHub Actions",
    credential: OF_GITHUB,
    url_from: "ACTIONS_ID_TOKEN_REQUEST_URL",
    token_from: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    field: "value",
    refused: "the job may not ask for OIDC tokens; give it \"permissions: id-token: write\" in the workflow",
};
const AZURE_DEVOPS: Issuer = Issuer {
    name: "Azure DevOps",
    credential: OF_AZURE_DEVOPS,
    url_from: "SYSTEM_OIDCREQUESTURI",
    token_from: "SYSTEM_ACCESSTOKEN",
    field: "oidcToken",
    refused: "the access token of the job is not accepted; map it into the step with \"SYSTEM_ACCESSTOKEN: $(System.AccessToken)\" under env, and let the pipeline use the service connection",
};
/// The version of the request that Azure DevOps' own clients use.
const AZURE_DEVOPS_API: &str = "7.1";

/// The token in what a variable or a file holds, where a newline at the end is common.
fn trimmed(
    credential: &'static str,
    text: &str,
    empty: impl Into<String>,
) -> Result<Secret, CredentialError> {
    match text.trim() {
        "" => Err(CredentialError::Invalid { credential, message: empty.into() }),
        token => Ok(Secret::new(token)),
    }
}

#[async_trait]
impl AssertionSource for OidcToken {
    fn name(&self) -> &'static str {
        TEXT
    }

    async fn assertion(&self, _: &Issuance<'_>) -> Result<Secret, CredentialError> {
        trimmed(TEXT, self.0.expose(), "it is empty")
    }
}

#[async_trait]
impl AssertionSource for OidcTokenFile {
    fn name(&self) -> &'static str {
        FILE
    }

    async fn assertion(&self, _: &Issuance<'_>) -> Result<Secret, CredentialError> {
        let path = self.0.display().to_string();
        let invalid = |message| CredentialError::Invalid { credential: FILE, message };
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => invalid(format!("there is no file {path:?}")),
            ErrorKind::InvalidData => invalid(format!("the file {path:?} is not text")),
            _ => invalid(format!("cannot read the file {path:?}: {error}")),
        };
        let mut text = String::new();
        let file = tokio::fs::File::open(&self.0).await.map_err(failed)?;
        file.take(LARGEST + 1).read_to_string(&mut text).await.map_err(failed)?;
        if text.len() as u64 > LARGEST {
            return Err(invalid(format!("the file {path:?} is longer than any token")));
        }
        trimmed(FILE, &text, format!("the file {path:?} is empty"))
    }
}

#[async_trait]
impl AssertionSource for GitHubActions {
    fn name(&self) -> &'static str {
        OF_GITHUB
    }

    async fn assertion(&self, issuance: &Issuance<'_>) -> Result<Secret, CredentialError> {
        let mut url = GITHUB.url(&self.request_url)?;
        // The URL has a query already, which is GitHub's own and stays as it is.
        add(&mut url, "audience", self.audience.as_deref().unwrap_or(issuance.audience));
        let request = reqwest::Request::new(reqwest::Method::GET, url);
        GITHUB.token(request, &self.request_token, issuance).await
    }
}

#[async_trait]
impl AssertionSource for AzureDevOps {
    fn name(&self) -> &'static str {
        OF_AZURE_DEVOPS
    }

    async fn assertion(&self, issuance: &Issuance<'_>) -> Result<Secret, CredentialError> {
        let mut url = AZURE_DEVOPS.url(&self.request_url)?;
        add(&mut url, "api-version", AZURE_DEVOPS_API);
        add(&mut url, "serviceConnectionId", &self.service_connection_id);
        let mut request = reqwest::Request::new(reqwest::Method::POST, url);
        let headers = request.headers_mut();
        // Otherwise a refusal is a redirect to a page for people to sign in.
        headers.insert("x-tfs-fedauthredirect", http::HeaderValue::from_static("Suppress"));
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        headers.insert(http::header::CONTENT_LENGTH, http::HeaderValue::from_static("0"));
        AZURE_DEVOPS.token(request, &self.request_token, issuance).await
    }
}

/// Adds a parameter unless whoever wrote the URL has chosen it already.
fn add(url: &mut Url, name: &str, value: &str) {
    if !is_named(url, name) {
        url.query_pairs_mut().append_pair(name, value);
    }
}
