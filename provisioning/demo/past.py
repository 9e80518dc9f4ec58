# SPDX-License-Identifier: Apache-2.0
"""Weeks of the past, lived through by the real tills, their real store, sync and hub, in a hurry.

Nothing is written by hand: each customer joins at a till, each sale is decided and saved there, and
frames go to the hub's own worker. Only the broker is left out, and the clock is the story's.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Final

from firmware import config
from firmware.drivers.base import Reading
from firmware.heartbeat import this_machine
from firmware.store import cursors, journal, replica, sales
from firmware.store.database import Database, Role
from firmware.sync.loop import Sync
from firmware.till import customers, gift
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.desk import Desk
from firmware.till.flow import End, Move, Open, Tick
from firmware.till.outcome import Amount, Field, Question
from hub.broker_bridge.inbox import Worker
from loyalty.account import gift_of
from loyalty.badge import BadgeState, badges
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.decide import Decided, decide
from loyalty.entry import ClockQuality, Stamp
from loyalty.feed import StaffIs
from loyalty.price import Askable, Priced, askable
from loyalty.rewards import TYPES
from loyalty.topics import down_topic, up_topic
from loyalty.wire import Gone, encode_frame
from provisioning.demo.diary import Event, GiftBought, Visit
from provisioning.demo.people import Person
from provisioning.demo.sample import Goods

QUIET_TURNS: Final = 4
"""Turns of sync without a frame after which there is nothing left to say."""

MOST_TURNS: Final = 10_000
TALK_EVERY_DAYS: Final = 4
"""How often the tills of the past meet the hub: the fewer meetings, the shorter the set-up."""

WORTH_CENTS: Final = 150
"""Nobody asks for less out of the purse."""


class PastClock:
    """Shows the moment that is being told; its timers run by how often they are looked at."""

    def __init__(self, start: datetime, *, boot_id: str) -> None:
        self._boot_id = boot_id
        self._start_ms = self._wall_ms = int(start.timestamp() * 1000)
        self._looks = 0

    def set(self, at: datetime) -> None:
        """The story goes on there; never back."""
        self._wall_ms = max(int(at.timestamp() * 1000), self._wall_ms)

    def stamp(self) -> Stamp:
        return Stamp(
            boot_id=self._boot_id,
            mono_ms=self._wall_ms - self._start_ms,
            wall_ms=self._wall_ms,
            quality=ClockQuality.SYNCED,
        )

    def monotonic_s(self) -> float:
        self._looks += 1
        return self._looks / 1000


class PostOffice:
    """Stands for the broker: frames go to the hub's worker, its answers into letter boxes."""

    def __init__(self) -> None:
        self._boxes: dict[str, deque[bytes]] = {}
        self._worker = Worker(self._deliver)
        self.carried = 0

    def send(self, topic: str, frame: bytes) -> None:
        """Hand a frame to the hub and have it answered."""
        self._worker.store([(topic, frame)])
        while self._worker.work():
            pass
        self.carried += 1

    def collect(self, terminal: str) -> list[bytes]:
        """What came for a terminal since the last time."""
        box = self._boxes.get(down_topic(terminal), deque())
        found = list(box)
        box.clear()
        return found

    def _deliver(self, topic: str, frame: bytes) -> None:
        self._boxes.setdefault(topic, deque()).append(frame)


class StraightLink:
    """What sync takes for its connection."""

    up = True
    session = 1
    spread_s = 0.0

    def __init__(self, office: PostOffice, settings: config.Config) -> None:
        self._office = office
        self._terminal = settings.terminal
        self._topic = up_topic(settings.shard, settings.terminal)

    def step(self) -> list[bytes]:
        return self._office.collect(self._terminal)

    def send(self, frame: bytes) -> bool:
        self._office.send(self._topic, frame)
        return True

    def cut(self) -> None:
        """It never breaks."""


@dataclass(frozen=True, slots=True)
class SoldGift:
    """A gift card that is about."""

    fingerprint: str


