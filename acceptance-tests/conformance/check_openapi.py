#!/usr/bin/env python3
"""Drives the emulator through the life of workspaces and checks every request and answer against the service's OpenAPI
documents. Runs inside `azureml-emulator exec`; the documents are in the folder of --specs.
"""

import argparse
import sys
from pathlib import Path

from client import SUBSCRIPTION, Client, control
from lives import LIVES
from network_lives import DNS_LIVES, NETWORK_LIVES
from openapi import Specification
from openapi_exceptions import EXCEPTIONS

SERVICE = "machinelearningservices/resource-manager/Microsoft.MachineLearningServices"
DOCUMENTS = {
    "2024-04-01": [
        f"{SERVICE}/stable/2024-04-01/machineLearningServices.json",
        f"{SERVICE}/stable/2024-04-01/workspaceFeatures.json",
    ],
    "2024-07-01-preview": [
        f"{SERVICE}/preview/2024-07-01-preview/workspaceRP.json",
        f"{SERVICE}/preview/2024-07-01-preview/workspaceFeatures.json",
    ],
}

NETWORK = "network/resource-manager/Microsoft.Network/stable"
NETWORK_DOCUMENTS = {
    "2024-01-01": (
        [f"{NETWORK}/2024-01-01/{name}.json" for name in ("privateEndpoint", "virtualNetwork", "networkInterface")],
        NETWORK_LIVES,
    ),
    **{
        version: ([f"privatedns/resource-manager/Microsoft.Network/stable/{version}/privatedns.json"], DNS_LIVES)
        for version in ("2020-06-01", "2024-06-01")
    },
}


class Check:
    """What was checked at one version, and what was found."""

    def __init__(self, version, specification):
        self.version = version
        self.specification = specification
        self.faults = []
        self.used = set()
        self.bodies = 0
        self.operations = set()

    def fault(self, exchange, text):
        """Notes what is wrong with an exchange."""
        self.faults.append(f"{self.version} {exchange.method} {exchange.path}: {text}")

    def excused(self, kind, path):
        """Whether a difference has a reason."""
        for key in ((kind, None, path), (kind, self.version, path)):
            if key in EXCEPTIONS:
                self.used.add(key)
                return True
        return False

    def exchange(self, exchange):
        """Checks one exchange."""
        operation = self.specification.find(exchange.method, exchange.path)
        if operation is None:
            self.fault(exchange, "the specification has no such operation")
            return
        self.operations.add(operation["id"])
        if exchange.request is not None and exchange.status < 400:
            if operation["request"] is None:
                self.fault(exchange, "the specification has no request body")
            else:
                self.body(exchange, "request", operation["request"], exchange.request)
        answer = operation["responses"].get(str(exchange.status))
        if answer is None:
            if exchange.status < 400 or "default" not in operation["responses"]:
                self.fault(exchange, f"the specification has no status {exchange.status}")
                return
            answer = operation["responses"]["default"]
        for header in answer["headers"]:
            there = any(name.lower() == header.lower() for name in exchange.headers)
            if not there and not self.excused("header", header):
                self.fault(exchange, f"no header field {header}")
        if answer["schema"] is not None:
            self.body(exchange, "answer", answer["schema"], exchange.body)
        elif exchange.body is not None and not (exchange.body == {} and self.excused("body", str(exchange.status))):
            self.fault(exchange, "a body where the specification has none")

    def body(self, exchange, side, schema, body):
        """Checks one body."""
        self.bodies += 1
        for error in self.specification.validator(schema).iter_errors(body):
            path = ".".join(word for word in map(str, error.absolute_path) if not word.isdigit())
            path = path.removeprefix("value.")
            if error.validator == "additionalProperties":
                known = error.schema.get("properties", {})
                for name in sorted(set(error.instance) - set(known)):
                    member = f"{path}.{name}".removeprefix("value").removeprefix(".")
                    if not self.excused("extra", member):
                        self.fault(exchange, f"{side}: {member} is in no definition")
            elif error.instance is None and error.validator in ("type", "enum", "anyOf"):
                if not self.excused("null", path):
                    self.fault(exchange, f"{side}: {path} is null")
            else:
                self.fault(exchange, f"{side}: {path or 'the body'}: {error.message[:300]}")


def planted(scenario, group):
    """The IDs of a scenario planted in a group."""
    order = {"scenario": scenario, "resource_group": group, "location": "eastus", "prefix": "openapi"}
    return control("POST", "/seed", order)


def live_workspaces(version, client):
    """The lives of workspaces at one version."""
    seeded = planted("dependents", "rg-openapi") | planted("network", "rg-openapi")
    for life in LIVES:
        life(client, version, f"/subscriptions/{SUBSCRIPTION}", seeded)


def live_network(version, client):
    """The lives of endpoints, zones and links at one version."""
    seeded = planted("dependents", "rg-openapi") | planted("network", "rg-openapi")
    seeded["zone"] = f"{seeded['resource_group']}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
    control("PUT", f"/resources?id={seeded['zone']}", {"location": "global", "properties": {}})
    for life in NETWORK_DOCUMENTS[version][1]:
        life(client, version, seeded)


def main():
    """Runs every life at every version and reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=Path, required=True, help="folder with specification/")
    root = parser.parse_args().specs / "specification"
    runs = [(version, files, live_workspaces) for version, files in DOCUMENTS.items()]
    runs += [(version, files, live_network) for version, (files, _) in NETWORK_DOCUMENTS.items()]
    used, failed = set(), False
    for version, files, live in runs:
        check = Check(version, Specification([root / file for file in files]))
        control("POST", "/reset")
        client = Client()
        live(version, client)
        for exchange in client.seen:
            check.exchange(exchange)
        for fault in check.faults:
            print(f"FAULT {fault}")
        print(
            f"{version}: {len(client.seen)} exchanges, {check.bodies} bodies, {len(check.operations)} operations, "
            f"{len(check.faults)} faults"
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
