//! What the provider block and the environment say together.
//!
//! An attribute that the block leaves out is read from its `ARM_*` variable. What is still unknown, or missing, or does
//! not go together, is an error only when something needs it.

use std::fmt;

use arm::cloud::Named;
use tfplugin::{Attr, Diagnostic};

use crate::tags::Tags;

/// The provider's configuration with the environment under it.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) subscription_id: Attr<String>,
    pub(crate) tenant_id: Attr<String>,
    pub(crate) client_id: Attr<String>,
    pub(crate) client_secret: Attr<String>,
    pub(crate) use_cli: Attr<bool>,
    pub(crate) environment: Attr<String>,
    pub(crate) metadata_host: Attr<String>,
    pub(crate) default_tags: Attr<Tags>,
    pub(crate) variables: Variables,
}

/// Reads an environment variable; handed in so that tests have none of their own.
pub(crate) type Lookup = fn(&str) -> Option<String>;

/// The environment.
#[derive(Clone, Copy)]
pub(crate) struct Variables(pub(crate) Lookup);

impl Default for Variables {
    fn default() -> Self {
        Self(|name| std::env::var(name).ok())
    }
}

/// How to sign in.
#[derive(PartialEq, Eq)]
pub(crate) enum SignIn {
    /// As a service principal.
    ClientSecret { tenant_id: String, client_id: String, client_secret: String },
    /// As whoever is signed in to the Azure CLI.
    AzureCli { tenant_id: Option<String> },
}

/// Secrets are not shown.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientSecret { .. } => "ClientSecret",
            Self::AzureCli { .. } => "AzureCli",
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

impl Settings {
    /// The subscription of resources that name none.
    pub(crate) fn subscription_id(&self) -> Result<Option<String>, Diagnostic> {
        self.text("subscription_id", &self.subscription_id, "ARM_SUBSCRIPTION_ID")
    }

    /// A Resource Manager that describes its own cloud.
    pub(crate) fn metadata_host(&self) -> Result<Option<String>, Diagnostic> {
        self.text("metadata_host", &self.metadata_host, "ARM_METADATA_HOST")
    }

    /// The named cloud.
    pub(crate) fn environment(&self) -> Result<Named, Diagnostic> {
        let Some(name) = self.text("environment", &self.environment, "ARM_ENVIRONMENT")? else {
            return Ok(Named::Public);
        };
        name.parse::<Named>().map_err(|error| {
            let detail = format!("The provider's environment, or ARM_ENVIRONMENT, is none: {error}.");
            Diagnostic::error("Unknown Environment", detail)
        })
    }

    /// The tags that every resource gets; nothing while they are unknown.
    pub(crate) fn default_tags(&self) -> Option<Tags> {
        match &self.default_tags {
            Attr::Known(tags) => Some(tags.clone()),
            Attr::Null => Some(Tags::new()),
            Attr::Unknown => None,
        }
    }

    /// How to sign in: with a client secret where there is one, else through the Azure CLI.
    pub(crate) fn sign_in(&self) -> Result<SignIn, Diagnostic> {
        let tenant_id = self.text("tenant_id", &self.tenant_id, "ARM_TENANT_ID")?;
        let client_id = self.text("client_id", &self.client_id, "ARM_CLIENT_ID")?;
        let client_secret = self.text("client_secret", &self.client_secret, "ARM_CLIENT_SECRET")?;
        let use_cli = self.use_cli()?;
        if let (Some(tenant_id), Some(client_id), Some(client_secret)) =
            (&tenant_id, &client_id, &client_secret)
            && use_cli != Some(true)
        {
            let (tenant_id, client_id, client_secret) =
                (tenant_id.clone(), client_id.clone(), client_secret.clone());
            return Ok(SignIn::ClientSecret { tenant_id, client_id, client_secret });
        }
        let begun = client_secret.is_some() || client_id.is_some();
        if use_cli == Some(true) || use_cli.is_none() && !begun {
            return Ok(SignIn::AzureCli { tenant_id });
        }
        let missing: Vec<&str> = [
            (&tenant_id, "tenant_id (ARM_TENANT_ID)"),
            (&client_id, "client_id (ARM_CLIENT_ID)"),
            (&client_secret, "client_secret (ARM_CLIENT_SECRET)"),
        ]
        .into_iter()
        .filter_map(|(value, name)| value.is_none().then_some(name))
        .collect();
        let detail = format!(
            "To sign in as a service principal, the provider needs tenant_id, client_id and client_secret, but these are missing: {}. To sign in through the Azure CLI instead, set use_cli = true (ARM_USE_CLI) and run \"az login\".",
            missing.join(", ")
        );
        Err(Diagnostic::error("Incomplete Sign-In", detail))
    }

