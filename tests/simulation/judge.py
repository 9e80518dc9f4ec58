# SPDX-License-Identifier: Apache-2.0
"""The invariants of PROTOCOL 3.0, by other code than the product's: after each step and at quiet."""

from collections import Counter

from firmware.store import cursors, own, rests
from loyalty.entry import Entry, Facts, Joined, Refunded
from loyalty.wire import decode_entry
from tests.simulation import losses
from tests.simulation.hub import MERCHANT
from tests.simulation.lending import Lending
from tests.simulation.stopped import Stopped
from tests.simulation.template import UNHEARD_CENTS
from tests.simulation.truth import Key, expiries, moved, right_after
from tests.simulation.unit import Broken, Unit
from tests.simulation.world import World

_HELD = (
    "SELECT a.kind, a.owner, a.key, h.amount FROM ledger_held h"
    " JOIN ledger_account a ON a.id = h.account_id JOIN ledger_segment s ON s.id = h.segment_id"
    " WHERE s.uuid = ? AND h.amount <> 0"
)
_ALL_HELD = (
    "SELECT s.uuid, a.kind, a.owner, h.amount FROM ledger_held h"
    " JOIN ledger_account a ON a.id = h.account_id JOIN ledger_segment s ON s.id = h.segment_id"
    " WHERE h.amount <> 0"
)
_BEYOND = (
    "SELECT e.event_id, -sum(m.amount) FROM ledger_movement m"
    " JOIN ledger_account a ON a.id = m.account_id JOIN ledger_journalentry e ON e.id = m.entry_id"
    " WHERE a.kind = 'rest' AND a.owner = 'loss' GROUP BY e.event_id"
)
"""Of each refund, what only the loss reserve had."""
_LAPSED = (
    "SELECT a.owner, -sum(m.amount) FROM ledger_movement m"
    " JOIN ledger_account a ON a.id = m.account_id JOIN ledger_journalentry e ON e.id = m.entry_id"
    " WHERE a.kind = 'welcome' AND e.kind = 'adjusted' AND e.cause = 'lapse' GROUP BY a.owner"
)
"""Of each customer, the welcomes that ended with an order that did not use them."""
_GONE = "SELECT id, gone FROM segment WHERE gone > 0"


