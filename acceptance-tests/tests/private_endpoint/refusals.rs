//! What is refused before anything is asked of Azure, in words that say what is allowed.

use acceptance_tests::every_cli;
use serde_json::json;

use crate::{Stage, id_of};

const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";

const STORAGE: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/s";
/// What helps where there are several groups.
const ANOTHER: &str = "Leave one group in group_ids, and make a second endpoint for another: one more azureml_private_endpoint, with a name of its own, that leads to the same target.";

#[test]
fn what_does_not_go_together_is_refused_at_its_place() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let workspace = format!("workspace_id = \"{}\"", stage.scene.id());
        let vault = format!("private_connection_resource_id = \"{VAULT}\"");
        let address = |group: &str, member: &str| {
            format!(
                "{{ name = \"one\", private_ip_address = \"10.0.1.9\", group_id = {group}, member_name = {member} }}"
            )
        };
        let cases = [
            (
                String::new(),
                "Missing Target",
                "An endpoint leads to one target. Set workspace_id to the ID of a workspace, or private_connection_resource_id to that of another resource.".to_owned(),
            ),
            (
                format!("{workspace}\n{vault}\ngroup_ids = [\"vault\"]"),
                "Two Targets",
                "An endpoint leads to one target. Set workspace_id, or private_connection_resource_id for what is no workspace, and remove the other.".to_owned(),
            ),
            (
                vault.clone(),
                "Missing Group",
                format!("group_ids says which of the target's services the endpoint leads to. It is required for a Microsoft.KeyVault/vaults, which has \"vault\". \"az network private-link-resource list --id {VAULT}\" lists the groups of a resource."),
            ),
            (
                format!("{workspace}\nmanual_connection = true"),
                "Missing Request Message",
                "With manual_connection = true, request_message says to the target's owner what the connection is for.".to_owned(),
            ),
            (
                format!("{workspace}\nrequest_message = \"Hello\""),
                "Request Message Not Allowed",
                "request_message is only for connections that somebody approves: set manual_connection = true, or remove it.".to_owned(),
            ),
            (
                format!("{workspace}\nip_configurations = [{}]", address("\"amlworkspace\"", "null")),
                "Invalid IP Configurations",
                "The configuration \"one\" needs member_name. A workspace has the group \"amlworkspace\" with the members \"default\", \"notebook\", \"inference\" and \"models\".".to_owned(),
            ),
            (
                format!("{workspace}\nip_configurations = [{}]", address("\"vault\"", "\"default\"")),
                "Invalid IP Configurations",
                "The configuration \"one\" is for the group \"vault\", which the endpoint does not lead to: that is amlworkspace.".to_owned(),
            ),
            (
                format!("{workspace}\ngroup_ids = [\"amlworkspac\"]"),
                "Unknown Group",
                "A workspace has no group \"amlworkspac\": its group is \"amlworkspace\". Without group_ids the endpoint leads to that.".to_owned(),
            ),
            (
                format!("private_connection_resource_id = \"{STORAGE}\"\ngroup_ids = [\"blob\", \"file\"]"),
                "Several Groups",
                format!("An endpoint leads to one group of a Microsoft.Storage/storageAccounts; these are \"blob\" and \"file\". {ANOTHER}"),
            ),
        ];
        let named = workspace.replace("workspace_id", "private_connection_resource_id");
        let cases = cases.into_iter().flat_map(|(arguments, summary, detail)| {
            // A workspace is checked the same whichever attribute names it.
            let again = arguments.contains("ip_configurations");
            let other = again.then(|| (arguments.replace(&workspace, &named), summary, detail.clone()));
            [Some((arguments, summary, detail)), other].into_iter().flatten()
        });
        for (arguments, summary, detail) in cases {
            stage.endpoint_to(&arguments);
            let error = stage.scene.dir.validate().fails().only_error();
            assert_eq!((error.summary.as_str(), &error.detail), (summary, &detail), "{arguments}");
        }
        assert_eq!(stage.scene.azure.requests().len(), 0);
    });
}

