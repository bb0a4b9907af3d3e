//! The clouds: where Resource Manager and Entra ID are, and what the services' names end with.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::error::Error;

mod endpoint;
mod metadata;

pub use endpoint::{check_endpoint, check_metadata_host, shown};
pub use metadata::{METADATA_API_VERSION, discover};

use endpoint::{bare, endpoint};

/// One Azure cloud. Cheap enough to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    name: String,
    resource_manager: Url,
    authority: Url,
    audience: String,
    other_audiences: Vec<String>,
    federation_audience: String,
    suffixes: Suffixes,
    private_dns_zones: Option<PrivateDnsZones>,
}

/// The private DNS zones in which the names of private endpoints are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateDnsZones {
    /// The API of a workspace: `privatelink.api.azureml.ms`.
    pub api: String,
    /// The notebooks of a workspace: `privatelink.notebooks.azure.net`.
    pub notebooks: String,
}

impl PrivateDnsZones {
    /// The zones that an endpoint of a workspace needs.
    pub fn of_workspace(&self) -> [&str; 2] {
        [&self.api, &self.notebooks]
    }
}

/// What the names of a cloud's services end with, without a leading dot; empty where the cloud does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suffixes {
    /// Storage endpoints: `core.windows.net`.
    pub storage: String,
    /// Key vaults: `vault.azure.net`.
    pub key_vault: String,
    /// Container registries: `azurecr.io`.
    pub container_registry: String,
    /// Machine Learning's regional API, after the region: `api.azureml.ms`.
    pub machine_learning: String,
    /// The portal: `portal.azure.com`.
    pub portal: String,
}

/// The clouds that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Azure for everyone.
    Public,
    /// Azure for the government of the United States.
    UsGovernment,
    /// Azure operated by 21Vianet.
    China,
}

/// A name that is no cloud's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no cloud named {0:?}; the clouds are \"public\", \"usgovernment\" and \"china\"")]
pub struct UnknownCloud(String);

impl FromStr for Named {
    type Err = UnknownCloud;

    /// Reads the names that the other Azure providers use and those of the Azure CLI, in any casing.
    fn from_str(text: &str) -> Result<Self, UnknownCloud> {
        match text.trim().to_lowercase().as_str() {
            "public" | "azurepublic" | "azurecloud" | "azurepubliccloud" | "global" => Ok(Self::Public),
            "usgovernment"
            | "usgov"
            | "usgovernmentl4"
            | "usgovernmentl5"
            | "azureusgovernment"
            | "azureusgovernmentcloud"
            | "azuregovernment"
            | "dod" => Ok(Self::UsGovernment),
            "china" | "azurechina" | "azurechinacloud" => Ok(Self::China),
            _ => Err(UnknownCloud(text.to_owned())),
        }
    }
}

impl Named {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Public, Self::UsGovernment, Self::China];

    /// Whether this URL is that of its Entra ID.
    pub fn signs_in_at(self, authority: &str) -> bool {
        let host = Url::parse(authority).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.is_some_and(|host| host == self.known().authority)
    }

    fn known(self) -> Known {
        match self {
            Self::Public => PUBLIC,
            Self::UsGovernment => US_GOVERNMENT,
            Self::China => CHINA,
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::UsGovernment => "usgovernment",
            Self::China => "china",
        })
    }
}

