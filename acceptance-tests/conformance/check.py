"""What is held of an exchange: that the OpenAPI documents have it, and what they only mean."""

from openapi_exceptions import EXCEPTIONS

ENDS = ("Succeeded", "Failed", "Canceled")


class Check:
    """What was checked at one version, and what was found."""

    def __init__(self, version, specification):
        self.version = version
        self.specification = specification
        self.faults = []
        self.used = set()
        self.bodies = 0
        self.polls = 0
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
        if answer is None and exchange.status >= 400:
            answer = operation["responses"].get("default")
        if answer is None:
            self.fault(exchange, f"the specification has no status {exchange.status}")
            return
        for header in answer["headers"]:
            if exchange.header(header) is None and not self.excused("header", header):
                self.fault(exchange, f"no header field {header}")
        if exchange.status >= 400:
            self.error(exchange, answer["schema"])
        else:
            self.success(exchange, answer["schema"])
        self.operation(exchange, operation)

    def success(self, exchange, schema):
        """Checks the body of an answer that is no error."""
        if schema is not None:
            self.body(exchange, "answer", schema, exchange.body)
            for path in self.specification.lacking(schema, exchange.body):
                if not self.excused("missing", path):
                    self.fault(exchange, f"answer: {path} is missing")
        elif exchange.body is not None and not (exchange.body == {} and self.excused("body", str(exchange.status))):
            self.fault(exchange, "a body where the specification has none")

    def error(self, exchange, schema):
        """Checks the body of an error: an envelope, and what the document says of what is in it."""
        if exchange.method == "HEAD":
            return
        if not isinstance(exchange.body, dict) or set(exchange.body) != {"error"}:
            self.fault(exchange, f"the error is in no envelope: {exchange.body}")
            return
        if schema is not None and "error" in self.specification.members(schema):
            self.body(exchange, "answer", schema, exchange.body)
        elif schema is not None:
            # The document's error is the inner one.
            self.body(exchange, "error", schema, exchange.body["error"])
        self.words(exchange, exchange.body["error"])

    def words(self, exchange, error):
        """An error has a code and a message, though no document demands them."""
        for name in ("code", "message"):
            value = error.get(name) if isinstance(error, dict) else None
            if not isinstance(value, str) or not value:
                self.fault(exchange, f"error: no {name}")

    def operation(self, exchange, operation):
        """Checks that a change that takes long says where its end is told, and the answers there."""
        if operation["long"] and exchange.status in (201, 202):
            fields = {"azure-async-operation": ["Azure-AsyncOperation"], "location": ["Location"]}
            fields = fields.get(operation["final"], ["Azure-AsyncOperation", "Location"])
            if not any(exchange.header(field) for field in fields):
                self.fault(exchange, f"no header field {' or '.join(fields)}, though the operation takes long")
            elif not exchange.polls and exchange.result_of is None:
                self.fault(exchange, "nobody has asked for the end of the operation")
        for poll in exchange.polls:
            self.polls += 1
            if poll.by == "status":
                self.status(exchange, poll)
            elif poll.status not in (200, 202, 204):
                self.fault(exchange, f"result: HTTP {poll.status}")
        last = exchange.polls[-1] if exchange.polls else None
        if last and last.by == "status" and isinstance(last.body, dict) and last.body.get("status") not in ENDS:
            self.fault(exchange, f"status: the last word is {last.body.get('status')}")

    def status(self, exchange, poll):
        """Checks an answer about the status of an operation."""
        if poll.status != 200 or not isinstance(poll.body, dict):
            self.fault(exchange, f"status: HTTP {poll.status} with {poll.body}")
            return
        self.body(exchange, "status", self.specification.status, poll.body)
        word = poll.body.get("status")
        if word not in ("InProgress", *ENDS):
            self.fault(exchange, f"status: the word {word}")
        if word == "Failed":
            self.words(exchange, poll.body.get("error"))
        elif "error" in poll.body:
            self.fault(exchange, f"status: an error with the word {word}")

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
            elif error.validator == "required" and side == "answer":
                for name in sorted(set(error.validator_value) - set(error.instance)):
                    member = f"{path}.{name}".removeprefix("value").removeprefix(".")
                    if not self.excused("missing", member):
                        self.fault(exchange, f"answer: {member} is missing")
            else:
                self.fault(exchange, f"{side}: {path or 'the body'}: {error.message[:300]}")

    def coverage(self, demanded):
        """What was not asked for though it should be, and the other way round."""
        for name in sorted(set(demanded) - self.operations):
            self.faults.append(f"{self.version}: no life asks for {name}")
        for name in sorted(self.operations - set(demanded)):
            self.faults.append(f"{self.version}: {name} is asked for and not in the list of operations")
