# SPDX-License-Identifier: Apache-2.0
"""After a sale, and when something was not done: what is said and what can be done."""

from dataclasses import replace

import pytest

from firmware.kiosk import examples
from firmware.kiosk.examples import ELODIE
from firmware.kiosk.screens import tree
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Widget, walk
from firmware.till import tap
from firmware.till.outcome import Outcome, Refused, Saved
from firmware.till.outcome_sales import SaleFilter, SalesShown
from loyalty.refusal import Reason, Refusal
from tests.firmware.kiosk.read import FRENCH, taps, words

# ── afterwards ──────────────────────────────────────────────────────────────────────────────────

SAVED = Saved(
    receipt=examples.receipt(),
    first_name="Élodie",
    points=19,
    spent_points=(("Croissant offert", 80),),
    balance=184,
    paid_cents=1960,
)


def test_the_rows_after_a_sale_add_up() -> None:
    shown = words(SAVED)
    for fact in ("Payé", "19,60 €", "Croissant offert", "−80", "+19", "Nouveau solde", "184"):
        assert fact in shown


def test_many_rewards_are_one_row_so_that_the_sum_still_fits() -> None:
    spent = (("Croissant offert", 80), ("Café offert", 60), ("Cagnotte", 0))
    shown = words(replace(SAVED, spent_points=spent))
    assert "Récompenses" in shown
    assert "−140" in shown


def test_what_waits_for_the_network_is_said_to_be_safe() -> None:
    assert "Gardé ici, envoyé au retour du réseau." in words(replace(SAVED, waiting=True))
    assert "Gardé ici, envoyé au retour du réseau." not in words(SAVED)


def test_while_printing_nothing_more_is_printed() -> None:
    assert tap.Print() in taps(SAVED)
    assert tap.Print() not in taps(replace(SAVED, printing=True))


def test_the_list_of_sales_pages_only_where_there_is_more() -> None:
    empty = SalesShown(rows=(), showing=SaleFilter.ALL, text="", first=False, more=False, waiting=0)
    assert not [t for t in taps(empty) if isinstance(t, tap.Scroll)]
    assert "Tout est envoyé" in words(empty)
    assert tap.Scroll(4) in taps(replace(empty, more=True))
    assert tap.Scroll(-4) in taps(replace(empty, first=True))


def test_a_refusal_offers_what_helps() -> None:
    short = Refusal(Reason.NOT_HERE_NOW, {"kind": "points", "needed": 40, "have": 12})
    staff = Refused(refusal=short, customer=ELODIE, staff=True, drop_rewards=True)
    assert taps(staff) == [tap.Back(), tap.Retry(), tap.WithoutRewards()]
    unknown = Refused(refusal=Refusal(Reason.CARD_UNKNOWN), code="…4415", staff=True)
    assert taps(unknown) == [tap.Back(), tap.Search(), tap.Join()]
    customer = Refused(refusal=Refusal(Reason.CARD_UNKNOWN), code="…4415")
    assert taps(customer) == [tap.Join(), tap.Finish()]


def cells(outcome: Outcome) -> list[Tone | None]:
    return [w.fill for w in walk(tree(outcome, FRENCH)) if is_cell(w)]


def is_cell(widget: Widget) -> bool:
    return isinstance(widget, Box) and widget.radius == 3 and widget.height == 42


@pytest.mark.parametrize(("have", "needed"), [(12, 40), (0, 5), (7, 21)])
def test_points_are_counted_one_by_one_up_to_forty(have: int, needed: int) -> None:
    short = Refusal(Reason.NOT_HERE_NOW, {"kind": "points", "needed": needed, "have": have})
    shown = cells(Refused(refusal=short, staff=True))
    assert shown == [Tone.NOW] * have + [None] * (needed - have)


def test_above_forty_a_bar_of_two_parts_counts() -> None:
    short = Refusal(Reason.NOT_HERE_NOW, {"kind": "points", "needed": 80, "have": 20})
    assert cells(Refused(refusal=short, staff=True)) == [Tone.NOW, None]
