"""Where the recordings of the service differ from its specification, with the reason. The emulator follows the
recordings. An exception that no exchange needs any more fails the check."""

RECORDED = "recorded at 2024-04-01 in 2025, declared in no stable version"
EARLIER = "recorded at 2024-04-01 in 2025, declared in later versions only"
RECORDED_GROUP = "recorded in 2021 on the configurations of zone groups, declared nowhere"
SUBNET = "declared in later versions only; the emulator tells connections at every version alike"
NULL = "recorded as null, declared without null"

# (kind, versions or None for all, path of the member with list indexes left out): reason
EXCEPTIONS = {
    ("extra", None, "etag"): "recorded in every answer since 2021, always null",
    ("extra", None, "properties.creationTime"): RECORDED,
    ("extra", None, "properties.softDeleteEnabled"): RECORDED,
    ("extra", None, "properties.linkedModelInventoryArmId"): RECORDED,
    ("extra", None, "properties.sdkTelemetryAppInsightsKey"): RECORDED,
    ("extra", None, "properties.EnableSoftwareBillOfMaterials"): "recorded with a capital E, declared with a small one",
    ("extra", None, "properties.networkAcls"): EARLIER,
    ("extra", "2024-04-01", "properties.ipAllowlist"): EARLIER,
    ("extra", "2024-04-01", "properties.allowRoleAssignmentOnRG"): EARLIER,
    ("extra", "2024-04-01", "properties.notebookInfo.isPrivateLinkEnabled"): EARLIER,
    ("extra", "2024-04-01", "isPrivateLinkEnabled"): "the same notebook information as result of prepareNotebook",
    ("extra", "2024-04-01", "userStorageArmId"): "recorded at 2024-04-01, declared there as userStorageResourceId",
    ("extra", "2024-04-01", "properties.privateEndpoint.subnetArmId"): SUBNET,
    ("extra", "2024-04-01", "properties.privateEndpointConnections.properties.privateEndpoint.subnetArmId"): SUBNET,
    ("null", None, "properties.imageBuildCompute"): NULL,
    ("null", None, "properties.serverlessComputeSettings"): NULL,
    ("null", None, "properties.applicationInsights"): "recorded as null for hubs, declared without null",
    ("null", "2024-07-01-preview", "properties.notebookInfo.notebookPreparationError"): NULL,
    ("null", "2024-07-01-preview", "notebookPreparationError"): NULL,
    ("null", None, "containerRegistryCredentials"): NULL,
    ("null", None, "identity.principalId"): "recorded as null for workspaces with user-assigned identities alone",
    ("extra", "2024-01-01", "properties.resourceGuid"): "recorded in 2021 on endpoints, declared nowhere",
    ("extra", "2024-01-01", "type"): "recorded in 2021 on zone groups, declared nowhere",
    ("extra", "2024-01-01", "properties.privateDnsZoneConfigs.id"): RECORDED_GROUP,
    ("extra", "2024-01-01", "properties.privateDnsZoneConfigs.etag"): RECORDED_GROUP,
    ("extra", "2024-01-01", "properties.privateDnsZoneConfigs.type"): RECORDED_GROUP,
    ("extra", "2024-01-01", "properties.privateDnsZoneConfigs.properties.provisioningState"): RECORDED_GROUP,
    ("extra", "2022-12-01", "count"): "in every public transcript of the list of subscriptions, declared nowhere",
    ("missing", "2022-12-01", "nextLink"): "declared as required, in no public transcript of a list that fits one page",
    ("body", None, "202"): "Private DNS answers {}, recorded in 2021 and 2024",
    ("header", None, "Retry-After"): "recorded without, on every operation",
}
