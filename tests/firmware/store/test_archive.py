# SPDX-License-Identifier: Apache-2.0
"""What the hub has stays for thirty days that were seen; what it does not have stays for ever."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware.store import archive, feed, journal, own, rests, sales
from firmware.store.archive import KEEP_DAYS, MOST_ROWS, Archive, Kept
from firmware.store.cursors import Position
from firmware.store.database import FILE_NAME, Database, Role
from loyalty.account import points_of
from loyalty.entry import ClockQuality, Opened
from loyalty.feed import BalanceIs, Covered
from loyalty.wire import GENESIS, decode_entry
from tests.firmware.conftest import FillingDisk
from tests.firmware.store.shelf import Shelf, chained, closing_quietly, sold

DAY_S = 86_400
DAY_MS = DAY_S * 1000


class Till(Shelf):
    """A shelf, the hub that acknowledges what it says, and sync's care for the disk."""

    def __post_init__(self) -> None:
        self.disk = self.measure = FillingDisk()
        super().__post_init__()
        self.archive = Archive(self.db, clock=self.clock)

    def sell(self, count: int = 1) -> None:
        for _ in range(count):
            self.write(sold(receipt=sales.next_receipt(self.db)))

    def posted(self, *, covered: bool = True) -> None:
        """The hub has all, and the feed says so."""
        for name, n, head in self.db.rows("SELECT id, n, head FROM segment"):
            journal.acknowledge(self.db, name, upto=n, head=head.hex())
            if covered:
                own.cover(self.db, Covered(segment=name, n=n))

    def tend(self) -> None:
        """Look at the disk, and do all that is due."""
        self.clock.pass_s(archive.LOOK_S)
        for _ in range(50):
            self.archive.tend(self.clock.monotonic_s())

    def days(self, count: int) -> None:
        for _ in range(count):
            self.clock.pass_s(DAY_S)
            self.tend()

    @property
    def numbers(self) -> list[tuple[int, int]]:
        return self.db.rows("SELECT segment, n FROM entry ORDER BY place")


@pytest.fixture
def till(ram: Path) -> Iterator[Till]:
    opened = Till(ram)
    yield opened
    closing_quietly(opened)


def test_what_the_hub_has_stays_for_thirty_days_and_then_goes(till: Till) -> None:
    till.sell(3)
    till.posted()
    till.tend()
    till.days(KEEP_DAYS)
    assert len(till.numbers) == 4
    till.days(2)
    assert till.numbers == [(1, 4)], "the newest stays: the chain goes on from it"
    till.sell()
    assert chained(till.db) == 5
    assert till.reopen().seq == 1


@pytest.mark.parametrize("percent", [10, 80, 90, 95, 100])
def test_what_the_hub_does_not_have_never_goes(till: Till, percent: int) -> None:
    till.disk.percent = percent
    till.sell(2)
    till.posted()
    till.sell(3)
    till.days(2 * KEEP_DAYS)
    assert till.numbers[-3:] == [(1, 4), (1, 5), (1, 6)]
    assert journal.waiting(till.db) == 3
    batch = journal.batch_to_send(till.db)
    assert batch
    assert (batch.lo, len(batch.raws)) == (4, 3)


def test_what_the_feed_has_not_covered_stays_for_the_next_snapshot(till: Till) -> None:
    till.disk.percent = 95
    till.sell(3)
    till.posted(covered=False)
    till.tend()
    assert len(till.numbers) == 4
    assert till.points() == 36


