//! What the provider block and the environment say together.
//!
//! An attribute that the block leaves out is read from its variables. What is still unknown, or missing, or does
//! not go together, is an error only when something needs it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use tfplugin::{Attr, Diagnostic};

use crate::tags::Tags;

mod cloud;
mod config;
mod rules;
mod sign_in;
mod variables;
mod way;

pub(crate) use cloud::Place;
pub(crate) use config::Config;
pub(crate) use rules::check;
pub(crate) use variables::Variables;
pub(crate) use way::{Application, How, Identity, Oidc, Source, Way};

use variables::{
    AUXILIARY_TENANTS, CA_CERTIFICATE_FILE, SEPARATOR, SUBSCRIPTION, SUBSCRIPTION_ID, wrong_variable,
};

/// The provider's configuration with the environment under it.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) variables: Variables,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// Which subscription is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subscription {
    /// That of this ID.
    Id(String),
    /// The one of this name.
    Name(String),
}

/// Which resource providers are registered along the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registrations {
    /// None.
    None,
    /// Those that no workspace can be without.
    Required,
    /// One that Azure says is missing.
    OnDemand,
}

impl Settings {
    /// Whether resource providers are registered along the way.
    pub(crate) fn registrations(&self) -> Result<Registrations, Diagnostic> {
        match &self.config.resource_provider_registrations {
            Attr::Unknown => Err(unknown("resource_provider_registrations")),
            Attr::Known(text) if text.eq_ignore_ascii_case("required") => Ok(Registrations::Required),
            Attr::Known(text) if text.eq_ignore_ascii_case("on_demand") => Ok(Registrations::OnDemand),
            _ => Ok(Registrations::None),
        }
    }

    /// The subscription of resources that name none.
    pub(crate) fn subscription(&self) -> Result<Option<Subscription>, Diagnostic> {
        let Some((_, found)) = self.first(&[&SUBSCRIPTION, &SUBSCRIPTION_ID])? else { return Ok(None) };
        found.sound()?;
        Ok(Some(match crate::check::subscription_id(&found.text) {
            Ok(()) => Subscription::Id(found.text),
            Err(_) => Subscription::Name(found.text),
        }))
    }

    /// Further tenants to get tokens for.
    pub(crate) fn auxiliary_tenants(&self) -> Result<Vec<String>, Diagnostic> {
        match &self.config.auxiliary_tenant_ids {
            Attr::Known(tenants) => Ok(tenants.iter().map(|tenant| tenant.trim().to_owned()).collect()),
            Attr::Unknown => Err(unknown("auxiliary_tenant_ids")),
            Attr::Null => {
                let text = self.variables.get(AUXILIARY_TENANTS).unwrap_or_default();
                let tenants: Vec<&str> =
                    text.split(SEPARATOR).map(str::trim).filter(|tenant| !tenant.is_empty()).collect();
                rules::are_auxiliary_tenants(&tenants)
                    .map_err(|why| wrong_variable(AUXILIARY_TENANTS, &why))?;
                Ok(tenants.into_iter().map(str::to_owned).collect())
            }
        }
    }

    /// Other API versions than the provider's own, by namespace.
    pub(crate) fn api_versions(&self) -> Result<BTreeMap<String, String>, Diagnostic> {
        match &self.config.api_versions {
            Attr::Known(versions) => Ok(versions.clone()),
            Attr::Null => Ok(BTreeMap::new()),
            Attr::Unknown => Err(unknown("api_versions")),
        }
    }

    /// The file of authorities that are trusted beside the system's.
    pub(crate) fn ca_certificate_file(&self) -> Result<Option<PathBuf>, Diagnostic> {
        Ok(self.text(&CA_CERTIFICATE_FILE)?.map(|found| PathBuf::from(found.text)))
    }

    /// The tags that every resource gets; nothing while they are unknown.
    pub(crate) fn default_tags(&self) -> Option<Tags> {
        match &self.config.default_tags {
            Attr::Known(tags) => Some(tags.clone()),
            Attr::Null => Some(Tags::new()),
            Attr::Unknown => None,
        }
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
mod tests;
