# SPDX-License-Identifier: Apache-2.0
"""Words, amounts and dates are written as people here write them."""

import ast
from datetime import date, datetime

import polib
import pytest

from firmware.kiosk.text import NARROW, Language, Speech
from tests.house.pages import ROOT

FR, EN = Speech(Language.FRENCH), Speech(Language.ENGLISH)
KIOSK = ROOT / "firmware" / "kiosk"
CATALOGUE = KIOSK / "locale" / "en" / "LC_MESSAGES" / "kiosk.po"


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (1280, "12,80 €", "€12.80"),
        (5, "0,05 €", "€0.05"),
        (0, "0,00 €", "€0.00"),
        (123_456, "1 234,56 €", "€1,234.56"),
        (-340, "−3,40 €", "−€3.40"),
        (9_999_999, "99 999,99 €", "€99,999.99"),
    ],
)
def test_money(cents: int, french: str, english: str) -> None:
    assert FR.money(cents) == french.replace(" ", NARROW)
    assert EN.money(cents) == english


def test_whole_euros_may_be_short() -> None:
    assert FR.money(100, short=True) == f"1{NARROW}€"
    assert FR.money(150, short=True) == f"1,50{NARROW}€"
    assert EN.money(100, short=True) == "€1"


def test_numbers_carry_their_sign_when_asked() -> None:
    assert FR.number(19, signed=True) == "+19"
    assert FR.number(-80) == "−80"
    assert FR.number(12_480) == f"12{NARROW}480"
    assert EN.number(12_480) == "12,480"


def test_days() -> None:
    saturday, first = date(2026, 11, 21), date(2026, 11, 1)
    assert FR.day(saturday) == "samedi 21 novembre"
    assert FR.day(first) == "dimanche 1er novembre"
    assert FR.day(saturday, short=True) == "21 nov."
    assert EN.day(saturday) == "Saturday 21 November"
    assert EN.day(first, short=True) == "1 Nov"
    assert FR.date(saturday) == "21/11/2026"
    assert FR.clock(datetime(2026, 11, 21, 7, 5)) == "07:05"  # noqa: DTZ001 - as on a wall


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [(0, "0 point", "0 points"), (1, "1 point", "1 point"), (2, "2 points", "2 points")],
)
def test_nothing_is_singular_in_french_and_plural_in_english(
    count: int, french: str, english: str
) -> None:
    assert FR.n("{n} point", "{n} points", count) == french
    assert EN.n("{n} point", "{n} points", count) == english


def test_french_punctuation_keeps_a_narrow_distance() -> None:
    assert FR.t("Cagnotte : {money}", money="x") == f"Cagnotte{NARROW}: x"
    assert FR.t("« {text} »", text="él") == f"«{NARROW}él{NARROW}»"
    assert EN.t("Cagnotte : {money}", money="x") == "Purse: x"


def sentences() -> tuple[set[str], set[tuple[str, str]]]:
    """Every sentence that the kiosk says: single ones, and pairs that count."""
    one: set[str] = set()
    counted: set[tuple[str, str]] = set()
    for path in KIOSK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(attr="t"), args=[ast.Constant(value=str(a))]):
                    one.add(a)
                case ast.Call(
                    func=ast.Attribute(attr="n"),
                    args=[ast.Constant(value=str(a)), ast.Constant(value=str(b)), *_],
                ):
                    counted.add((a, b))
    return one, counted


def test_every_sentence_has_its_english_and_no_english_is_left_over() -> None:
    one, counted = sentences()
    assert one
    assert counted
    entries = polib.pofile(str(CATALOGUE))
    assert {entry.msgid for entry in entries if not entry.msgid_plural} == one
    assert {(entry.msgid, entry.msgid_plural) for entry in entries if entry.msgid_plural} == counted


def test_a_translation_keeps_the_facts_of_its_sentence() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        spoken = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
        for english in spoken:
            assert facts(english) == facts(entry.msgid), entry.msgid


def facts(sentence: str) -> set[str]:
    return {part.split("}")[0] for part in sentence.split("{")[1:]}


def test_the_words_are_the_shops() -> None:
    one, counted = sentences()
    said = " ".join([*one, *(word for pair in counted for word in pair)])
    for jargon in ("Erreur", "Oups", "Échec", "synchronis", "hub", "serveur", "invalide", "!"):
        assert jargon not in said