def test_an_archive_that_asks_nobody_what_the_hub_has_is_caught(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the oldest go, whoever has them."""
    monkeypatch.setattr(archive, "_acknowledged", lambda _: (2, 0))
    monkeypatch.setattr(own, "covered_to", lambda _: (2, 0))
    till.disk.percent = 90
    till.sell(3)
    till.tend()
    assert journal.waiting(till.db) == 4
    assert journal.batch_to_send(till.db) is None, "promised, and gone"


def days_of_guesses(till: Till) -> None:
    till.clock.quality = ClockQuality.GUESS
    till.days(3 * KEEP_DAYS)


def twenty_years_and_back(till: Till) -> None:
    for jump_ms in (20 * 365 * DAY_MS, -20 * 365 * DAY_MS):
        till.clock.wall_ms += jump_ms
        till.tend()


def the_same_midnight_again_and_again(till: Till) -> None:
    for _ in range(3 * KEEP_DAYS):
        for jump_ms in (DAY_MS, -DAY_MS):
            till.clock.wall_ms += jump_ms
            till.tend()


@pytest.mark.parametrize(
    "jump", [days_of_guesses, twenty_years_and_back, the_same_midnight_again_and_again]
)
def test_fault_27_no_clock_makes_the_archive_go(till: Till, jump: Callable[[Till], None]) -> None:
    till.sell(3)
    till.posted()
    till.tend()
    jump(till)
    assert len(till.numbers) == 4


def test_fault_27_without_days_that_were_seen_a_jump_empties_the_archive(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the age of a mark decides, as the clock tells it."""

    def aged(db: Database, *, young: bool) -> tuple[int, int]:
        last = till.clock.wall_ms // DAY_MS - KEEP_DAYS
        found = db.row("SELECT segment, n FROM trusted_day WHERE day < ? ORDER BY day DESC", last)
        return found or (0, 0)

    monkeypatch.setattr(archive, "_limit", aged)
    till.sell(3)
    till.posted()
    till.tend()
    twenty_years_and_back(till)
    assert till.numbers == [(1, 4)], "a month of sales gone in a second"


def test_after_a_jump_of_twenty_years_the_archive_still_goes_in_its_time(till: Till) -> None:
    till.sell(3)
    till.posted()
    till.tend()
    twenty_years_and_back(till)
    till.days(KEEP_DAYS + 2)
    assert till.numbers == [(1, 4)]


def test_a_turn_lets_few_go_so_that_the_till_never_waits(till: Till) -> None:
    till.sell(MOST_ROWS + 50)
    till.posted()
    till.disk.percent = 92
    till.clock.pass_s(archive.LOOK_S)
    left = []
    for _ in range(4):
        till.archive.tend(till.clock.monotonic_s())
        left.append(len(till.numbers))
    assert left == [51, 1, 1, 1]


def test_fault_10_at_ninety_percent_the_youngest_go_too_as_long_as_it_is_so_full(
    till: Till,
) -> None:
    till.sell(2 * MOST_ROWS)
    till.posted()
    till.disk.percent = 89
    till.tend()
    assert len(till.numbers) == 2 * MOST_ROWS + 1
    till.disk.percent = 90
    till.clock.pass_s(archive.LOOK_S)
    till.archive.tend(till.clock.monotonic_s())
    till.disk.percent = 89
    till.tend()
    assert till.numbers[0] == (1, MOST_ROWS + 1), "the oldest went first, and only until 90"


def test_fault_10_at_eighty_percent_scraps_go_and_the_log_gives_its_room_back(till: Till) -> None:
    till.db.run("INSERT INTO feed_dead (epoch, position, raw, error) VALUES ('e', 1, x'00', '?')")
    till.db.run("INSERT INTO balance VALUES (1, 'ana', 'points', '', 3)")  # a side nobody reads
    till.hear(BalanceIs(points_of("theo"), 7))
    log = till.folder / f"{FILE_NAME}-wal"
    assert log.stat().st_size
    till.disk.percent = 79
    till.tend()
    assert till.db.row("SELECT count(*) FROM feed_dead") == (1,)
    till.disk.percent = 80
    till.tend()
    assert till.db.row("SELECT count(*) FROM feed_dead") == (0,)
    assert till.db.row("SELECT count(*) FROM balance WHERE side = 1") == (0,)
    assert till.points("theo") == 7
    assert log.stat().st_size == 0


def test_a_log_that_somebody_reads_is_left_alone(till: Till) -> None:
    reader = Database(till.folder, role=Role.TECH, runtime=till.db.runtime)
    till.sell(3)
    with reader.atomic():
        till.db.checkpoint(truncate=True)
    assert (till.folder / f"{FILE_NAME}-wal").stat().st_size > 0
    reader.close()


def test_the_list_of_sales_keeps_what_has_left_the_archive(till: Till) -> None:
    till.sell(3)
    before = sales.listed(till.db)
    till.posted()
    till.disk.percent = 90
    till.tend()
    till.sell()
    after = sales.listed(till.db)
    assert [(sale.id, sale.receipt, sale.cents) for sale in after[1:]] == [
        (sale.id, sale.receipt, sale.cents) for sale in before
    ]
    assert [sale.waiting for sale in after] == [True, False, False, False]
    assert journal.entry(till.db, after[-1].id) is None
    assert sales.next_receipt(till.db) == "0005"


def test_what_may_be_paid_back_of_a_sale_outlives_its_entry(till: Till) -> None:
    """The hub counts the rest as held here, and another till may ask for it years later."""
    till.sell(3)
    first, second, _ = (sale.id for sale in reversed(sales.listed(till.db)))
    rests.change(till.db, second, -500)
    till.posted()
    assert not archive.prune(till.db, young=True)
    assert journal.entry(till.db, first) is None
    assert (rests.held(till.db, first), rests.held(till.db, second)) == (1200, 700)
    rests.forget_before(till.db, 2)
    assert rests.held(till.db, first) == 0, "an older card may have been put back since"


def header(till: Till, segment: journal.Segment) -> Opened:
    ((raw,),) = till.db.rows("SELECT raw FROM entry WHERE segment = ? AND n = 1", segment.seq)
    facts = decode_entry(raw).facts
    assert isinstance(facts, Opened)
    return facts


def test_a_header_says_since_when_what_was_sold_here_counts(till: Till) -> None:
    """It let go of all before, by a word that a restored hub may have forgotten."""
    till.sell()
    till.clock.reboot()
    second = till.reopen()
    assert header(till, second).sold_since == ""
    till.heard(sound=False)
    till.clock.reboot()
    third = till.reopen()
    assert header(till, third).sold_since == second.id


def test_the_terminal_says_from_where_on_it_still_has_a_segment(till: Till) -> None:
    first = till.segment()
    till.sell(3)
    hashes = [row[0] for row in till.db.rows("SELECT hash FROM entry ORDER BY place")]
    till.posted()
    assert archive.kept_from(till.db, first.id) == Kept(1, GENESIS)
    till.disk.percent = 90
    till.tend()
    assert archive.kept_from(till.db, first.id) == Kept(4, hashes[2])
    till.clock.reboot()
    second = till.reopen()
    till.archive = Archive(till.db, clock=till.clock)
    till.posted()
    till.tend()
    assert archive.kept_from(till.db, first.id) == Kept(5, hashes[3])
    assert archive.kept_from(till.db, second.id) == Kept(1, GENESIS)
    assert archive.kept_from(till.db, "another") is None


def test_numbers_that_have_left_are_never_sent_as_others(till: Till) -> None:
    """A restored hub that wants them gets nothing, not the next ones under their numbers."""
    segment = till.segment()
    till.sell(3)
    till.posted()
    till.disk.percent = 90
    till.tend()
    assert journal.batch_to_send(till.db, start=(segment.id, 2)) is None
    kept = journal.batch_to_send(till.db, start=(segment.id, 4))
    assert kept
    assert kept.lo == 4


def test_a_restored_hub_is_sent_what_is_still_here_though_it_lacks_what_has_left(
    till: Till,
) -> None:
    """Else the till waits for ever to send what it has not any more (RIGHTS 23)."""
    till.sell(3)
    till.posted()
    till.disk.percent = 90
    till.tend()
    feed.begin_snapshot(till.db, snapshot="s", parts=1, to=Position(9, "another life"))
    feed.stage_part(till.db, [], part=1)
    batch = journal.batch_to_send(till.db)
    assert batch
    assert batch.lo == 4
