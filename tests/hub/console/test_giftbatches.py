# SPDX-License-Identifier: Apache-2.0
"""Gift cards printed together: what comes out of the printer is read back by a scanner."""

import re
import zlib
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw

from hub.ledger import listings
from hub.ledger.giftcards import GiftBatch, GiftCard
from tests.hub.console.test_giftcards import form, text
from tests.hub.console.world import World

BARS = zxingcpp.BarcodeFormat.Code128


def batch(world: World, isabelle: Client, **more: object) -> GiftBatch:
    """Twelve cards of 25 €, paid by a company."""
    usual = {"count": "12", "amount": "25", "shop": world.denis.pk, "buyer": "Océan SARL"}
    answer = isabelle.post("/cartes-cadeaux/lots/faire/", {**usual, **more}, follow=True)
    assert "Le lot est prêt à imprimer." in text(answer)
    return GiftBatch.objects.latest("pk")


def sheets(isabelle: Client, made: GiftBatch) -> list[Image.Image]:
    """Each page of the batch, as it is printed."""
    return painted(isabelle.get(f"/cartes-cadeaux/lots/{made.pk}/pdf/"))


def painted(answer: Any) -> list[Image.Image]:
    """What a PDF that was answered has on its pages."""
    assert answer["Content-Type"] == "application/pdf"
    return paint(answer.content)


def paint(pdf: bytes) -> list[Image.Image]:
    """The rectangles of each page of a PDF, painted at 300 dots an inch."""
    dots = 300 / 72
    pages = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            # one whose last byte is a line's end loses it here; that is of the checksum
            drawn = zlib.decompressobj().decompress(stream).decode("latin-1")
        except zlib.error:
            continue
        rectangles = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (-?[\d.]+) re f", drawn)
        if not rectangles:
            continue
        page = Image.new("L", (round(595.28 * dots), round(841.89 * dots)), 255)
        pen = ImageDraw.Draw(page)
        for x, y, width, height in (map(float, one) for one in rectangles):
            low, high = sorted((841.89 - y, 841.89 - y - height))
            # as a printer does: what a dot's middle is in
            box = (x * dots, low * dots, (x + width) * dots - 1, high * dots - 1)
            pen.rectangle([round(edge) for edge in box], fill=0)
        pages.append(page)
    return pages


@pytest.mark.row("H7")
def test_a_batch_is_printed_as_cards_that_a_scanner_reads(world: World, isabelle: Client) -> None:
    made = batch(world, isabelle)
    assert made.cards.count() == 12
    assert {card.left for card in listings.gift_cards(world.lucet)} == {2500}
    assert set(made.cards.values_list("code", flat=True)) == set(made.codes)
    pages = sheets(isabelle, made)
    assert len(pages) == 2
    bars, squares = [], []
    for page in pages:
        for read in zxingcpp.read_barcodes(page):
            (squares if read.format == zxingcpp.BarcodeFormat.QRCode else bars).append(read.text)
    assert sorted(squares) == sorted(made.codes)
    assert sorted(bars) == sorted(made.codes)


def test_a_number_that_begins_with_99_is_read_whole(world: World, isabelle: Client) -> None:
    made = batch(world, isabelle, count="3", amount="", buyer="")
    made.codes = ["99DJRVEVMVEXV", "9999RVEVMVEXV", "98DJRVEVMVE99"]
    made.save()
    (page,) = sheets(isabelle, made)
    bars = [one for one in zxingcpp.read_barcodes(page) if one.format is BARS]
    assert sorted(one.text for one in bars) == sorted(made.codes)


@pytest.mark.row("H7")
def test_blank_cards_are_loaded_when_they_are_sold(world: World, isabelle: Client) -> None:
    made = batch(world, isabelle, count="3", amount="", buyer="")
    assert not GiftCard.objects.exists()
    assert "vierges" in text(isabelle.get("/cartes-cadeaux/lots/"))
    (page,) = sheets(isabelle, made)
    number = zxingcpp.read_barcodes(page)[0].text
    assert number in made.codes
    sold = form(world, medium="physical", number=number)
    isabelle.post("/cartes-cadeaux/creer/", sold)
    assert GiftCard.objects.get().code == number


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": ""}, "Combien de cartes imprimer ?"),
        ({"count": "101"}, "Entre 1 et 100."),
        ({"amount": "x"}, "Un montant en euros, comme 12,50."),
        ({"buyer": ""}, "Qui a payé ces cartes ?"),
        ({"shop": ""}, "Choisissez la boutique qui les encaisse."),
    ],
)
def test_a_wrong_batch_makes_nothing(
    world: World, isabelle: Client, wrong: dict[str, str], said: str
) -> None:
    filled = {"count": "2", "amount": "10", "shop": world.denis.pk, "buyer": "Océan"} | wrong
    assert said in text(isabelle.post("/cartes-cadeaux/lots/faire/", filled))
    assert not GiftBatch.objects.exists()
    assert not GiftCard.objects.exists()
