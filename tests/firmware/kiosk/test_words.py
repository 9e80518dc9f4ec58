# SPDX-License-Identifier: Apache-2.0
"""Each refusal, trouble and fault has a sentence of its own that says what to do."""

import pytest

from firmware.kiosk.examples import receipt
from firmware.kiosk.look import Look
from firmware.kiosk.screens import tree
from firmware.kiosk.text import Language
from firmware.kiosk.ui import Ctx, Text, walk
from firmware.kiosk.words import amount_of, said
from firmware.till.outcome import Broken, Outcome, OutOfOrder, PrinterTrouble, Trouble
from loyalty.account import Kind
from loyalty.card import BadCode
from loyalty.refusal import Reason, Refusal

FACTS = {"kind": Kind.POINTS, "needed": 40, "have": 12, "most": 9_999_999, "least": 12}
LANGUAGES = {language: Look(language=language).ctx() for language in Language}
both = pytest.mark.parametrize("ctx", LANGUAGES.values(), ids=LANGUAGES)


def plain(text: str) -> str:
    return " ".join(text.split())


def words(outcome: Outcome, ctx: Ctx) -> str:
    shown = (w.text for w in walk(tree(outcome, ctx)) if isinstance(w, Text))
    return " ".join(" ".join(shown).split())


@both
@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_what_to_do(reason: Reason, ctx: Ctx) -> None:
    spoken = said(Refusal(reason, FACTS | {"name": "Élodie", "field": "phone"}), ctx)
    assert spoken.title
    assert spoken.sentence.endswith(".")
    assert "{" not in spoken.title + spoken.sentence + spoken.short
    assert len(spoken.short) <= 60


@both
def test_no_two_refusals_are_told_alike(ctx: Ctx) -> None:
    told = [said(Refusal(reason, FACTS), ctx) for reason in Reason]
    assert len({(one.title, one.sentence) for one in told}) == len(Reason)


@both
def test_a_refusal_survives_without_its_facts(ctx: Ctx) -> None:
    for reason in Reason:
        assert said(Refusal(reason), ctx).title


@both
@pytest.mark.parametrize("why", BadCode)
def test_every_bad_code_says_what_to_do(why: BadCode, ctx: Ctx) -> None:
    assert said(Refusal(Reason.BAD_CODE, {"why": why}), ctx).sentence.endswith(".")


@both
def test_every_trouble_and_every_fault_is_told_differently(ctx: Ctx) -> None:
    bill = receipt()
    shown = [words(PrinterTrouble(trouble=trouble, receipt=bill), ctx) for trouble in Trouble]
    shown += [words(OutOfOrder(broken=broken), ctx) for broken in Broken]
    assert len(set(shown)) == len(Trouble) + len(Broken)


def test_a_printer_s_trouble_says_first_that_nothing_is_lost() -> None:
    ctx = LANGUAGES[Language.FRENCH]
    for trouble in Trouble:
        shown = words(PrinterTrouble(trouble=trouble, receipt=receipt()), ctx)
        assert "La vente est enregistrée. Rien n’est perdu." in shown


def test_amounts_are_told_in_their_unit() -> None:
    ctx = LANGUAGES[Language.ENGLISH]
    assert amount_of(Kind.POINTS, 1, ctx) == "1 point"
    assert amount_of(Kind.PURSE, 340, ctx) == "€3.40"
    assert amount_of(Kind.GIFT, 4000, ctx) == "€40.00"


def test_what_can_be_used_here_now_is_told_with_its_figures() -> None:
    ctx = LANGUAGES[Language.FRENCH]
    here = said(Refusal(Reason.NOT_HERE_NOW, FACTS), ctx)
    assert here.title == "12 points sur 40 utilisables ici maintenant"
    assert here.sentence == "Le reste est gardé ailleurs. Réessayez dans un instant."
    cut_off = said(Refusal(Reason.NOT_HERE_NOW, FACTS | {"offline": 1}), ctx)
    assert cut_off.title == here.title
    assert plain(cut_off.sentence) == "Le reste est gardé ailleurs ; il revient avec le réseau."


def test_what_is_given_once_is_here_or_not_and_no_points_are_spoken_of() -> None:
    ctx = LANGUAGES[Language.FRENCH]
    for kind in (Kind.WELCOME, Kind.BIRTHDAY, Kind.LIMIT, Kind.STOCK):
        short = {"kind": kind, "needed": 1, "have": 0}
        here = said(Refusal(Reason.NOT_HERE_NOW, short), ctx)
        assert here.title == "Cette récompense est gardée ailleurs"
        cut_off = said(Refusal(Reason.NOT_HERE_NOW, short | {"offline": 1}), ctx)
        assert cut_off.title == "Cette récompense attend le réseau"


def test_stamps_and_visits_are_told_as_such() -> None:
    ctx = LANGUAGES[Language.FRENCH]
    stamps = Refusal(Reason.NOT_HERE_NOW, {"kind": Kind.STAMPS, "needed": 10, "have": 4})
    assert plain(said(stamps, ctx).title) == "4 sur 10 tampons utilisables ici maintenant"


KEPT = {
    "shop": "Saint-Paul",
    "tills": 1,
    "heard": "2026-11-21T14:05:00+04:00",
    "said": "2026-11-21T14:31:30+04:00",
    "now": "2026-11-21T14:32:00+04:00",
}


@pytest.mark.parametrize(
    ("facts", "french", "english"),
    [
        (
            {},
            "Le reste est gardé par la caisse de Saint-Paul, vue à 14:05.",
            "The rest is kept by the till of Saint-Paul, last heard at 14:05.",
        ),
        (
            {"tills": 3},
            "Le reste est gardé par la caisse de Saint-Paul (et 2 autres), vue à 14:05.",
            "The rest is kept by the till of Saint-Paul (and 2 others), last heard at 14:05.",
        ),
        (
            {"now": "2026-11-21T15:00:00+04:00"},
            "Le reste était à 14:31 à la caisse de Saint-Paul, vue à 14:05.",
            "The rest was at 14:31 at the till of Saint-Paul, last heard at 14:05.",
        ),
        (
            {"now": "2026-11-22T09:00:00+04:00", "said": "2026-11-22T08:59:30+04:00"},
            "Le reste est gardé par la caisse de Saint-Paul, vue le 21 nov. à 14:05.",
            "The rest is kept by the till of Saint-Paul, last heard on 21 Nov at 14:05.",
        ),
    ],
)
def test_who_keeps_the_rest_is_named_with_when_it_was_heard_and_how_old_that_is(
    facts: dict[str, str | int], french: str, english: str
) -> None:
    refusal = Refusal(Reason.NOT_HERE_NOW, FACTS | KEPT | facts)
    assert plain(said(refusal, LANGUAGES[Language.FRENCH]).sentence) == french
    assert plain(said(refusal, LANGUAGES[Language.ENGLISH]).sentence) == english
