"""The description of the API says what the API is: every route, every answer, every schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from comity.text.fields import FIELDS
from web.dom import Page
from web.json_api import URL, Api

_METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    response = api.get("/openapi.json")
    assert response.content_type == "application/json"
    document: dict[str, Any] = response.json
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_it_is_an_openapi_3_1_document(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert set(document) == {"openapi", "info", "servers", "paths", "components"}
    assert {"title", "version", "license"} <= set(document["info"])
    assert document["servers"] == [{"url": URL}]
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(document):
        assert path.startswith("/")
        assert method in _METHODS
        assert set(operation) <= {
            "operationId",
            "summary",
            "description",
            "parameters",
            "requestBody",
            "responses",
            "security",
        }
        named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))
        for parameter in operation.get("parameters", []):
            assert set(parameter) == {"name", "in", "required", "description", "schema"}
            assert parameter["in"] in {"query", "path", "header"}
        for status, answer in operation["responses"].items():
            assert re.fullmatch("[1-5][0-9]{2}", status)
            assert answer["description"]
            expected = "application/problem+json" if status >= "400" else "application/json"
            assert list(answer.get("content", {expected: 1})) == [expected]


def test_every_reference_leads_to_a_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in schemas
    for schema in schemas.values():
        assert set(schema.get("required", [])) <= set(schema["properties"])
        assert schema.get("description")


def test_every_route_is_described_and_nothing_else_is(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule.removeprefix(URL)), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("comity_api.") and rule.endpoint != "comity_api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_the_lengths_are_those_of_the_field_table(document: dict[str, Any]) -> None:
    form = document["components"]["schemas"]["PostCommentBody"]["properties"]
    assert set(FIELDS) <= set(form)
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for _, _, operation in operations(document)
        if "requestBody" in operation
    ]
    assert len(bodies) == 4
    (post,) = [body for body in bodies if "patternProperties" in body]
    assert post["required"] == ["site", "page", "form_token", "message"]
    assert post["additionalProperties"] is False


def test_the_honeypots_name_fits_its_pattern(api: Api, document: dict[str, Any]) -> None:
    body = document["paths"]["/comments"]["post"]["requestBody"]["content"]["application/json"]
    ((pattern, value),) = body["schema"]["patternProperties"].items()
    assert value == {"const": ""}
    for _ in range(20):
        assert re.search(pattern, api.form()["honeypot"])


def conforms(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> bool:  # noqa: PLR0911 - one a word
    """Whether `value` fits; the words of JSON Schema that our schemas use, and no others."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return conforms(value, document["components"]["schemas"][name], document)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return any(conforms(value, one, document) for one in schema[word])
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    kind = kinds[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if isinstance(value, list):
        return all(conforms(one, schema["items"], document) for one in value)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        other = schema.get("additionalProperties")
        return set(schema.get("required", [])) <= set(value) and all(
            conforms(one, known[name], document)
            if name in known
            else isinstance(other, dict) and conforms(one, other, document)
            for name, one in value.items()
        )
    return True


def test_answers_conform_to_their_schemas(api: Api, document: dict[str, Any]) -> None:
    posted = api.send(api.body())
    path = f"/comments/{posted.json['comment']['id']}"
    bearer = {"Authorization": f"Bearer {posted.json['edit_token']}"}
    api.post(parent_id=posted.json["comment"]["id"])
    thread = "site=blog&page=/hello"
    answers = [
        ("/comments", "post", posted),
        ("/comments", "post", api.send(api.body(message="x"))),
        ("/comments", "post", api.send(api.body(), seconds=100_000)),
        ("/comments", "get", api.get(f"/comments?{thread}&limit=1")),
        ("/comments", "get", api.get("/comments")),
        ("/comments/{comment_id}", "get", api.get(path)),
        ("/comments/{comment_id}", "get", api.get(path, **bearer)),
        ("/comments/{comment_id}", "patch", api.call("PATCH", path, {"message": "Hi"}, **bearer)),
        ("/comments/{comment_id}", "patch", api.call("PATCH", path, {"message": "Hi"})),
        ("/form", "get", api.get(f"/form?{thread}")),
        ("/preview", "post", api.call("POST", "/preview", {"message": "Hello"})),
        ("/counts", "post", api.call("POST", "/counts", {"site": "blog", "pages": ["/a"]})),
        ("/counts", "post", api.call("POST", "/counts", b"{")),
        ("/preview", "post", api.call("POST", "/preview", b"x", Content_Type="text/plain")),
    ]
    for route, method, response in answers:
        described = document["paths"][route][method]["responses"][str(response.status_code)]
        schema = described["content"][response.mimetype]["schema"]
        assert conforms(response.json, schema, document), (route, method, response.json)


def test_the_page_of_the_documentation_lists_every_operation(
    app: Flask, document: dict[str, Any]
) -> None:
    page = Page(app.test_client().get("/api/docs").text)
    for path, method, operation in operations(document):
        section = page.root.one("section", id=f"{method}-{path}")
        assert operation["summary"] in section.text
        for parameter in operation.get("parameters", []):
            assert parameter["name"] in section.text
        for status in operation["responses"]:
            assert status in section.text
    for name in document["components"]["schemas"]:
        assert page.root.all("section", id=f"schema-{name}")
    ids = {node["id"] for node in page.root if node.get("id")}
    anchors = {a["href"][1:] for a in page.root.all("a") if a["href"].startswith("#")}
    assert anchors <= ids
