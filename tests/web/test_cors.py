"""Which other pages may use the API: exactly those whose origins the site's owner named."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from comity.services.context import Context
from comity.services.manage_sites import add_site, set_site
from support.cast import PAGE, SITE
from web.json_api import URL, Api

BLOG = "https://blog.example.org"
SHOP = "https://shop.example.org"
LOOKALIKES = [
    "https://blog.example.org.evil.example",
    "https://evilblog.example.org",
    "https://evil.example/https://blog.example.org",
    "http://blog.example.org",
    "https://blog.example.org:444",
    "https://blog.example.org:443",
    "https://BLOG.example.org",
    "HTTPS://blog.example.org",
    "https://blog.example.org/",
    "https://blog.example.org.",
    "https://user@blog.example.org",
    "https://blog.example.org, https://evil.example",
    "https://blog.example.org\t",
    "https://www.blog.example.org",
    "https://blog-example.org",
    "null",
    "*",
    "",
    "http://[",
    "https://xn--blog.example.org",
    SHOP,
]


@pytest.fixture(autouse=True)
def origins(context: Context) -> None:
    add_site(context, "shop", "The shop")
    set_site(context, SITE, {"origins": BLOG})
    set_site(context, "shop", {"origins": SHOP})


def reads(api: Api, **headers: str) -> list[Any]:
    thread = f"site={SITE}&page={PAGE}"
    return [
        api.get(f"/comments?{thread}", **headers),
        api.get(f"/form?{thread}", **headers),
        api.call("POST", "/counts", {"site": SITE, "pages": [PAGE]}, **headers),
    ]


def test_a_page_of_the_sites_origin_may_read_and_write(api: Api) -> None:
    for response in reads(api, Origin=BLOG):
        assert response.headers["Access-Control-Allow-Origin"] == BLOG
    response = api.send(api.body(), Origin=BLOG)
    assert response.status_code == 201
    assert response.headers["Access-Control-Allow-Origin"] == BLOG
    assert "Location" in response.headers["Access-Control-Expose-Headers"]
    path = f"/comments/{response.json['comment']['id']}"
    bearer = {"Authorization": f"Bearer {response.json['edit_token']}"}
    for method, body in (("GET", None), ("PATCH", {"message": "Changed"}), ("DELETE", None)):
        answer = api.call(method, path, body, Origin=BLOG, **bearer)
        assert answer.status_code in {200, 204}
        assert answer.headers["Access-Control-Allow-Origin"] == BLOG


def test_it_may_read_errors_too(api: Api) -> None:
    for response in (
        api.send(api.body(message="x"), Origin=BLOG),
        api.send({"site": SITE}, Origin=BLOG),
        api.send(api.body(), seconds=100_000, Origin=BLOG),
        api.get(f"/comments?site={SITE}&page={PAGE}&sort=x", Origin=BLOG),
    ):
        assert response.status_code == 422
        assert response.headers["Access-Control-Allow-Origin"] == BLOG


@pytest.mark.parametrize("origin", LOOKALIKES)
def test_a_page_of_another_origin_is_shown_nothing(api: Api, origin: str) -> None:
    for response in reads(api, Origin=origin):
        assert response.status_code == 200
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize("origin", LOOKALIKES)
def test_a_page_of_another_origin_cannot_write(api: Api, origin: str) -> None:
    posted = api.post(message="Mine")
    path = f"/comments/{posted['comment']['id']}"
    bearer = {"Authorization": f"Bearer {posted['edit_token']}"}
    for response in (
        api.send(api.body(), Origin=origin),
        api.call("PATCH", path, {"message": "Hacked"}, Origin=origin, **bearer),
        api.call("DELETE", path, Origin=origin, **bearer),
    ):
        assert (response.status_code, response.json["code"]) == (403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in response.headers
    assert api.get(path).json["html"] == "<p>Mine</p>\n"
    assert api.thread()["comment_count"] == 1


@pytest.mark.parametrize("origin", ["http://localhost", None])
def test_our_own_pages_and_programs_may_write(api: Api, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    assert api.send(api.body(), **headers).status_code == 201


@pytest.mark.parametrize("origin", [BLOG, SHOP, None, "https://evil.example"])
def test_no_answer_allows_credentials_or_everybody(app: Flask, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(URL) or rule.endpoint == "comity_api.openapi":
            continue
        path = rule.rule.replace("<uuid:comment_id>", "00000000-0000-7000-8000-000000000000")
        for method in ("GET", "POST", "OPTIONS", "PATCH", "DELETE"):
            response = client.open(path, method=method, headers=headers)
            assert "Access-Control-Allow-Credentials" not in response.headers
            assert "Access-Control-Allow-Private-Network" not in response.headers
            assert response.headers.get("Access-Control-Allow-Origin") != "*"
            if response.status_code != 405 and method != "OPTIONS":
                assert "Origin" in response.headers["Vary"], (path, method)


def preflight(api: Api, origin: str, method: str = "POST") -> dict[str, str]:
    response = api.call(
        "OPTIONS",
        "/comments",
        Origin=origin,
        Access_Control_Request_Method=method,
        Access_Control_Request_Headers="content-type",
        Access_Control_Request_Private_Network="true",
    )
    assert (response.status_code, response.data) == (204, b"")
    assert "Origin" in response.headers["Vary"]
    return {
        name.removeprefix("Access-Control-"): value
        for name, value in response.headers
        if name.startswith("Access-Control-")
    }


@pytest.mark.parametrize("origin", [BLOG, SHOP])
def test_a_preflight_of_a_known_origin_is_granted(api: Api, origin: str) -> None:
    assert preflight(api, origin) == {
        "Allow-Origin": origin,
        "Allow-Methods": "GET, POST, PATCH, DELETE",
        "Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
        "Max-Age": "600",
    }


@pytest.mark.parametrize("origin", LOOKALIKES[:-1])
def test_a_preflight_of_an_unknown_origin_is_granted_nothing(api: Api, origin: str) -> None:
    assert preflight(api, origin) == {}


def test_a_site_without_origins_can_be_written_to_from_here_alone(
    api: Api, context: Context
) -> None:
    set_site(context, SITE, {"origins": ""})
    assert api.send(api.body(), Origin=BLOG).status_code == 403
    assert api.send(api.body()).status_code == 201


def test_the_description_of_the_api_is_for_everybody(api: Api) -> None:
    headers = api.get("/openapi.json", Origin="https://tool.example").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
