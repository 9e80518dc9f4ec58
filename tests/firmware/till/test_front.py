# SPDX-License-Identifier: Apache-2.0
"""What a customer does alone, and how staff open and lock the till."""

from dataclasses import replace

import pytest

from firmware.store import replica
from firmware.till import tap
from firmware.till.outcome import (
    AskingHub,
    AtTill,
    Front,
    PinAsked,
    Recognised,
    Refused,
)
from loyalty.entry import Visited
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]


def test_a_customer_sees_their_points_and_the_screen_leaves_by_itself(bakery: Bakery) -> None:
    seen = bakery.scan(CARD)
    assert isinstance(seen, Recognised)
    assert (seen.first_name, seen.points) == ("Élodie", 245)
    assert [(r.title, r.missing) for r in seen.rewards] == [("Croissant", 0), ("Remise de 10 %", 0)]
    assert isinstance(bakery.wait(14), Recognised)
    assert isinstance(bakery.wait(2), Front)
    assert not bakery.facts(Visited), "looking at one's own card counts no visit"


def test_a_colour_and_words_that_the_merchant_changed_are_on_the_front(bakery: Bakery) -> None:
    shop = replica.shop(bakery.db)
    assert shop
    seen = bakery.hears(replace(shop, colour="#C2185B", pitch_fr="Le dixième café est offert."))
    assert isinstance(seen, Front)
    assert (seen.colour, seen.pitch) == ("#C2185B", "Le dixième café est offert.")


def test_a_touch_starts_the_fifteen_seconds_again(bakery: Bakery) -> None:
    bakery.scan(CARD)
    bakery.wait(10)
    bakery.do(tap.ShowQr())
    shown = bakery.wait(10)
    assert isinstance(shown, Recognised)
    assert shown.qr
    assert shown.code == CARD


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("UNKNOWN", Reason.CARD_UNKNOWN),
        (CARD[:-1] + str((int(CARD[-1]) + 1) % 10), Reason.BAD_CODE),
        ("X" * 65, Reason.BAD_CODE),
    ],
)
@pytest.mark.parametrize("staff", [False, True])
def test_a_card_that_is_none_is_refused_in_words(
    bakery: Bakery, code: str, reason: Reason, staff: bool
) -> None:
    if staff:
        bakery.unlock()
    refused = bakery.scan(code)
    if isinstance(refused, AskingHub):
        refused = bakery.hears()
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is reason
    assert not refused.refusal.facts.get("unheard")
    assert isinstance(bakery.do(tap.Back()), AtTill if staff else Front)


def test_ten_thousand_characters_are_one_refusal(bakery: Bakery) -> None:
    refused = bakery.scan("9" * 64, too_long=True)
    assert isinstance(refused, Refused)
    assert refused.refusal.facts["why"] == "too_long"


def test_a_scan_after_a_refusal_is_served_at_once(bakery: Bakery) -> None:
    bakery.scan("UNKNOWN")
    assert isinstance(bakery.scan(CARD), Recognised)


def test_the_pin_opens_the_till_and_wrong_ones_pause_it(bakery: Bakery) -> None:
    asked = bakery.unlock("1111")
    assert isinstance(asked, PinAsked)
    assert asked.wrong
    bakery.press("1111")
    asked = bakery.press("1111")
    assert isinstance(asked, PinAsked)
    assert asked.pause_s == 30
    assert isinstance(bakery.press("2468"), PinAsked), "even the right one waits"
    bakery.wait(31)
    assert isinstance(bakery.unlock(), AtTill)


def test_leaving_the_pin_does_not_reset_the_tries(bakery: Bakery) -> None:
    for _ in range(3):
        bakery.unlock("1111")
        bakery.do(tap.Back())
    asked = bakery.do(tap.Unlock())
    assert isinstance(asked, PinAsked)
    assert asked.pause_s > 0


def test_locking_hides_the_order_and_unlocking_brings_it_back(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(500)
    assert isinstance(bakery.do(tap.Lock()), Front)
    order = bakery.unlock()
    assert isinstance(order, AtTill)
    assert order.total_cents == 500


def test_the_till_locks_itself_after_five_quiet_minutes(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.wait(200)
    bakery.do(tap.AddLine(), tap.Key("1"), tap.Back())
    assert isinstance(bakery.wait(200), AtTill)
    assert isinstance(bakery.wait(101), Front)
