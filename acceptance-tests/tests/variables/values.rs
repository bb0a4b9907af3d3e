//! Values for every argument with which nothing is wrong, and what arguments have to do with one another.

/// The ID of something in a resource group, as HCL has it.
macro_rules! id {
    ($rest:literal) => {
        concat!(
            "\"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/",
            $rest,
            "\""
        )
    };
}

/// A list of one such ID.
macro_rules! list {
    ($rest:literal) => {
        concat!("[", id!($rest), "]")
    };
}

/// Values of an argument, by `TYPE.PATH` or, where it is the same in every type, by `PATH`. Those of collections of texts, and
/// variables in them, follow from the schema.
pub(crate) const VALUES: &[(&str, &[&str])] = &[
    ("azureml_private_dns_zone.name", &["\"privatelink.api.azureml.ms\""]),
    (
        "azureml_resource_management_private_link_association.name",
        &["\"00000000-0000-0000-0000-00000000000a\""],
    ),
    ("name", &["\"one-name\""]),
    ("resource_group_name", &["\"a-group\""]),
    ("subscription_id", &["\"00000000-0000-0000-0000-000000000001\""]),
    ("location", &["\"West Europe\""]),
    ("workspace_id", &[id!("Microsoft.MachineLearningServices/workspaces/w")]),
    (
        "private_connection_resource_id",
        &[id!("Microsoft.MachineLearningServices/workspaces/w"), id!("Microsoft.KeyVault/vaults/v")],
    ),
    ("private_endpoint_id", &[id!("Microsoft.Network/privateEndpoints/e")]),
    ("connection_name", &["\"connection\""]),
    ("subnet_id", &[id!("Microsoft.Network/virtualNetworks/n/subnets/s")]),
    ("virtual_network_id", &[id!("Microsoft.Network/virtualNetworks/n")]),
    ("private_dns_zone_id", &[id!("Microsoft.Network/privateDnsZones/a.b")]),
    ("private_dns_zone_group.private_dns_zone_ids", &[list!("Microsoft.Network/privateDnsZones/a.b")]),
    ("application_security_group_ids", &[list!("Microsoft.Network/applicationSecurityGroups/g")]),
    ("group_ids", &["[\"amlworkspace\"]"]),
    ("manual_connection", &["true", "false"]),
    ("request_message", &["\"Please\""]),
    ("wait_for_approval", &["true"]),
    ("custom_network_interface_name", &["\"interface\""]),
    ("edge_zone", &["\"zone\""]),
    ("ip_configurations.name", &["\"first\""]),
    ("ip_configurations.private_ip_address", &["\"10.0.0.9\""]),
    ("ip_configurations.group_id", &["\"amlworkspace\""]),
    ("ip_configurations.member_name", &["\"default\""]),
    ("private_dns_zone_group.name", &["\"default\""]),
    ("status", &["\"Rejected\""]),
    ("description", &["\"Words\""]),
    ("reject_on_destroy", &["true"]),
    ("tags", &["{ team = \"data\" }"]),
    ("registration_enabled", &["true"]),
    ("resolution_policy", &["\"NxDomainRedirect\""]),
    ("force_delete", &["true"]),
    ("managed_by", &[id!("Microsoft.MachineLearningServices/workspaces/w")]),
    ("management_group_id", &["\"/providers/Microsoft.Management/managementGroups/t\""]),
    ("private_link_id", &[id!("Microsoft.Authorization/resourceManagementPrivateLinks/l")]),
    ("public_network_access", &["\"Disabled\""]),
    ("namespace", &["\"Microsoft.Storage\""]),
    ("namespaces", &["[\"Microsoft.Storage\"]"]),
    ("features", &["[\"workspace\"]"]),
    ("unregister_on_destroy", &["true"]),
    ("application_insights_id", &[id!("Microsoft.Insights/components/i")]),
    ("container_registry_id", &[id!("Microsoft.ContainerRegistry/registries/r")]),
    ("storage_account_id", &[id!("Microsoft.Storage/storageAccounts/s")]),
    ("key_vault_id", &[id!("Microsoft.KeyVault/vaults/v")]),
    ("customer_managed_key.key_vault_id", &[id!("Microsoft.KeyVault/vaults/v")]),
    ("customer_managed_key.key_id", &["\"https://v.vault.azure.net/keys/k/0123\""]),
    (
        "customer_managed_key.user_assigned_identity_id",
        &[id!("Microsoft.ManagedIdentity/userAssignedIdentities/i")],
    ),
    ("display_name", &["\"Words\""]),
    ("hbi_workspace", &["true"]),
    ("image_build_compute", &["\"cluster\""]),
    ("kind", &["\"Default\"", "\"Hub\"", "\"FeatureStore\""]),
    ("sku", &["\"Basic\""]),
    ("purge_on_destroy", &["true"]),
    ("purge_soft_deleted", &["true"]),
    ("deletion_protection", &["true"]),
    ("identity.type", &["\"SystemAssigned\"", "\"UserAssigned\"", "\"SystemAssigned,UserAssigned\""]),
    ("identity.identity_ids", &[list!("Microsoft.ManagedIdentity/userAssignedIdentities/i")]),
    ("primary_user_assigned_identity_id", &[id!("Microsoft.ManagedIdentity/userAssignedIdentities/i")]),
    ("timeouts.create", &["\"1h\""]),
    ("timeouts.read", &["\"1h\""]),
    ("timeouts.update", &["\"1h\""]),
    ("timeouts.delete", &["\"1h\""]),
];

