//! The types of resources that attributes and imports name, and the check of an ID against the one that is meant.

use arm::ResourceId;
use arm::private_link::CONNECTIONS;

/// Each kind with its type as Resource Manager names it, and with what people call it.
macro_rules! kinds {
    ($($kind:ident: $resource_type:expr, $words:literal;)*) => {
        /// A type of resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($kind,)*
        }

        impl Kind {
            const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The type, and what people call it.
            const fn names(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$kind => ($resource_type, $words),)*
                }
            }
        }
    };
}

kinds! {
    ResourceGroup: "Microsoft.Resources/resourceGroups", "a resource group";
    Registration: "Microsoft.Resources/providers", "a resource provider in a subscription";
    StorageAccount: "Microsoft.Storage/storageAccounts", "a storage account";
    KeyVault: "Microsoft.KeyVault/vaults", "a key vault";
    ApplicationInsights: "Microsoft.Insights/components", "an Application Insights component";
    ContainerRegistry: "Microsoft.ContainerRegistry/registries", "a container registry";
    UserAssignedIdentity: "Microsoft.ManagedIdentity/userAssignedIdentities", "a user-assigned identity";
    Workspace: "Microsoft.MachineLearningServices/workspaces", "a Machine Learning workspace";
    PrivateDnsZone: "Microsoft.Network/privateDnsZones", "a private DNS zone";
    PrivateDnsLink: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "a private DNS zone's link";
    VirtualNetwork: "Microsoft.Network/virtualNetworks", "a virtual network";
    ResourceManagementPrivateLink:
        "Microsoft.Authorization/resourceManagementPrivateLinks", "a resource management private link";
    PrivateLinkAssociation: "Microsoft.Authorization/privateLinkAssociations", "a private link association";
    ManagementGroup: "Microsoft.Management/managementGroups", "a management group";
    Subnet: "Microsoft.Network/virtualNetworks/subnets", "a virtual network's subnet";
    ApplicationSecurityGroup: "Microsoft.Network/applicationSecurityGroups", "an application security group";
    PrivateEndpoint: "Microsoft.Network/privateEndpoints", "a private endpoint";
    // Of any resource; what it is within is not part of its type here.
    PrivateEndpointConnection: CONNECTIONS, "a resource's private endpoint connection";
}

impl Kind {
    /// The type as Resource Manager names it.
    pub(crate) fn resource_type(self) -> &'static str {
        self.names().0
    }

    /// What an ID of the type looks like.
    fn pattern(self) -> String {
        let scope = match self {
            Self::ResourceGroup => return "/subscriptions/<subscription>/resourceGroups/<name>".to_owned(),
            Self::Registration => return "/subscriptions/<subscription>/providers/<namespace>".to_owned(),
            Self::ManagementGroup => "",
            Self::PrivateEndpointConnection => {
                return format!(
                    "/subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>/{CONNECTIONS}/<name>"
                );
            }
            Self::PrivateLinkAssociation => "/providers/Microsoft.Management/managementGroups/<group>",
            _ => "/subscriptions/<subscription>/resourceGroups/<group>",
        };
        let mut types = self.resource_type().split('/');
        let namespace = types.next().unwrap_or_default();
        let path: String = types.map(|kind| format!("/{kind}/<name>")).collect();
        format!("{scope}/providers/{namespace}{path}")
    }

    /// Whether the ID lies where resources of the type lie.
    fn is_in_scope(self, id: &ResourceId) -> bool {
        match self {
            Self::ManagementGroup => id.parent().is_none(),
            Self::PrivateLinkAssociation => {
                id.parent().is_some_and(|parent| Self::ManagementGroup.is_of(&parent))
            }
            Self::Registration => id.resource_group_name().is_none(),
            _ => id.resource_group_name().is_some(),
        }
    }

    /// Whether the ID is that of such a resource.
    fn is_of(self, id: &ResourceId) -> bool {
        let kind = type_of(id);
        let wanted = self.resource_type();
        let of_type = match self {
            Self::PrivateEndpointConnection => {
                kind.rsplit_once('/').is_some_and(|(_, last)| last.eq_ignore_ascii_case(wanted))
                    && id.parent().is_some_and(|target| target.namespace().is_some())
            }
            _ => kind.eq_ignore_ascii_case(wanted),
        };
        of_type && self.is_in_scope(id)
    }

    /// Whether the text is the ID of such a resource, in any casing.
    pub(crate) fn check(self, text: &str) -> Result<ResourceId, String> {
        let wanted = format!("must be the ID of {}, {}", self.names().1, self.pattern());
        let id = ResourceId::parse(text).map_err(|error| {
            // What was expected is said already.
            let problem = error.problem().split("; expected").next().unwrap_or_default();
            format!("{wanted}; {text:?} is no resource ID: {problem}")
        })?;
        if self.is_of(&id) {
            return Ok(id);
        }
        Err(format!("{wanted}; {text:?} is the ID of {}", words(&type_of(&id))))
    }
}

