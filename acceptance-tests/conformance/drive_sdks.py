#!/usr/bin/env python3
"""The official management SDKs drive the life of every type that the emulator serves, signed in by azure-identity at
the emulator's own Entra ID. Runs inside `azureml-emulator exec`.
"""

import os
import sys

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.applicationinsights.v2020_02_02.models import ApplicationInsightsComponent
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.machinelearningservices import models as ml
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
import drive_network

URL = os.environ["AZUREML_EMULATOR_URL"]
SUBSCRIPTION = os.environ["ARM_SUBSCRIPTION_ID"]
TENANT = os.environ["ARM_TENANT_ID"]
GROUP = "rg-sdk"
PLACE = "eastus"

# Versions of the Machine Learning service to drive: the SDK's own, and the one that the provider uses.
VERSIONS = [None, "2025-12-01"]


class Tally:
    """Counts what held."""

    def __init__(self):
        self.held = 0

    def check(self, what, found, wanted=True):
        """Holds a value against the one that is wanted."""
        if found != wanted:
            raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")
        self.held += 1

    def refused(self, what, code, call):
        """Holds that a call is refused with a code."""
        try:
            call()
        except HttpResponseError as error:
            self.check(what, error.error.code, code)
        else:
            raise AssertionError(f"{what} was not refused")


class Azure:
    """One client for each service, all signed in the same way."""

    def __init__(self):
        self.credential = ClientSecretCredential(
            TENANT,
            os.environ["ARM_CLIENT_ID"],
            os.environ["ARM_CLIENT_SECRET"],
            authority=os.environ["AZURE_AUTHORITY_HOST"],
            # The library asks Microsoft's own hosts about any authority that it does not know.
            disable_instance_discovery=True,
        )
        self.resources = self.client(ResourceManagementClient)
        self.storage = self.client(StorageManagementClient)
        self.vaults = self.client(KeyVaultManagementClient)
        self.insights = self.client(ApplicationInsightsManagementClient)
        self.logs = self.client(LogAnalyticsManagementClient)
        self.registries = self.client(ContainerRegistryManagementClient)

    def client(self, kind, **more):
        """A client of the emulator."""
        return kind(
            self.credential,
            SUBSCRIPTION,
            base_url=URL,
            credential_scopes=[f"{URL}/.default"],
            polling_interval=0,
            **more,
        )


def drive_groups(azure, tally):
    """Resource groups."""
    groups = azure.resources.resource_groups
    made = groups.create_or_update(GROUP, {"location": "East US", "tags": {"a": "b"}})
    tally.check("group's location", made.location, PLACE)
    tally.check("group's state", made.properties.provisioning_state, "Succeeded")
    tally.check("group exists", groups.check_existence(GROUP))
    tally.check("no such group", groups.check_existence("rg-none"), False)
    tally.check("group's tags", groups.update(GROUP, {"tags": {"c": "d"}}).tags, {"c": "d"})
    tally.check("group is listed", GROUP in [group.name for group in groups.list()])
    tally.refused("a missing group", "ResourceGroupNotFound", lambda: groups.get("rg-none"))


def drive_providers(azure, tally):
    """Registrations of namespaces."""
    providers = azure.resources.providers
    name = "Microsoft.MachineLearningServices"
    types = {kind.resource_type: kind for kind in providers.get(name).resource_types}
    tally.check("workspaces are announced", "2025-12-01" in types["workspaces"].api_versions)
    tally.check("unregistering", providers.unregister(name).registration_state in ("Unregistering", "Unregistered"))
    while providers.get(name).registration_state == "Unregistering":
        pass
    # The SDKs register what an answer says is not registered, and ask again.
    machine_learning = azure.client(MachineLearningServicesMgmtClient)
    tally.check("workspaces", list(machine_learning.workspaces.list_by_subscription()), [])
    tally.check("registered by the SDK", providers.get(name).registration_state, "Registered")
    tally.check("registering again", providers.register(name).registration_state, "Registered")
    tally.check("all are listed", name in [provider.namespace for provider in providers.list()])


