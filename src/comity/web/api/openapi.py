"""The OpenAPI 3.1 document: made from the schemas and this table of operations, never by hand."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

import msgspec

from . import schemas
from .operations import OPERATIONS, PROBLEMS, Operation

_NAME: Final = "#/components/schemas/{name}"


def openapi_document(server_url: str) -> dict[str, Any]:
    """Return the document, with `server_url` as the address under which the paths stand."""
    shapes = [
        shape
        for shape in vars(schemas).values()
        if isinstance(shape, type)
        and issubclass(shape, msgspec.Struct)
        and shape is not msgspec.Struct
    ]
    _, components = msgspec.json.schema_components(shapes, ref_template=_NAME)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comity",
            "version": version("comity"),
            "summary": "Comments for any page.",
            "description": "Errors are problem details (RFC 9457) naming every bad field at once.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "editToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The `edit_token` that came with the posted comment.",
                }
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{operation.method}_{operation.path.strip('/').split('/')[0]}"
        + ("_one" if "{" in operation.path else ""),
        "summary": operation.summary,
        "description": operation.description,
        "responses": _responses(operation),
    }
    if operation.parameters:
        described["parameters"] = list(operation.parameters)
    if operation.is_authors:
        described["security"] = [{}, {"editToken": []}]
    if operation.body is not None:
        schema: dict[str, Any] = _reference(operation.body)
        if operation.extra_body_keys:
            schema = _with_honeypot(operation.body)
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _with_honeypot(body: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the body's schema with the one key whose name changes from form to form."""
    _, components = msgspec.json.schema_components([body], ref_template=_NAME)
    schema = dict(components[body.__name__])
    schema["patternProperties"] = {"^[a-z]+_[0-9a-f]{6}$": {"const": ""}}
    return schema


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, (shape, text) in operation.answers.items():
        responses[str(status)] = {"description": text}
        if shape is not None:
            responses[str(status)]["content"] = {"application/json": {"schema": _reference(shape)}}
    for status in sorted(operation.problems):
        responses[str(status)] = {
            "description": PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _reference(schemas.ProblemJson)}},
        }
    return responses


def _reference(shape: type[msgspec.Struct] | tuple[type[msgspec.Struct], ...]) -> dict[str, Any]:
    if isinstance(shape, tuple):
        return {"anyOf": [_reference(one) for one in shape]}
    return {"$ref": _NAME.format(name=shape.__name__)}
