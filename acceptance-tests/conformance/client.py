"""A plain client of Resource Manager for the checks: it signs in, sends requests, waits for operations, keeps what it saw."""

import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

SUBSCRIPTION = os.environ.get("ARM_SUBSCRIPTION_ID", "")


@dataclass
class Poll:
    """One answer about an operation: by its status, or by its result while that is not there."""

    by: str
    status: int
    body: object


@dataclass
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    version: str
    request: object
    status: int
    headers: dict
    body: object
    # The answers about the operation that it began, to its end.
    polls: list = field(default_factory=list)
    # The exchange whose operation this is the result of, where the specification declares that one's body.
    result_of: "Exchange | None" = None

    def header(self, name):
        """A header field, its name in any casing."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


@dataclass
class Client:
    """A signed-in client that notes every exchange."""

    base: str = field(default_factory=lambda: os.environ["AZUREML_EMULATOR_URL"])
    seen: list = field(default_factory=list)

    def __post_init__(self):
        self.context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
        self.token = self.sign_in()

    def sign_in(self):
        """Gets a token with the client's secret."""
        form = urllib.parse.urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": os.environ["ARM_CLIENT_ID"],
                "client_secret": os.environ["ARM_CLIENT_SECRET"],
                "scope": f"{self.base}/.default",
            }
        )
        url = f"{self.base}/{os.environ['ARM_TENANT_ID']}/oauth2/v2.0/token"
        request = urllib.request.Request(url, data=form.encode(), method="POST")
        with urllib.request.urlopen(request, context=self.context) as answer:
            return json.load(answer)["access_token"]

    def send(self, method, url, body=None):
        """Sends a request; an error is an answer like any other."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        try:
            answer = urllib.request.urlopen(request, context=self.context)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read()
            return answer.status, dict(answer.headers.items()), json.loads(text) if text else None

    def call(self, method, path, version, body=None, **query):
        """Sends a request to a path at an api-version and notes the exchange."""
        parameters = urllib.parse.urlencode({"api-version": version, **query})
        status, headers, answer = self.send(method, f"{self.base}{path}?{parameters}", body)
        exchange = Exchange(method, path, version, body, status, headers, answer)
        self.seen.append(exchange)
        return exchange

    def settled(self, method, path, version, body=None):
        """Sends a request of whichever status, and waits for the end of the operation that it begins."""
        exchange = self.call(method, path, version, body)
        if exchange.status >= 300:
            raise AssertionError(f"{method} {path}: {exchange.status} {exchange.body}")
        self.succeeds(exchange)
        return exchange

    def aside(self, method, path, version, body=None):
        """The same, without a note of the exchange."""
        self.seen.remove(self.settled(method, path, version, body))

    def failing(self, method, path, version, body=None):
        """Sends a request whose operation is made to fail, and waits for its end."""
        fault = {"method": method, "path": f"{path}$", "kind": "fail_operation", "code": "Nope", "message": "Not now."}
        self.control("POST", "/faults", fault)
        exchange = self.call(method, path, version, body)
        if self.follow(exchange) != "Failed":
            raise AssertionError(f"{method} {path}: {exchange.polls}")

    def follow(self, exchange):
        """Waits for the end of the operation that a request has begun, notes each answer, and gives the last word."""
        status, result = exchange.header("Azure-AsyncOperation"), exchange.header("Location")
        word = None
        while status and word in (None, "InProgress"):
            code, _, body = self.send("GET", status)
            exchange.polls.append(Poll("status", code, body))
            word = body["status"]
        while result and not status and (not exchange.polls or exchange.polls[-1].status == 202):
            code, _, body = self.send("GET", result)
            exchange.polls.append(Poll("result", code, body))
        return word

    def succeeds(self, exchange):
        """Waits for the end of the operation that a request has begun, which must be a good one."""
        if self.follow(exchange) not in (None, "Succeeded"):
            raise AssertionError(f"{exchange.method} {exchange.path}: {exchange.polls[-1]}")

    def control(self, method, path, body=None):
        """Asks the emulator's control interface."""
        return control(method, path, body)

    def done(self, method, path, version, body=None, **query):
        """Sends a request, waits for the end of the operation that it begins, and notes that one's result as well."""
        exchange = self.call(method, path, version, body, **query)
        if exchange.status != 202:
            raise AssertionError(f"{method} {path}: {exchange.status} {exchange.body}")
        self.succeeds(exchange)
        code, headers, answer = self.send("GET", exchange.header("Location"))
        if code == 200:
            self.seen.append(Exchange(method, path, version, None, code, headers, answer, result_of=exchange))
        return exchange


def control(method, path, body=None):
    """Asks the emulator's control interface."""
    url = os.environ["AZUREML_EMULATOR_CONTROL"] + path
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None
