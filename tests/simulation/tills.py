# SPDX-License-Identifier: Apache-2.0
"""The judge's eye on each till, after every step: what it shows, may spend, forgets and hands out."""

from collections import Counter

from firmware.store import cursors, own
from loyalty.entry import Entry, Facts
from loyalty.wire import decode_entry
from tests.simulation import held, losses
from tests.simulation.template import UNHEARD_CENTS
from tests.simulation.truth import Key, moved, right_after
from tests.simulation.unit import Broken, Unit
from tests.simulation.world import World

GONE = "SELECT id, gone FROM segment WHERE gone > 0"
"""Of each segment, how many of its entries a till has not any more."""


class Tills:
    """Looks at the tills of a world; it remembers what it has read of their journals."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[str, str, int], Facts] = {}
        self._had: dict[str, int] = {}
        """The furthest that each segment ever was at the hub: a restored one has less."""
        self._looked: dict[str, object] = {}
        """Of each till, what it was and what it was compared with when it was last looked at."""

    def hub_has(self) -> None:
        """The hub has committed something: remember how far it is."""
        for segment, n in self.world.hub.books.read("SELECT uuid, watermark FROM ledger_segment"):
            self._had[segment] = max(n, self._had.get(segment, 0))

    def look(self, unit: Unit) -> None:
        """What holds after every step at a till that serves; of what is as it was, it still does."""
        db = unit.kiosk
        assert db is not None
        astray = unit.name in self.world.astray
        seen = (db, unit.disk.changes, self.world.hub.commits, astray)
        if self._looked.get(unit.name) == seen:
            return
        self._looked[unit.name] = seen
        read = self.world.hub.books.read
        posted = dict(
            read(
                "SELECT uuid, watermark FROM ledger_segment WHERE terminal_id = ?",
                unit.config.terminal,
            )
        )
        segments = db.rows("SELECT seq, id, n, acked FROM segment ORDER BY seq")
        for _, segment, _, acked in segments:
            had = max(posted.get(segment, 0), self._had.get(segment, 0))
            if acked > had:
                raise Broken(f"C9: {unit.name} forgets up to {acked}, the hub had {had}")
        here = cursors.position(db)
        if here.cursor:
            moment = self.world.hub.moments.get((here.epoch, here.cursor))
            if moment is None:
                raise Broken(
                    f"shown: {unit.name} stands at {here.cursor}, inside a hub transaction"
                )
            self._shown(unit, segments, moment)
        self._right(unit, segments, posted)
        self._ceiling(unit, segments)

    def _shown(self, unit: Unit, segments, moments) -> None:
        """What a till shows is the books where it stands, and its own entries after that."""
        shown = {
            (kind, owner, key): amount
            for kind, owner, key, amount in unit.kiosk.rows(
                "SELECT kind, owner, key, sum(amount) FROM (SELECT kind, owner, key, amount"
                " FROM balance_now UNION ALL SELECT kind, owner, key, amount FROM pending)"
                " WHERE kind <> 'rest' GROUP BY kind, owner, key HAVING sum(amount) <> 0"
            )
        }
        for moment in moments:
            expected: Counter[Key] = Counter(moment.balances)
            for seq, segment, n, _ in segments:
                for facts in self._entries(unit, seq, segment, moment.posted.get(segment, 0), n):
                    expected.update(moved(facts))
            right = {k: amount for k, amount in expected.items() if amount and k[0] != "rest"}
            if shown == right:
                return
        wrong = {k: (shown.get(k, 0), right.get(k, 0)) for k in shown.keys() | right.keys()}
        wrong = {k: v for k, v in wrong.items() if v[0] != v[1]}
        raise Broken(f"shown: {unit.name} shows (first) and should (second): {wrong}")

    def _right(self, unit: Unit, segments, posted) -> None:
        """What a till may spend is counted at the hub, given what is still under way to it.

        Two kinds of till state more than that, until they have heard so; what it may cost is
        compared with what the loss reserve paid, at quiet. One that is astray: its card was put
        back, or people said of it that it is gone. And one that has not told a restored hub yet
        what it holds.
        """
        world = self.world
        current, opened = segments[-1][1], self._opened(segments[-1][1])
        if unit.name in world.astray:
            if not self._has_heard(unit, current):
                return
            world.astray.discard(unit.name)
        if world.hub.restored and opened != world.hub.epoch_in_books:
            return
        if any(posted.get(segment, 0) < gone for segment, gone in unit.kiosk.rows(GONE)):
            return  # it lacks what this card has not any more, and has to be told so first
        at_hub = [segment for _, segment, _, _ in segments if posted.get(segment)]
        counted = right_after(
            held.at_hub(world, at_hub[-1]) if at_hub else {},
            [
                facts
                for seq, segment, n, _ in segments
                for facts in self._entries(unit, seq, segment, posted.get(segment, 0), n)
            ],
        )
        for key, amount in held.at_till(world, unit).items():
            if amount > counted.get(key, 0):
                raise Broken(
                    f"right: {unit.name} may spend {amount} {key[0]} of {key[1]},"
                    f" the hub counts {counted.get(key, 0)}"
                )

    def _has_heard(self, unit: Unit, segment: str) -> bool:
        """Whether a till that is astray knows what the hub made of its card.

        One whose disk was full when it started has no segment of this boot: nothing serves there,
        and what its card says of the boot before is an older card's word.
        """
        if unit.till is None:
            return False
        ((gen, board, retired),) = self.world.hub.books.read(
            "SELECT gen, hw_id, retired_at FROM merchants_terminal WHERE id = ?",
            unit.config.terminal,
        )
        # one that was followed is on a file that was put back, and no boot goes on in it
        known = self.world.hub.books.read(
            "SELECT 1 FROM ledger_segment WHERE uuid = ? AND NOT dead AND follower_id IS NULL",
            segment,
        )
        return (
            own.is_heard(unit.kiosk)
            and (gen, board, retired) == (unit.config.gen, unit.machine.hw_id, None)
            and bool(known)
        )

    def _opened(self, segment: str) -> str:
        """In which life of the hub a segment was opened, as far as its books know; else empty."""
        found = self.world.hub.books.read(
            "SELECT epoch FROM ledger_segment WHERE uuid = ?", segment
        )
        return found[0][0] if found else ""

    def _ceiling(self, unit: Unit, segments) -> None:
        """No till has handed out more than its ceiling that the hub never had (RIGHTS 5).

        So no card that forgets can forget more.
        """
        at_risk = sum(
            losses.handed_out_cents(facts)
            for seq, segment, n, _ in segments
            for facts in self._entries(unit, seq, segment, self._had.get(segment, 0), n)
        )
        if at_risk > UNHEARD_CENTS:
            raise Broken(f"ceiling: {unit.name} has handed out {at_risk} cents unheard")

    def _entries(self, unit: Unit, seq: int, segment: str, after: int, last: int) -> list[Facts]:
        """A unit's entries of a segment, as far as it still has them; read once."""
        if last > after:
            ((gone,),) = unit.kiosk.rows("SELECT gone FROM segment WHERE seq = ?", seq)
            after = max(after, gone)
        places = [(unit.name, segment, n) for n in range(after + 1, last + 1)]
        if missing := [n for name, segment, n in places if (name, segment, n) not in self._known]:
            rows = unit.kiosk.rows(
                "SELECT n, raw FROM entry WHERE segment = ? AND n >= ?", seq, missing[0]
            )
            for n, raw in rows:
                entry = decode_entry(raw)
                assert isinstance(entry, Entry)
                self._known[unit.name, segment, n] = entry.facts
        return [self._known[place] for place in places]
