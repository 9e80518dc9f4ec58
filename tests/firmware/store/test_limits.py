# SPDX-License-Identifier: Apache-2.0
"""What grows while a shop is cut off still fits into frames, and nothing is listed twice."""

from itertools import count
from secrets import token_hex

import pytest

from firmware.store import journal, own, replica, rights
from firmware.store.database import Database, Role
from loyalty.entry import Opened, Visited
from loyalty.feed import Heard, SaleSeen
from loyalty.wire import LARGEST_FRAME, Batch, encode_entry, encode_frame
from tests.firmware.till.conftest import Hand


def open_store(tmp_path, clock: Hand, ids: count) -> Database:
    db = Database(tmp_path / "state", role=Role.KIOSK, runtime=tmp_path / "run")
    opened(db, clock, ids)
    return db


def opened(db: Database, clock: Hand, ids: count) -> None:
    journal.open_segment(
        db,
        clock=clock,
        new_id=lambda: f"{next(ids):032x}",
        gen=1,
        hw_id="hw",
        software="test",
    )


def test_the_header_after_days_offline_fits_into_one_frame(tmp_path) -> None:
    clock, ids = Hand(), count(1)
    db = open_store(tmp_path, clock, ids)
    met = journal.MOST_HELD + 500
    with db.atomic():
        for customer in range(met):
            visited = Visited(customer=f"{customer * 7919:032x}", code="")
            journal.append(db, visited, clock=clock, new_id=lambda: f"{next(ids):032x}")
    clock.boot = "boot-2"
    opened(db, clock, ids)
    _, header = journal.entries_after(db, (1, met + 1))[0]
    assert isinstance(header.facts, Opened)
    assert len(header.facts.holds) == journal.MOST_HELD
    batch = Batch(terminal="saint-denis-1", gen=1, segment="s", lo=1)
    assert len(encode_frame(batch, [encode_entry(header)])) < LARGEST_FRAME
    segment = journal.current_segment(db)
    assert segment
    own.hear(db, Heard(segment=segment.id, sound=True), allowance_cents=0)
    kept = sum(bool(rights.spendable(db, f"{c * 7919:032x}")) for c in range(met))
    assert kept == journal.MOST_HELD, "what the header does not state may not be spent"
    db.close()


def test_a_sale_that_the_hub_dates_anew_is_listed_once(tmp_path) -> None:
    db = open_store(tmp_path, Hand(), count(1))
    for wall_ms in (1_000, 1_700_000_000_000):
        replica.apply(db, SaleSeen(id="e", customer="ana", wall_ms=wall_ms, points=5))
    assert [sale.wall_ms for sale in replica.recent_sales(db, "ana")] == [1_700_000_000_000]
    db.close()


def test_an_entry_that_no_frame_can_carry_is_never_written(tmp_path) -> None:
    clock, ids = Hand(), count(1)
    db = open_store(tmp_path, clock, ids)
    huge = Visited(customer="ana", code=token_hex(70_000))
    with pytest.raises(ValueError, match="fits into no frame"):
        journal.append(db, huge, clock=clock, new_id=lambda: f"{next(ids):032x}")
    assert journal.entries_after(db, (1, 1)) == []
    db.close()