    fn use_cli(&self) -> Result<Option<bool>, Diagnostic> {
        match &self.use_cli {
            Attr::Known(use_cli) => Ok(Some(*use_cli)),
            Attr::Unknown => Err(unknown("use_cli")),
            Attr::Null => match (self.variables.0)("ARM_USE_CLI").as_deref().map(str::trim) {
                None | Some("") => Ok(None),
                Some(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(Some(true)),
                Some(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(Some(false)),
                Some(text) => {
                    let detail = format!("ARM_USE_CLI has to be \"true\" or \"false\", but it is {text:?}.");
                    Err(Diagnostic::error("Invalid Environment Variable", detail))
                }
            },
        }
    }

    /// A setting of the block, or else of its variable. Empty texts are none.
    fn text(
        &self,
        name: &str,
        attribute: &Attr<String>,
        variable: &str,
    ) -> Result<Option<String>, Diagnostic> {
        let text = match attribute {
            Attr::Unknown => return Err(unknown(name)),
            Attr::Known(text) => Some(text.clone()),
            Attr::Null => (self.variables.0)(variable),
        };
        Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    }
}

/// Something needs Azure while the way to it depends on what only an apply will show.
fn unknown(name: &str) -> Diagnostic {
    let detail = format!(
        "The provider's {name} depends on values that are known only after apply, but a resource has to be read or changed now. Apply what it depends on first, for example with -target, or set it to a known value."
    );
    Diagnostic::error("Provider Configuration Not Known Yet", detail).at(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    fn service_principal(name: &str) -> Option<String> {
        match name {
            "ARM_TENANT_ID" => Some("tenant".to_owned()),
            "ARM_CLIENT_ID" => Some("client".to_owned()),
            "ARM_CLIENT_SECRET" => Some("secret".to_owned()),
            "ARM_SUBSCRIPTION_ID" => Some("  ".to_owned()),
            _ => None,
        }
    }

    fn settings(lookup: Lookup) -> Settings {
        Settings { variables: Variables(lookup), ..Settings::default() }
    }

    #[test]
    fn the_environment_fills_in_what_the_block_leaves_out() {
        let mut settings = settings(service_principal);
        settings.client_id = Attr::Known("mine".to_owned());
        assert_eq!(
            settings.sign_in().unwrap(),
            SignIn::ClientSecret {
                tenant_id: "tenant".to_owned(),
                client_id: "mine".to_owned(),
                client_secret: "secret".to_owned()
            }
        );
        assert_eq!(settings.subscription_id().unwrap(), None, "blank is unset");
    }

    #[test]
    fn the_cli_signs_in_where_nothing_else_is_set() {
        assert_eq!(settings(none).sign_in().unwrap(), SignIn::AzureCli { tenant_id: None });
        let mut chosen = settings(service_principal);
        chosen.use_cli = Attr::Known(true);
        assert_eq!(chosen.sign_in().unwrap(), SignIn::AzureCli { tenant_id: Some("tenant".to_owned()) });
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut settings = settings(none);
        settings.client_id = Attr::Known("mine".to_owned());
        let diagnostic = settings.sign_in().unwrap_err();
        assert_eq!(
            diagnostic.detail,
            "To sign in as a service principal, the provider needs tenant_id, client_id and client_secret, but these are missing: tenant_id (ARM_TENANT_ID), client_secret (ARM_CLIENT_SECRET). To sign in through the Azure CLI instead, set use_cli = true (ARM_USE_CLI) and run \"az login\"."
        );
        let mut settings = self::settings(none);
        settings.use_cli = Attr::Known(false);
        assert!(settings.sign_in().is_err());
    }

    #[test]
    fn the_unknown_is_an_error_only_when_needed() {
        let mut settings = settings(none);
        settings.tenant_id = Attr::Unknown;
        assert!(settings.subscription_id().is_ok());
        let diagnostic = settings.sign_in().unwrap_err();
        assert_eq!(diagnostic.summary, "Provider Configuration Not Known Yet");
    }

    #[test]
    fn clouds_have_names() {
        let mut settings = settings(none);
        assert_eq!(settings.environment().unwrap(), Named::Public);
        settings.environment = Attr::Known("China".to_owned());
        assert_eq!(settings.environment().unwrap(), Named::China);
        settings.environment = Attr::Known("moon".to_owned());
        assert!(settings.environment().is_err());
    }
}
