# SPDX-License-Identifier: Apache-2.0
"""A till as it is built, over SQLite, for a story; what sync would carry is carried by hand."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from firmware.config import Config
from firmware.drivers.base import Reading
from firmware.store import clock, cursors, journal, merged, replica, rights
from firmware.store.database import Database, Role
from firmware.till import refund, tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.customers import join
from firmware.till.desk import Desk
from firmware.till.flow import Become, End, Move, Open, Stay, Tick
from firmware.till.front import No
from firmware.till.outcome import Field, Refused
from firmware.till.saved import Done
from loyalty.account import Account, Holding, Kind
from loyalty.basket import Order
from loyalty.command import Command, RefundSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import ClockQuality, Entry, Opened, Stamp, Visited
from loyalty.feed import (
    BalanceIs,
    Covered,
    GiftCardIs,
    Granted,
    Heard,
    ProgrammeIs,
    Recalled,
    ShopIs,
    StaffIs,
    TillMay,
)
from loyalty.giftcard import fingerprint
from loyalty.refusal import Reason, Refusal
from loyalty.rights import Policy
from loyalty.situation import Situation
from loyalty.wire import decode_entry
from tests.scenarios.books import Hub
from tests.scenarios.people import code_of, joined
from tests.scenarios.story import NOBODY, Compose, Join, Scan
from tests.scenarios.till import Answer, Sales, Till

BADGE = "CAMILLE-7"
STAFF = StaffIs(id="camille", name="Camille", manager=True, badge=fingerprint(bytes(32), BADGE))


class StoryClock:
    """Stands where the story is."""

    at = datetime(1970, 1, 1)  # noqa: DTZ001 (a story has no time zone)
    sure = True

    def stamp(self) -> Stamp:
        ms = int(self.at.replace(tzinfo=UTC).timestamp() * 1000)
        quality = ClockQuality.SYNCED if self.sure else ClockQuality.GUESS
        return Stamp(boot_id="boot", mono_ms=ms, wall_ms=ms, quality=quality)

    def monotonic_s(self) -> float:
        return self.at.replace(tzinfo=UTC).timestamp()


class StoreTill(Till):
    """The same acts as `PureTill`, through the flows of the till and the journal on disk."""

    def __init__(self, name: str, hub: Hub, sales: Sales, folder: Path) -> None:
        super().__init__(name, hub, sales)
        self.clock = StoryClock()
        self.db = Database(folder / name, role=Role.KIOSK, runtime=folder / name / "run")
        self._ids: list[str] = []
        self._stopped: frozenset[str] = frozenset()
        opened = journal.open_segment(
            self.db, clock=self.clock, new_id=clock.new_id, gen=1, hw_id="board", software="story"
        )
        replica.apply(self.db, TillMay(Policy(card_cents=0)))
        replica.apply(self.db, Heard(segment=opened.id, sound=True))
        key = base64.b64encode(bytes.fromhex(hub.seal_key)).decode()
        replica.apply(
            self.db,
            ShopIs(merchant="M", shop=name, name=name, zone="UTC", card_prefix="29", hub_key=key),
        )
        replica.apply(self.db, STAFF)
        self.desk = Desk(
            db=self.db,
            clock=self.clock,
            config=_config(name, folder),
            new_id=self._new_id,
            random_bits=lambda bits: 7,
        )
        self._hear()
        self.counter = Counter(self.desk, STAFF)
        self._done: Done | None = None
        """The screen that says that a sale is saved."""
        self.connect(up=True)

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def scan(self, act: Scan) -> Answer:
        refused = self._scan(act)
        if isinstance(refused, Refusal):
            return refused
        if not self.counter.ticket.order.uses:
            self.counter.ticket.clear()
        return refused

    def compose(self, act: Compose) -> Answer:
        ticket = self._at_counter().ticket
        ticket.clear()
        if act.who != NOBODY and isinstance(refused := self._scan(Scan(act.who)), Refusal):
            return refused
        order = act.order
        for use in ticket.order.uses:
            order = order.using(use)
        ticket.order = order
        return None

    def save(self) -> Answer:
        answer = self._answer(self._at_counter().handle(tap.Save()))
        self.counter.ticket.clear()
        return answer

    def join(self, act: Join) -> Answer:
        self._at_counter()
        if not act.member:
            return self.desk.write(joined(act.who, member=False), staff=STAFF.id).facts
        self._ids.append(act.who)
        answers = {Field.FIRST_NAME: act.who, Field.CARD: code_of(act.who)}
        known = join(self.desk, answers, staff=STAFF.id)
        return known if isinstance(known, Refusal) else self._newest().facts

    def ordered(self, who: str) -> bool:
        return bool(replica.recent_sales(self.db, who))

    def do(self, who: str, command: Command) -> Answer:
        self._at_counter()
        with self.db.atomic():
            decided = decide(self.situation(who), command)
            if isinstance(decided, Decided):
                return self.desk.write(decided.facts, staff=STAFF.id).facts
        if not isinstance(decided, Short):
            return decided
        lack = decided.lacks[0]
        if self.desk.online and sum(map(self.ask, decided.lacks)):
            return self.do(who, command)
        return Refusal(Reason.NOT_HERE_NOW, {"kind": lack.account.kind, "needed": lack.amount})

    def pay_back(self, command: RefundSale) -> Answer:
        self._at_counter()
        done = refund.pay_back(self.desk, command, staff=STAFF.id)
        assert not isinstance(done, Short)
        return done.facts if isinstance(done, Entry) else done

    def undo(self) -> Answer:
        """The touch on what was just saved, then the badge of who may allow it."""
        done = self._done
        self._at_counter()
        if done is None:
            return None
        move = done.handle(tap.Void())
        assert isinstance(move, Open)
        asked = move.flow.handle(tap.Enter())
        assert isinstance(asked, Open)
        shown = asked.flow.handle(Reading(code=BADGE, source="mock:"))
        assert isinstance(shown, End)
        assert isinstance(asked.then(shown.answer), Become)
        return self._newest().facts

    def left_of(self, sale: str) -> int:
        return refund.left_of(self.desk, sale)

    def ask(self, lack: Holding) -> int:
        asking = Asking(self.desk, (lack,), "")
        given = self._grant()
        asking.handle(Tick())
        return given

    def hand_over(self, account: Account) -> None:
        replica.apply(self.db, Recalled(account))
        rights.release(self.db, clock=self.clock, new_id=self._new_id)

    # ── how it stands ───────────────────────────────────────────────────────────────────────────

    def connect(self, *, up: bool) -> None:
        cursors.set_link_state(self.db, cursors.LinkState(online=up, hub_up=up))

    def reachable(self) -> bool:
        return self.desk.online

    def know_time(self, *, sure: bool) -> None:
        self.clock.sure = sure

    def newest(self) -> str:
        return self._newest().id

    def order_of(self, who: str) -> Order:
        ticket = self.counter.ticket
        served = ticket.customer and ticket.customer.id == self._served(who)
        return ticket.order if served else Order()

    def situation(self, who: str) -> Situation:
        return self.desk.situation(None if who == NOBODY else self._served(who))

    def shown(self, owner: str) -> Mapping[Account, int]:
        return self.desk.together(self._served(owner))

    def sync(self) -> None:
        """Post everything, hear everything, give back every right."""
        if not self.desk.online:
            return
        self._post()
        self._hear()
        for account, balance in self.hub.every_balance().items():
            if account.kind is not Kind.REST:
                replica.apply(self.db, BalanceIs(account, balance))
        segment = journal.current_segment(self.db)
        assert segment
        replica.apply(self.db, Covered(segment=segment.id, n=segment.n))
        rights.release(self.db, clock=self.clock, new_id=self._new_id)
        self._post()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _new_id(self) -> str:
        return self._ids.pop() if self._ids else clock.new_id()

    def _served(self, who: str) -> str:
        return merged.head_of(self.db, who)

    def _at_counter(self) -> Counter:
        """The till's own hands, at the story's time."""
        self.clock.at, self._done = self.at, None
        self.counter.touched()
        return self.counter

    def _scan(self, act: Scan) -> Answer:
        code = code_of(act.who, act.card)
        before = self._newest()
        move = self._at_counter().handle(Reading(code=code, source="mock:"))
        if not isinstance(move, Stay):
            return self._answer(move)
        after = self._newest()
        fresh = after.id != before.id and isinstance(after.facts, Visited)
        return after.facts if fresh else None

    def _hear(self) -> None:
        replica.apply(self.db, ProgrammeIs(self.hub.programme))
        for one in self.hub.known():
            replica.apply(self.db, one)
        ends = self.hub.gift_ends()
        for card in self._stopped | self.hub.stopped | ends.keys():
            item = GiftCardIs(
                fingerprint=card,
                blocked=card in self.hub.stopped,
                expires_on=ends.get(card, ""),
            )
            replica.apply(self.db, item)
        self._stopped = self.hub.stopped

    def _answer(self, move: Move) -> Answer:
        """Follow the flow to what the customer is told."""
        match move:
            case Open(flow=Done() as done):
                self._done = done
                return self._newest().facts
            case Open(flow=No() as no):
                shown = no.show()
                assert isinstance(shown, Refused)
                return shown.refusal
            case Open(flow=Asking() as asking, then=then):
                self._grant()
                ended = asking.handle(Tick())
                assert isinstance(ended, End)
                return self._answer(then(ended.answer))
        raise AssertionError(move)

    def _grant(self) -> int:
        """Let the hub answer what was asked; how much it gave in all."""
        self._post()
        given = 0
        for ask in rights.asked(self.db):
            right = self.hub.ask(self.name, ask.account, ask.amount)
            given += right.amount
            told = {"account": right.account, "amount": right.amount}
            replica.apply(self.db, Granted(ask=ask.id, segment=ask.segment, **told))
        return given

    def _post(self) -> None:
        while batch := journal.batch_to_send(self.db):
            for raw in batch.raws:
                entry = decode_entry(raw)
                assert isinstance(entry, Entry)
                if not isinstance(entry.facts, Opened):
                    at = datetime.fromtimestamp(entry.stamp.wall_ms / 1000, UTC)
                    self.hub.post(self.name, entry.id, entry.facts, at=at.replace(tzinfo=None))
            upto = batch.lo + len(batch.raws) - 1
            head = self.db.row("SELECT hash FROM entry WHERE n = ?", upto)
            assert head
            assert journal.acknowledge(self.db, batch.segment, upto=upto, head=head[0].hex())

    def _newest(self) -> Entry:
        found = self.db.row("SELECT raw FROM entry ORDER BY place DESC LIMIT 1")
        assert found
        entry = decode_entry(found[0])
        assert isinstance(entry, Entry)
        return entry


def _config(name: str, folder: Path) -> Config:
    return Config(
        terminal=f"terminal-{name.lower()}",
        gen=1,
        merchant="m",
        shop=name,
        lookup_key=bytes(32),
        state=folder / name,
        host="127.0.0.1",
        port=1,
        width=800,
        height=480,
        language="fr",
        scanners=("mock:",),
        printer="mock:",
        signal="mock:",
    )
