# SPDX-License-Identifier: Apache-2.0
"""A virtual terminal without settings asks on its page for the hub's code, and becomes one."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware import enrol
from firmware.enrol import NotEnrolled
from firmware.faults import Fault
from firmware.virtual import enrolling, page
from firmware.virtual.enrolling import Board
from firmware.virtual.server import VirtualServer
from tests.firmware.virtual.conftest import Visitor

ENROLLED = {"hub": "http://hub.example", "code": "7KQ2-M4XD-9RTB"}


class Hub:
    """Gives in to one code."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, hub: str, code: str) -> None:
        self.asked.append((hub, code))
        if code != ENROLLED["code"]:
            raise NotEnrolled(enrol.REFUSED["used"])


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def board(hub: Hub) -> Board:
    return Board(hub, enrol.said_in)


@pytest.fixture
def asking(board: Board) -> Iterator[Visitor]:
    with VirtualServer(board, 0, routes=enrolling.ROUTES, brief=True) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Visitor(server.server_port)
        server.shutdown()


def test_the_right_code_enrols_once(asking: Visitor, board: Board, hub: Hub) -> None:
    assert asking.post("/enrol", ENROLLED) == {}
    assert board.enrolled.is_set()
    asking.post("/enrol", ENROLLED)
    assert hub.asked == [tuple(ENROLLED.values())]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Ce code a déjà servi : demandez-en un autre."), ("en", "This code was used before")],
)
def test_a_refusal_is_said_in_the_readers_language_and_the_board_asks_on(
    asking: Visitor, board: Board, language: str, words: str
) -> None:
    body = json.dumps(ENROLLED | {"code": "WRONG"}).encode()
    headers = {"Content_Type": "application/json", "Accept_Language": language}
    status, _, content = asking.ask("POST", "/enrol", body, **headers)
    assert status == 400
    assert json.loads(content)["error"].startswith(words)
    assert not board.enrolled.is_set()
    assert asking.post("/enrol", ENROLLED) == {}


def test_what_makes_no_sense_is_refused_in_words(asking: Visitor) -> None:
    assert asking.post("/enrol", {"hub": 1}, expected=400)["error"].startswith("Attendu")
    assert asking.ask("GET", "/", Host="comptoir.example")[0] == 403


@pytest.mark.parametrize("language", ["fr", "en"])
def test_its_page_speaks_both_languages_and_names_only_what_is_there(
    asking: Visitor, language: str
) -> None:
    text = asking.ask("GET", f"/?lang={language}")[2].decode()
    assert not re.search(r"\[\[|\{\{|://", text)
    assert ("Adresse du hub" in text) == (language == "fr")
    for path in re.findall(r"(?:href|src)=\"(/[^\"?]+)\"", text):
        assert asking.ask("GET", path)[0] == 200, path


def test_no_connection_is_kept_for_the_terminal_that_takes_its_port(asking: Visitor) -> None:
    assert asking.ask("GET", "/")[1]["Connection"] == "close"


def test_it_waits_until_it_is_enrolled_or_stopped() -> None:
    stop = threading.Event()
    stop.set()
    enrolling.wait(Board(_refuses, enrol.said_in), 0, stop=stop)
    ready = Board(lambda _hub, _code: None, enrol.said_in)
    ready.enrol(**ENROLLED)
    enrolling.wait(ready, 0, stop=threading.Event())


def test_every_sentence_of_its_page_has_its_english() -> None:
    english = (Path(page.HERE).parent / "locale/en/LC_MESSAGES/virtual.po").read_text()
    for sentence in page.WORDS.findall(page.source("enrol")):
        assert f'"{sentence}"' in english


def _refuses(_hub: str, _code: str) -> None:
    raise Fault("non")
