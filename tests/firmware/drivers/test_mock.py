# SPDX-License-Identifier: Apache-2.0
"""The hardware that is not there remembers what happened to it."""

from firmware.drivers.cues import VERT_WAGON, Cue, Rgb
from firmware.drivers.mock import KEPT, MockPrinter, MockScanner, MockSignal, Shown
from firmware.drivers.paper import Paper, Text
from firmware.virtual import paper as virtual_paper


def test_a_card_shown_to_a_scanner_that_nobody_hears_is_told_so():
    assert not MockScanner().put("A1")


def test_receipts_keep_their_numbers_when_the_oldest_are_forgotten():
    printer = MockPrinter()
    for number in range(1, KEPT + 3):
        printer.print(Paper((Text(f"ticket {number}"),)))
    assert min(printer.receipts) == 3
    assert virtual_paper.text(printer.receipts[KEPT + 2]) == f"ticket {KEPT + 2}"


def test_cues_are_remembered_with_the_shops_colour():
    signal = MockSignal()
    signal.show(Cue.READ)
    signal.show(Cue.SAVED, shop=Rgb(1, 2, 3))
    assert signal.shown == {1: Shown(Cue.READ, VERT_WAGON), 2: Shown(Cue.SAVED, Rgb(1, 2, 3))}
