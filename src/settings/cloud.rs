//! Which cloud is meant: one at endpoints of its own, one that describes itself, or one that has a name.

use arm::cloud::Named;
use tfplugin::{Attr, Diagnostic};

use super::config::Endpoints;
use super::rules;
use super::variables::{ENVIRONMENT, METADATA_HOST, wrong_variable};
use super::{Settings, unknown};

/// The cloud's place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At these endpoints.
    Endpoints { resource_manager: String, authority: String, audience: Option<String> },
    /// As the Resource Manager at this host says.
    MetadataHost(String),
    /// As everybody knows.
    Named(Named),
    /// As everybody knows, but with tokens of this Entra ID.
    SignedInAt(Named, String),
}

/// The variables of the endpoints, which azapi reads as well.
pub(super) const RESOURCE_MANAGER: &str = "ARM_RESOURCE_MANAGER_ENDPOINT";
pub(super) const AUTHORITY: &str = "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST";
pub(super) const AUDIENCE: &str = "ARM_RESOURCE_MANAGER_AUDIENCE";
/// Where Microsoft's own libraries sign in. It tells of the cloud where nothing of ours does.
pub(super) const AZURE_AUTHORITY: &str = "AZURE_AUTHORITY_HOST";

impl Settings {
    /// The cloud. What the block says goes before what variables say, whichever of the three it is; among variables the one
    /// that leads to most knowledge of the cloud does.
    pub(crate) fn place(&self) -> Result<Place, Diagnostic> {
        match &self.config.endpoints {
            Attr::Unknown => return Err(unknown("endpoints")),
            Attr::Known(endpoints) => return self.endpoints(endpoints),
            Attr::Null => {}
        }
        match self.first(&[&METADATA_HOST, &ENVIRONMENT])? {
            Some((0, host)) => Ok(Place::MetadataHost(host.text)),
            Some((_, name)) if name.is_in_block() => named(&name.text),
            _ if self.variables.get(RESOURCE_MANAGER).is_some() => self.endpoints(&Endpoints::default()),
            Some((_, name)) => named(&name.text),
            None => self.of_azure_authority(),
        }
    }

    /// The cloud that Microsoft's libraries sign in to here: the one whose Entra ID that is, or else the public one.
    fn of_azure_authority(&self) -> Result<Place, Diagnostic> {
        let Some(authority) = self.azure_authority()? else { return Ok(Place::Named(Named::Public)) };
        let known = Named::ALL.into_iter().find(|named| named.signs_in_at(&authority));
        Ok(known.map_or(Place::SignedInAt(Named::Public, authority), Place::Named))
    }

    /// As those libraries take it, it may be a host alone.
    fn azure_authority(&self) -> Result<Option<String>, Diagnostic> {
        let found =
            [AUTHORITY, AZURE_AUTHORITY].into_iter().find_map(|name| Some((name, self.variables.get(name)?)));
        let Some((name, text)) = found else { return Ok(None) };
        let url = if text.contains("://") { text } else { format!("https://{text}") };
        rules::is_endpoint(&url).map_err(|why| wrong_variable(name, &why))?;
        Ok(Some(url))
    }

    fn endpoints(&self, block: &Endpoints) -> Result<Place, Diagnostic> {
        let one = |attribute: &Attr<String>, name: &str, variable: &str, check: rules::Check| match attribute
        {
            Attr::Unknown => Err(unknown(name)),
            Attr::Known(text) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            _ => match self.variables.get(variable) {
                Some(text) => check(&text).map_err(|why| wrong_variable(variable, &why)).map(|()| Some(text)),
                None => Ok(None),
            },
        };
        let resource_manager =
            one(&block.resource_manager, "endpoints", RESOURCE_MANAGER, rules::is_endpoint)?;
        let authority = match one(&block.authority, "endpoints", AUTHORITY, rules::is_endpoint)? {
            Some(authority) => Some(authority),
            None => self.azure_authority()?,
        };
        let audience = one(&block.audience, "endpoints", AUDIENCE, rules::anything)?;
        match (resource_manager, authority) {
            (Some(resource_manager), Some(authority)) => {
                Ok(Place::Endpoints { resource_manager, authority, audience })
            }
            (resource_manager, _) => {
                let missing = match resource_manager {
                    None => format!("resource_manager ({RESOURCE_MANAGER})"),
                    Some(_) => format!("authority ({AUTHORITY})"),
                };
                let detail = format!(
                    "A cloud at endpoints of its own needs both resource_manager and authority, but {missing} is missing."
                );
                Err(Diagnostic::error("Incomplete Endpoints", detail))
            }
        }
    }
}

fn named(text: &str) -> Result<Place, Diagnostic> {
    text.parse::<Named>().map(Place::Named).map_err(|error| {
        Diagnostic::error("Unknown Environment", format!("The provider's environment is unknown: {error}."))
    })
}
