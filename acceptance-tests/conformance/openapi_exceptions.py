"""Where the recordings of the service differ from its specification, with the reason. The emulator follows the
recordings. An exception that no exchange needs any more fails the check."""

RECORDED = "recorded at 2024-04-01 in 2025, declared in no stable version"
EARLIER = "recorded at 2024-04-01 in 2025, declared in later versions only"
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
    ("null", None, "properties.imageBuildCompute"): NULL,
    ("null", None, "properties.serverlessComputeSettings"): NULL,
    ("null", None, "properties.applicationInsights"): "recorded as null for hubs, declared without null",
    ("null", "2024-07-01-preview", "properties.notebookInfo.notebookPreparationError"): NULL,
    ("null", "2024-07-01-preview", "notebookPreparationError"): NULL,
    ("null", None, "containerRegistryCredentials"): NULL,
    ("null", None, "identity.principalId"): "recorded as null for workspaces with user-assigned identities alone",
    ("header", None, "Retry-After"): "recorded without, on every operation",
}
