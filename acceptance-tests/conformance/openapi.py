"""OpenAPI 2 documents of Resource Manager as JSON Schema: every object closed, so that a member beyond the
specification is found, and every discriminated type resolved."""

import json
import re
from pathlib import Path

import jsonschema


class Specification:
    """The operations of some OpenAPI documents, and schemas of their bodies."""

    def __init__(self, files, status):
        """Of these documents, where `status` is the file and the name of what the status of an operation looks like."""
        self.documents = {}
        self.definitions = {}
        self.operations = []
        for file in files:
            self._add_operations(file.resolve())
        file, name = status
        _, _, definition = self._resolve(file.resolve(), f"#/definitions/{name}")
        self.status = self._define(file.resolve(), name, definition)

    def _load(self, file):
        if file not in self.documents:
            self.documents[file] = json.loads(Path(file).read_text())
        return self.documents[file]

    def _resolve(self, file, reference):
        """The file and name that a reference leads to, and what is there."""
        path, _, pointer = reference.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists():
            # A document that was not kept: anything may stand there.
            return target, pointer.rsplit("/", 1)[-1], {}
        value = self._load(target)
        for word in pointer.strip("/").split("/"):
            value = value[word]
        return target, pointer.rsplit("/", 1)[-1], value

    def _add_operations(self, file):
        for path, methods in self._load(file)["paths"].items():
            pattern = "/".join(
                "[^/]+" if word.startswith("{") else re.escape(word) for word in path.split("/")
            )
            for method, operation in methods.items():
                body = None
                for parameter in operation.get("parameters", []):
                    place = file
                    if "$ref" in parameter:
                        place, _, parameter = self._resolve(file, parameter["$ref"])
                    if parameter["in"] == "body":
                        body = self._schema(place, parameter["schema"])
                self.operations.append(
                    {
                        "method": method.upper(),
                        "pattern": re.compile(pattern + "$", re.IGNORECASE),
                        "id": operation["operationId"],
                        "request": body,
                        "long": operation.get("x-ms-long-running-operation", False),
                        "final": operation.get("x-ms-long-running-operation-options", {}).get("final-state-via"),
                        "responses": {
                            status: {
                                "schema": self._schema(file, answer["schema"]) if "schema" in answer else None,
                                "headers": list(answer.get("headers", {})),
                            }
                            for status, answer in operation["responses"].items()
                        },
                    }
                )

    def find(self, method, path):
        """The operation of a request, none when there is none; of several that of the path with the most words of its own."""
        fits = [one for one in self.operations if one["method"] == method and one["pattern"].match(path)]
        return min(fits, key=lambda one: one["pattern"].pattern.count("[^/]+"), default=None)

    def validator(self, schema):
        """A validator of one schema with all definitions at hand."""
        return jsonschema.Draft202012Validator({**schema, "$defs": self.definitions})

    def members(self, schema):
        """The members of an object."""
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rsplit("/", 1)[1]]
        return schema.get("properties", {})

    def lacking(self, schema, body):
        """What a resource, or one in a list, always has though no document demands it: properties, and in them the state."""
        members = self.members(schema)
        if not isinstance(body, dict):
            return
        if "items" in members.get("value", {}):
            for item in body.get("value", []):
                yield from self.lacking(members["value"]["items"], item)
        inner = self.members(members.get("properties", {}))
        if inner and not isinstance(body.get("properties"), dict):
            yield "properties"
        elif "provisioningState" in inner and "provisioningState" not in body["properties"]:
            yield "properties.provisioningState"

    def _name(self, file, name):
        return f"{file.stem}.{file.parent.name}.{name}"

    def _define(self, file, name, definition):
        key = self._name(file, name)
        if key not in self.definitions:
            self.definitions[key] = {}
            self.definitions[key] = self._definition(file, name, definition)
        return {"$ref": f"#/$defs/{key}"}

    def _definition(self, file, name, definition):
        if "discriminator" in definition:
            return self._choice(file, definition["discriminator"], list(self._derived(file, name)))
        return self._schema(file, definition, name)

    def _choice(self, file, discriminator, derived):
        """One of some types by the value of a member: conditions, for they name what is wrong inside a type."""
        values = {definition["x-ms-discriminator-value"]: (n, definition) for n, definition in derived}
        return {
            "required": [discriminator],
            "properties": {discriminator: {"enum": sorted(values)}},
            "allOf": [
                {
                    "if": {"properties": {discriminator: {"const": value}}},
                    "then": self._define(file, n, definition),
                }
                for value, (n, definition) in values.items()
            ],
        }

    def _derived(self, file, name):
        wanted = f"#/definitions/{name}"
        for other, definition in self._load(file)["definitions"].items():
            if any(part.get("$ref") == wanted for part in definition.get("allOf", [])):
                yield other, definition

    def _members(self, file, schema):
        """The members of an object with those of what it extends, and the names of the required ones."""
        members, required = {}, set(schema.get("required", []))
        for part in schema.get("allOf", []):
            place, value = file, part
            if "$ref" in part:
                place, _, value = self._resolve(file, part["$ref"])
            inherited, needed = self._members(place, value)
            members.update(inherited)
            required |= needed
        for name, member in schema.get("properties", {}).items():
            members[name] = self._schema(file, member)
        return members, required

    def _schema(self, file, schema, name=None):
        kind = schema.get("type")
        if "$ref" in schema:
            made = self._define(*self._resolve(file, schema["$ref"]))
        elif kind == "array":
            made = {"type": "array", "items": self._schema(file, schema.get("items", {}))}
        elif "properties" in schema or "allOf" in schema or kind == "object":
            made = self._object(file, schema, name)
        else:
            made = {key: schema[key] for key in ("type", "enum", "minLength", "maxLength", "pattern") if key in schema}
        if schema.get("x-nullable"):
            made = {"anyOf": [made, {"type": "null"}]}
        return made

    def _object(self, file, schema, name):
        members, required = self._members(file, schema)
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            more = self._schema(file, more)
        elif more is None:
            # An object of which the specification says nothing may hold anything.
            more = not members
        value = schema.get("x-ms-discriminator-value")
        if value:
            members["type"] = {"const": value}
        made = {"type": "object", "properties": members, "additionalProperties": more}
        if required:
            made["required"] = sorted(required)
        if name:
            made["title"] = name
        return made