def drive_storage(azure, tally):
    """Storage accounts."""
    accounts = azure.storage.storage_accounts
    name = "sdkstorage1"
    tally.check("name is free", accounts.check_name_availability({"name": name}).name_available)
    body = {"location": PLACE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    made = accounts.begin_create(GROUP, name, body).result()
    tally.check("account's state", made.provisioning_state, "Succeeded")
    tally.check("name is taken", accounts.check_name_availability({"name": name}).name_available, False)
    changed = accounts.update(GROUP, name, {"tags": {"a": "b"}})
    tally.check("account's tags", changed.tags, {"a": "b"})
    tally.check("account's keys", len(accounts.list_keys(GROUP, name).keys_property), 2)
    tally.check("account is listed", name in [account.name for account in accounts.list_by_resource_group(GROUP)])
    return made.id


def drive_vault(azure, tally):
    """Key vaults."""
    vaults = azure.vaults.vaults
    name = "sdk-vault-1"
    properties = {
        "tenantId": TENANT,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [],
        "enableRbacAuthorization": True,
    }
    made = vaults.begin_create_or_update(GROUP, name, {"location": PLACE, "properties": properties}).result()
    tally.check("vault's URI", made.properties.vault_uri.startswith(f"https://{name}."))
    changed = vaults.update(GROUP, name, {"tags": {"a": "b"}})
    tally.check("vault's tags", changed.tags, {"a": "b"})
    tally.check("vault is listed", name in [vault.name for vault in vaults.list_by_resource_group(GROUP)])
    return vaults.get(GROUP, name).id


def drive_insights(azure, tally):
    """Log Analytics and Application Insights."""
    logs = azure.logs.workspaces
    body = {"location": PLACE, "properties": {"sku": {"name": "PerGB2018"}}}
    made = logs.begin_create_or_update(GROUP, "sdk-logs", body).result()
    tally.check("logs' state", logs.get(GROUP, "sdk-logs").properties.provisioning_state, "Succeeded")
    component = {
        "location": PLACE,
        "kind": "web",
        "application_type": "web",
        "workspace_resource_id": made.id,
    }
    components = azure.insights.components
    made = components.create_or_update(GROUP, "sdk-insights", ApplicationInsightsComponent(**component))
    tally.check("an instrumentation key", len(made.instrumentation_key), 36)
    tally.check("component is read", components.get(GROUP, "sdk-insights").name, "sdk-insights")
    tally.check("component is listed", [c.name for c in components.list_by_resource_group(GROUP)], ["sdk-insights"])
    return made.id


def drive_registry(azure, tally):
    """Container registries."""
    registries = azure.registries.registries
    body = {"location": PLACE, "sku": {"name": "Premium"}, "properties": {"adminUserEnabled": True}}
    made = registries.begin_create(GROUP, "sdkregistry1", body).result()
    tally.check("registry's server", made.login_server, "sdkregistry1.azurecr.io")
    tally.check("registry's passwords", len(registries.list_credentials(GROUP, "sdkregistry1").passwords), 2)
    changed = registries.begin_update(GROUP, "sdkregistry1", {"tags": {"a": "b"}}).result()
    tally.check("registry's tags", changed.tags, {"a": "b"})
    return made.id


def drive_workspace(azure, tally, version, parts):
    """Workspaces, at one version of the service."""
    more = {} if version is None else {"api_version": version}
    client = azure.client(MachineLearningServicesMgmtClient, **more)
    workspaces = client.workspaces
    name = "sdk-workspace"
    wanted = ml.Workspace(
        location=PLACE,
        identity=ml.ManagedServiceIdentity(type="SystemAssigned"),
        friendly_name="Made by an SDK",
        storage_account=parts["storage"],
        key_vault=parts["vault"],
        application_insights=parts["insights"],
    )
    made = workspaces.begin_create_or_update(GROUP, name, wanted).result()
    tally.check("workspace's state", made.provisioning_state, "Succeeded")
    tally.check("workspace's name", made.friendly_name, "Made by an SDK")
    read = workspaces.get(GROUP, name)
    tally.check("workspace's ID", read.workspace_id, made.workspace_id)
    change = ml.WorkspaceUpdateParameters(
        tags={"a": "b"}, description="Changed", container_registry=parts["registry"]
    )
    changed = workspaces.begin_update(GROUP, name, change).result()
    tally.check("workspace's description", changed.description, "Changed")
    tally.check("workspace's registry", changed.container_registry, parts["registry"])
    tally.check("workspace's earlier name", changed.friendly_name, "Made by an SDK")
    tally.check("workspaces of the group", [w.name for w in workspaces.list_by_resource_group(GROUP)], [name])
    tally.check("workspaces of all", [w.name for w in workspaces.list_by_subscription()], [name])
    drive_actions(client, tally, name)
    drive_connection(azure, client, tally, name)
    workspaces.begin_delete(GROUP, name).result()
    try:
        workspaces.get(GROUP, name)
        raise AssertionError("the workspace is still there")
    except ResourceNotFoundError as error:
        tally.check("workspace is gone", error.error.code, "ResourceNotFound")
    tally.refused("a taken name", "BadRequest", lambda: workspaces.begin_create_or_update(GROUP, name, wanted))
    # The SDK of this version knows no parameter for it.
    workspaces.begin_delete(GROUP, name, params={"forceToPurge": "true"}).result()
    workspaces.begin_create_or_update(GROUP, name, wanted).result()
    workspaces.begin_delete(GROUP, name, params={"forceToPurge": "true"}).result()


def drive_actions(client, tally, name):
    """What is asked of a workspace."""
    workspaces = client.workspaces
    keys = workspaces.list_keys(GROUP, name)
    tally.check("workspace's storage key", bool(keys.user_storage_key))
    tally.check("workspace's notebook keys", bool(keys.notebook_access_keys.primary_access_key))
    tally.check("storage key alone", workspaces.list_storage_account_keys(GROUP, name).user_storage_key, keys.user_storage_key)
    tally.check("notebook token", workspaces.list_notebook_access_token(GROUP, name).token_type, "Bearer")
    tally.check("resynced", workspaces.begin_resync_keys(GROUP, name).result(), None)
    tally.check("notebook", bool(workspaces.begin_prepare_notebook(GROUP, name).result().resource_id))
    diagnosis = workspaces.begin_diagnose(GROUP, name).result()
    tally.check("diagnosis", diagnosis.value.storage_account_results, [])
    outside = workspaces.list_outbound_network_dependencies_endpoints(GROUP, name)
    tally.check("hosts", bool(outside.value))
    tally.check("features", bool(list(client.workspace_features.list(GROUP, name))))
    tally.check("usages", bool(list(client.usages.list(PLACE))))
    tally.check("quotas", bool(list(client.quotas.list(PLACE))))
    tally.check("machine sizes", bool(client.virtual_machine_sizes.list(PLACE).value))
    resources = client.private_link_resources.list(GROUP, name).value
    tally.check("link resource", resources[0].group_id, "amlworkspace")


def drive_connection(azure, client, tally, name):
    """A connection that a private endpoint has made, approved and removed."""
    connections = client.private_endpoint_connections
    with drive_network.requested(azure, GROUP, client.workspaces.get(GROUP, name).id, "amlworkspace") as endpoint:
        found = list(connections.list(GROUP, name))
        tally.check("connections", [c.private_endpoint.id for c in found], [endpoint])
        state = ml.PrivateLinkServiceConnectionState(status="Approved", description="by the SDK")
        connection = ml.PrivateEndpointConnection(private_link_service_connection_state=state)
        made = connections.create_or_update(GROUP, name, found[0].name, connection)
        tally.check("connection", made.private_link_service_connection_state.status, "Approved")
        tally.refused(
            "a connection that nobody made",
            "ResourceNotFound",
            lambda: connections.create_or_update(GROUP, name, "nobody", connection),
        )
        connections.delete(GROUP, name, found[0].name)


def main():
    """Drives everything and reports."""
    azure, tally = Azure(), Tally()
    drive_groups(azure, tally)
    drive_providers(azure, tally)
    parts = {
        "storage": drive_storage(azure, tally),
        "vault": drive_vault(azure, tally),
        "insights": drive_insights(azure, tally),
        "registry": drive_registry(azure, tally),
    }
    for version in VERSIONS:
        drive_workspace(azure, tally, version, parts)
    drive_network.drive(azure, tally, GROUP, parts["storage"])
    azure.insights.components.delete(GROUP, "sdk-insights")
    azure.logs.workspaces.begin_delete(GROUP, "sdk-logs").result()
    azure.registries.registries.begin_delete(GROUP, "sdkregistry1").result()
    azure.storage.storage_accounts.delete(GROUP, "sdkstorage1")
    azure.vaults.vaults.delete(GROUP, "sdk-vault-1")
    tally.check("nothing is left", [r.id for r in azure.resources.resources.list_by_resource_group(GROUP)], [])
    azure.resources.resource_groups.begin_delete(GROUP).result()
    tally.check("the group is gone", azure.resources.resource_groups.check_existence(GROUP), False)
    print(f"official SDKs: {tally.held} checks held")
    return 0


if __name__ == "__main__":
    sys.exit(main())
