//! Which environment variables stand in for which attribute, in the order in which they are read.

use std::fmt;
use std::sync::Arc;

use tfplugin::{Attr, Diagnostic};

use super::config::Config;
use super::rules::{self, Check};
use super::{Settings, unknown};

/// Reads an environment variable; handed in so that tests have none of their own.
pub(crate) type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// The environment.
#[derive(Clone)]
pub(crate) struct Variables(Arc<Lookup>);

impl Variables {
    /// Another environment than the process's.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self(Arc::new(move |name| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.clone())))
    }

    /// What a variable holds; blank is unset.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

impl Default for Variables {
    fn default() -> Self {
        Self(Arc::new(|name| std::env::var(name).ok()))
    }
}

/// A text of the block with the variables under it.
pub(super) struct Setting {
    /// The attribute.
    pub(super) attribute: &'static str,
    /// Its variables, the first that is set counts.
    pub(super) variables: &'static [&'static str],
    /// What is wrong with the text of a variable. The block was checked by `validate`.
    check: Check,
    get: fn(&Config) -> &Attr<String>,
}

/// A switch of the block with its variable.
pub(super) struct Switch {
    pub(super) attribute: &'static str,
    pub(super) variable: &'static str,
    get: fn(&Config) -> &Attr<bool>,
}

/// A text that was found, and where.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) text: String,
    /// The name of the attribute or variable.
    pub(super) from: &'static str,
    /// What is wrong with it, which matters only where it is used: what platforms and other programs set is not this run's.
    wrong: Option<String>,
}

/// Shows where, and not what, which may be a secret.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Found({})", self.from)
    }
}

impl Found {
    /// What is wrong with it is an error: it is used.
    pub(super) fn sound(&self) -> Result<(), Diagnostic> {
        self.wrong.as_ref().map_or(Ok(()), |why| Err(wrong_variable(self.from, why)))
    }

    /// Whether somebody set it for a provider like this one. What platforms set for every program (AZURE_*, ACTIONS_*,
    /// SYSTEM_*, AZURESUBSCRIPTION_*) says nothing about how this run is to sign in.
    pub(super) fn is_explicit(&self) -> bool {
        self.from.starts_with("ARM_") || self.is_in_block()
    }

    /// Whether the block says it; attributes have small letters.
    pub(super) fn is_in_block(&self) -> bool {
        !self.from.contains(|c: char| c.is_ascii_uppercase())
    }
}

macro_rules! settings {
    ($($name:ident $attribute:ident $check:expr, $variables:expr;)*) => {
        $(pub(super) const $name: Setting = Setting {
            attribute: stringify!($attribute),
            variables: &$variables,
            check: $check,
            get: |config| &config.$attribute,
        };)*
        /// All texts of the block that have variables, in the order of the block.
        #[cfg(test)]
        pub(super) const TEXTS: &[&Setting] = &[$(&$name),*];
    };
}

macro_rules! switches {
    ($($name:ident $attribute:ident $variable:expr;)*) => {
        $(pub(super) const $name: Switch =
            Switch { attribute: stringify!($attribute), variable: $variable, get: |config| &config.$attribute };)*
        /// All switches.
        #[cfg(test)]
        pub(super) const SWITCHES: &[&Switch] = &[$(&$name),*];
    };
}

settings! {
    SUBSCRIPTION subscription rules::anything, [];
    SUBSCRIPTION_ID subscription_id crate::check::subscription_id, ["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"];
    TENANT_ID tenant_id rules::is_tenant, ["ARM_TENANT_ID", "AZURE_TENANT_ID", "AZURESUBSCRIPTION_TENANT_ID"];
    CLIENT_ID client_id crate::check::subscription_id, ["ARM_CLIENT_ID", "AZURE_CLIENT_ID", "AZURESUBSCRIPTION_CLIENT_ID"];
    CLIENT_ID_FILE client_id_file_path rules::anything, ["ARM_CLIENT_ID_FILE_PATH"];
    CLIENT_SECRET client_secret rules::anything, ["ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"];
    CLIENT_SECRET_FILE client_secret_file_path rules::anything, ["ARM_CLIENT_SECRET_FILE_PATH"];
    CERTIFICATE client_certificate rules::is_certificate, ["ARM_CLIENT_CERTIFICATE"];
    CERTIFICATE_FILE client_certificate_path rules::anything, ["ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"];
    CERTIFICATE_PASSWORD client_certificate_password rules::anything, ["ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"];
    OIDC_TOKEN oidc_token rules::anything, ["ARM_OIDC_TOKEN"];
    OIDC_TOKEN_FILE oidc_token_file_path rules::anything, ["ARM_OIDC_TOKEN_FILE_PATH"];
    OIDC_REQUEST_URL oidc_request_url rules::is_https, ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"];
    OIDC_REQUEST_TOKEN oidc_request_token rules::anything, ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"];
    SERVICE_CONNECTION ado_pipeline_service_connection_id crate::check::subscription_id,
        ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"];
    MSI_OBJECT_ID msi_object_id crate::check::subscription_id, ["ARM_MSI_OBJECT_ID"];
    MSI_RESOURCE_ID msi_resource_id rules::is_identity_id, ["ARM_MSI_RESOURCE_ID"];
    MSI_ENDPOINT msi_endpoint rules::is_http, ["ARM_MSI_ENDPOINT"];
    ENVIRONMENT environment rules::is_environment, ["ARM_ENVIRONMENT"];
    METADATA_HOST metadata_host rules::is_metadata_host, ["ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"];
    CA_CERTIFICATE_FILE ca_certificate_file rules::anything, ["ARM_CA_CERTIFICATE_FILE"];
}

