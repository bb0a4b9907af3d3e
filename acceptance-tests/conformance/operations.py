"""The operations of each run's documents that its lives ask for, so that a life that is lost is noticed."""

WORKSPACES = {
    "ManagedNetworkProvisions_ProvisionManagedNetwork",
    "ManagedNetworkSettingsRule_CreateOrUpdate",
    "ManagedNetworkSettingsRule_Delete",
    "ManagedNetworkSettingsRule_Get",
    "ManagedNetworkSettingsRule_List",
    "PrivateEndpointConnections_CreateOrUpdate",
    "PrivateEndpointConnections_Delete",
    "PrivateEndpointConnections_Get",
    "PrivateEndpointConnections_List",
    "PrivateLinkResources_List",
    "WorkspaceFeatures_List",
    "Workspaces_CreateOrUpdate",
    "Workspaces_Delete",
    "Workspaces_Diagnose",
    "Workspaces_Get",
    "Workspaces_ListByResourceGroup",
    "Workspaces_ListBySubscription",
    "Workspaces_ListKeys",
    "Workspaces_ListNotebookAccessToken",
    "Workspaces_ListNotebookKeys",
    "Workspaces_ListOutboundNetworkDependenciesEndpoints",
    "Workspaces_ListStorageAccountKeys",
    "Workspaces_PrepareNotebook",
    "Workspaces_ResyncKeys",
    "Workspaces_Update",
}

REGIONS = {
    "Quotas_List",
    "Quotas_Update",
    "Usages_List",
    "VirtualMachineSizes_List",
}

NETWORK = {
    "NetworkInterfaces_Get",
    "PrivateDnsZoneGroups_CreateOrUpdate",
    "PrivateDnsZoneGroups_Delete",
    "PrivateDnsZoneGroups_Get",
    "PrivateDnsZoneGroups_List",
    "PrivateEndpoints_CreateOrUpdate",
    "PrivateEndpoints_Delete",
    "PrivateEndpoints_Get",
    "PrivateEndpoints_List",
    "PrivateEndpoints_ListBySubscription",
    "Subnets_CreateOrUpdate",
    "Subnets_Delete",
    "Subnets_Get",
    "Subnets_List",
    "VirtualNetworks_CreateOrUpdate",
    "VirtualNetworks_Delete",
    "VirtualNetworks_Get",
    "VirtualNetworks_UpdateTags",
}

PRIVATE_DNS = {
    "PrivateZones_CreateOrUpdate",
    "PrivateZones_Delete",
    "PrivateZones_Get",
    "PrivateZones_List",
    "PrivateZones_ListByResourceGroup",
    "PrivateZones_Update",
    "RecordSets_CreateOrUpdate",
    "RecordSets_Delete",
    "RecordSets_Get",
    "RecordSets_List",
    "RecordSets_ListByType",
    "RecordSets_Update",
    "VirtualNetworkLinks_CreateOrUpdate",
    "VirtualNetworkLinks_Delete",
    "VirtualNetworkLinks_Get",
    "VirtualNetworkLinks_List",
    "VirtualNetworkLinks_Update",
}

RESOURCES = {
    "Providers_Get",
    "Providers_List",
    "Providers_Register",
    "Providers_Unregister",
    "ResourceGroups_CheckExistence",
    "ResourceGroups_CreateOrUpdate",
    "ResourceGroups_Delete",
    "ResourceGroups_Get",
    "ResourceGroups_List",
    "ResourceGroups_Update",
    "Resources_List",
    "Resources_ListByResourceGroup",
}

SUBSCRIPTIONS = {
    "Subscriptions_Get",
    "Subscriptions_List",
    "Subscriptions_ListLocations",
    "Tenants_List",
}

OPERATIONS = {
    "2024-04-01": WORKSPACES | REGIONS,
    "2024-07-01-preview": WORKSPACES,
    "2024-01-01": NETWORK,
    "2020-06-01": PRIVATE_DNS,
    "2024-06-01": PRIVATE_DNS,
    "2024-07-01": RESOURCES,
    "2022-12-01": SUBSCRIPTIONS,
}
