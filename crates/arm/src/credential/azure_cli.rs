//! Whoever is signed in to the Azure CLI.

use std::process::{Output, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use super::{CredentialError, Secret, Token, TokenCredential, TokenRequest};

/// A slow machine starts the CLI in some seconds; one that waits for something never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// Gets tokens from `az account get-access-token`. Keep it in a cache: each token costs a start of the CLI.
#[derive(Debug, Clone)]
pub struct AzureCli {
    program: String,
    tenant_id: Option<String>,
    subscription: Option<String>,
}

/// What the CLI works on: the answer of `az account show`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AzureCliAccount {
    /// ID of the subscription.
    #[serde(rename = "id")]
    pub subscription_id: String,
    /// Name of the subscription.
    #[serde(default)]
    pub name: String,
    /// ID of the tenant.
    pub tenant_id: String,
    /// The cloud, by the CLI's name for it: `AzureCloud`.
    #[serde(default)]
    pub environment_name: String,
}

impl Default for AzureCli {
    fn default() -> Self {
        Self { program: "az".to_owned(), tenant_id: None, subscription: None }
    }
}

impl AzureCli {
    /// Another program than the `az` that the `PATH` leads to.
    #[must_use]
    pub fn with_program(mut self, program: impl Into<String>) -> Self {
        self.program = program.into();
        self
    }

    /// Tokens of this tenant instead of the account's own.
    #[must_use]
    pub fn with_tenant(mut self, tenant_id: Option<&str>) -> Self {
        self.tenant_id = tenant_id.map(str::to_owned);
        self
    }

    /// The account of this subscription, by ID or name, instead of the default one. A tenant, where given, goes first.
    #[must_use]
    pub fn with_subscription(mut self, subscription: Option<&str>) -> Self {
        self.subscription = subscription.map(str::to_owned);
        self
    }

    /// What the CLI works on.
    pub async fn account(&self) -> Result<AzureCliAccount, CredentialError> {
        let mut arguments = vec!["account", "show", "--output", "json"];
        if let Some(subscription) = &self.subscription {
            arguments.extend(["--subscription", subscription]);
        }
        self.run(&arguments).await
    }

    async fn run<T: DeserializeOwned>(&self, arguments: &[&str]) -> Result<T, CredentialError> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // An interrupt of the terminal is for Terraform, which then asks us; az would die of it with a stack trace.
        #[cfg(unix)]
        command.process_group(0);
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.map_err(|_| CredentialError::Cli {
            message: format!(
                "\"az {} {}\" did not end within {} s",
                arguments[0],
                arguments[1],
                PATIENCE.as_secs()
            ),
        })?;
        let output = output.map_err(|error| CredentialError::CliMissing { message: error.to_string() })?;
        if !output.status.success() {
            return Err(self.explain(&output));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| CredentialError::Cli {
            // Not the output itself, which may hold a token.
            message: format!(
                "\"az {} {}\" printed something else than expected: {error}",
                arguments[0], arguments[1]
            ),
        })
    }

    fn explain(&self, output: &Output) -> CredentialError {
        let message =
            String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        let message = message.trim_start_matches("ERROR: ").to_owned();
        let signed_out = [
            "az login",
            "az account set",
            "AADSTS70043",
            "AADSTS700082",
            "AADSTS50173",
            "Interactive authentication",
        ];
        if signed_out.iter().any(|words| message.contains(words)) {
            CredentialError::CliSignedOut { tenant: self.tenant_id.clone(), message }
        } else if message.is_empty() {
            CredentialError::Cli { message: format!("it ended with {} and said nothing", output.status) }
        } else {
            CredentialError::Cli { message }
        }
    }
}

/// The answer of `az account get-access-token`. Its older `expiresOn` is local time without a zone, so it is not read.
#[derive(Deserialize)]
struct CliToken {
    #[serde(rename = "accessToken")]
    access_token: String,
    /// Seconds since 1970; from 2.54.0 on.
    expires_on: Option<i64>,
}

#[async_trait]
impl TokenCredential for AzureCli {
    async fn token(&self, request: &TokenRequest) -> Result<Token, CredentialError> {
        let mut arguments =
            vec!["account", "get-access-token", "--output", "json", "--scope", &request.scope];
        // The CLI takes one of the two only.
        if let Some(tenant) = request.tenant.as_ref().or(self.tenant_id.as_ref()) {
            arguments.extend(["--tenant", tenant]);
        } else if let Some(subscription) = &self.subscription {
            arguments.extend(["--subscription", subscription]);
        }
        let token: CliToken = self.run(&arguments).await?;
        let expires =
            token.expires_on.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(|| {
                CredentialError::Cli {
                    message: "its token does not say when it expires; update the CLI to 2.54.0 or later"
                        .to_owned(),
                }
            })?;
        Ok(Token { secret: Secret::new(token.access_token), expires })
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
