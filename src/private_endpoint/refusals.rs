//! What Azure refuses of an endpoint, at the attribute that it is about, with what helps.

use arm::Error;
use tfplugin::Diagnostic;

use super::rules;
use crate::diagnostics;

/// What there is to say about a code.
struct Refusal {
    code: &'static str,
    /// Nothing where the ID in the message tells it.
    attribute: Option<&'static str>,
    advice: &'static str,
}

const fn refusal(code: &'static str, attribute: &'static str, advice: &'static str) -> Refusal {
    Refusal { code, attribute: Some(attribute), advice }
}

/// An address may be any that is free.
const OTHER_ADDRESS: &str = "Choose another address for private_ip_address: of the subnet, without its first four and its last, and one that nothing else has. Without ip_configurations Azure chooses.";

const REFUSALS: &[Refusal] = &[
    refusal(
        "PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
        "subnet_id",
        "Choose another subnet, or switch the policies off, in a configuration with private_endpoint_network_policies = \"Disabled\" in azurerm_subnet, as a command with \"az network vnet subnet update --ids <subnet> --private-endpoint-network-policies Disabled\".",
    ),
    refusal(
        "SubnetIsFull",
        "subnet_id",
        "Choose a larger subnet. An endpoint takes an address for each name that it leads to: for a workspace, several.",
    ),
    Refusal {
        code: "InvalidPrivateLinkServiceId",
        attribute: None,
        advice: "The target has to exist, and to be ready. Where it is in this configuration, refer to its resource, so that it comes before the endpoint.",
    },
    refusal(
        "InvalidGroupIdOnPrivateLinkServiceConnection",
        "group_ids",
        "Name one of the target's groups. \"az network private-link-resource list --id <target>\" lists them.",
    ),
    refusal("OnlyOneGroupIdPermitted", "group_ids", rules::ONE_GROUP),
    refusal(
        "InvalidMemberNameOnIpConfiguration",
        "ip_configurations",
        "Name a member of the group in member_name. \"az network private-link-resource list --id <target>\" lists them as requiredMembers.",
    ),
    refusal("PrivateIPAddressNotInSubnet", "ip_configurations", OTHER_ADDRESS),
    refusal("PrivateIPAddressInReservedRange", "ip_configurations", OTHER_ADDRESS),
    refusal("PrivateIPAddressInUse", "ip_configurations", OTHER_ADDRESS),
    refusal(
        "CustomNetworkInterfaceNameInUse",
        "custom_network_interface_name",
        "Choose another name. Without one Azure names the interface itself.",
    ),
];

/// Words of an endpoint's own for what Azure refuses.
pub(super) fn endpoint(summary: &str, error: &Error) -> Option<Diagnostic> {
    let service = error.service()?;
    let found = REFUSALS.iter().find(|one| service.has_code(one.code))?;
    let said = diagnostics::advised(summary, error, found.advice);
    Some(match found.attribute {
        Some(attribute) => said.at(attribute),
        None => said,
    })
}

#[cfg(test)]
mod tests {
    use tfplugin::Path;

    use super::*;

    #[test]
    fn several_groups_are_refused_at_their_place() {
        let code = "OnlyOneGroupIdPermitted".to_owned();
        let error = arm::ServiceError { status: 400, code, ..arm::ServiceError::default() };
        let said = endpoint("Private Endpoint Not Created", &Error::Service(Box::new(error))).unwrap();
        assert_eq!(said.path, Some(Path::from("group_ids")));
        assert!(said.detail.contains(rules::ONE_GROUP), "{said:?}");
    }
}
