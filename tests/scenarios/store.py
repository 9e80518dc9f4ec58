# SPDX-License-Identifier: Apache-2.0
"""A till as it is built, over SQLite, for a story; what sync would carry is carried by hand."""

from pathlib import Path

from firmware.config import Config
from firmware.drivers.base import Reading
from firmware.store import cursors, journal, replica, rights, sales
from firmware.store.clock import new_id
from firmware.store.database import Database, Role
from firmware.till import tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.desk import Desk
from firmware.till.flow import End, Move, Open, Tick
from firmware.till.front import No
from firmware.till.outcome import Refused
from firmware.till.saved import Done
from loyalty import card
from loyalty.account import Account
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.command import SellGiftCard
from loyalty.decide import Decided, decide
from loyalty.entry import ClockQuality, Entry, Stamp, Visited
from loyalty.feed import (
    BalanceIs,
    Covered,
    CustomerIs,
    Granted,
    Heard,
    ProgrammeIs,
    ShopIs,
    StaffIs,
    TillMay,
)
from loyalty.programme import LoyaltyProgramme
from loyalty.rights import Policy
from loyalty.wire import decode_entry
from tests.scenarios.pure import Answer, Hub
from tests.scenarios.story import NOBODY, Buy, Scan, SellCard

PEOPLE = ("Ana", "Bruno")


def code_of(who: str) -> str:
    return card.issue("29", PEOPLE.index(who))


class StoryClock:
    """Stands where the story is."""

    at_s = 0

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id="boot",
            mono_ms=self.at_s * 1000,
            wall_ms=self.at_s * 1000,
            quality=ClockQuality.SYNCED,
        )

    def monotonic_s(self) -> float:
        return self.at_s


class StoreTill:
    """The same acts as `PureTill`, through the flows of the till and the journal on disk."""

    def __init__(self, name: str, hub: Hub, programme: LoyaltyProgramme, folder: Path) -> None:
        self.name, self.hub = name, hub
        self.clock = StoryClock()
        self.db = Database(folder / name, role=Role.KIOSK, runtime=folder / name / "run")
        opened = journal.open_segment(
            self.db, clock=self.clock, new_id=new_id, gen=1, hw_id="board", software="story"
        )
        replica.apply(self.db, TillMay(Policy(card_cents=0)))
        replica.apply(self.db, Heard(segment=opened.id, sound=True))
        desk = Desk(
            db=self.db,
            clock=self.clock,
            config=_config(name, folder),
            new_id=new_id,
            random_bits=lambda bits: 7,
        )
        staff = StaffIs(id="camille", name="Camille", pin="scrypt$00$00")
        replica.apply(
            self.db, ShopIs(merchant="M", shop=name, name=name, zone="UTC", card_prefix="29")
        )
        replica.apply(self.db, ProgrammeIs(programme))
        replica.apply(self.db, staff)
        for who in PEOPLE:
            known = CustomerIs(id=who, first_name=who, initial="", codes=(code_of(who),))
            replica.apply(self.db, known)
        self.counter = Counter(desk, staff)
        self._posted = 0
        self.online = True

    @property
    def online(self) -> bool:
        return cursors.link_state(self.db).reachable

    @online.setter
    def online(self, up: bool) -> None:
        cursors.set_link_state(self.db, cursors.LinkState(online=up, hub_up=up))

    # ── what people do ──────────────────────────────────────────────────────────────────────────

    def scan(self, at_s: int, act: Scan) -> Answer:
        self.clock.at_s = at_s
        before = self._newest()
        self.counter.handle(Reading(code=code_of(act.who), source="mock:"))
        after = self._newest()
        fresh = after.id != before.id and isinstance(after.facts, Visited)
        if not self.counter.ticket.started:
            self.counter.ticket.clear()
        return after.facts if fresh else None

    def buy(self, at_s: int, act: Buy) -> Answer:
        self.clock.at_s = at_s
        ticket = self.counter.ticket
        if act.who != NOBODY:
            self.counter.handle(Reading(code=code_of(act.who), source="mock:"))
        ticket.order = Order(
            tuple(Line(label="", unit_cents=c) for c in act.cents),
            tuple(Use(title.casefold(), c) for title, c in act.uses),
            tuple(GiftUse(card, c) for card, c in act.gifts),
        )
        answer = self._answer(self.counter.handle(tap.Save()))
        ticket.clear()
        return answer

    def sell_card(self, at_s: int, act: SellCard) -> Answer:
        self.clock.at_s = at_s
        sell = SellGiftCard(
            receipt=sales.next_receipt(self.db),
            fingerprint=act.card,
            last4=act.card,
            cents=act.cents,
            virtual=True,
            send_on="",
            sealed="",
        )
        decided = decide(self.counter.ticket.situation(), sell)
        if isinstance(decided, Decided):
            self.counter.desk.write(decided.facts)
            return decided.facts
        assert not isinstance(decided, tuple)
        return decided  # type: ignore[return-value]

    def shown(self, account: Account) -> int:
        return replica.balances(self.db, account.owner).get(account, 0)

    def sync(self) -> None:
        """Post everything, hear everything, give back every right."""
        if not self.online:
            return
        self._post()
        for account, balance in self.hub.every_balance().items():
            replica.apply(self.db, BalanceIs(account, balance))
        segment = journal.current_segment(self.db)
        assert segment
        replica.apply(self.db, Covered(segment=segment.id, n=segment.n))
        rights.release(self.db, clock=self.clock, new_id=new_id)
        self._post()

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _answer(self, move: Move) -> Answer:
        """Follow the flow to what the customer is told."""
        match move:
            case Open(flow=Done()):
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

    def _grant(self) -> None:
        self._post()
        for ask in rights.asked(self.db):
            account = ask.account
            amount = self.hub.ask(self.name, account, ask.amount)
            replica.apply(
                self.db,
                Granted(ask=ask.id, segment=ask.segment, account=account, amount=amount),
            )

    def _post(self) -> None:
        while batch := journal.batch_to_send(self.db):
            for raw in batch.raws:
                entry = decode_entry(raw)
                assert isinstance(entry, Entry)
                self.hub.post(self.name, entry.facts)
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
