#!/usr/bin/env python3
"""Drives the emulator through lives of resources and checks every request and answer against the services' OpenAPI documents.
Runs inside `azureml-emulator exec`; the documents are in the folder of --specs.
"""

import argparse
import sys
from pathlib import Path

from check import Check
from client import SUBSCRIPTION, Client, control
from lives import LIVES
from network_lives import DNS_LIVES, NETWORK_LIVES
from openapi import Specification
from openapi_exceptions import EXCEPTIONS
from operations import OPERATIONS
from resource_lives import RESOURCE_LIVES, SUBSCRIPTION_LIVES

SERVICE = "machinelearningservices/resource-manager/Microsoft.MachineLearningServices"
NETWORK = "network/resource-manager/Microsoft.Network/stable/2024-01-01"
RESOURCES = "resources/resource-manager/Microsoft.Resources/stable"
DNS = "privatedns/resource-manager/Microsoft.Network/stable"
# What the status of an operation looks like, where the service's own documents do not say.
STATUS = ("common-types/resource-management/v5/types.json", "OperationStatusResult")
PATH = f"/subscriptions/{SUBSCRIPTION}"


def planted(scenario, group):
    """The IDs of a scenario planted in a group."""
    order = {"scenario": scenario, "resource_group": group, "location": "eastus", "prefix": "openapi"}
    return control("POST", "/seed", order)


def live_workspaces(version, client):
    """The lives of workspaces at one version."""
    seeded = planted("dependents", "rg-openapi") | planted("network", "rg-openapi")
    for life in LIVES:
        life(client, version, PATH, seeded)


def live_in_network(lives):
    """The lives of endpoints, zones and links."""

    def live(version, client):
        seeded = planted("dependents", "rg-openapi") | planted("network", "rg-openapi")
        zone = f"{seeded['resource_group']}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
        control("PUT", f"/resources?id={zone}", {"location": "global", "properties": {}})
        for life in lives:
            life(client, version, seeded | {"zone": zone})

    return live


def live_alone(lives):
    """The lives of what Resource Manager serves itself."""

    def live(version, client):
        planted("dependents", "rg-openapi")
        for life in lives:
            life(client, version, PATH)

    return live


# (version, documents, what the status of an operation looks like, lives)
RUNS = [
    (
        "2024-04-01",
        [f"{SERVICE}/stable/2024-04-01/{name}.json" for name in ("machineLearningServices", "workspaceFeatures")],
        STATUS,
        live_workspaces,
    ),
    (
        "2024-07-01-preview",
        [f"{SERVICE}/preview/2024-07-01-preview/{name}.json" for name in ("workspaceRP", "workspaceFeatures")],
        STATUS,
        live_workspaces,
    ),
    (
        "2024-01-01",
        [f"{NETWORK}/{name}.json" for name in ("privateEndpoint", "virtualNetwork", "networkInterface")],
        (f"{NETWORK}/network.json", "AzureAsyncOperationResult"),
        live_in_network(NETWORK_LIVES),
    ),
    ("2020-06-01", [f"{DNS}/2020-06-01/privatedns.json"], STATUS, live_in_network(DNS_LIVES)),
    ("2024-06-01", [f"{DNS}/2024-06-01/privatedns.json"], STATUS, live_in_network(DNS_LIVES)),
    ("2024-07-01", [f"{RESOURCES}/2024-07-01/resources.json"], STATUS, live_alone(RESOURCE_LIVES)),
    ("2022-12-01", [f"{RESOURCES}/2022-12-01/subscriptions.json"], STATUS, live_alone(SUBSCRIPTION_LIVES)),
]


def specification(root, files, status):
    """The documents of one run."""
    return Specification([root / file for file in files], (root / status[0], status[1]))


def main():
    """Runs every life at every version and reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=Path, required=True, help="folder with specification/")
    root = parser.parse_args().specs / "specification"
    used, failed = set(), False
    for version, files, status, live in RUNS:
        check = Check(version, specification(root, files, status))
        control("POST", "/reset")
        # So that both words of a status are seen.
        control("PUT", "/settings", {"operation_polls": 1})
        client = Client()
        live(version, client)
        for exchange in client.seen:
            check.exchange(exchange)
        check.coverage(OPERATIONS[version])
        for fault in check.faults:
            print(f"FAULT {fault}")
        print(
            f"{version}: {len(client.seen)} exchanges, {check.bodies} bodies, {check.polls} polls, "
            f"{len(check.operations)} operations, {len(check.faults)} faults"
        )
        used |= check.used
        failed |= bool(check.faults)
    for kind, version, path in sorted(set(EXCEPTIONS) - used, key=str):
        print(f"FAULT the exception ({kind}, {version}, {path}) is not needed")
        failed = True
    print(f"{len(used)} differences between recordings and specification, each with its reason")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
