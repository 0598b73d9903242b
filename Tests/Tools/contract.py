#!/usr/bin/python3
"""Checks answers of the service against its OpenAPI document, so that neither can say what the other does not.

The argument is the document's file. The document itself is checked first. Then each line of standard input is an answer,
{"method", "path", "status", "headers", "body"}, its path below the mount point; for each a line is written: empty, or what is wrong.
"""
import json
import re
import sys
import urllib.parse
from datetime import datetime

from jsonschema import Draft202012Validator, FormatChecker, RefResolver

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
formats = FormatChecker()


@formats.checks("date-time", raises=ValueError)
def is_time(text):
    return not isinstance(text, str) or datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")


@formats.checks("uri", raises=ValueError)
def is_uri(text):
    return not isinstance(text, str) or urllib.parse.urlsplit(text).scheme != ""


def walk(node, visit):
    """Visits every object below and including this one."""
    if isinstance(node, dict):
        visit(node)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        walk(child, visit)


class Contract:
    def __init__(self, document):
        self.resolver = RefResolver.from_schema(document)
        self.document = document
        self.check_document()

    def resolved(self, node):
        while "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def faults(self, value, schema):
        validator = Draft202012Validator(schema, resolver=self.resolver, format_checker=formats)
        return [f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in validator.iter_errors(value)]

    def check_document(self):
        """Every reference leads somewhere, every schema is one, every example fits, every parameter of a path is there, no name comes twice."""
        components = self.document["components"]
        walk(self.document, lambda node: "$ref" in node and self.resolved(node))
        for name, schema in components["schemas"].items():
            Draft202012Validator.check_schema(schema)
        # Programs shall take members that they do not know, but here each has to be in the document.
        walk(self.document, lambda node: "properties" in node and node.setdefault("additionalProperties", False))
        walk(self.document, self.check_examples)
        seen = set()
        for path, item in self.document["paths"].items():
            for method in METHODS & item.keys():
                operation = item[method]
                assert operation["operationId"] not in seen, operation["operationId"]
                seen.add(operation["operationId"])
                in_path = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
                assert in_path == set(re.findall(r"{(\w+)}", path)), path

    def check_examples(self, media):
        if "schema" not in media or "name" in media:
            return
        given = [media["example"]] if "example" in media else []
        for example in given + [entry["value"] for entry in media.get("examples", {}).values()]:
            faults = self.faults(example, media["schema"])
            assert not faults, faults

    def item(self, path):
        """What is documented at a path; one that is written out comes before one with parameters."""
        path = path.split("?")[0]
        path = path[len("/api"):] if path.startswith("/api/") else path
        items = self.document["paths"]
        if path in items:
            return items[path]
        for template, item in items.items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                return item
        return None

    def answer(self, method, path, status):
        """What the document has for a status. What it does not have is an address of nothing, or a method that is not possible there."""
        item = self.item(path)
        method = "get" if method == "HEAD" else method.lower()
        if item and method in item:
            return self.resolved(item[method]["responses"].get(str(status), {"undocumented": True}))
        problem = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        if status == 405 and item:
            return {**problem, "headers": {"Allow": {"$ref": "#/components/headers/Allow"}}}
        if method == "options" and status == 204 and item:
            # Pages of other sites ask any place first what they may do there.
            return {"headers": {"Allow": {"$ref": "#/components/headers/Allow"}}}
        return problem if status in (401, 404) and not item else {"undocumented": True}

    def check(self, method, path, status, headers, body):
        documented = self.answer(method, path, status)
        if "undocumented" in documented:
            return [f"status {status} is not documented"]
        faults = []
        headers = {name.lower(): value for name, value in headers.items()}
        for name, header in documented.get("headers", {}).items():
            header = self.resolved(header)
            value = headers.get(name.lower())
            if value is None:
                faults += [f"{name} is missing"] if header["required"] else []
            else:
                number = header["schema"]["type"] == "integer" and value.isdigit()
                faults += [f"{name}: {fault}" for fault in self.faults(int(value) if number else value, header["schema"])]
        if method == "HEAD" or "content" not in documented:
            return faults + (["there is a body"] if body else [])
        kind = headers.get("content-type", "").split(";")[0]
        if kind not in documented["content"]:
            return faults + [f"Content-Type {kind} is not documented"]
        values = [json.loads(body) if kind == "application/json" else body] if kind != "text/event-stream" else self.events(body)
        return faults + [fault for value in values for fault in self.faults(value, documented["content"][kind]["schema"])]

    @staticmethod
    def events(body):
        """The fields of each server-sent event."""
        blocks = [[line for line in block.split("\n") if line and not line.startswith((":", "retry:"))] for block in body.split("\n\n")]
        return [dict(line.split(": ", 1) for line in block) for block in blocks if block]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        contract = Contract(json.load(file))
    for line in sys.stdin:
        answer = json.loads(line)
        print("; ".join(contract.check(**answer)).replace("\n", " "), flush=True)


main()
