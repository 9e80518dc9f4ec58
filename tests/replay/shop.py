# SPDX-License-Identifier: Apache-2.0
"""One shop of the replay: its terminal's till, store and sync, with the basket's time for a clock."""

import random
import time
from pathlib import Path

from firmware import config
from firmware.drivers.base import Reading
from firmware.heartbeat import this_machine
from firmware.store import cursors, journal, replica
from firmware.store.clock import new_id
from firmware.store.database import Database, Role
from firmware.sync.link import Link
from firmware.sync.loop import PAUSE_S, Sync
from firmware.till import tap
from firmware.till.counter import Counter
from firmware.till.desk import Desk
from firmware.till.flow import Open
from firmware.till.outcome import AtTill, Saved
from firmware.till.saved import Done
from firmware.till.till import Till
from loyalty import card
from loyalty.basket import Line
from loyalty.entry import ClockQuality, Stamp
from tests.replay.shopping import Basket

PREFIX = "29"
PIN = "2468"
LOOK_AT_CLOCK_S = 1.0


def card_of(household: int) -> str:
    """The card that a household shows: an in-store number."""
    return card.issue(PREFIX, household)


class WentWrong(Exception):
    """The till did something else than it was asked."""


class ShopClock:
    """The till's clock: it stands at the basket's time."""

    def __init__(self) -> None:
        self.now_s = self.booted_s = 0.0
        self.boot_id = ""

    def boot(self, at_s: float) -> None:
        """The machine is switched on."""
        self.now_s = self.booted_s = at_s
        self.boot_id = new_id()

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id=self.boot_id,
            mono_ms=int((self.now_s - self.booted_s) * 1000),
            wall_ms=int(self.now_s * 1000),
            quality=ClockQuality.SYNCED,
        )

    def monotonic_s(self) -> float:
        return self.now_s


class SyncClock:
    """Sync stamps with the basket's time, seen now and then, and waits in real time.

    A year in minutes would otherwise have it write "heard a minute ago" at each of its turns.
    """

    def __init__(self, shop: ShopClock) -> None:
        self._shop = shop
        self._seen, self._again_s = shop.stamp(), 0.0

    def stamp(self) -> Stamp:
        if self.monotonic_s() >= self._again_s:
            self._seen, self._again_s = self._shop.stamp(), self.monotonic_s() + LOOK_AT_CLOCK_S
        return self._seen

    def monotonic_s(self) -> float:
        return time.monotonic()