class Judge:
    """Looks at a world and says what must never be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[str, str, int], Facts] = {}
        self._commits = -1
        self._lending = Lending(world.hub.books.read)
        world.hub.watch = self._lending.look
        self._stopped = Stopped(world)
        self._had: dict[str, int] = {}
        """The furthest that each segment ever was at the hub: a restored one has less."""

    def look(self) -> None:
        """What holds after every step."""
        if self._lending.wrong:
            raise Broken(self._lending.wrong)
        if self.world.hub.commits != self._commits:
            self._commits = self.world.hub.commits
            self._books()
            for segment, n in self.world.hub.books.read(
                "SELECT uuid, watermark FROM ledger_segment"
            ):
                self._had[segment] = max(n, self._had.get(segment, 0))
        for unit in self.world.units:
            if unit.kiosk is not None:
                self._unit(unit)
        self._stopped.look()

    # ── after every step ────────────────────────────────────────────────────────────────────────

    def _books(self) -> None:
        """C3 and C5 at the hub."""
        read = self.world.hub.books.read
        # a restored hub does not know yet what it has granted (RIGHTS 12)
        over = "0" if self.world.hub.suspended else "held_total > balance"
        for row in read(
            "SELECT kind, owner, balance, held_total FROM ledger_account"
            " WHERE owner NOT IN ('merchant', 'loss')"
            f" AND kind <> 'carry' AND (balance < 0 OR {over} OR held_total < 0)"
        ):
            raise Broken(f"C3: {row[0]} of {row[1]}: {row[2]} at the hub, {row[3]} held")
        for row in read(
            "SELECT kind, key, sum(balance) FROM ledger_account GROUP BY kind, key"
            " HAVING sum(balance) <> 0"
        ):
            raise Broken(f"C3: {row[0]} {row[1]} sums to {row[2]}, not to 0")
        for row in read(
            "SELECT s.uuid, s.watermark, count(e.id) FROM ledger_segment s"
            " LEFT JOIN ledger_journalentry e ON e.segment_id = s.id AND e.why <> 'fork'"
            " GROUP BY s.id HAVING count(e.id) <> s.watermark - s.lost"
        ):
            raise Broken(f"C5: segment {row[0]}: {row[1]} received, {row[2]} kept")

    def _unit(self, unit: Unit) -> None:
        db = unit.kiosk
        assert db is not None
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
        if any(posted.get(segment, 0) < gone for segment, gone in unit.kiosk.rows(_GONE)):
            return  # it lacks what this card has not any more, and has to be told so first
        at_hub = [segment for _, segment, _, _ in segments if posted.get(segment)]
        counted = right_after(
            self._held(at_hub[-1]) if at_hub else {},
            [
                facts
                for seq, segment, n, _ in segments
                for facts in self._entries(unit, seq, segment, posted.get(segment, 0), n)
            ],
        )
        for key, amount in self._mine(unit).items():
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

    def _held(self, segment: str) -> dict[Key, int]:
        """What the hub counts as held in a segment."""
        rows = self.world.hub.books.read(_HELD, segment)
        return {(kind, owner, key): amount for kind, owner, key, amount in rows}

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

    # ── at quiet ────────────────────────────────────────────────────────────────────────────────

    def agree(self) -> None:
        """C1, C4, C7 and the daily equation, once everything has come to rest."""
        from hub.ledger import audit

        self.look()
        world = self.world
        read = world.hub.books.read
        if faults := audit.faults(MERCHANT):
            raise Broken(f"equation: {faults}")
        at_hub = dict(
            read("SELECT event_id, outcome FROM ledger_journalentry WHERE event_id IS NOT NULL")
        )
        for kind, why in read(
            "SELECT kind, why FROM ledger_journalentry WHERE outcome = 'shelved'"
        ):
            if why == "poison":
                raise Broken(f"crash: the hub could not post an entry: {kind}")
        lost = [i for i in world.truth.seen if i not in at_hub]
        gone = world.truth.forgiven | world.truth.kept_by_hub
        if taken := [i for i in lost if i not in gone]:
            raise Broken(f"C1: {len(taken)} entries never reached the hub: {taken[:3]}")
        if wrong := world.truth.too_much_expired(expiries(read)):
            raise Broken(wrong)
        books = world.hub.balances()
        # somebody joined at a card that was thrown away, and a restored hub has heard of it no more
        unknown = {i for (i,) in read("SELECT uuid FROM ledger_customer WHERE stub")}
        gone = {f.customer for f in map(world.truth.seen.get, lost) if isinstance(f, Joined)}
        if unknown - gone:
            raise Broken(f"C1: the hub does not know who {unknown - gone} are")
        expected = world.truth.balances(
            but=lost, beyond=dict(read(_BEYOND)), lapsed=dict(read(_LAPSED))
        )
        # of any other sale nothing was ever moved; of one that the hub lost, what it still has was
        # granted to a till before, and paid by the reserve
        told = {
            part.sale
            for entry_id, part in world.truth.seen.items()
            if isinstance(part, Refunded) and entry_id not in lost
        }.union(lost)
        left = {key: cents for key, cents in self._rests().items() if key[1] in told}
        by_person = world.truth.by_person
        self._loss(by_person(_net(books) | left), by_person(expected))
        alive = set()
        for unit in world.units:
            self._order(unit)
            alive.add(self._replica(unit, books))
        if dead := [held for held in read(_ALL_HELD) if held[0] not in alive]:
            raise Broken(f"C8: rights are held where nobody can spend them: {dead}")

    def _loss(self, books: dict[Key, int], expected: dict[Key, int]) -> None:
        """The hub has what people got, and never less: of what is more the reserve has paid all.

        That is no more than what the faults that happened may cost; without such a fault, nothing.
        """
        wrong = {
            key: (books.get(key, 0), expected.get(key, 0))
            for key in books.keys() | expected.keys()
            if books.get(key, 0) != expected.get(key, 0)
        }
        paid: Counter[str] = Counter()
        for (kind, _, _), (has, got) in wrong.items():
            paid[kind] += has - got
            if has < got:
                raise Broken(f"C1: the hub has (first), people got (second): {wrong}")
        reserve = {
            kind: abs(amount)
            for kind, amount in self.world.hub.books.read(
                "SELECT kind, sum(balance) FROM ledger_account WHERE owner = 'loss' GROUP BY kind"
            )
            if amount
        }
        if dict(paid) != reserve:
            raise Broken(f"loss: the reserve has paid {reserve}, people got {dict(paid)} more")
        cents = sum(losses.worth_cents(kind, amount) for kind, amount in reserve.items())
        risks = self.world.risks
        if cents > risks.total() or (reserve and not risks):
            raise Broken(f"loss: the reserve has paid {reserve}, {cents} cents, of {dict(risks)}")

    def _rests(self) -> dict[Key, int]:
        """What the hub still has of the sales that somebody has brought back, or wanted to."""
        rows = self.world.hub.books.read(
            "SELECT kind, owner, key, balance FROM ledger_account"
            " WHERE kind = 'rest' AND owner NOT IN ('merchant', 'loss')"
        )
        return {(kind, owner, key): amount for kind, owner, key, amount in rows}

    def _order(self, unit: Unit) -> None:
        """C4: in the order of the terminal, without gap."""
        mine = unit.kiosk.rows(
            "SELECT s.id, e.n, e.id FROM entry e JOIN segment s ON s.seq = e.segment"
            " ORDER BY s.seq, e.n"
        )
        theirs = self.world.hub.books.read(
            "SELECT s.uuid, e.n, e.event_id FROM ledger_journalentry e"
            " JOIN ledger_segment s ON s.id = e.segment_id WHERE s.terminal_id = ? ORDER BY e.id",
            unit.config.terminal,
        )
        last = {segment: n for segment, n, _ in mine}
        gone = dict(unit.kiosk.rows(_GONE))
        if mine != [
            place for place in theirs if gone.get(place[0], 0) < place[1] <= last.get(place[0], 0)
        ]:
            raise Broken(f"C4: the hub has other entries of {unit.name}, or in another order")

    def _replica(self, unit: Unit, expected: dict[Key, int]) -> str:
        """C7: what a till has read is what the hub has. Gives its segment."""
        db = unit.kiosk
        if db.rows("SELECT 1 FROM pending") or db.rows("SELECT 1 FROM feed_dead"):
            raise Broken(f"C7: {unit.name} has entries pending, or items that it could not take")
        shown = {
            (kind, owner, key): amount
            for kind, owner, key, amount in db.rows(
                "SELECT kind, owner, key, amount FROM balance_now"
            )
            if amount
        }
        if shown != expected:
            raise Broken(f"C7: {unit.name} has read other balances than the hub has")
        known = {i for (i,) in db.rows("SELECT id FROM customer_now")}
        people = {
            i
            for (i,) in self.world.hub.books.read("SELECT uuid FROM ledger_customer WHERE NOT stub")
        }
        if known != people:
            raise Broken(f"C7: {unit.name} knows {len(known)} customers, the hub {len(people)}")
        ((segment,),) = db.rows("SELECT id FROM segment ORDER BY seq DESC LIMIT 1")
        mine = {key: amount for key, amount in self._mine(unit).items() if amount}
        held = self._held(segment)
        # a board that knows that it is a stranger spends nothing, whatever it sold: given up, that
        # is held nowhere any more (RIGHTS 10)
        stranger = db.rows("SELECT 1 FROM setting WHERE name = 'stranger' AND value = 1")
        if held != mine and (held or not stranger):
            raise Broken(f"C8: {unit.name} holds {mine}, the hub counts {held}")
        return segment

    def _mine(self, unit: Unit) -> dict[Key, int]:
        """What a till has as its right; a sale of which the hub has no rest stands for it itself."""
        found = {
            (hold.account.kind.value, hold.account.owner, hold.account.key): hold.amount
            for hold in own.held(unit.kiosk)
        }
        return found | {key: rests.held(unit.kiosk, key[1]) for key in self._rests()}


def _net(balances: dict[Key, int]) -> dict[Key, int]:
    """What people have: less what they owe, and what waits to be paid."""
    net: Counter[Key] = Counter()
    for (kind, owner, key), amount in balances.items():
        if kind in ("owed", "short"):
            net[key, owner, ""] -= amount
        elif kind != "rest":
            net[kind, owner, key] += amount
    return {key: amount for key, amount in net.items() if amount}