switches! {
    USE_OIDC use_oidc "ARM_USE_OIDC";
    USE_AKS use_aks_workload_identity "ARM_USE_AKS_WORKLOAD_IDENTITY";
    USE_MSI use_msi "ARM_USE_MSI";
    USE_CLI use_cli "ARM_USE_CLI";
}

/// The variable in which the webhook of AKS names the file with the OIDC token.
pub(super) const FEDERATED_TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
/// Between the tenants of [`AUXILIARY_TENANTS`].
pub(super) const SEPARATOR: char = ';';
/// The variable of the further tenants.
pub(super) const AUXILIARY_TENANTS: &str = "ARM_AUXILIARY_TENANT_IDS";

impl Setting {
    /// The attribute with its first variable, for a message that says what is missing.
    pub(super) fn named(&self) -> String {
        match self.variables.first() {
            Some(variable) => format!("{} ({variable})", self.attribute),
            None => self.attribute.to_owned(),
        }
    }
}

impl Settings {
    /// A text of the block, or else of the first of its variables that is set.
    pub(super) fn text(&self, setting: &Setting) -> Result<Option<Found>, Diagnostic> {
        match self.in_block(setting)? {
            Some(found) => Ok(Some(found)),
            None => self.in_variables(setting, |_| true),
        }
    }

    /// The first of settings that exclude each other, with its place among them. The block goes before the variables of
    /// all of them, for who writes a file into the block does not mean the text in a variable; and the variables of providers
    /// like this one go before what platforms set for every program.
    pub(super) fn first(&self, settings: &[&Setting]) -> Result<Option<(usize, Found)>, Diagnostic> {
        for (index, setting) in settings.iter().enumerate() {
            if let Some(found) = self.in_block(setting)? {
                return Ok(Some((index, found)));
            }
        }
        for own in [true, false] {
            for (index, setting) in settings.iter().enumerate() {
                if let Some(found) = self.in_variables(setting, |name| name.starts_with("ARM_") == own)? {
                    return Ok(Some((index, found)));
                }
            }
        }
        Ok(None)
    }

    /// What the block says.
    pub(super) fn in_block(&self, setting: &Setting) -> Result<Option<Found>, Diagnostic> {
        match (setting.get)(&self.config) {
            Attr::Unknown => Err(unknown(setting.attribute)),
            Attr::Null => Ok(None),
            Attr::Known(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Found {
                text: text.to_owned(),
                from: setting.attribute,
                wrong: None,
            })),
        }
    }

    /// What the first variable says that is set, of those that are asked for. One of a provider like this one has to be right;
    /// what is wrong with any other is told where it is used.
    pub(super) fn in_variables(
        &self,
        setting: &Setting,
        asked: impl Fn(&str) -> bool,
    ) -> Result<Option<Found>, Diagnostic> {
        let mut names = setting.variables.iter().filter(|name| asked(name));
        let found = names.find_map(|from| Some((from, self.variables.get(from)?)));
        let Some((from, text)) = found else { return Ok(None) };
        let found = Found { wrong: (setting.check)(&text).err(), text, from };
        if found.is_explicit() {
            found.sound()?;
        }
        Ok(Some(found))
    }

    /// A switch of the block, or else of its variable.
    pub(super) fn switch(&self, switch: &Switch) -> Result<Option<bool>, Diagnostic> {
        match (switch.get)(&self.config) {
            Attr::Known(on) => Ok(Some(*on)),
            Attr::Unknown => Err(unknown(switch.attribute)),
            Attr::Null => match self.variables.get(switch.variable).as_deref() {
                None => Ok(None),
                Some(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(Some(true)),
                Some(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(Some(false)),
                Some(text) => {
                    let why = format!("must be \"true\" or \"false\"; it is {text:?}");
                    Err(wrong_variable(switch.variable, &why))
                }
            },
        }
    }
}

/// A variable holds what it cannot hold.
pub(super) fn wrong_variable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::error("Invalid Environment Variable", format!("The environment variable {name} {why}."))
}
