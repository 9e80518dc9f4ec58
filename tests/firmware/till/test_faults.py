# SPDX-License-Identifier: Apache-2.0
"""The disk fails in the middle of something: it is said, and what was on the counter stays."""

import apsw
import pytest

from firmware.faults import DiskFull
from firmware.store import database, journal, rights
from firmware.store.database import Role
from firmware.till import tap
from firmware.till.outcome import AtTill, Broken, ChoiceAsked, GiftSaved, OutOfOrder, Saved
from loyalty.account import points_of
from loyalty.entry import GiftSold, Sold
from tests.firmware.till.conftest import ELODIE, Bakery
from tests.firmware.till.test_gift_cards import sell_gift

CARD = ELODIE.codes[0]


def full(*_: object, **__: object) -> None:
    """A disk without room."""
    raise DiskFull


def test_a_gift_card_is_sold_beside_the_order_on_the_counter(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(2500)
    sell_gift(bakery)
    order = bakery.do(tap.Finish())
    assert isinstance(order, AtTill)
    assert order.total_cents == 2500
    assert order.customer


def test_what_was_typed_survives_a_full_disk(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    bakery.unlock()
    monkeypatch.setattr(journal, "append", full)
    bakery.do(tap.GiftCard(), tap.Pick("sell"), tap.Pick("virtual"))
    for text in ("4000", "Paul Hoarau", "Anaïs", "anais@exemple.re", ""):
        question = bakery.answer(text)
    assert isinstance(question, ChoiceAsked)
    today = tap.Pick(question.options[0].id)
    broken = bakery.do(today)
    assert isinstance(broken, OutOfOrder)
    assert broken.broken is Broken.DISK_FULL
    monkeypatch.undo()
    assert bakery.do(tap.Retry()) == question, "still at the last question"
    saved = bakery.do(today)
    assert isinstance(saved, GiftSaved)
    assert (saved.cents, saved.recipient) == (4000, "Anaïs")
    assert len(bakery.facts(GiftSold)) == 1


def test_a_right_granted_for_an_order_that_was_dropped_goes_back(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(2500)
    bakery.do(tap.Take("croissant"), tap.Save())
    monkeypatch.setattr(journal, "append", full)
    bakery.grants()
    assert isinstance(bakery.wait(0.1), OutOfOrder)
    monkeypatch.undo()
    bakery.wait(2)
    if not isinstance(bakery.outcome, AtTill):
        bakery.do(tap.Finish())
    bakery.do(tap.Finish(), tap.Pick("drop"))
    rights.release(bakery.db, clock=bakery.clock, new_id=lambda: f"r{next(bakery.ids)}")
    assert points_of("elodie") not in rights.held(bakery.db, "elodie")


def test_a_log_that_can_not_be_folded_after_the_commit_does_not_save_a_sale_twice(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck:
        """A connection whose file has no room for what the log holds."""

        def __init__(self, real: apsw.Connection) -> None:
            self.real = real

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

        def wal_checkpoint(self, mode: int) -> None:
            message = "database or disk is full"
            raise apsw.FullError(message)

    bakery.unlock()
    bakery.line(2500)
    monkeypatch.setitem(database.CHECKPOINT_PAGES, Role.KIOSK, 0)
    monkeypatch.setattr(bakery.db, "_connection", Stuck(bakery.db._connection))
    assert isinstance(bakery.do(tap.Save()), Saved)
    bakery.do(tap.Save())
    monkeypatch.undo()
    assert len(bakery.facts(Sold)) == 1
