# SPDX-License-Identifier: Apache-2.0
"""The world: everything there is, virtual time that moves it, and the way back to quiet."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from firmware.store import cursors, journal, rights
from firmware.store.database import Database
from loyalty.entry import Entry, ReleaseCause, Released, Sold
from loyalty.wire import decode_entry
from tests.simulation import losses
from tests.simulation.chance import Certificates, Hours
from tests.simulation.custody import mend
from tests.simulation.disk import Image, Trouble
from tests.simulation.hub import Hub
from tests.simulation.network import Broker, Weather
from tests.simulation.template import TERMINALS, Template, config_of, run
from tests.simulation.truth import BY_PEOPLE, Key, Truth
from tests.simulation.unit import Broken, Unit

SETTLED_S = 4 * 3600.0
"""Virtual time within which a world without faults comes to rest."""
LOOKS_S = 15.0
"""While it settles every terminal turns at least so often."""
PATIENCE_S = 40.0
"""It is at rest when nothing has changed for so long."""


class World:
    """One merchant's terminals, broker and hub."""

    def __init__(self, template: Template, folder: Path, *, hours: Hours) -> None:
        self.hours = hours
        self.luck = Random(0)
        self.broker = Broker(self.luck, now_s=self.hours.now_s)
        template.books.replace(template.hub)
        self.hub = Hub(template.books, self.broker, self.hours)
        self.hub.start()
        self.truth = Truth(dict(template.truth.seen))
        self.happened: Counter[str] = Counter()
        self.customers, self.codes = list(template.customers), list(template.codes)
        self.gifts = list(template.gifts)
        """Numbers of gift cards that somebody holds."""
        self.sales: list[Entry] = []
        """That somebody may bring back, oldest first."""
        self.images: dict[str, tuple[Image, list[str], Any]] = {}
        self.backups: list[Any] = []
        self._folder = folder
        self.units: list[Unit] = []
        self.places: dict[str, int] = {}
        """Of each unit's journal: up to where it was read."""
        self.on_card: dict[str, list[str]] = {}
        """Entries that somebody saw, of each unit's card."""
        self._read_at: dict[str, object] = {}
        """Of each unit's journal, what it was when nothing new was in it."""
        self._unchecked: set[str] = set()
        """Units whose card nobody has looked into since they were switched on."""
        self.astray: set[str] = set()
        """Units that state more than the hub counts for them, until they have heard so."""
        self.lying: set[str] = set()
        """Units whose card has said since their last boot that it wrote what it had not."""
        self.risks: Counter[str] = Counter()
        """What the loss reserve may come to have paid, by why, in cents."""
        self.held_before: dict[str, Counter[Key]] = {name: Counter() for name in TERMINALS}
        """What each terminal held when the hub was put back to an older copy."""
        self.certificates = Certificates(folder)
        for name in TERMINALS:
            unit = self.add(name, config_of(name))
            unit.insert(template.cards[name])
            self.on_card[name] = list(template.on_card.get(name, ()))
            self.boot(unit)
        self.pass_s(10)

    def add(self, name: str, config: Any) -> Unit:
        """One more board."""
        unit = Unit(
            name, config, self._folder, broker=self.broker, hours=self.hours, luck=Random(0)
        )
        unit.shown = lambda: self.read_journal(unit)
        self.units.append(unit)
        self.on_card[name] = []
        self.places[name] = 0
        return unit

    def close(self) -> None:
        """Everything is thrown away."""
        self.hub.alive = False
        for unit in self.units:
            unit.eject()

    def reseed(self, luck: int) -> None:
        """From here on chance is that of one step: taking out another step changes nothing in it."""
        self.luck.seed(luck)
        for i, unit in enumerate(self.units):
            unit.luck.seed(luck * 31 + i + 1)

    # ── time ────────────────────────────────────────────────────────────────────────────────────

    def pass_s(self, seconds: float, *, looks_s: float = inf) -> None:
        """Let time pass: whatever is due happens in its order."""
        end_s = self.hours.now_s + seconds
        while True:
            wakes = [unit.wake_s for unit in self.units if unit.on]
            soon_s = min(self.broker.next_s, self.hub.wake_s, *wakes, end_s, inf)
            now_s = max(self.hours.now_s, min(soon_s, end_s))
            self.hours.now_s = self.broker.now_s = now_s
            run(self.hub, self.units)
            for unit in self.units:
                if unit.on and unit.wake_s > now_s + looks_s:
                    unit.wake_s = now_s + looks_s
            if now_s >= end_s and self.broker.next_s > now_s:
                break
        self.read_journals()

    # ── terminals ───────────────────────────────────────────────────────────────────────────────

    def boot(self, unit: Unit) -> None:
        """Switch on."""
        if unit.on:
            return
        self._unchecked.add(unit.name)
        unit.boot()
        self.read_journal(unit)

    def _check_card(self, unit: Unit, file: Database) -> None:
        """What somebody saw before the card was put in or switched on has to be there still."""
        known = {i for (i,) in file.rows("SELECT id FROM entry")}
        lost = [i for i in self.on_card[unit.name] if i not in known]
        lied = unit.name in self.lying and unit.disk.trouble is not Trouble.LIES
        if lost and not lied:
            raise Broken(f"C2: {unit.name} forgot {len(lost)} entries that were on its screen")
        if lied:
            self.lying.discard(unit.name)
            self.astray.add(unit.name)
            self.allow("flush lied", losses.FORGOT_CENTS)
            self.happened["flush lied"] += 1
        self.forgive(lost)
        self.on_card[unit.name] = [i for i in self.on_card[unit.name] if i in known]
        self.places[unit.name] = 0

    def allow(self, why: str, cents: int) -> None:
        """Something happened that may cost the loss reserve so much, and no more."""
        self.risks[why] += cents

    def forgive(self, entries: Iterable[str]) -> None:
        """A card has forgotten entries in a way that nothing can help.

        What they gave a restored hub may have granted to another till, and remember no more.
        """
        self.truth.forgiven.update(entries)
        if self.hub.restored:
            self.allow("earned and forgotten", losses.given_cents(self, entries))

    def throw_away(self, unit: Unit) -> None:
        """A board and its card are gone, with what nobody has heard of."""
        self.forgive(self.on_card[unit.name])
        self.units.remove(unit)
        unit.eject()

    def put_back(self, unit: Unit) -> None:
        """An older content of its card, while nobody has it open; nothing can help what it lacks."""
        image, on_card, _ = self.images[unit.name]
        self.forgive(set(self.on_card[unit.name]) - set(on_card))
        self.on_card[unit.name] = list(on_card)
        self.places[unit.name] = 0
        self.astray.add(unit.name)
        unit.insert(image)

    def read_journals(self) -> None:
        """See what the tills have written."""
        for unit in self.units:
            self.read_journal(unit)

    def read_journal(self, unit: Unit) -> list[Entry]:
        """What a till has written since it was last looked at, as far as people see it."""
        file = unit.file
        if file is None:
            return []
        if unit.name in self._unchecked:
            self._unchecked.discard(unit.name)
            self._check_card(unit, file)
        seen = (file, unit.disk.changes, self.places[unit.name])
        if self._read_at.get(unit.name) == seen:
            return []
        self._read_at[unit.name] = seen
        rows = file.rows(
            "SELECT place, id, raw FROM entry WHERE place > ? ORDER BY place",
            self.places[unit.name],
        )
        found = []
        for place, entry_id, raw in rows:
            self.places[unit.name] = place
            entry = decode_entry(raw)
            assert isinstance(entry, Entry)
            if isinstance(entry.facts, Released) and entry.facts.cause is ReleaseCause.RECALLED:
                self.happened["right given back to another till"] += 1
            if isinstance(entry.facts, BY_PEOPLE):
                if entry_id not in self.truth.seen or entry_id in self.truth.forgiven:
                    self.truth.seen[entry_id] = entry.facts
                    self.truth.forgiven.discard(entry_id)
                    self.happened[_told(entry.facts)] += 1
                    found.append(entry)
                    if isinstance(entry.facts, Sold):
                        self.sales.append(entry)
                if entry_id not in self.on_card[unit.name]:
                    self.on_card[unit.name].append(entry_id)
        return found

    # ── quiet ───────────────────────────────────────────────────────────────────────────────────

    def heal(self) -> None:
        """Every fault ends; within bounded time everything comes to rest (C8)."""
        self.broker.weather = Weather()
        self.broker.let_go()
        if not self.broker.up:
            self.broker.up = True
        if self.hub.alive:
            self.hub.dies_at = None
        self.hours.hub_wrong_s = 0.0
        self.hub.die()
        self.hub.start()
        self.luck.seed(1)
        for unit in self.units:
            unit.link.plugged = True
            if unit.disk.dark:  # the power went while a program let go of its files
                unit.cut_power()
            unit.disk.trouble, unit.disk.acts_left = Trouble.NONE, None
            self.boot(unit)
            unit.revive()
            with suppress(Exception):
                unit.counter()
            if unit.kiosk:
                cursors.set_network(unit.kiosk, on=True)
        until_s = self.hours.now_s + SETTLED_S
        rest_s = 0.0
        while rest_s < PATIENCE_S:
            if self.hours.now_s > until_s:
                raise Broken("C8: it does not come to rest")
            mend(self)
            for unit in self.units:
                if unit.kiosk and unit.counter():
                    rights.unreserve(unit.kiosk)
            before = self._standing()
            self.pass_s(LOOKS_S, looks_s=LOOKS_S)
            rest_s = rest_s + LOOKS_S if self._standing() == before and self._read() else 0.0

    def _standing(self) -> object:
        return self.hub.commits_of_value, [self.places[unit.name] for unit in self.units]

    def _read(self) -> bool:
        """Whether everybody has sent and read everything."""
        ((latest,),) = self.hub.books.read("SELECT feed_position FROM merchants_merchant")
        return all(
            unit.kiosk is not None
            and journal.waiting(unit.kiosk) == 0
            and cursors.position(unit.kiosk).cursor == latest
            for unit in self.units
        )


def _told(facts: object) -> str:
    """An entry of people as the histogram counts it."""
    match facts:
        case Sold(applied=applied, gifts=gifts) if applied or gifts:
            return "sale that spends"
        case Sold():
            return "sale"
        case _:
            return type(facts).__name__.lower()