/// The same for the provider's block.
pub(crate) const PROVIDER: &[(&str, &[&str])] = &[
    ("ado_pipeline_service_connection_id", &["\"00000000-0000-0000-0000-00000000000a\""]),
    ("api_versions", &["{ \"Microsoft.Network\" = \"2023-11-01\" }"]),
    ("auxiliary_tenant_ids", &["[\"contoso.onmicrosoft.com\"]"]),
    ("ca_certificate_file", &["\"ca.pem\""]),
    ("client_certificate", &["\"MIIa\""]),
    ("client_certificate_password", &["\"word\""]),
    ("client_certificate_path", &["\"client.pfx\""]),
    ("client_id", &["\"00000000-0000-0000-0000-0000000000c1\""]),
    ("client_id_file_path", &["\"client\""]),
    ("client_secret", &["\"word\""]),
    ("client_secret_file_path", &["\"secret\""]),
    ("default_tags", &["{ team = \"data\" }"]),
    ("endpoints.audience", &["\"https://management.example\""]),
    ("endpoints.authority", &["\"https://login.example\""]),
    ("endpoints.resource_manager", &["\"https://management.example\""]),
    ("environment", &["\"china\""]),
    ("metadata_host", &["\"management.example\""]),
    ("msi_endpoint", &["\"http://localhost:40342\""]),
    ("msi_object_id", &["\"00000000-0000-0000-0000-00000000000a\""]),
    ("msi_resource_id", &[id!("Microsoft.ManagedIdentity/userAssignedIdentities/i")]),
    ("oidc_request_token", &["\"word\""]),
    ("oidc_request_url", &["\"https://tokens.example\""]),
    ("oidc_token", &["\"word\""]),
    ("oidc_token_file_path", &["\"token\""]),
    ("resource_provider_registrations", &["\"required\""]),
    ("subscription", &["\"Mine\""]),
    ("subscription_id", &["\"00000000-0000-0000-0000-000000000001\""]),
    ("tenant_id", &["\"contoso.onmicrosoft.com\""]),
    ("use_aks_workload_identity", &["true"]),
    ("use_cli", &["true"]),
    ("use_msi", &["true"]),
    ("use_oidc", &["true"]),
];

/// Arguments of which a block has to have one.
pub(crate) const ONE_OF: &[(&str, &[&str])] = &[
    ("azureml_private_endpoint", &["workspace_id", "private_connection_resource_id"]),
    ("azureml_private_endpoint_approval", &["workspace_id", "private_connection_resource_id"]),
    ("azureml_private_endpoint_approval", &["private_endpoint_id", "connection_name"]),
];

/// Objects that exclude other arguments by being there, whatever is in them.
pub(crate) const EXCLUDES: &[&str] = &["endpoints"];

/// Members that an object of a workspace's endpoint has to have, though others' do not.
pub(crate) const MEMBERS: &[(&str, &[&str])] =
    &[("azureml_private_endpoint", &["ip_configurations.group_id", "ip_configurations.member_name"])];

/// Arguments that a rule reads together. Each is tried with each value of the one and a variable for the others, while what the
/// rule does not name is left out.
pub(crate) const RULES: &[(&str, &[&str])] = &[
    ("azureml_private_endpoint", &["workspace_id", "private_connection_resource_id", "group_ids"]),
    ("azureml_private_endpoint", &["manual_connection", "request_message"]),
    (
        "azureml_private_endpoint",
        &["workspace_id", "ip_configurations.group_id", "ip_configurations.member_name"],
    ),
    ("azureml_private_endpoint", &["group_ids", "ip_configurations.group_id"]),
    ("azureml_private_endpoint_approval", &["workspace_id", "private_connection_resource_id"]),
    ("azureml_private_endpoint_approval", &["private_endpoint_id", "connection_name"]),
    ("azureml_workspace", &["identity.type", "identity.identity_ids", "primary_user_assigned_identity_id"]),
    (
        "azureml_workspace",
        &[
            "identity.type",
            "identity.identity_ids",
            "primary_user_assigned_identity_id",
            "customer_managed_key.user_assigned_identity_id",
        ],
    ),
    ("azureml_workspace", &["customer_managed_key.key_id", "customer_managed_key.key_vault_id"]),
];
