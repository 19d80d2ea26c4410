"""The document as pages for people: every operation, and the catalogue of problems."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, Response, render_template
from flask_smorest import Api

from sib_engine.api.operation import OPERATIONS, roles_for
from sib_engine.api.problems import KINDS

_STYLE: Final = (Path(__file__).parent / "templates" / "reference.css").read_text(encoding="utf-8")
_METHODS: Final = ("get", "post", "put", "patch", "delete")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that is given or answered: its name, where it stands, its form, and what it means."""

    name: str
    where: str
    form: str
    words: str
    required: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation as the page shows it."""

    name: str
    summary: str
    description: str
    method: str
    path: str
    scope: str
    roles: list[str]
    parameters: list[Named]
    example: str
    status: str
    answer: list[Named]
    problems: list[str]


def mount_reference(app: Flask, api: Api) -> None:
    """Serve the pages ``/reference`` and ``/problems``."""
    app.register_blueprint(Blueprint("reference", __name__, template_folder="templates"))

    @app.get("/reference")
    def reference() -> str:
        document = api.spec.to_dict()
        return render_template(
            "reference.html",
            title=f"{document['info']['title']}: the programming interface",
            words=document["info"]["description"].partition("[")[0].rpartition(";")[0].replace("`", "") + ".",
            version=document["openapi"],
            operations=list(_operations(document)),
        )

    @app.get("/problems")
    def problems() -> str:
        return render_template("problems.html", title="Problems", kinds=KINDS.values())

    @app.get("/reference.css")
    def style() -> Response:
        return Response(_STYLE, mimetype="text/css")


def _operations(document: Node) -> Iterator[Shown]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            found = methods.get(method)
            if found is None:
                continue
            operation = OPERATIONS[found["operationId"]]
            given, example = _body(document, found.get("requestBody", {}))
            status = next(code for code in found["responses"] if code.startswith("2"))
            yield Shown(
                name=operation.name,
                summary=found.get("summary", operation.name),
                description=found.get("description", ""),
                method=method.upper(),
                path=path,
                scope=operation.scope.value,
                roles=roles_for(operation),
                parameters=[*_parameters(methods.get("parameters", []), found.get("parameters", [])), *given],
                example=example,
                status=status,
                answer=list(_fields(document, _schema(found["responses"][status]))),
                problems=_codes(found["responses"]),
            )


def _parameters(*lists: list[Node]) -> Iterator[Named]:
    for parameters in lists:
        for each in parameters:
            where = {"path": "address", "query": "query", "header": "header"}[each["in"]]
            yield Named(
                each["name"], where, _form(each["schema"]), each.get("description", ""), each.get("required", False)
            )


def _body(document: Node, body: Node) -> tuple[list[Named], str]:
    for kind, content in body.get("content", {}).items():
        where = "form" if kind.startswith("multipart") else "body"
        fields = [
            Named(each.name, where, each.form, each.words, each.required)
            for each in _fields(document, content["schema"])
        ]
        return fields, json.dumps(content["example"], indent=2) if content.get("example") else ""
    return [], ""


def _schema(answer: Node) -> Node:
    for content in answer.get("content", {}).values():
        found: Node = content.get("schema", {})
        return found
    return {}


def _fields(document: Node, schema: Node, inside: str = "") -> Iterator[Named]:
    """Yield the fields of a schema; those of rows inside it by their place."""
    found = _resolved(document, schema)
    required = found.get("required", [])
    for name, field in found.get("properties", {}).items():
        own = _resolved(document, field)
        yield Named(inside + name, "", _form(own), own.get("description", ""), name in required)
        if own.get("type") == "array":
            yield from _fields(document, own["items"], f"{inside}{name}[].")


def _resolved(document: Node, schema: Node) -> Node:
    if "$ref" in schema:
        found: Node = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _form(schema: Node) -> str:
    kinds = schema.get("type", "object")
    kind = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "enum" in schema:
        return f"{kind}: {', '.join(map(str, schema['enum']))}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _codes(answers: Node) -> list[str]:
    """Return the codes of the problems that an operation can answer with, as their descriptions name them."""
    words = " ".join(
        str(answer.get("description", "")) for status, answer in answers.items() if not status.startswith("2")
    )
    return [code.value for code in KINDS if f"`{code}`" in words]
