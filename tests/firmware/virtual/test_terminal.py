# SPDX-License-Identifier: Apache-2.0
"""The virtual terminal serves customers: by scan, by touch, on paper, in light (SPEC T11)."""

from dataclasses import replace

import pytest

from firmware.store import replica
from tests.firmware.till.conftest import BAGUETTE, ELODIE, PIN, Bakery
from tests.firmware.virtual.conftest import Visitor

CARD = ELODIE.codes[0]


def unlock(visitor: Visitor) -> None:
    assert visitor.tap("Déverrouiller", *PIN)["outcome"] == "AtTill"


@pytest.mark.row("T11")
def test_a_scan_shows_the_customer(visitor: Visitor) -> None:
    screen = visitor.post("/scan", {"code": CARD})
    assert screen["outcome"] == "Recognised"
    assert any("Élodie" in widget["label"] for widget in screen["widgets"])


@pytest.mark.row("T11")
def test_a_sale_is_on_the_disk_when_the_tap_is_answered(visitor: Visitor, bakery: Bakery) -> None:
    unlock(visitor)
    visitor.post("/scan", {"code": CARD})
    visitor.post("/scan", {"code": BAGUETTE.ean})
    screen = visitor.tap("Enregistrer")
    assert screen["outcome"] == "Saved"
    assert visitor.get("/state.json")["waiting"] == len(bakery.entries())


def test_a_pale_colour_is_told_as_it_is_and_as_it_reads(visitor: Visitor, bakery: Bakery) -> None:
    shop = replica.shop(bakery.db)
    assert shop
    bakery.hub_says(replace(shop, colour="#B5D39B"))
    state = visitor.get("/state.json")
    assert (state["colour"], state["fitted"]) == ("#B5D39B", "#5A7441")


def test_a_tap_by_place_does_what_is_there(visitor: Visitor) -> None:
    unlock(visitor)
    screen = visitor.post("/scan", {"code": BAGUETTE.ean})
    place = next(w for w in screen["widgets"] if w["label"] == "Enregistrer")["rectangle"]
    screen = visitor.post("/tap", {"x": place["x"] + 5, "y": place["y"] + 5})
    assert screen["outcome"] == "Saved"


def test_a_tap_beside_every_widget_changes_nothing(visitor: Visitor) -> None:
    before = visitor.get("/screen.json")
    assert visitor.post("/tap", {"x": 799, "y": 1}) == before


@pytest.mark.row("T11")
def test_the_paper_that_comes_out_can_be_read_and_seen(visitor: Visitor) -> None:
    unlock(visitor)
    visitor.post("/scan", {"code": BAGUETTE.ean})
    visitor.tap("Enregistrer")
    assert visitor.get("/paper.json")["receipts"] == []
    visitor.tap("Imprimer")
    visitor.until(lambda: visitor.get("/paper.json")["receipts"])
    (receipt,) = visitor.get("/paper.json")["receipts"]
    assert "Baguette tradition" in receipt["text"]
    status, headers, png = visitor.ask("GET", f"/paper/{receipt['n']}.png")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert png.startswith(b"\x89PNG")


def test_without_paper_the_screen_says_so_and_the_receipt_comes_later(visitor: Visitor) -> None:
    assert visitor.post("/printer", {"condition": "paper_out"})["printer"] == "paper_out"
    unlock(visitor)
    visitor.post("/scan", {"code": BAGUETTE.ean})
    visitor.tap("Enregistrer", "Imprimer")
    visitor.until(lambda: visitor.get("/screen.json")["outcome"] == "PrinterTrouble")
    assert visitor.get("/paper.json")["receipts"] == []
    visitor.post("/printer", {"condition": "ready"})
    visitor.until(lambda: visitor.get("/paper.json")["receipts"])


@pytest.mark.row("T11")
def test_lights_and_sounds_are_told(visitor: Visitor) -> None:
    visitor.post("/scan", {"code": CARD})
    signals = visitor.get("/signals.json")["signals"]
    assert [s["cue"] for s in signals] == ["ready", "read"]
    assert signals[-1]["tones"][0] == {"frequency_hz": 880, "length_ms": 60}
    assert signals[-1]["light"] == "shop"


def test_a_scanner_without_its_cable_reads_nothing(visitor: Visitor) -> None:
    assert visitor.post("/scanner", {"plugged": False})["scanner"] is False
    visitor.until(lambda: visitor.post("/scan", {"code": CARD}, 400))
    visitor.post("/scanner", {"plugged": True})
    visitor.until(
        lambda: (
            visitor.ask("POST", "/scan", b'{"code": "x"}', Content_Type="application/json")[0]
            == 200
        )
    )


@pytest.mark.row("T11")
def test_the_switch_cuts_the_network_for_sync(visitor: Visitor, bakery: Bakery) -> None:
    assert visitor.post("/network", {"up": False})["network"] is False
    assert not network_on(bakery)
    assert visitor.post("/network", {"up": True})["network"] is True
    assert network_on(bakery)


def network_on(bakery: Bakery) -> bool:
    found = bakery.db.row("SELECT value FROM setting WHERE name = 'network'")
    return found is None or bool(found[0])


def test_a_watcher_hears_of_each_change(visitor: Visitor) -> None:
    import json
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", visitor.port, timeout=30)
    connection.request("GET", "/events")
    events = connection.getresponse()

    def heard() -> dict[str, object]:
        while not (line := events.readline()).startswith(b"data: "):
            pass
        return json.loads(line.removeprefix(b"data: "))

    first = heard()
    visitor.post("/scan", {"code": CARD})
    while (later := heard())["signals"] == first["signals"]:
        pass
    assert later["screen"] != first["screen"]
    connection.close()


def test_the_screen_is_a_picture_of_its_size(visitor: Visitor) -> None:
    from io import BytesIO

    from PIL import Image

    _, _, png = visitor.ask("GET", "/screen.png")
    assert Image.open(BytesIO(png)).size == (800, 480)


def test_sample_cards_are_those_of_the_file(visitor: Visitor) -> None:
    assert visitor.get("/cards.json")["cards"][0]["code"] == CARD
