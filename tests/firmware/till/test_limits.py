# SPDX-License-Identifier: Apache-2.0
"""How far a till goes by itself: the ceiling, the allowance of a boot not heard of, the freeze."""

import pytest

from firmware.store import journal, replica, rights
from firmware.till import tap
from firmware.till.outcome import Refused, Saved
from loyalty.account import points_of
from loyalty.feed import BalanceIs, Heard, TillMay
from loyalty.refusal import Reason
from loyalty.rights import Policy
from tests.firmware.till.conftest import ELODIE as ELODIE_CARD
from tests.firmware.till.conftest import Bakery

ELODIE = points_of("elodie")
CARD = ELODIE_CARD.codes[0]


def reboots(bakery: Bakery) -> journal.Segment:
    """A boot that the hub has not heard of."""
    bakery.clock.boot += "'"
    return journal.open_segment(
        bakery.db,
        clock=bakery.clock,
        new_id=lambda: f"boot-{next(bakery.ids)}",
        gen=1,
        hw_id="hw",
        software="test",
    )


@pytest.fixture
def earned(bakery: Bakery) -> Bakery:
    """Élodie has earned 90 points here, which are this till's own right; a croissant costs 80."""
    bakery.online(up=False)
    bakery.hub_says(BalanceIs(ELODIE, 0))
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(9_000)
    bakery.do(tap.Save(), tap.Finish())
    return bakery


def croissant(bakery: Bakery) -> object:
    bakery.scan(CARD)
    bakery.line(300)
    return bakery.do(tap.Take("croissant"), tap.Save())


def test_what_was_earned_here_is_spent_here(earned: Bakery) -> None:
    assert isinstance(croissant(earned), Saved)


def test_more_than_the_hub_may_forget_is_not_handed_out(earned: Bakery) -> None:
    replica.apply(earned.db, TillMay(Policy(unheard_cents=79)))
    refused = croissant(earned)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.TOO_MUCH_UNHEARD
    assert isinstance(earned.do(tap.WithoutRewards(), tap.Save()), Saved)


def test_what_the_hub_has_acknowledged_makes_room_again(earned: Bakery) -> None:
    assert isinstance(croissant(earned), Saved)
    assert journal.unheard_cents(earned.db) == 80
    earned.db.run("UPDATE segment SET acked = n")
    assert journal.unheard_cents(earned.db) == 0


def test_a_boot_not_heard_of_spends_old_rights_within_the_allowance_alone(earned: Bakery) -> None:
    replica.apply(earned.db, TillMay(Policy(card_cents=50)))
    segment = reboots(earned)
    earned.db.run("UPDATE setting SET value = 20000 WHERE name = 'allowance'")
    assert rights.spendable(earned.db, "elodie")[ELODIE] == 50
    replica.apply(earned.db, Heard(segment=segment.id, sound=True))
    assert rights.spendable(earned.db, "elodie")[ELODIE] == 90


def test_a_reboot_does_not_fill_the_allowance_up_again(earned: Bakery) -> None:
    """RIGHTS 6: the cap per boot would multiply."""
    replica.apply(earned.db, TillMay(Policy(card_cents=100)))
    earned.db.run("UPDATE setting SET value = 85 WHERE name = 'allowance'")
    reboots(earned)
    assert isinstance(croissant(earned), Saved)
    earned.do(tap.Finish())
    reboots(earned)
    assert rights.spendable(earned.db, "elodie")[ELODIE] == 85 - 77, "of the 13 left"


def test_a_card_that_was_put_back_forgets_what_it_held(earned: Bakery) -> None:
    segment = reboots(earned)
    earned.scan(CARD)
    earned.line(700)
    earned.do(tap.Save(), tap.Finish())
    replica.apply(earned.db, Heard(segment=segment.id, sound=False))
    assert rights.spendable(earned.db, "elodie")[ELODIE] == 7, "what this boot earned itself"


@pytest.mark.parametrize("item", [TillMay(Policy(frozen=True)), None], ids=["frozen", "copied"])
def test_a_frozen_till_earns_and_spends_nothing(earned: Bakery, item: TillMay | None) -> None:
    segment = journal.current_segment(earned.db)
    assert segment
    replica.apply(earned.db, item or Heard(segment=segment.id, sound=False, stranger=True))
    assert rights.spendable(earned.db, "elodie") == {}
    assert isinstance(croissant(earned), Refused)
    assert isinstance(earned.do(tap.WithoutRewards(), tap.Save()), Saved)