/// The type of an ID; a namespace without a type is a provider.
fn type_of(id: &ResourceId) -> String {
    match id.namespace() {
        Some(namespace) if id.resource_type() == namespace => Kind::Registration.resource_type().to_owned(),
        _ => id.resource_type(),
    }
}

/// What people call what an ID names, with its article.
pub(crate) fn words_of(id: &ResourceId) -> String {
    words(&type_of(id))
}

/// What people call a type of resource.
fn words(resource_type: &str) -> String {
    match Kind::ALL.iter().find(|kind| kind.resource_type().eq_ignore_ascii_case(resource_type)) {
        Some(kind) => kind.names().1.to_owned(),
        None => match resource_type {
            "Microsoft.Resources/subscriptions" => "a subscription".to_owned(),
            other => format!("a {other}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v";

    #[test]
    fn an_id_of_the_wrong_type_says_which_is_meant() {
        assert!(Kind::KeyVault.check(VAULT).is_ok());
        assert!(Kind::KeyVault.check(&VAULT.replace("Microsoft.KeyVault", "microsoft.keyvault")).is_ok());
        assert_eq!(
            Kind::StorageAccount.check(VAULT).unwrap_err(),
            format!(
                "must be the ID of a storage account, /subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.Storage/storageAccounts/<name>; {VAULT:?} is the ID of a key vault"
            )
        );
        assert!(
            Kind::KeyVault
                .check("/subscriptions/s/resourceGroups/rg")
                .unwrap_err()
                .ends_with("is the ID of a resource group")
        );
        assert!(
            Kind::KeyVault
                .check("v")
                .unwrap_err()
                .ends_with("\"v\" is no resource ID: it does not begin with \"/\"")
        );
    }

    #[test]
    fn an_id_of_something_within_another_names_both() {
        let zone = VAULT.replace("Microsoft.KeyVault/vaults/v", "Microsoft.Network/privateDnsZones/a.b");
        assert!(Kind::PrivateDnsLink.check(&format!("{zone}/virtualNetworkLinks/l")).is_ok());
        assert_eq!(
            Kind::PrivateDnsLink.check(&zone).unwrap_err(),
            format!(
                "must be the ID of a private DNS zone's link, /subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.Network/privateDnsZones/<name>/virtualNetworkLinks/<name>; {zone:?} is the ID of a private DNS zone"
            )
        );
    }

    #[test]
    fn groups_and_providers_are_ids_too() {
        let group = "/SUBSCRIPTIONS/s/RESOURCEGROUPS/rg";
        assert_eq!(Kind::ResourceGroup.check(group).unwrap().as_str(), "/subscriptions/s/resourceGroups/rg");
        let provider = "/subscriptions/s/providers/microsoft.storage";
        assert_eq!(
            Kind::Registration.check(provider).unwrap().as_str(),
            "/subscriptions/s/providers/Microsoft.Storage"
        );
        assert_eq!(
            Kind::ResourceGroup.check(provider).unwrap_err(),
            format!(
                "must be the ID of a resource group, /subscriptions/<subscription>/resourceGroups/<name>; {provider:?} is the ID of a resource provider in a subscription"
            )
        );
        assert!(Kind::Registration.check(VAULT).is_err());
        assert!(Kind::KeyVault.check("/subscriptions/s/providers/Microsoft.KeyVault/vaults/v").is_err());
    }

    #[test]
    fn what_lies_in_a_management_group_is_known_by_it() {
        let group = "/providers/Microsoft.Management/managementGroups/t";
        let rest = "/providers/Microsoft.Authorization/privateLinkAssociations/a";
        assert!(Kind::ManagementGroup.check(group).is_ok());
        assert!(Kind::PrivateLinkAssociation.check(&format!("{group}{rest}").to_uppercase()).is_ok());
        for other in ["", "/subscriptions/s", "/subscriptions/s/resourceGroups/g"] {
            let error = Kind::PrivateLinkAssociation.check(&format!("{other}{rest}")).unwrap_err();
            let wanted =
                format!("must be the ID of a private link association, {}", group.replace("/t", "/<group>"));
            assert!(error.starts_with(&wanted), "{error}");
        }
    }

    #[test]
    fn what_messages_show_of_a_kind_is_an_id_of_it_alone() {
        for kind in Kind::ALL {
            let id = ResourceId::parse(&kind.pattern().replace(['<', '>'], "")).unwrap();
            let of: Vec<_> = Kind::ALL.iter().filter(|other| other.is_of(&id)).collect();
            assert_eq!(of, [kind], "{id}");
        }
    }
}
