# SPDX-License-Identifier: Apache-2.0
"""Break one rule of sync or store at a time and see that the world notices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware.store import cursors, feed, journal, own, rights
from firmware.store.database import Database
from firmware.sync.downlink import Downlink
from firmware.sync.uplink import Uplink
from loyalty.feed import Covered, Granted
from tests.firmware.store import test_journal
from tests.firmware.store.shelf import Shelf
from tests.firmware.sync.test_world import live

SEEDS = 40
"""A mutant that this many worlds do not notice counts as unseen."""

Patch = pytest.MonkeyPatch


def trust_the_pipe(patch: Patch) -> None:
    """Forget entries as soon as they are sent."""
    due = Uplink.due

    def sent(self: Uplink, now_s: float) -> bytes | None:
        frame = due(self, now_s)
        while self._flights:
            flight = self._flights.popleft()
            self._db.run("UPDATE segment SET acked = ? WHERE id = ?", flight.hi, flight.segment)
        return frame

    patch.setattr(Uplink, "due", sent)


def keep_what_is_covered(patch: Patch) -> None:
    """Read past the marker without dropping own entries: they show twice."""

    def cover(db: Database, covered: Covered) -> None:
        found = db.row("SELECT seq FROM segment WHERE id = ?", covered.segment)
        if found:
            own.mark_covered(db, (found[0], covered.n))

    patch.setattr(own, "cover", cover)


def drop_on_acknowledgement(patch: Patch) -> None:
    """Take the hub's acknowledgement for its feed: the amount is missing until the page comes."""
    acknowledge = journal.acknowledge

    def early(db: Database, segment: str, *, upto: int, head: str) -> bool:
        db.run("DELETE FROM pending WHERE n <= ?", upto)
        return acknowledge(db, segment, upto=upto, head=head)

    patch.setattr(journal, "acknowledge", early)


def grant_again(patch: Patch) -> None:
    """Take a grant as often as it is read."""

    def grant(db: Database, granted: Granted) -> None:
        db.run("UPDATE ask SET granted = ? WHERE id = ?", granted.amount, granted.ask)
        if granted.amount:
            own.change_right(db, granted.account, granted.amount, place=None)

    patch.setattr(own, "grant", grant)


def snapshot_forgets_own(patch: Patch) -> None:
    """Swap without putting own uncovered entries on top."""
    patch.setattr(feed, "entries_after", lambda _db, _place: [])


def snapshot_skips_the_report(patch: Patch) -> None:
    """Go on in the old segment after a snapshot: grants that it skipped stay held for ever."""
    swap = feed._swap

    def silent(db: Database, side: int, at: object) -> None:
        swap(db, side, at)  # type: ignore[arg-type]
        db.run("DELETE FROM setting WHERE name = 'report_due'")

    patch.setattr(feed, "_swap", silent)


def sweep_what_is_being_built(patch: Patch) -> None:
    """Clean the side on which a snapshot is under way."""
    sweep = feed.sweep

    def careless(db: Database) -> bool:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(feed, "staging", lambda _db: None)
            return sweep(db)

    patch.setattr(feed, "sweep", careless)


def release_twice(patch: Patch) -> None:
    """Say a release without lowering the right."""
    patch.setattr(rights, "_going", lambda *_: list(own.held(_[0])))
    patch.setattr(
        own,
        "post",
        lambda db, facts, *, segment, n: own.note_pending(db, facts, segment=segment, n=n) or (),
    )


def ignore_the_cursor(patch: Patch) -> None:
    """Take any page that comes, whatever was read before."""

    def apply_page(db: Database, lines: tuple[bytes, ...], *, after: int, to: cursors.Position):
        at = to
        with db.atomic():
            feed._take(db, lines, at=at, side=feed.replica.side_in_use(db))
            feed.move(db, at)
        return True

    patch.setattr(feed, "apply_page", apply_page)
    patch.setattr(Downlink, "_answers", lambda _self, _nonce: True)


MUTANTS = [
    trust_the_pipe,
    keep_what_is_covered,
    drop_on_acknowledgement,
    grant_again,
    snapshot_forgets_own,
    snapshot_skips_the_report,
    sweep_what_is_being_built,
    release_twice,
    ignore_the_cursor,
]


@contextmanager
def mutated(mutant: Callable[[Patch], None]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        mutant(patch)
        yield


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_world_notices(ram: Path, mutant: Callable[[Patch], None]) -> None:
    with mutated(mutant):
        for seed in range(SEEDS):
            try:
                live(ram / str(seed), seed)
            except AssertionError:
                return
    pytest.fail("nobody noticed")


def test_believing_the_hub_without_looking_at_its_hash_is_seen(shelf: Shelf) -> None:
    def gullible(db: Database, segment: str, *, upto: int, head: str) -> bool:
        return bool(db.run("UPDATE segment SET acked = ? WHERE id = ?", upto, segment))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "acknowledge", gullible)
        with pytest.raises(Exception):  # noqa: B017 (an assertion, or the schema's own check)
            test_journal.test_the_hub_is_believed_only_where_its_hash_is_ours(shelf)