/// What is known of a named cloud: the CLI's name, hosts, the other audiences, the suffixes and the zones.
struct Known {
    name: &'static str,
    resource_manager: &'static str,
    authority: &'static str,
    other_audience: &'static str,
    federation_audience: &'static str,
    suffixes: [&'static str; 5],
    private_dns_zones: [&'static str; 2],
}

const PUBLIC: Known = Known {
    name: "AzureCloud",
    resource_manager: "management.azure.com",
    authority: "login.microsoftonline.com",
    other_audience: "https://management.core.windows.net",
    federation_audience: "api://AzureADTokenExchange",
    suffixes: ["core.windows.net", "vault.azure.net", "azurecr.io", "api.azureml.ms", "portal.azure.com"],
    private_dns_zones: ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
};
const US_GOVERNMENT: Known = Known {
    name: "AzureUSGovernment",
    resource_manager: "management.usgovcloudapi.net",
    authority: "login.microsoftonline.us",
    other_audience: "https://management.core.usgovcloudapi.net",
    federation_audience: "api://AzureADTokenExchangeUSGov",
    suffixes: [
        "core.usgovcloudapi.net",
        "vault.usgovcloudapi.net",
        "azurecr.us",
        "api.ml.azure.us",
        "portal.azure.us",
    ],
    private_dns_zones: ["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"],
};
const CHINA: Known = Known {
    name: "AzureChinaCloud",
    resource_manager: "management.chinacloudapi.cn",
    authority: "login.chinacloudapi.cn",
    other_audience: "https://management.core.chinacloudapi.cn",
    federation_audience: "api://AzureADTokenExchangeChina",
    suffixes: ["core.chinacloudapi.cn", "vault.azure.cn", "azurecr.cn", "api.ml.azure.cn", "portal.azure.cn"],
    private_dns_zones: ["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"],
};

impl Cloud {
    /// A cloud that has a name.
    pub fn named(named: Named) -> Result<Self, Error> {
        let known = named.known();
        let resource_manager = format!("https://{}", known.resource_manager);
        let authority = format!("https://{}", known.authority);
        let mut cloud = Self::custom(known.name, &resource_manager, &authority, None)?;
        cloud.other_audiences.push(known.other_audience.to_owned());
        known.federation_audience.clone_into(&mut cloud.federation_audience);
        let [api, notebooks] = known.private_dns_zones.map(str::to_owned);
        cloud.private_dns_zones = Some(PrivateDnsZones { api, notebooks });
        let [storage, key_vault, container_registry, machine_learning, portal] =
            known.suffixes.map(str::to_owned);
        cloud.suffixes = Suffixes { storage, key_vault, container_registry, machine_learning, portal };
        Ok(cloud)
    }

    /// A cloud at endpoints of its own. The audience is Resource Manager's URL unless given. Endpoints are HTTPS; plain
    /// HTTP is taken on this machine alone, and only a transport that speaks it goes there.
    pub fn custom(
        name: &str,
        resource_manager: &str,
        authority: &str,
        audience: Option<&str>,
    ) -> Result<Self, Error> {
        let resource_manager = endpoint("Resource Manager", resource_manager)?;
        let authority = endpoint("Entra ID", authority)?;
        let audience = audience.map_or_else(|| bare(resource_manager.as_str()), bare);
        Ok(Self {
            name: name.to_owned(),
            resource_manager,
            authority,
            audience,
            other_audiences: Vec::new(),
            federation_audience: PUBLIC.federation_audience.to_owned(),
            suffixes: Suffixes::default(),
            private_dns_zones: None,
        })
    }

    /// The same with tokens of another Entra ID.
    pub fn with_authority(mut self, authority: &str) -> Result<Self, Error> {
        self.authority = endpoint("Entra ID", authority)?;
        Ok(self)
    }

    /// The same with suffixes.
    #[must_use]
    pub fn with_suffixes(mut self, suffixes: Suffixes) -> Self {
        self.suffixes = suffixes;
        self
    }

    /// The name by which the Azure CLI knows the cloud.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where Resource Manager is.
    pub fn resource_manager(&self) -> &Url {
        &self.resource_manager
    }

    /// Where Entra ID is.
    pub fn authority(&self) -> &Url {
        &self.authority
    }

    /// For whom a token for Resource Manager is issued.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// All audiences that Resource Manager accepts.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.audience.as_str()).chain(self.other_audiences.iter().map(String::as_str))
    }

    /// The scope to ask a token for.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.audience)
    }

    /// For whom another issuer's token is, when it is to be exchanged for one of this cloud's Entra ID, unless the
    /// federated credential says otherwise.
    pub fn federation_audience(&self) -> &str {
        &self.federation_audience
    }

    /// The private DNS zones of its workspaces, where they are known.
    pub fn private_dns_zones(&self) -> Option<&PrivateDnsZones> {
        self.private_dns_zones.as_ref()
    }

    /// What the names of the services end with.
    pub fn suffixes(&self) -> &Suffixes {
        &self.suffixes
    }
}

#[cfg(test)]
mod tests;
