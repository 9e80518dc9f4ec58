# SPDX-License-Identifier: Apache-2.0
"""The invariants of PROTOCOL 3.0, by other code than the product's: after each step and at quiet."""

from collections import Counter

from loyalty.entry import Joined, Refunded, Sold
from tests.simulation import held, losses
from tests.simulation.hub import MERCHANT
from tests.simulation.lending import Lending
from tests.simulation.stopped import Stopped
from tests.simulation.tills import GONE, Tills
from tests.simulation.truth import Key, expiries
from tests.simulation.unit import Broken, Unit
from tests.simulation.world import World

_ALL_HELD = (
    "SELECT s.uuid, a.kind, a.owner, h.amount FROM ledger_held h"
    " JOIN ledger_account a ON a.id = h.account_id JOIN ledger_segment s ON s.id = h.segment_id"
    " WHERE h.amount <> 0"
)
_OPENED = (
    "SELECT a.owner FROM ledger_movement m JOIN ledger_account a ON a.id = m.account_id"
    " JOIN ledger_journalentry e ON e.id = m.entry_id WHERE a.kind = 'rest' AND e.event_id = a.owner"
)
"""Sales whose rests have accounts, opened by the sales themselves."""
_RESTS = (
    "SELECT owner, balance, held_total FROM ledger_account"
    " WHERE kind = 'rest' AND owner NOT IN ('merchant', 'loss')"
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


class Judge:
    """Looks at a world and says what must never be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._tills = Tills(world)
        self._commits = -1
        self._lending = Lending(world.hub.books.read)
        world.hub.watch = self._lending.look
        self._stopped = Stopped(world)

    def look(self) -> None:
        """What holds after every step."""
        if self._lending.wrong:
            raise Broken(self._lending.wrong)
        if self.world.hub.commits != self._commits:
            self._commits = self.world.hub.commits
            self._books()
            self._tills.hub_has()
        for unit in self.world.units:
            if unit.kiosk is not None:
                self._tills.look(unit)
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

    # ── at quiet ────────────────────────────────────────────────────────────────────────────────

    def agree(self) -> None:
        """C1, C4, C7 and the daily equation, once everything has come to rest."""
        from hub.ledger import audit

        self.look()
        world = self.world
        read = world.hub.books.read
        if faults := audit.faults(MERCHANT):
            raise Broken(f"equation: {faults}")
        if world.hub.suspended:
            raise Broken("C8: every terminal has been heard, and the restored hub still waits")
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
        beyond = dict(read(_BEYOND))
        expected = world.truth.balances(but=lost, beyond=beyond, lapsed=dict(read(_LAPSED)))
        # of a sale that the hub lost, what it still has was granted to a till before; of one that
        # nobody has brought back all is left, once it was touched
        told = {
            part.sale
            for entry_id, part in world.truth.seen.items()
            if isinstance(part, Refunded) and entry_id not in lost
        }
        for (sale,) in read(_OPENED):
            if sale not in told:
                sold = world.truth.seen[sale]
                assert isinstance(sold, Sold)
                expected["rest", sale, ""] = sold.total_cents
        left = held.rests_of(world)
        self._rests(expected, beyond)
        by_person = world.truth.by_person
        self._loss(by_person(_net(books) | left), by_person(expected))
        alive = set()
        for unit in world.units:
            self._order(unit)
            alive.add(self._replica(unit, books))
        if dead := [row for row in read(_ALL_HELD) if row[0] not in alive]:
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

    def _rests(self, expected: dict[Key, int], beyond: dict[str, int]) -> None:
        """Of each sale there is what its parts left; more only as far as a till holds more."""
        untaken: Counter[str] = Counter()
        for entry_id, part in self.world.truth.seen.items():
            if isinstance(part, Refunded):
                untaken[part.sale] += beyond.get(entry_id, 0)
        for owner, has, kept in self.world.hub.books.read(_RESTS):
            left = expected.get(("rest", owner, ""), 0) + untaken[owner]
            if has != max(0, left, kept):
                raise Broken(f"rest: {has} of {owner} at the hub, {left} are left, {kept} held")

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
        gone = dict(unit.kiosk.rows(GONE))
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
        mine = {key: amount for key, amount in held.at_till(self.world, unit).items() if amount}
        counted = held.at_hub(self.world, segment)
        # a board that knows that it is a stranger spends nothing, whatever it sold: given up, that
        # is held nowhere any more (RIGHTS 10)
        stranger = db.rows("SELECT 1 FROM setting WHERE name = 'stranger' AND value = 1")
        if counted != mine and (counted or not stranger):
            raise Broken(f"C8: {unit.name} holds {mine}, the hub counts {counted}")
        return segment


def _net(balances: dict[Key, int]) -> dict[Key, int]:
    """What people have: less what they owe, and what waits to be paid."""
    net: Counter[Key] = Counter()
    for (kind, owner, key), amount in balances.items():
        if kind in ("owed", "short"):
            net[key, owner, ""] -= amount
        elif kind != "rest":
            net[kind, owner, key] += amount
    return {key: amount for key, amount in net.items() if amount}
