# SPDX-License-Identifier: Apache-2.0
"""A terminal that the hub takes out of service: it says so, gives back everything, signs off."""

import pytest

from firmware.faults import Left
from firmware.store import journal, own, rights
from firmware.till import tap
from firmware.till.outcome import Broken, Front, OutOfOrder, Saved
from loyalty.account import Holding, points_of
from loyalty.entry import ReleaseCause, Released, SignedOff, Visited
from loyalty.feed import TillMay
from loyalty.rights import Policy
from tests.firmware.till.conftest import ELODIE, Bakery

LEAVE = TillMay(Policy(), leaving=1)


def leaves(bakery: Bakery) -> None:
    rights.leave(bakery.db, clock=bakery.clock, new_id=lambda: f"id-{next(bakery.ids)}")


def arrives(bakery: Bakery) -> None:
    """The hub acknowledges everything."""
    while batch := journal.batch_to_send(bakery.db):
        upto = batch.lo + len(batch.raws) - 1
        found = bakery.db.row("SELECT hash FROM entry WHERE n = ?", upto)
        assert found
        journal.acknowledge(bakery.db, batch.segment, upto=upto, head=found[0].hex())


def broken(bakery: Bakery) -> Broken:
    outcome = bakery.till.tick()
    assert isinstance(outcome, OutOfOrder)
    return outcome.broken


def test_it_stops_selling_in_words_as_soon_as_it_hears(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(ELODIE.codes[0])
    bakery.line(500)
    bakery.hub_says(LEAVE)
    stopped = bakery.do(tap.Save())
    assert isinstance(stopped, OutOfOrder)
    assert stopped.broken is Broken.LEAVING
    assert not [e for e in bakery.entries() if e.kind == "sold"]


def test_it_gives_back_all_it_holds_whoever_waits_for_it_and_signs_off(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.sell(2000, code=ELODIE.codes[0])
    rights.reserve(bakery.db, ["elodie"])
    bakery.hub_says(LEAVE)
    leaves(bakery)
    facts = [entry.facts for entry in bakery.entries()]
    given = next(f for f in facts if isinstance(f, Released))
    assert given.cause is ReleaseCause.LEAVING
    assert Holding(points_of("elodie"), 20) in given.holds
    assert facts[-1] == SignedOff(gen=1)
    assert own.held(bakery.db) == ()
    leaves(bakery)
    assert len(bakery.facts(SignedOff)) == 1, "once"


def test_the_screen_says_when_everything_has_arrived(bakery: Bakery) -> None:
    bakery.hub_says(LEAVE)
    leaves(bakery)
    assert broken(bakery) is Broken.LEAVING
    arrives(bakery)
    assert broken(bakery) is Broken.LEFT


def test_nothing_can_be_written_after_it_not_even_a_boot(bakery: Bakery) -> None:
    bakery.hub_says(LEAVE)
    leaves(bakery)
    with pytest.raises(Left):
        bakery.till.desk.write(Visited(customer="elodie", code=""))
    last = journal.current_segment(bakery.db)
    bakery.clock.boot = "boot-2"
    opened = journal.open_segment(
        bakery.db, clock=bakery.clock, new_id=lambda: "x", gen=1, hw_id="hw", software="test"
    )
    assert opened == last
    assert isinstance(bakery.entries()[-1].facts, SignedOff)


def test_enrolled_again_it_sells(bakery: Bakery) -> None:
    bakery.hub_says(LEAVE)
    leaves(bakery)
    opened = journal.open_segment(
        bakery.db, clock=bakery.clock, new_id=lambda: "again", gen=2, hw_id="hw", software="test"
    )
    assert (opened.gen, opened.n) == (2, 1)
    leaves(bakery)
    assert len(bakery.facts(SignedOff)) == 1, "the order was for the enrolment before"
    bakery.till.desk.write(Visited(customer="elodie", code=""))


def test_told_to_stay_it_goes_on_as_before(bakery: Bakery) -> None:
    bakery.hub_says(LEAVE)
    assert broken(bakery) is Broken.LEAVING
    bakery.hub_says(TillMay(Policy()))
    assert isinstance(bakery.till.tick(), Front)
    bakery.unlock()
    assert isinstance(bakery.sell(500), Saved)


def test_a_boot_that_was_not_heard_waits_before_it_signs_off(bakery: Bakery) -> None:
    bakery.hub_says(LEAVE)
    bakery.db.run("DELETE FROM setting WHERE name = 'heard'")
    leaves(bakery)
    assert not bakery.facts(SignedOff)
