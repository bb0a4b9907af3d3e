"""The check itself: what it says of wrong exchanges. The documents are in the folder that AZUREML_ARM_SPECS names."""

import copy
import os
import unittest
from pathlib import Path

from check import Check
from check_openapi import RUNS, specification
from client import Exchange, Poll
from operations import OPERATIONS

ROOT = Path(os.environ["AZUREML_ARM_SPECS"]) / "specification"
GROUP = "/subscriptions/s/resourceGroups/g"
ENDPOINT = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/pe"
FIELDS = {"azure-asyncoperation": "https://x/o"}
MADE = {"id": ENDPOINT, "name": "pe", "location": "eastus", "properties": {"provisioningState": "Updating"}}
DONE = [Poll("status", 200, {"status": "InProgress"}), Poll("status", 200, {"status": "Succeeded"})]


def made(**changes):
    """A creation as it should be, but for some of it."""
    exchange = Exchange(
        "PUT", ENDPOINT, "2024-01-01", {"location": "eastus"}, 201, dict(FIELDS), copy.deepcopy(MADE), list(DONE)
    )
    for name, value in changes.items():
        setattr(exchange, name, value)
    return exchange


def refused(body):
    """A refusal with a body."""
    return Exchange("GET", ENDPOINT, "2024-01-01", None, 404, {}, body)


class TheCheck(unittest.TestCase):
    """What the check says."""

    @classmethod
    def setUpClass(cls):
        cls.documents = {version: specification(ROOT, files, status) for version, files, status, _ in RUNS}

    def says(self, exchange, *faults):
        """Holds that a check finds this and nothing else."""
        check = Check(exchange.version, self.documents[exchange.version])
        check.exchange(exchange)
        start = f"{exchange.version} {exchange.method} {exchange.path}: "
        self.assertEqual([fault.removeprefix(start) for fault in check.faults], list(faults))

    def test_nothing_of_what_is_right(self):
        self.says(made())
        self.says(made(polls=[Poll("status", 200, {"status": "Failed", "error": {"code": "A", "message": "b"}})]))
        self.says(refused({"error": {"code": "ResourceNotFound", "message": "No."}}))

    def test_an_accepted_change_without_its_end(self):
        self.says(made(headers={}), "no header field Azure-AsyncOperation, though the operation takes long")
        self.says(made(polls=[]), "nobody has asked for the end of the operation")
        gone = Exchange("DELETE", ENDPOINT, "2024-01-01", None, 202, dict(FIELDS), None, list(DONE))
        self.says(gone, "no header field Location, though the operation takes long")
        zone = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/z"
        linked = Exchange("PUT", zone, "2024-06-01", {"location": "global"}, 202, {}, {})
        self.says(linked, "no header field Azure-AsyncOperation or Location, though the operation takes long")
        group = Exchange("DELETE", GROUP, "2024-07-01", None, 202, {}, None)
        self.says(
            group,
            "no header field location",
            "no header field Azure-AsyncOperation or Location, though the operation takes long",
        )

    def test_a_resource_without_its_state(self):
        self.says(made(body={**MADE, "properties": {}}), "answer: properties.provisioningState is missing")
        bare = {name: value for name, value in MADE.items() if name != "properties"}
        self.says(made(body=bare), "answer: properties is missing")
        listed = Exchange("GET", ENDPOINT.rsplit("/", 1)[0], "2024-01-01", None, 200, {}, {"value": [MADE, bare]})
        self.says(listed, "answer: properties is missing")

    def test_members_of_no_definition_and_of_the_wrong_type(self):
        self.says(made(body={**MADE, "more": 1}), "answer: more is in no definition")
        self.says(made(body={**MADE, "location": 1}), "answer: location: 1 is not of type 'string'")
        self.says(made(body={**MADE, "location": None}), "answer: location is null")
        self.says(made(request={"place": "eastus"}), "request: place is in no definition")

    def test_errors_that_are_none(self):
        self.says(
            refused({"error": {"Kode": 1, "x": []}}),
            "error: Kode is in no definition",
            "error: x is in no definition",
            "error: no code",
            "error: no message",
        )
        self.says(
            refused({"code": "A", "message": "b"}), "the error is in no envelope: {'code': 'A', 'message': 'b'}"
        )
        self.says(refused(None), "the error is in no envelope: None")
        self.says(refused({"error": {"code": "", "message": "b"}}), "error: no code")
        zone = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/z"
        wrong = Exchange("GET", zone, "2024-06-01", None, 404, {}, {"error": {"Kode": 1}})
        self.says(wrong, "answer: error.Kode is in no definition", "error: no code", "error: no message")

    def test_statuses_of_operations(self):
        def status(*bodies):
            return made(polls=[Poll("status", 200, body) for body in bodies])

        self.says(status({"status": "InProgress"}), "status: the last word is InProgress")
        self.says(
            status({"status": "Done"}),
            "status: status: 'Done' is not one of ['InProgress', 'Succeeded', 'Failed']",
            "status: the word Done",
            "status: the last word is Done",
        )
        self.says(status({"status": "Failed"}), "error: no code", "error: no message")
        self.says(status({"status": "Succeeded", "percent": 1}), "status: percent is in no definition")
        told = {"status": "Succeeded", "error": {"code": "A", "message": "b"}}
        self.says(status(told), "status: an error with the word Succeeded")
        self.says(made(polls=[Poll("status", 404, None)]), "status: HTTP 404 with None")
        self.says(made(polls=[Poll("status", 200, "Succeeded")]), "status: HTTP 200 with Succeeded")

    def test_operations_that_nobody_asks_for(self):
        check = Check("2024-01-01", self.documents["2024-01-01"])
        check.operations = set(OPERATIONS["2024-01-01"]) - {"Subnets_List"} | {"Subnets_More"}
        check.coverage(OPERATIONS["2024-01-01"])
        self.assertEqual(
            check.faults,
            [
                "2024-01-01: no life asks for Subnets_List",
                "2024-01-01: Subnets_More is asked for and not in the list of operations",
            ],
        )
        self.assertEqual(set(OPERATIONS), {version for version, *_ in RUNS})

    def test_what_the_specification_does_not_have(self):
        self.says(made(method="POST"), "the specification has no such operation")
        self.says(made(status=204, body=None), "the specification has no status 204")


if __name__ == "__main__":
    unittest.main()