#[test]
fn values_that_azure_would_refuse_are_refused_by_their_rule() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        for (argument, text) in [
            ("connection_name = \"-x\"", "connection_name must be"),
            ("custom_network_interface_name = \"a b\"", "custom_network_interface_name must be"),
            (
                "ip_configurations = [{ name = \"a\", private_ip_address = \"10.0.1\", group_id = \"amlworkspace\", member_name = \"default\" }]",
                "must be an IP address such as \"10.0.0.4\"; it is \"10.0.1\"",
            ),
            (
                "private_dns_zone_group = { private_dns_zone_ids = [\"zone\"] }",
                "has an element that must be the ID of a private DNS zone",
            ),
            (
                "private_dns_zone_group = { private_dns_zone_ids = [] }",
                "The attribute private_dns_zone_group.private_dns_zone_ids must have",
            ),
            (
                "private_dns_zone_group = { name = \"-x\", private_dns_zone_ids = [\"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.b\"] }",
                "The attribute private_dns_zone_group.name must be",
            ),
            (
                "private_dns_zone_group = { private_dns_zone_ids = [\"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.b\", \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/G/providers/Microsoft.Network/privateDnsZones/A.b\"] }",
                "The attribute private_dns_zone_group.private_dns_zone_ids names one thing twice, as ",
            ),
            (
                "application_security_group_ids = [\"group\"]",
                "has an element that must be the ID of an application security group",
            ),
        ] {
            stage.endpoint(argument);
            let error = stage.scene.dir.validate().fails().only_error();
            assert!(error.detail.contains(text), "{argument}: {error:?}");
            // What is in an attribute is shown at the attribute, and not at one of the resource that has the same name.
            assert_eq!(error.code, argument);
        }
        let group = "group_ids = [\"a b\"]";
        stage.endpoint_to(&format!("private_connection_resource_id = \"{VAULT}\"\n{group}"));
        let error = stage.scene.dir.validate().fails().only_error();
        let text = "has an element that must be the name of one of the target's groups, such as \"amlworkspace\" or \"blob\"; it is \"a b\"";
        assert!(error.detail.contains(text) && error.code == group, "{error:?}");
    });
}

