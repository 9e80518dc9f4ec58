# SPDX-License-Identifier: Apache-2.0
"""A long file is read on beside the answer: its page says how far it is, and how it ended (D5)."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hub.console import importing
from hub.console.importing import beside
from hub.ledger.imports import work
from hub.ledger.staging import Import, ImportLine
from tests.hands import until
from tests.hub.console.world import World

PRODUCTS = "/catalogue/importer/"
LINES = 40


@pytest.fixture
def going(
    transactional_db: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Event]:
    """Nobody waits for a file, of which ten lines are read until this is set."""
    gate, real = threading.Event(), work.keep_on

    def watched(wanted: Import) -> bool:
        told = real(wanted)
        gate.wait(60)
        return told

    monkeypatch.setattr(importing, "beside", beside)
    monkeypatch.setattr(importing, "WAITED_S", 0.0)
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    monkeypatch.setattr(work, "keep_on", watched)
    yield gate
    gate.set()
    until(lambda: not [one for one in threading.enumerate() if one.name == "import"], "its end")


def send(client: Client, *, broken: bool = False) -> str:
    """Send a file; the address of its page."""
    lines = [f"Article {n};Épicerie;1" for n in range(LINES)]
    if broken:
        lines[30] = "x" * 3000
    text = "\n".join(["Nom;Rayon;Prix", *lines])
    form = {"file": SimpleUploadedFile("longue.csv", text.encode()), "known": "update"}
    url = client.post(PRODUCTS, form).url
    until(lambda: Import.objects.get().lines, "the first lines are read")
    return url


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def ended() -> None:
    until(lambda: Import.objects.exclude(stage="reading").exists(), "it is read")


@pytest.mark.row("D5")
def test_its_page_says_how_far_it_is_and_then_what_it_will_change(
    isabelle: Client, going: threading.Event
) -> None:
    url = send(isabelle)
    page = read(isabelle, url)
    assert "Lecture en cours : 10 lignes déjà lues" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Importer" not in page.split("<h1>")[1].split('name="act"')[1]
    assert "en lecture" in read(isabelle, PRODUCTS)
    going.set()
    ended()
    assert f"Importer {LINES} lignes" in read(isabelle, url)


def test_dropped_while_it_is_read_it_leaves_nothing(
    isabelle: Client, going: threading.Event
) -> None:
    url = send(isabelle)
    page = isabelle.post(url, {"act": "drop"}, follow=True).content.decode()
    assert "Ce fichier est abandonné" in page
    going.set()
    until(lambda: not ImportLine.objects.exists(), "its lines are gone")
    assert Import.objects.get().stage == "dropped"


def test_what_can_t_be_read_further_down_is_said_on_its_page(
    isabelle: Client, going: threading.Event
) -> None:
    url = send(isabelle, broken=True)
    going.set()
    ended()
    page = read(isabelle, url)
    assert "Ligne 32 : une case est trop longue." in page
    assert not ImportLine.objects.exists()
    assert "Importer 10 lignes" not in page


def test_a_fault_of_ours_on_the_way_leaves_nothing_and_says_to_send_it_again(
    isabelle: Client, going: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = send(isabelle)
    monkeypatch.setattr(importing, "_told_twice", None)
    going.set()
    ended()
    assert "La lecture s’est arrêtée en route" in read(isabelle, url)
    assert not ImportLine.objects.exists()


def test_one_that_nobody_reads_any_more_says_so(world: World, isabelle: Client) -> None:
    made = Import.objects.create(
        merchant=world.lucet, kind="products", person=world.isabelle, file_name="l.csv", lines=500
    )
    assert "500 lignes déjà lues" in read(isabelle, f"/importer/{made.pk}/")
    old = timezone.now() - importing.LONGEST - timedelta(seconds=1)
    Import.objects.update(made_at=old)
    page = read(isabelle, f"/importer/{made.pk}/")
    assert "La lecture s’est arrêtée en route" in page
    assert "every 1s" not in page
    isabelle.post(f"/importer/{made.pk}/", {"act": "drop"})
    assert Import.objects.get().stage == "dropped"
