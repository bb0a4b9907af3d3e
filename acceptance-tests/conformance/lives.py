"""Lives of workspaces, from their creation to their purge, as plain requests. Each is a function of a client, an
api-version, the subscription's ID and the IDs of what was planted there."""

NAMESPACE = "providers/Microsoft.MachineLearningServices"
NETWORK = "providers/Microsoft.Network"
NETWORK_VERSION = "2024-01-01"


def workspace_id(seeded, name):
    """The ID of a workspace in the planted group."""
    return f"{seeded['resource_group']}/{NAMESPACE}/workspaces/{name}"


def body(seeded, kind="Default", **properties):
    """The body of a creation."""
    return {
        "location": "eastus",
        "kind": kind,
        "identity": {"type": "SystemAssigned"},
        "tags": {"purpose": "conformance"},
        "properties": {
            "storageAccount": seeded["storage_account"],
            "keyVault": seeded["key_vault"],
            "applicationInsights": seeded["application_insights"],
            **properties,
        },
    }


def plain(client, version, subscription, seeded):
    """A workspace of kind Default with all its actions."""
    ws = workspace_id(seeded, "plain-1")
    client.done("PUT", ws, version, body(seeded))
    client.call("GET", ws, version)
    changed = {"tags": {}, "properties": {"description": "d", "friendlyName": "f", "publicNetworkAccess": "Enabled"}}
    client.done("PATCH", ws, version, changed)
    attached = {"properties": {"containerRegistry": seeded["container_registry"]}}
    client.done("PATCH", ws, version, attached)
    client.done("PUT", ws, version, body(seeded, description="again"))
    client.call("GET", f"{seeded['resource_group']}/{NAMESPACE}/workspaces", version)
    client.call("GET", f"{subscription}/{NAMESPACE}/workspaces", version)
    for action in ("listKeys", "listNotebookAccessToken", "listNotebookKeys", "listStorageAccountKeys"):
        client.call("POST", f"{ws}/{action}", version)
    client.done("PATCH", ws, version, {"properties": {"containerRegistry": ""}})
    for action in ("resyncKeys", "prepareNotebook"):
        client.done("POST", f"{ws}/{action}", version)
    question = {"value": {"storageAccount": {}, "keyVault": {}, "others": {}}}
    client.done("POST", f"{ws}/diagnose", version, question)
    for collection in ("outboundNetworkDependenciesEndpoints", "privateLinkResources", "features", "outboundRules"):
        client.call("GET", f"{ws}/{collection}", version)
    client.done("DELETE", ws, version)
    client.call("GET", ws, version)
    client.call("PUT", ws, version, body(seeded))
    client.call("DELETE", ws, version)
    client.done("DELETE", ws, version, forceToPurge="true")


def keyless(client, version, subscription, seeded):
    """A workspace without registry, whose keys name none."""
    ws = workspace_id(seeded, "keyless-1")
    client.done("PUT", ws, version, body(seeded))
    client.call("POST", f"{ws}/listKeys", version)
    client.done("DELETE", ws, version, forceToPurge="true")


def linked(client, version, subscription, seeded):
    """Private endpoint connections."""
    ws = workspace_id(seeded, "linked-1")
    client.done("PUT", ws, version, body(seeded, publicNetworkAccess="Disabled"))
    endpoint = f"{seeded['resource_group']}/{NETWORK}/privateEndpoints/to-linked-1"
    requested = {
        "name": "to-linked-1",
        "properties": {"privateLinkServiceId": ws, "groupIds": ["amlworkspace"], "requestMessage": "m"},
    }
    properties = {"subnet": {"id": seeded["subnet"]}, "manualPrivateLinkServiceConnections": [requested]}
    # Of another service, which is checked by itself.
    client.aside("PUT", endpoint, NETWORK_VERSION, {"location": "eastus", "properties": properties})
    listed = client.call("GET", f"{ws}/privateEndpointConnections", version)
    connection = f"{ws}/privateEndpointConnections/{listed.body['value'][0]['name']}"
    state = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "Approved"}}}
    client.call("PUT", connection, version, state)
    client.call("GET", connection, version)
    client.call("GET", ws, version)
    client.call("DELETE", connection, version)
    client.call("DELETE", connection, version)
    client.call("PUT", connection, version, state)
    client.aside("DELETE", endpoint, NETWORK_VERSION)
    client.done("DELETE", ws, version, forceToPurge="true")


