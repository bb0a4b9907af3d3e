//! Whoever is signed in to the Azure CLI.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use super::{CredentialError, Token, TokenCredential, TokenRequest};
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::mask;
use crate::subscriptions::Subscription;

mod process;
mod said;

/// The CLI, as the `PATH` leads to it.
const PROGRAM: &str = if cfg!(windows) { "az.cmd" } else { "az" };

/// The CLI's names of the clouds that it knows from the start.
const NAMED: [&str; 3] = ["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"];
/// A slow machine starts the CLI in some seconds; one that waits for something never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// Gets tokens from `az account get-access-token`. Keep it in a cache: each token costs a start of the CLI.
#[derive(Debug, Clone)]
pub struct AzureCli {
    program: String,
    tenant_id: Option<String>,
    subscription: Option<String>,
    /// The cloud that tokens are wanted of, by the CLI's name, where it has one.
    cloud: Option<String>,
    /// The cloud that the CLI works on, once it has been asked.
    cloud_name: Arc<OnceCell<String>>,
    clock: Arc<dyn Clock>,
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

impl From<AzureCliAccount> for Subscription {
    fn from(account: AzureCliAccount) -> Self {
        Self {
            subscription_id: account.subscription_id,
            display_name: account.name,
            tenant_id: account.tenant_id,
        }
    }
}

impl Default for AzureCli {
    fn default() -> Self {
        Self {
            program: PROGRAM.to_owned(),
            tenant_id: None,
            subscription: None,
            cloud: None,
            cloud_name: Arc::default(),
            clock: Arc::new(SystemClock),
        }
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

    /// Tokens of this cloud: a CLI that works on another one is refused with the way out. Only a cloud that has a name
    /// of its own is compared; any other can be registered with the CLI under any name.
    #[must_use]
    pub fn with_cloud(mut self, cloud: &Cloud) -> Self {
        self.cloud = NAMED.contains(&cloud.name()).then(|| cloud.name().to_owned());
        self
    }

    /// Another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What the CLI works on.
    pub async fn account(&self) -> Result<AzureCliAccount, CredentialError> {
        let mut arguments = vec!["account", "show", "--output", "json"];
        if let Some(subscription) = &self.subscription {
            arguments.extend(["--subscription", subscription]);
        }
        let account: AzureCliAccount = self.run(&arguments, None).await?;
        // It shows subscriptions of the cloud that it is set to and of no other.
        self.compare(self.cloud_name.get_or_init(async || account.environment_name.clone()).await)?;
        Ok(account)
    }

    /// All subscriptions that the CLI knows, in its cloud.
    pub async fn accounts(&self) -> Result<Vec<AzureCliAccount>, CredentialError> {
        self.run(&["account", "list", "--output", "json"], None).await
    }

    async fn run<T: DeserializeOwned>(
        &self,
        arguments: &[&str],
        tenant: Option<&str>,
    ) -> Result<T, CredentialError> {
        let command = format!("az {} {}", arguments[0], arguments[1]);
        let output = process::run(&self.program, arguments, PATIENCE, &*self.clock).await;
        let output = output.map_err(|error| match error {
            process::Failure::Start(error) => CredentialError::CliMissing { message: error.to_string() },
            process::Failure::Patience => CredentialError::Cli {
                message: format!(
                    "\"{command}\" did not end within {} s; run it yourself to see what it waits for",
                    PATIENCE.as_secs()
                ),
            },
        })?;
        if !output.status.success() {
            return Err(said::explain(&output, tenant));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| CredentialError::Cli {
            // Not the output itself, which may hold a token.
            message: format!("\"{command}\" printed something else than expected: {}", mask::problem(&error)),
        })
    }

    /// Whether the CLI works on the cloud that tokens are wanted of.
    async fn check_cloud(&self) -> Result<(), CredentialError> {
        if self.cloud.is_none() {
            return Ok(());
        }
        let current = self.cloud_name.get_or_try_init(|| async {
            let account: AzureCliAccount = self.run(&["account", "show", "--output", "json"], None).await?;
            Ok::<_, CredentialError>(account.environment_name)
        });
        // What is wrong with the account is told by the token's own command.
        current.await.map_or(Ok(()), |current| self.compare(current))
    }

    fn compare(&self, current: &str) -> Result<(), CredentialError> {
        match &self.cloud {
            Some(wanted) if !current.is_empty() && !current.eq_ignore_ascii_case(wanted) => {
                Err(CredentialError::CliCloud { current: current.to_owned(), wanted: wanted.clone() })
            }
            _ => Ok(()),
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
        let tenant = request.tenant.as_deref().or(self.tenant_id.as_deref());
        if let Some(tenant) = tenant {
            arguments.extend(["--tenant", tenant]);
        } else if let Some(subscription) = &self.subscription {
            arguments.extend(["--subscription", subscription]);
        }
        // At once, for each start of the CLI takes a second.
        let (cloud, token) = tokio::join!(self.check_cloud(), self.run::<CliToken>(&arguments, tenant));
        cloud?;
        let token = match token {
            Err(CredentialError::CliSubscription { subscription, .. }) => {
                let known = self.accounts().await.ok();
                let known = known.map(|all| all.into_iter().map(Subscription::from).collect());
                return Err(CredentialError::CliSubscription { subscription, known });
            }
            token => token?,
        };
        let expires = token.expires_on.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let expires = expires.ok_or_else(|| CredentialError::CliOld {
            message: "its token does not say when it expires".to_owned(),
        })?;
        Token::new(token.access_token, expires).map_err(|unfit| CredentialError::Cli {
            message: format!("\"az account get-access-token\" gave something else than a token: {unfit}"),
        })
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
