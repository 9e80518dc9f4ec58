# SPDX-License-Identifier: Apache-2.0
"""The disk fails in the middle of something: it is said, and what was on the counter stays."""

from contextlib import suppress
from typing import Any

import apsw
import pytest

from firmware.__main__ import _reporting
from firmware.faults import DiskFull, StoreBusy
from firmware.store import cursors, database, journal, rights
from firmware.store.database import Role
from firmware.till import tap
from firmware.till.outcome import (
    AtTill,
    Broken,
    ChoiceAsked,
    OutOfOrder,
    Recognised,
    Saved,
)
from firmware.till.outcome_gifts import GiftSaved
from loyalty.account import points_of
from loyalty.entry import Entry, GiftSold, Sold
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
    assert points_of("elodie") not in rights.spendable(bakery.db, "elodie")


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


def test_fault_10_a_disk_that_is_nearly_full_takes_no_sale_and_still_reads_cards(
    bakery: Bakery,
) -> None:
    bakery.unlock()
    bakery.scan(CARD)
    bakery.line(2500)
    bakery.disk.percent = 95
    broken = bakery.do(tap.Save())
    assert isinstance(broken, OutOfOrder)
    assert broken.broken is Broken.DISK_FULL
    assert bakery.wait(0.25) == broken, "said until somebody has read it"
    assert isinstance(bakery.do(tap.Retry()), AtTill)
    assert not bakery.facts(Sold)
    bakery.do(tap.Lock())
    known = bakery.scan(CARD)
    assert isinstance(known, Recognised)
    assert known.points == 245
    bakery.disk.percent = 94
    bakery.unlock()
    assert isinstance(bakery.do(tap.Save()), Saved)
    assert len(bakery.facts(Sold)) == 1


def test_fault_10_room_made_in_the_file_itself_is_room(bakery: Bakery) -> None:
    """A file never shrinks: what the archive gave up is written over."""
    with bakery.db.atomic():
        bakery.db.run("CREATE TABLE ballast (stuff BLOB)")
        bakery.db.run("INSERT INTO ballast VALUES (zeroblob(30_000_000))")
    bakery.disk.percent = 97
    bakery.unlock()
    bakery.line(2500)
    assert isinstance(bakery.do(tap.Save()), OutOfOrder)
    bakery.db.run("DROP TABLE ballast")
    bakery.do(tap.Retry())
    assert isinstance(bakery.do(tap.Save()), Saved)


def test_fault_54_a_tool_that_holds_the_file_is_said_and_the_order_stays(
    bakery: Bakery,
) -> None:
    bakery.unlock()
    bakery.line(2500)
    bakery.db._connection.set_busy_timeout(5)
    tool = apsw.Connection(str(bakery.db.path))
    tool.execute("BEGIN IMMEDIATE")
    broken = bakery.do(tap.Save())
    assert isinstance(broken, OutOfOrder)
    assert broken.broken is Broken.BUSY
    assert bakery.wait(0.25) == broken
    tool.execute("COMMIT")
    tool.close()
    assert isinstance(bakery.do(tap.Retry()), AtTill)
    assert isinstance(bakery.do(tap.Save()), Saved)
    assert len(bakery.facts(Sold)) == 1


def test_fault_54_what_the_till_notes_of_itself_waits_for_the_tool_only_once(
    bakery: Bakery,
) -> None:
    asked: list[tuple[str, str]] = []

    def held(_db: object, *, clock: object, printer: str, scanner: str) -> None:
        asked.append((printer, scanner))
        raise StoreBusy

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursors, "report_health", held)
        report = _reporting(bakery.db, bakery.clock)
        for _ in range(20):
            report("ok", "ok")
    assert len(asked) == 1
    bakery.clock.pass_s(cursors.BEAT_S)
    report("PaperOut", "ok")
    assert cursors.till_health(bakery.db, clock=bakery.clock).printer == "PaperOut"


def test_fault_9_a_till_that_may_not_be_believed_takes_nothing_more(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.line(2500)
    bakery.db.distrust()
    for event in (tap.Save(), tap.Retry(), tap.Lock()):
        broken = bakery.do(event)
        assert isinstance(broken, OutOfOrder)
        assert broken.broken is Broken.STORE


class PowerCut(BaseException):
    """Nothing of this program goes on after it."""


def cut(*_: object, **__: object) -> None:
    """The plug is pulled."""
    raise PowerCut


def shown_in_vain(bakery: Bakery) -> bool:
    """Whether the screen said “saved” of a sale that is not there after the start."""
    bakery.unlock()
    with suppress(PowerCut):
        bakery.sell(1230)
    return isinstance(bakery.outcome, Saved) and not bakery.facts(Sold)


@pytest.mark.parametrize("where", ["encode_entry", "chain"])
def test_fault_1_what_never_reached_the_card_was_never_called_saved(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(journal, where, cut)
    assert not shown_in_vain(bakery)
    monkeypatch.undo()
    assert bakery.facts(Sold) == []


def test_fault_1_without_waiting_for_the_card_the_screen_would_lie(
    bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later(_db: object, facts: Sold, **more: Any) -> Entry:
        """A till that shows first and writes when it has the time."""
        return Entry(id="e", n=9, stamp=more["clock"].stamp(), staff="", facts=facts)

    monkeypatch.setattr(journal, "append", later)
    assert shown_in_vain(bakery)