class Shop:
    """A shop whose terminal is switched on and off, and whose line is now up, now down."""

    def __init__(self, settings: Path, *, follows: bool) -> None:
        self.config = config.load(settings)
        self.machine = this_machine()  # that was enrolled: on another board it spends nothing
        self.follows = follows
        """Whether it reads the whole feed, or only uploads and hangs up."""
        self.clock = ShopClock()
        self.unsent = 0
        """Entries since the line was last up."""
        self.online = False
        self.stepped_s = 0.0
        self.rests = False
        """Whether sync waits for no answer."""
        self.is_open = False

    # ── on and off ──────────────────────────────────────────────────────────────────────────────

    def switch_on(self, at_s: float) -> None:
        """Boot: both programs open the store, one of them opens a segment."""
        self.clock.boot(max(at_s, self.clock.now_s))
        self.db = Database(self.config.state, role=Role.KIOSK)
        self._sync_db = Database(self.config.state, role=Role.SYNC)
        journal.open_segment(
            self.db,
            clock=self.clock,
            new_id=new_id,
            gen=self.config.gen,
            hw_id=self.machine.hw_id,
            software=self.machine.software,
        )
        self.desk = Desk(
            db=self.db,
            clock=self.clock,
            config=self.config,
            new_id=new_id,
            random_bits=random.getrandbits,
        )
        self._till: Till | None = None
        self._counter: Counter | None = None
        self.is_open = True
        self.unsent = journal.waiting(self.db)

    def switch_off(self) -> None:
        """The line goes down first."""
        self.hang_up()
        self.unsent = journal.waiting(self.db)
        self._sync_db.close()
        self.db.close()
        self.is_open = False

    # ── the till ────────────────────────────────────────────────────────────────────────────────

    def play(self, basket: Basket, *, touch: bool) -> None:
        """A household comes with its card and buys; `touch`: each line on the keypad."""
        self.clock.now_s = max(self.clock.now_s, float(basket.at_s))
        reading = Reading(code=card_of(basket.household), source="mock:")
        if touch:
            self._by_touch(basket, reading)
        else:
            self._beneath_the_screens(basket, reading)
        self.unsent += 2

    def _by_touch(self, basket: Basket, reading: Reading) -> None:
        if self._till is None:
            self._till = Till(self.desk)
            self._till.handle(tap.Unlock())
            for digit in PIN:
                self._till.handle(tap.Key(digit))
        handle = self._till.handle
        _expect(handle(reading), AtTill)
        for item in basket.items:
            handle(tap.AddLine())
            handle(tap.PickCategory(item.shelf))
            handle(tap.Key(str(item.unit_cents * item.quantity)))
            _expect(handle(tap.Enter()), AtTill)
        if basket.items:
            _expect(handle(tap.Save()), Saved)
            _expect(handle(tap.Finish()), AtTill)
        else:
            handle(tap.DropCustomer())

    def _beneath_the_screens(self, basket: Basket, reading: Reading) -> None:
        """The same flow of the till, without drawing what nobody looks at."""
        if self._counter is None:
            self._counter = Counter(self.desk, replica.staff(self.db)[0])
        counter, ticket = self._counter, self._counter.ticket
        counter.handle(reading)
        if ticket.customer is None:
            raise WentWrong(f"card of household {basket.household} is not known")
        for item in basket.items:
            line = Line(
                label=item.label,
                unit_cents=item.unit_cents,
                quantity=item.quantity,
                category=item.shelf,
                product=item.product,
            )
            ticket.order = ticket.order.adding(line)
        if not basket.items:
            counter.handle(tap.DropCustomer())
            return
        saved = counter.handle(tap.Save())
        if not (isinstance(saved, Open) and isinstance(saved.flow, Done)):
            raise WentWrong(f"basket {basket.id} was not saved: {saved}")

    # ── the line ────────────────────────────────────────────────────────────────────────────────

    def call(self) -> None:
        """The line comes up."""
        if self.online:
            return
        clock, luck = SyncClock(self.clock), random.Random()
        self._link = Link(self.config, clock=clock, rng=luck)
        self._sync = Sync(
            self._sync_db,
            self._link,
            config=self.config,
            machine=self.machine,
            clock=clock,
            rng=luck,
            new_id=new_id,
        )
        cursors.report_health(self.db, clock=self.clock, printer="ok", scanner="ok")
        self.online, self.rests = True, False

    def hang_up(self) -> None:
        """The line goes down, as lines do: without a word."""
        if self.online:
            self._link.cut()
            self.online = False
            self.unsent = journal.waiting(self.db)

    def step(self) -> None:
        """One turn of sync."""
        self.stepped_s = time.monotonic()
        self.rests = self._sync.step() >= PAUSE_S and self._link.up

    @property
    def installed(self) -> bool:
        """Whether the till can serve."""
        known = replica.shop(self.db) and replica.programme(self.db) and replica.staff(self.db)
        return bool(known) and self.cursor > 0

    @property
    def rules(self) -> int:
        """Version of the rules in force here."""
        programme = replica.programme(self.db)
        return programme.version if programme else 0

    @property
    def cursor(self) -> int:
        """How far it has read the feed."""
        return cursors.position(self.db).cursor

    @property
    def all_sent(self) -> bool:
        """Whether the hub has acknowledged everything."""
        return journal.waiting(self.db) == 0

    @property
    def settled(self) -> bool:
        """Whether, more than that, the feed has caught up and every right went back."""
        return self.all_sent and not self.db.row(
            "SELECT 1 FROM pending UNION ALL SELECT 1 FROM held LIMIT 1"
        )


def _expect(outcome: object, kind: type) -> None:
    if not isinstance(outcome, kind):
        raise WentWrong(f"not {kind.__name__}: {outcome}")