#[test]
fn what_azure_alone_can_refuse_is_shown_at_its_place_with_what_helps() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        stage.scene.azure.settings(&json!({"network": {"refuse_network_policies": true}}));
        let subnet = stage.network.id("subnet").to_owned();
        let workspace = format!("workspace_id = \"{}\"", stage.scene.id());
        let address = |address: &str, member: &str| {
            format!(
                "ip_configurations = [{{ name = \"a\", private_ip_address = \"{address}\", group_id = \"amlworkspace\", member_name = \"{member}\" }}]"
            )
        };
        let group = "application_security_group_ids = [\"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/scene-rg/providers/Microsoft.Network/applicationSecurityGroups/none\"]";
        let missing = |attribute: &str| format!("{attribute} = \"{}-none\"", stage.scene.id());
        let cases = [
            (
                missing("private_connection_resource_id"),
                missing("private_connection_resource_id"),
                "InvalidPrivateLinkServiceId (HTTP 400)",
                "refer to its resource",
            ),
            (
                missing("workspace_id"),
                missing("workspace_id"),
                "InvalidPrivateLinkServiceId (HTTP 400)",
                "refer to its resource",
            ),
            (
                format!("private_connection_resource_id = \"{VAULT}\"\ngroup_ids = [\"vault\"]"),
                format!("private_connection_resource_id = \"{VAULT}\""),
                "InvalidPrivateLinkServiceId (HTTP 400)",
                "The target has to exist",
            ),
            (
                format!("{workspace}\n{group}"),
                group.to_owned(),
                "InvalidResourceReference",
                "azurerm_application_security_group.example.id",
            ),
            (
                format!("{workspace}\n{}", address("10.99.0.4", "default")),
                address("10.99.0.4", "default"),
                "PrivateIPAddressNotInSubnet",
                "Without ip_configurations Azure chooses.",
            ),
            (
                format!("{workspace}\n{}", address("10.99.0.4", "defaults")),
                address("10.99.0.4", "defaults"),
                "InvalidMemberNameOnIpConfiguration",
                "Name a member of the group in member_name.",
            ),
        ];
        for (arguments, code, azure, advice) in cases {
            stage.endpoint_to(&arguments);
            let error = stage.scene.dir.apply().fails().only_error();
            assert_eq!((error.summary.as_str(), &error.code), ("Private Endpoint Not Created", &code));
            assert!(error.detail.contains(azure) && error.detail.contains(advice), "{error:?}");
        }
        stage.endpoint("");
        let main = stage.scene.dir.read("main.tf");
        stage.scene.dir.write("main.tf", &main.replace(&subnet, &format!("{subnet}-none")));
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.code, format!("subnet_id           = \"{subnet}-none\""));
        assert!(error.detail.contains("subnet_id = azurerm_subnet.example.id"), "{error:?}");
        // The policies of the subnet are in the way.
        let policies = json!({"properties": {"privateEndpointNetworkPolicies": "Enabled"}});
        stage.scene.azure.drift(&subnet, &policies);
        stage.endpoint("");
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.code, format!("subnet_id           = \"{subnet}\""));
        assert!(error.detail.contains("--private-endpoint-network-policies Disabled"), "{error:?}");
        assert!(stage.scene.dir.addresses().is_empty());

        // The endpoint's zone is not there.
        stage.scene.azure.settings(&json!({"network": {"refuse_network_policies": false}}));
        let zones = crate::group("", &[&id_of("privateDnsZones/none.example")]);
        stage.endpoint(&zones);
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!((error.summary.as_str(), &error.code), ("Private DNS Zone Group Not Applied", &zones));
        assert!(
            error.detail.contains("private_dns_zone_ids = [azureml_private_dns_zone.example.id]"),
            "{error:?}"
        );
    });
}

#[test]
fn a_second_group_destroys_nothing() {
    every_cli(|cli| {
        let stage = Stage::new(cli);
        let storage = stage.scene.dependents.id("storage_account").to_owned();
        let to = |target: &str, groups: &str| {
            stage.endpoint_to(&format!("private_connection_resource_id = {target}\ngroup_ids = [{groups}]"));
        };
        to(&format!("\"{storage}\""), "\"blob\"");
        stage.scene.dir.apply().succeeds();
        stage.scene.dir.plans_nothing();
        stage.scene.azure.forget();
        let before = stage.scene.azure.resource(&crate::id());

        to(&format!("\"{storage}\""), "\"blob\", \"file\"");
        let error = stage.scene.dir.plan().is_refused().only_error();
        assert_eq!(
            (error.summary.as_str(), error.code.as_str()),
            ("Several Groups", "group_ids = [\"blob\", \"file\"]")
        );
        stage.scene.dir.apply().fails();
        assert_eq!(stage.scene.azure.requests().writes().len(), 0);
        assert_eq!(stage.scene.azure.resource(&crate::id()), before);

        // Where the target is known in the apply only, it is refused then, at the same place.
        stage.scene.dir.write("main.tf", "");
        stage.scene.dir.apply().succeeds();
        to("terraform_data.target.output", "\"blob\", \"file\"");
        let target = format!("resource \"terraform_data\" \"target\" {{\n  input = \"{storage}\"\n}}\n");
        stage.scene.dir.write("target.tf", &target);
        let error = stage.scene.dir.apply().fails().only_error();
        assert_eq!(error.code, "group_ids = [\"blob\", \"file\"]");
        assert!(error.detail.contains(ANOTHER), "{error:?}");
        assert_eq!(stage.scene.azure.resource(&crate::id()), json!(null));
    });
}
