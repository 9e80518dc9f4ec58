# SPDX-License-Identifier: Apache-2.0
"""A receipt says everything once, on paper of any width and in a code."""

from dataclasses import replace

import pytest

from firmware.drivers.layout import printable, spread, wrapped
from firmware.drivers.paper import Code, Columns, Cut, Paper, Text
from firmware.kiosk.examples import ANONYMOUS, GIFT_SOLD, SOLD, receipt
from firmware.kiosk.receipt import paper, plain
from firmware.kiosk.text import Language, Speech
from firmware.till.outcome import Receipt

FR, EN = Speech(Language.FRENCH), Speech(Language.ENGLISH)


def rows(slip: Paper) -> dict[str, str]:
    return {b.left: flat(b.right) for b in slip.blocks if isinstance(b, Columns)}


def texts(slip: Paper) -> list[str]:
    return [b.line for b in slip.blocks if isinstance(b, Text)]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_everything_is_on_the_paper() -> None:
    slip = paper(receipt(), FR)
    assert texts(slip)[:2] == ["Maison Lucet", "Saint-Denis"]
    assert {"Servi par Nadia", "Carte de Élodie", "Merci et à bientôt."} <= set(texts(slip))
    assert rows(slip) == {
        "21/11/2026 14:32": "n° 0412",
        "2 × Baguette tradition": "2,70 €",
        "Paris-Brest individuel": "5,20 €",
        "3 × Éclair au café": "11,70 €",
        "Total": "19,60 €",
        "Croissant offert (80 points)": "0,00 €",
        "Payé": "19,60 €",
        "Points gagnés": "+19",
        "Ajouté à la cagnotte": "0,39 €",
        "Nouveau solde": "184",
    }
    assert isinstance(slip.blocks[-1], Cut)


def test_money_on_a_receipt_adds_up() -> None:
    slip = rows(paper(receipt(ANONYMOUS, customer="", balance=None), FR))
    assert (slip["Total"], slip["Carte cadeau"], slip["Payé"]) == ("5,20 €", "−3,00 €", "2,20 €")
    assert "Points gagnés" not in slip, "nobody earned them"


def test_a_reprint_says_so() -> None:
    assert "DUPLICATA" in texts(paper(receipt(again=True), FR))
    assert "DUPLICATE" in texts(paper(receipt(again=True), EN))
    assert "DUPLICATA" not in texts(paper(receipt(), FR))


def test_a_virtual_gift_card_shows_its_number_once() -> None:
    sold = receipt(GIFT_SOLD, customer="", balance=None, gift_code="4K7TP0ZC97Q2X")
    slip = paper(sold, FR)
    assert rows(slip)["Carte cadeau …7Q2X"] == "40,00 €"
    assert "4K7T P0ZC 97Q2 X" in texts(slip)
    assert "4K7T" not in plain(sold, FR), "a code is read by whoever passes"
    again = paper(replace(sold, gift_code="", again=True), FR)
    assert "4K7T P0ZC 97Q2 X" not in texts(again)


def test_the_code_says_it_all_without_a_network() -> None:
    assert plain(receipt(), FR).split("\n") == [
        "Maison Lucet · Saint-Denis",
        "Ticket n° 0412 du 21/11/2026 14:32",
        "Total : 19,60 €",
        "Croissant offert (80 points)",
        "Payé : 19,60 €",
        "Points gagnés : +19",
        "Solde : 184 points",
        "saint-denis-1",
    ]
    slip = paper(receipt(), FR)
    assert [b.content for b in slip.blocks if isinstance(b, Code)] == [plain(receipt(), FR)]


def test_english_receipts_are_english() -> None:
    assert rows(paper(receipt(), EN))["Points earned"] == "+19"
    assert "Total: €19.60" in plain(receipt(), EN)


@pytest.mark.parametrize("columns", [42, 48])
@pytest.mark.parametrize("speech", [FR, EN], ids=str)
def test_it_fits_the_paper(columns: int, speech: Speech) -> None:
    for bill in (receipt(), long_one(), receipt(GIFT_SOLD, customer="", gift_code="4K7TP0ZC97Q2X")):
        for block in paper(bill, speech).blocks:
            match block:
                case Columns(left=left, right=right):
                    lines = spread(left, right, columns)
                    assert printable(right) in lines[0], "a figure is never cut"
                    assert "?" not in "".join(lines)
                case Text(line=line):
                    lines = wrapped(line, columns)
                    assert "?" not in "".join(lines)
                case _:
                    lines = []
            assert all(len(line) <= columns for line in lines)


def long_one() -> Receipt:
    lines = tuple(
        replace(line, label="Entremets Marie-Françoise aux fruits rouges, huit parts", quantity=12)
        for line in SOLD.lines
    )
    sold = replace(SOLD, lines=lines, total_cents=9_999_999, paid_cents=9_999_999)
    return receipt(sold, customer="Marie-Françoise de La Rochefoucauld-Montbel", balance=1_234_567)
