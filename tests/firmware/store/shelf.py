# SPDX-License-Identifier: Apache-2.0
"""A terminal's store with the few words that its tests need."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from firmware.store import feed, journal, own, replica, rights, room
from firmware.store.archive import kept_from
from firmware.store.cursors import Position, position
from firmware.store.database import Database, Role
from firmware.store.room import Measure
from loyalty.account import points_of
from loyalty.basket import Applied, Line
from loyalty.entry import Entry, Facts, Saw, Sold
from loyalty.feed import Heard, Item
from loyalty.programme import EarnRule
from loyalty.wire import chain, encode_item
from tests.firmware.conftest import Ids, TurnedClock


def sold(
    customer: str | None = "ana", points: int = 12, *, receipt: str = "0001", spends: int = 0
) -> Sold:
    """A sale that earns so many points, and perhaps uses some on a gift."""
    gift = Applied(reward="r", kind="gift", title="Café", points=spends, cents_off=0)
    return Sold(
        receipt=receipt,
        customer=customer,
        lines=(Line(label="Pain au levain", unit_cents=points * 100 or 100),),
        applied=(gift,) if spends else (),
        total_cents=points * 100 or 100,
        due_cents=points * 100 or 100,
        paid_cents=points * 100 or 100,
        points=points,
        earn=EarnRule(),
        saw=Saw(programme=1),
    )


@dataclass
class Shelf:
    """One terminal's file, opened by one process."""

    folder: Path
    clock: TurnedClock = field(default_factory=TurnedClock)
    new_id: Ids = field(default_factory=Ids)
    role: Role = Role.KIOSK
    vfs: str = ""
    measure: Measure = room.measure
    db: Database = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> journal.Segment:
        runtime = self.folder / "ram"
        self.db = Database(
            self.folder, role=self.role, runtime=runtime, vfs=self.vfs, measure=self.measure
        )
        return self.segment()

    def heard(self, *, sound: bool = True) -> None:
        """The hub has posted this boot's header."""
        own.hear(self.db, Heard(segment=self.segment().id, sound=sound), allowance_cents=0)

    def segment(self) -> journal.Segment:
        return journal.open_segment(
            self.db, clock=self.clock, new_id=self.new_id, gen=1, hw_id="hw", software="test"
        )

    def close(self) -> None:
        self.db.close()

    def reopen(self) -> journal.Segment:
        self.close()
        return self.open()

    def write(self, facts: Facts) -> Entry:
        return journal.append(self.db, facts, clock=self.clock, new_id=self.new_id)

    def hear(self, *items: Item, to: int | None = None, epoch: str = "e") -> bool:
        after = position(self.db).cursor
        lines = [encode_item(item) for item in items]
        there = Position(to or after + 1, epoch)
        return feed.apply_page(self.db, lines, after=after, to=there)

    def points(self, customer: str = "ana") -> int:
        return replica.balances(self.db, customer).get(points_of(customer), 0)

    def right(self, customer: str = "ana") -> int:
        return rights.spendable(self.db, customer).get(points_of(customer), 0)

    def release(self) -> Sequence[Entry]:
        return rights.release(self.db, clock=self.clock, new_id=self.new_id)


def chained(db: Database) -> int:
    """Check every segment's numbers and hashes from where it is kept; how many were written."""
    count = 0
    for seq, name, n, head in db.rows("SELECT seq, id, n, head FROM segment ORDER BY seq"):
        kept = kept_from(db, name)
        assert kept
        first, hashed = kept
        rows = db.rows("SELECT n, raw, hash FROM entry WHERE segment = ? ORDER BY n", seq)
        assert [row[0] for row in rows] == list(range(first, n + 1))
        for _, raw, stored in rows:
            hashed = chain(hashed, raw)
            assert stored == hashed
        assert hashed == head
        count += n
    return count


class GivenUp(Exception):
    """What makes a transaction fail."""


@contextmanager
def giving_up(part: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """A transaction, or an attempt inside one, that fails at its very end."""
    with suppress(GivenUp), part():
        yield
        raise GivenUp


def closing_quietly(shelf: Shelf) -> None:
    """Let go of a file that is broken on purpose."""
    with suppress(Exception):
        shelf.close()
