# SPDX-License-Identifier: Apache-2.0
"""What a merge on the hub is at the counter: two cards, one person, one sum (SPEC E12)."""

from dataclasses import replace

import pytest

from loyalty.account import points_of
from loyalty.feed import BalanceIs
from tests.acceptance.glass import Glass
from tests.firmware.till.conftest import ELODIE, THEO


@pytest.mark.row("E12")
def test_either_card_shows_the_sum_and_a_reward_is_paid_by_both(glass: Glass) -> None:
    bakery = glass.bakery
    bakery.hub_says(
        BalanceIs(points_of("elodie"), 45),
        BalanceIs(points_of("theo"), 60),
        replace(THEO, of="elodie"),
    )
    glass.unlock()
    glass.scan(THEO.codes[0])
    assert glass.reads("Élodie M.", "105")
    glass.line("1000")
    glass.tap("Croissant", "Enregistrer")
    bakery.grants()
    glass.wait(0.01)
    assert glass.reads("−80", "+10", "35")
    glass.tap("Client suivant")
    bakery.hub_says(THEO)
    glass.scan(ELODIE.codes[0])
    assert glass.reads("Élodie M.", "10"), "parted: each card has what is left on it"
    glass.tap("Retirer le client")
    glass.scan(THEO.codes[0])
    assert glass.reads("Théo M.", "25")
