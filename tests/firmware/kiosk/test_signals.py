# SPDX-License-Identifier: Apache-2.0
"""Each thing worth noticing is heard once, and nothing else is."""

from dataclasses import replace

import pytest

from firmware.drivers.cues import Cue
from firmware.kiosk.signals import cue
from firmware.till.outcome import AtTill, PinAsked
from tests.firmware.kiosk.conftest import EXAMPLES


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("front-waiting", "recognised-points", Cue.READ),
        ("at_till-order", "saved-earned", Cue.SAVED),
        ("choice-send-on", "gift_saved-virtual", Cue.SAVED),
        ("front-waiting", "refused-customer-bad-code", Cue.REFUSED),
        ("saved-printing", "printer-paper", Cue.PRINTER),
        ("recognised-points", "front-waiting", Cue.READY),
        ("at_till-nobody", "at_till-customer", Cue.READ),
        ("pin-empty", "pin-wrong", Cue.REFUSED),
        ("front-waiting", "out_of_order-store", Cue.REPAIR),
        ("printer-paper", "saved-earned", None),
        ("saved-earned", "saved-printing", None),
        ("front-waiting", "front-offline", None),
        ("pin-empty", "pin-typing", None),
        ("at_till-order", "line-empty", None),
    ],
)
def test_what_is_heard(before: str, after: str, expected: Cue | None) -> None:
    assert cue(EXAMPLES[before], EXAMPLES[after]) is expected


def test_the_first_screen_shines_for_a_scan() -> None:
    assert cue(None, EXAMPLES["front-waiting"]) is Cue.READY


def test_a_second_wrong_pin_after_typing_is_heard_again() -> None:
    typing = PinAsked(typed=3)
    assert cue(typing, PinAsked(typed=0, wrong=True)) is Cue.REFUSED


def test_offline_makes_no_sound() -> None:
    order = EXAMPLES["at_till-order"]
    assert isinstance(order, AtTill)
    assert cue(order, replace(order, offline=True)) is None