class PastTill:
    """The till of one shop, served by its staff."""

    def __init__(
        self, settings_path: Path, office: PostOffice, *, random: Random, start: datetime
    ) -> None:
        self.settings = config.load(settings_path)
        self._office = office
        self._random = random
        self.clock = PastClock(start, boot_id=f"past-{self._new_id()[:12]}")
        self.db = Database(self.settings.state, role=Role.KIOSK)
        self.desk = Desk(
            db=self.db,
            clock=self.clock,
            config=self.settings,
            new_id=self._new_id,
            random_bits=random.getrandbits,
        )
        machine = this_machine()
        journal.open_segment(
            self.db,
            clock=self.clock,
            new_id=self._new_id,
            gen=self.settings.gen,
            hw_id=machine.hw_id,
            software=machine.software,
        )
        self._sync = Sync(
            self.db,
            StraightLink(office, self.settings),
            config=self.settings,
            machine=machine,
            clock=self.clock,
            rng=random,
            new_id=self._new_id,
        )
        self.talk()
        self._counters = [Counter(self.desk, clerk) for clerk in self._clerks()]
        self.refused = 0
        """Orders that came to nothing; there should be none."""

    # ── sync ────────────────────────────────────────────────────────────────────────────────────

    def talk(self) -> None:
        """Exchange with the hub until neither has anything left to say."""
        quiet = 0
        for _ in range(MOST_TURNS):
            before = self._office.carried
            self._sync.step()
            quiet = quiet + 1 if self._office.carried == before else 0
            if quiet == QUIET_TURNS:
                return
        message = f"{self.settings.terminal} and the hub never came to rest"
        raise RuntimeError(message)

    def leave(self) -> None:
        """Sign off in good health, and let the program that runs next find the file free."""
        self.talk()
        cursors.report_health(self.db, clock=self.clock, printer="ok", scanner="ok")
        self.talk()
        cursors.set_link_state(self.db, cursors.LinkState())
        gone = encode_frame(Gone(terminal=self.settings.terminal, gen=self.settings.gen))
        self._office.send(up_topic(self.settings.shard, self.settings.terminal), gone)
        self.db.close()

    # ── at the counter ──────────────────────────────────────────────────────────────────────────

    def join(self, person: Person, at: datetime) -> None:
        """Give somebody their card."""
        self.clock.set(at)
        answers: dict[str, str] = {
            Field.FIRST_NAME: person.first_name,
            Field.LAST_NAME: person.last_name,
            Field.PHONE: person.phone,
            Field.EMAIL: person.email,
            Field.CARD: person.code,
        }
        customers.join(self.desk, answers, staff=self._clerk.id)

    def serve(self, visit: Visit, person: Person | None, gifts: Sequence[SoldGift]) -> None:
        """Take an order from the scan to the save."""
        self.clock.set(visit.at)
        counter = self._random.choice(self._counters)
        if person is not None:
            counter.handle(Reading(person.code, "past"))
        ticket = counter.ticket
        ticket.order = Order(tuple(self._line(goods, count) for goods, count in visit.bought))
        if visit.treat:
            self._treat(counter)
        if visit.by_gift:
            self._pay_by_gift(counter, gifts)
        self._finish(counter, counter.checkout.save())

    def sell_gift(
        self, bought: GiftBought, buyer: Person, friend: Person, *, number: str = ""
    ) -> SoldGift | None:
        """Sell a gift card from one customer to another: e-mailed, or one with this number."""
        self.clock.set(bought.at)
        answers: dict[str, str] = {
            Question.GIFT_KIND: gift.PHYSICAL if number else gift.VIRTUAL,
            Field.GIFT_NUMBER: number,
            Amount.GIFT_SOLD: str(bought.cents),
            Field.BUYER: buyer.name,
            Field.RECIPIENT: friend.name,
            Field.RECIPIENT_EMAIL: friend.email,
            Question.SEND_ON: bought.at.date().isoformat(),
        }
        with self.db.atomic():
            sell, _ = gift.command(self.desk, answers, sales.next_receipt(self.db))
            decided = decide(self.desk.situation(None), sell)
            if not isinstance(decided, Decided):
                return None
            self.desk.write(decided.facts, staff=self._clerk.id)
        return SoldGift(sell.fingerprint)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _new_id(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    @property
    def _clerk(self) -> StaffIs:
        return self._random.choice(self._counters).ticket.staff

    def _clerks(self) -> tuple[StaffIs, ...]:
        return replica.staff(self.db)

    def _line(self, goods: Goods, count: int) -> Line:
        product = replica.product_by_ean(self.db, goods.ean)
        return Line(
            label=goods.name,
            unit_cents=goods.cents,
            quantity=count,
            category=product.category if product else "",
            product=product.id if product else "",
        )

    def _treat(self, counter: Counter) -> None:
        """Use a reward that the customer can have, the dearest more often."""
        ticket = counter.ticket
        lit = [
            badge
            for badge in badges(ticket.situation(), ticket.order)
            if badge.state is BadgeState.USABLE
            and not (TYPES[badge.reward.kind].asks and badge.available < WORTH_CENTS)
        ]
        if not lit:
            return
        badge = max(self._random.choices(lit, k=2), key=lambda badge: badge.reward.cost)
        cents = 0
        if TYPES[badge.reward.kind].asks:
            may = askable(ticket.situation(), ticket.order, badge.reward)
            cents = may.most if isinstance(may, Askable) else 0
        ticket.order = ticket.order.using(Use(badge.reward.id, cents))

    def _pay_by_gift(self, counter: Counter, gifts: Sequence[SoldGift]) -> None:
        """Pay with a gift card that this till knows to hold money."""
        ticket = counter.ticket
        for sold in self._random.sample(list(gifts), min(4, len(gifts))):
            balances = replica.balances(self.db, sold.fingerprint)
            left = balances.get(gift_of(sold.fingerprint), 0)
            priced = ticket.priced()
            if left and isinstance(priced, Priced):
                pays = GiftUse(sold.fingerprint, min(left, priced.to_pay_cents))
                ticket.order = ticket.order.paying(pays)
                return

    def _finish(self, counter: Counter, move: Move) -> None:
        """Wait for the hub where a right has to be asked for; else go on without the reward."""
        while isinstance(move, Open) and isinstance(move.flow, Asking):
            self._sync.step()
            ended = move.flow.handle(Tick())
            if isinstance(ended, End):
                move = move.then(ended.answer)
        if counter.ticket.started:
            counter.ticket.drop_rewards()
            for used in counter.ticket.order.gifts:
                counter.ticket.pay(used.fingerprint, 0)
            counter.checkout.save()
        if counter.ticket.started:
            self.refused += 1
            counter.ticket.clear()


def live_through(
    happened: Iterable[Event],
    tills: Sequence[PastTill],
    people: Sequence[Person],
    *,
    known: int,
    random: Random,
    on_day: Callable[[date], None],
) -> None:
    """Let everything happen, day by day; every few evenings the tills talk to the hub.

    Args:
        known: so many of the people, from the first, have a card already.
        on_day: told of each new day.
    """
    joined = set(range(known))
    gifts: list[SoldGift] = []
    day: date | None = None
    for event in happened:
        if event.at.date() != day:
            if day is not None and day.toordinal() % TALK_EVERY_DAYS == 0:
                _evening(tills)
            day = event.at.date()
            on_day(day)
        till = tills[event.place]
        if event.person is not None and event.person not in joined:
            joined.add(event.person)
            till.join(people[event.person], event.at)
        if isinstance(event, GiftBought):
            sold = till.sell_gift(event, people[event.person], random.choice(people))
            gifts += [sold] if sold else []
        else:
            person = people[event.person] if event.person is not None else None
            till.serve(event, person, gifts)
    _evening(tills)


def _evening(tills: Sequence[PastTill]) -> None:
    """Once for what each has to say, once more for what it hears of the others."""
    for _ in range(2):
        for till in tills:
            till.talk()
