# SPDX-License-Identifier: Apache-2.0
"""What no database keeps, a NUL or a number of forty digits, is nobody's crash at any address."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from pytest_django import Settings

from hub.merchants.models import Person
from tests.hub.console.shown import shown
from tests.hub.console.test_walls import ADDRESSES, Address
from tests.hub.console.things import things_of
from tests.hub.console.world import World

NO_NUMBERS: Final = {"post": "9" * 40, "get": "9" * 5000}
"""What no column holds, where a form may think it a number; what Python itself does not read."""
NUL: Final = "a\0b"
OK, CRASHED = 200, 500
EVERYWHERE: Final = {"csrfmiddlewaretoken", "aide"}
"""What every page reads of a request."""
WITHOUT: Final = "hub.merchants.unkeepable.NoNul"


@dataclass(frozen=True, slots=True)
class Asked:
    """One address as an account opens it that may, and what its view reads of the request."""

    client: Client
    address: Address
    url: str
    filled: dict[str, list[str]]
    """The form that the page shows, where it has one."""
    read: frozenset[str]
    """Names that its view looked up."""

    @property
    def names(self) -> list[str]:
        """What may be sent to it."""
        return sorted((self.read | self.filled.keys()) - EVERYWHERE) or ["sent"]

    def send(self, name: str, value: str) -> int:
        """The status of the answer to the form with that in a field; what it did is undone."""
        before = transaction.savepoint()
        answer = getattr(self.client, self.address.method)(self.url, {**self.filled, name: value})
        transaction.savepoint_rollback(before)
        return answer.status_code

    def crashes(self, value: str) -> Iterator[str]:
        """The fields in which it can't bear that."""
        for name in self.names:
            if self.send(name, value) >= CRASHED:
                yield f"{self.address.method} {self.address.name} {name}"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that views look up in what a request brings."""
    names: list[str] = []
    plain = QueryDict.__getitem__, QueryDict.__contains__, QueryDict.getlist

    def note(told: Callable[..., object]) -> Callable[..., object]:
        def noting(query: QueryDict, name: str, *more: object, **named: object) -> object:
            names.append(name)
            return told(query, name, *more, **named)

        return noting

    for attribute, told in zip(("__getitem__", "__contains__", "getlist"), plain, strict=True):
        monkeypatch.setattr(QueryDict, attribute, note(told))
    return names


@pytest.fixture
def every(
    world: World, as_: Callable[[Person], Client], read: list[str]
) -> Callable[[], Iterator[Asked]]:
    """Every address of the walls' table, with what it reads, as each account that may open it."""
    things = things_of(world)

    def asked() -> Iterator[Asked]:
        for address in ADDRESSES:
            if address.query:
                continue
            own, _other = things.get(address.of, (None, None))
            person = world.odile if address.merchant == 403 else world.isabelle
            client = as_(person)
            client.raise_request_exception = False
            url = address.url(own)
            form = _form(client.get(url)) if address.method == "post" else {}
            read.clear()
            before = transaction.savepoint()
            # something is sent, so that forms are read
            getattr(client, address.method)(url, form or {"sent": "1"})
            transaction.savepoint_rollback(before)
            yield Asked(client, address, url, form, frozenset(read))

    return asked


@pytest.mark.long
def test_a_number_that_no_column_holds_is_no_crash_at_any_address(
    every: Callable[[], Iterator[Asked]],
) -> None:
    assert not [crash for one in every() for crash in one.crashes(NO_NUMBERS[one.address.method])]


def test_a_nul_is_no_request_at_any_address(every: Callable[[], Iterator[Asked]]) -> None:
    wrong = [
        f"{one.address.name} {name}"
        for one in every()
        for name in one.names
        if one.send(name, NUL) != 400
    ]
    assert not wrong


@pytest.mark.postgresql
def test_without_the_one_place_that_turns_it_away_a_nul_is_a_crash(
    every: Callable[[], Iterator[Asked]], settings: Settings
) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != WITHOUT]
    assert any(crash for one in every() for crash in one.crashes(NUL))


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/lien/a%00b/"},
        {"path": "/connexion/", "headers": {"User-Agent": NUL}},
        {"path": "/connexion/", "headers": {"Cookie": r'sessionid="\000aaaaaaaaaaaa"'}},
    ],
)
@pytest.mark.parametrize(
    ("language", "told"),
    [("fr", "Cette demande n’a pas pu être lue"), ("en", "This request could not be read")],
)
def test_a_nul_anywhere_in_a_request_is_said_to_be_unreadable(
    db: None, asked: dict, language: str, told: str
) -> None:
    headers = {"Accept-Language": language} | asked.get("headers", {})
    answer = Client().get(asked["path"], headers=headers)
    assert (answer.status_code, told in answer.content.decode()) == (400, True)


def test_a_form_with_a_file_and_a_nul_is_turned_away(world: World, isabelle: Client) -> None:
    given = {"file": SimpleUploadedFile("liste.csv", b"Nom\n"), "known": NUL}
    assert isabelle.post("/catalogue/importer/", given).status_code == 400


def test_a_program_is_told_so_in_its_own_way(db: None) -> None:
    for path in ("/api/1/customers?q=%00", "/api/1/sales/%00"):
        answer = Client().get(path, headers={"Accept-Language": "en"})
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["reason"]) == (400, "unreadable")


def test_a_form_that_was_cut_off_on_its_way_is_no_crash(db: None) -> None:
    class Torn(io.BytesIO):
        def read(self, *_size: int) -> bytes:
            raise OSError("the line went dead")

    client = Client(raise_request_exception=False)
    sent = {
        "wsgi.input": Torn(),
        "CONTENT_LENGTH": "20",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    answer = client.generic("POST", "/connexion/", **sent)
    assert answer.status_code == 400


def _form(page: HttpResponse) -> dict[str, list[str]]:
    """What a page's form would send back untouched."""
    return shown(page.content.decode(errors="replace")) if page.status_code == OK else {}
