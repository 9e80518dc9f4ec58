# SPDX-License-Identifier: Apache-2.0
"""The interface refuses in words what makes no sense, and answers nobody but its own page."""

import json
import re
from pathlib import Path

import pytest

from firmware.virtual import page
from firmware.virtual.server import LARGEST_BODY, ROUTES
from tests.firmware.virtual.conftest import Visitor

DOC = Path(__file__).parents[3] / "docs" / "virtual-terminal.md"


def post(visitor: Visitor, path: str, raw: bytes, **headers: str) -> tuple[int, str]:
    headers.setdefault("Content_Type", "application/json")
    status, _, content = visitor.ask("POST", path, raw, **headers)
    return status, json.loads(content)["error"]


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("/tap", b"{"),
        ("/tap", b"[" * 20_000),
        ("/tap", b"[]"),
        ("/tap", b"{}"),
        ("/tap", b'{"x": "1", "y": 2}'),
        ("/tap", b'{"x": true, "y": 2}'),
        ("/tap", b'{"x": 1e9, "y": 2}'),
        ("/tap", b'{"x": 800, "y": 2}'),
        ("/tap", b'{"x": -1, "y": 2}'),
        ("/tap", b'{"label": 1}'),
        ("/tap", b'{"label": "Enregistrer", "x": 1}'),
        ("/scan", b'{"code": ""}'),
        ("/scan", b'{"code": "a\\nb"}'),
        ("/scan", b'{"code": 12}'),
        ("/scan", json.dumps({"code": "9" * 10_000}).encode()),
        ("/printer", b'{"condition": "on fire"}'),
        ("/network", b'{"up": 1}'),
        ("/scanner", b'{"plugged": null}'),
        ("/scan", b"\xff\xfe"),
    ],
    ids=lambda v: repr(v)[:40],
)
def test_what_makes_no_sense_is_refused_in_words(visitor: Visitor, path: str, raw: bytes) -> None:
    status, error = post(visitor, path, raw)
    assert status == 400
    assert error.endswith(".")
    assert "Traceback" not in error


def test_an_unknown_label_is_answered_with_those_there_are(visitor: Visitor) -> None:
    status, error = post(visitor, "/tap", b'{"label": "Rembourser"}')
    assert status == 400
    assert "Rembourser" in error
    assert "English" in error


def test_a_refusal_is_said_in_english_to_who_reads_english(visitor: Visitor) -> None:
    _, error = post(visitor, "/scan", b'{"code": ""}', Accept_Language="en")
    assert error == "A code has 1 to 256 characters."


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "comptoir.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Length": str(LARGEST_BODY + 1)}, 413),
        ({"Content_Length": "many"}, 411),
    ],
    ids=str,
)
def test_nobody_else_s_page_can_touch_it(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    assert post(visitor, "/scan", b'{"code": "x"}', **headers)[0] == status


def test_another_host_can_t_even_look(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/screen.png", Host="comptoir.example")[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/page/../server.py", 404),
        ("GET", "/page/fonts/../../text.py", 404),
        ("GET", "/paper/7.png", 404),
        ("GET", "/paper/" + "9" * 400 + ".png", 404),
        ("POST", "/screen.json", 405),
        ("GET", "/tap", 405),
    ],
)
def test_what_is_not_there_is_said(visitor: Visitor, method: str, path: str, status: int) -> None:
    body = b"{}" if method == "POST" else None
    found, _, content = visitor.ask(method, path, body, Content_Type="application/json")
    assert found == status
    assert json.loads(content)["error"]


def test_nothing_from_outside_is_loaded_and_nothing_is_shared(visitor: Visitor) -> None:
    _, headers, content = visitor.ask("GET", "/")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    text = content.decode()
    assert "://" not in text
    assert not re.search(r"<script(?![^>]*src)|<style| style=| on\w+=", text)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_speaks_both_languages(visitor: Visitor, language: str) -> None:
    text = visitor.ask("GET", f"/?lang={language}")[2].decode()
    assert f'<html lang="{language}"' in text
    assert not re.search(r"\[\[|\{\{", text)
    assert ("Réseau" in text) == (language == "fr")


def test_everything_that_the_page_names_is_there(visitor: Visitor) -> None:
    text = visitor.ask("GET", "/")[2].decode() + (page.HERE / "counter.css").read_text()
    named = set(re.findall(r"(?:href|src)=\"(/[^\"?]+)\"|url\((/[^)]+)\)", text))
    for path in {first or second for first, second in named}:
        assert visitor.ask("GET", path)[0] == 200, path


def test_every_route_is_documented(visitor: Visitor) -> None:
    documented = re.findall(r"^\| `(\w+ /\S*)` \|", DOC.read_text(), re.MULTILINE)
    assert documented == [f"{route.method} {route.path}" for route in ROUTES]
    assert list(visitor.get("/api")) == documented