def networked(client, version, subscription, seeded):
    """A managed network and its rules."""
    ws = workspace_id(seeded, "networked-1")
    client.done("PUT", ws, version, body(seeded, managedNetwork={"isolationMode": "AllowOnlyApprovedOutbound"}))
    rules = {
        "fqdn-1": {"type": "FQDN", "destination": "*.pytorch.org"},
        "tag-1": {
            "type": "ServiceTag",
            "destination": {"serviceTag": "DataFactory", "protocol": "TCP", "portRanges": "80"},
        },
        "link-1": {
            "type": "PrivateEndpoint",
            "destination": {
                "serviceResourceId": seeded["storage_account"],
                "subresourceTarget": "table",
                "sparkEnabled": False,
            },
        },
    }
    for name, rule in rules.items():
        client.done("PUT", f"{ws}/outboundRules/{name}", version, {"properties": rule})
        client.call("GET", f"{ws}/outboundRules/{name}", version)
    client.done("POST", f"{ws}/provisionManagedNetwork", version, {"includeSpark": True})
    client.call("GET", f"{ws}/outboundRules", version)
    client.call("GET", ws, version)
    client.done("DELETE", f"{ws}/outboundRules/fqdn-1", version)
    client.call("DELETE", f"{ws}/outboundRules/fqdn-1", version)
    client.call("PUT", f"{ws}/outboundRules/x", version, {"properties": rules["fqdn-1"]})
    client.done("DELETE", ws, version, forceToPurge="true")


def identified(client, version, subscription, seeded):
    """User-assigned identities and a key of one's own."""
    ws = workspace_id(seeded, "identified-1")
    identity = seeded["user_assigned_identity"]
    vault = seeded["key_vault"]
    key = f"https://{vault.rsplit('/', 1)[1]}.vault.azure.net/keys/k"
    encryption = {
        "status": "Enabled",
        "keyVaultProperties": {"keyVaultArmId": vault, "keyIdentifier": f"{key}/1"},
        "identity": {"userAssignedIdentity": identity},
    }
    request = body(seeded, primaryUserAssignedIdentity=identity, encryption=encryption, hbiWorkspace=True)
    request["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
    client.done("PUT", ws, version, request)
    client.call("GET", ws, version)
    rotated = {"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": f"{key}/2"}}}}
    client.done("PATCH", ws, version, rotated)
    both = {"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {identity: {}}}}
    client.done("PATCH", ws, version, both)
    client.call("GET", ws, version)
    client.done("DELETE", ws, version, forceToPurge="true")


def shared(client, version, subscription, seeded):
    """A hub with a project, and a feature store."""
    hub, project = workspace_id(seeded, "hub-1"), workspace_id(seeded, "project-1")
    request = body(seeded, kind="Hub")
    del request["properties"]["applicationInsights"]
    client.done("PUT", hub, version, request)
    child = {
        "location": "eastus",
        "kind": "Project",
        "identity": {"type": "SystemAssigned"},
        "properties": {"hubResourceId": hub},
    }
    client.done("PUT", project, version, child)
    client.call("GET", hub, version)
    client.call("GET", project, version)
    client.call("DELETE", hub, version)
    client.done("DELETE", project, version, forceToPurge="true")
    client.done("DELETE", hub, version, forceToPurge="true")
    store = workspace_id(seeded, "store-1")
    settings = {"computeRuntime": {"sparkRuntimeVersion": "3.4.0"}}
    client.done("PUT", store, version, body(seeded, kind="FeatureStore", featureStoreSettings=settings))
    client.call("GET", store, version)
    client.done("DELETE", store, version, forceToPurge="true")


def regional(client, version, subscription, seeded):
    """What a region has; the preview's documents of these were not at hand."""
    if version != "2024-04-01":
        return
    region = f"{subscription}/{NAMESPACE}/locations/eastus"
    for collection in ("usages", "quotas", "vmSizes"):
        client.call("GET", f"{region}/{collection}", version)
    quota = {"id": f"{subscription}/quotas/x", "type": "t", "limit": 10, "unit": "Count"}
    client.call("POST", f"{region}/updateQuotas", version, {"value": [quota], "location": "eastus"})


LIVES = [plain, keyless, linked, networked, identified, shared, regional]
