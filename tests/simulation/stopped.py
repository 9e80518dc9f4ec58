# SPDX-License-Identifier: Apache-2.0
"""The judge's eye on who is stopped: a till that knows it spends nothing, and nobody is granted more.

What one that has not heard so may still spend is what it held then, for it is granted nothing; how
much that is at most is told when it happens (`losses`), and compared with what was paid.
"""

from firmware.store import cursors
from loyalty.entry import Entry, Facts, Refunded, Sold
from loyalty.wire import decode_entry
from tests.simulation.unit import Broken, Unit
from tests.simulation.world import World

_WRITTEN = "SELECT raw FROM entry WHERE place > ? AND kind IN ('sold', 'refunded')"
_STOPPED = "SELECT id FROM merchants_terminal WHERE frozen OR retired_at NOT NULL OR ?"
_GRANTED = "SELECT terminal_id, count(*) FROM ledger_spendingright WHERE amount > 0 GROUP BY 1"


class Stopped:
    """Looks at a world after each step, and compares with what it saw after the one before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._at: dict[str, tuple[str, int, str, int, int]] = {}
        """Of each unit: its boot and card, where it stood in which epoch, its last entry's place."""
        self._commits = -1
        self._epoch = ""
        self._stopped: set[str] = set()
        self._granted: dict[str, int] = {}

    def look(self) -> None:
        """What holds after every step."""
        for unit in self._world.units:
            if unit.kiosk is not None:
                self._spends(unit)
        if self._world.hub.commits != self._commits:
            self._commits = self._world.hub.commits
            self._grants()

    def _spends(self, unit: Unit) -> None:
        """A till that has read that it is frozen spends nothing until it reads that it may again."""
        here, place = cursors.position(unit.kiosk), self._world.places[unit.name]
        boot, card, epoch, stood, seen = self._at.get(unit.name, ("", 0, "", 0, place))
        now = unit.clock.boot_id, unit.inserted
        self._at[unit.name] = *now, here.epoch, here.cursor, place
        if (
            place <= seen
            or now != (boot, card)  # it may know no more of it
            or epoch != here.epoch
            or not self._frozen(unit, epoch, stood, here.cursor)
        ):
            return
        for (raw,) in unit.kiosk.rows(_WRITTEN, seen):
            entry = decode_entry(raw)
            assert isinstance(entry, Entry)
            if _spending(entry.facts):
                raise Broken(f"frozen: {unit.name} knows that it is, and writes {entry.facts}")

    def _frozen(self, unit: Unit, epoch: str, first: int, last: int) -> bool:
        """Whether a till was frozen at each moment that it read."""
        moments = self._world.hub.moments
        ends = all((epoch, position) in moments for position in (first, last))
        return ends and all(
            unit.config.terminal in moment.frozen
            for (life, position), those in moments.items()
            if life == epoch and first <= position <= last
            for moment in those
        )

    def _grants(self) -> None:
        """Who is frozen or retired is granted nothing, nor is anybody by a hub that waits."""
        hub, before = self._world.hub, self._granted
        stopped = {name for (name,) in hub.books.read(_STOPPED, hub.suspended)}
        self._granted = dict(hub.books.read(_GRANTED))
        if hub.epoch_in_books == self._epoch:  # an older copy is another life
            for name in stopped & self._stopped:
                if self._granted.get(name, 0) > before.get(name, 0):
                    raise Broken(f"stopped: {name} is granted a right all the same")
        self._epoch, self._stopped = hub.epoch_in_books, stopped


def _spending(facts: Facts) -> bool:
    match facts:
        case Sold(applied=applied, gifts=gifts, spent=spent):
            return bool(applied or gifts or spent)
        case _:
            return isinstance(facts, Refunded)
