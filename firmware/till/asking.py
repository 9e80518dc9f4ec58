# SPDX-License-Identifier: Apache-2.0
"""Waiting for what the hub was asked for, a right or its news: two seconds at most, then without."""

from collections.abc import Callable
from typing import Final

from firmware.drivers.base import Reading
from firmware.store import cursors, elsewhere, rights
from firmware.store.elsewhere import SaleElsewhere
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Open, Stay, Tick
from firmware.till.outcome import AskingHub, Outcome
from loyalty.account import Holding, Kind
from loyalty.card import mask

WAIT_S = 2.0
SALE: Final = "sale"
"""What is asked for is a sale, not of an account."""


class Asking(Flow):
    """Asks for all that is lacking at once; ends with whether everything was granted.

    What comes later, or not in full, is not lost: the store gives it back to the hub.
    """

    def __init__(self, desk: Desk, lacks: tuple[Holding, ...], customer: str) -> None:
        self.desk, self.lacks, self.customer = desk, lacks, customer
        self.asks = [rights.ask(desk.db, lack, new_id=desk.new_id) for lack in lacks]
        self.until_s = desk.clock.monotonic_s() + WAIT_S

    def show(self) -> Outcome:
        lack = self.lacks[0]
        return AskingHub(
            offline=not self.desk.online,
            what=lack.account.kind,
            amount=sum(x.amount for x in self.lacks if x.account.kind is lack.account.kind),
            customer=self.customer,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                return self._look()
            case tap.Back():
                return self._give_up()
            case _:
                return Stay()

    def _look(self) -> Move:
        answers = [rights.answer(self.desk.db, ask) for ask in self.asks]
        if not all(answer and answer.done for answer in answers):
            late = self.desk.clock.monotonic_s() >= self.until_s
            return self._give_up() if late else Stay()
        granted = [answer.granted for answer in answers if answer]
        if all(_enough(g, lack) for g, lack in zip(granted, self.lacks, strict=True)):
            return End(answer=True)
        return self._give_up()

    def _give_up(self) -> Move:
        with self.desk.db.atomic():
            for ask in self.asks:
                rights.give_up(self.desk.db, ask)
            rights.unreserve(self.desk.db)
        return End(answer=False)


def _enough(granted: int, lack: Holding) -> bool:
    """Of a sale's rest the hub grants all that is left, which may be less than all of the sale."""
    return granted > 0 if lack.account.kind is Kind.REST else granted >= lack.amount


class Hearing(Flow):
    """Hears all that the hub has by now, before a code is said to be unknown.

    Ends with whether it did; another card that is scanned meanwhile is for the flow below.
    """

    def __init__(self, desk: Desk, code: str) -> None:
        self.desk, self.code = desk, code
        self.wish = cursors.catch_up(desk.db, new_id=desk.new_id)
        self.until_s = desk.clock.monotonic_s() + WAIT_S

    def show(self) -> Outcome:
        return AskingHub(offline=not self.desk.online, code=mask(self.code))

    def handle(self, event: Event) -> Move:
        match event:
            case Tick() if cursors.caught_up(self.desk.db, self.wish):
                return End(answer=True)
            case Tick() if self.desk.clock.monotonic_s() < self.until_s:
                return Stay()
            case Tick() | tap.Back():
                return End(answer=False)
            case Reading():
                return End(event=event)
            case _:
                return Stay()


def heard_first(desk: Desk, code: str, then: Callable[..., Move]) -> Move:
    """Ask the hub for its news of that code, if it can be asked; `then` is told `heard`."""
    if not desk.online:
        return then(heard=False)
    return Open(Hearing(desk, code), lambda heard: then(heard=heard is True))


class Fetching(Flow):
    """Fetches one sale from the hub; ends with it, or with False."""

    def __init__(self, desk: Desk, sale: str) -> None:
        self.desk = desk
        self.ask = elsewhere.ask(desk.db, sale=sale, new_id=desk.new_id)
        self.until_s = desk.clock.monotonic_s() + WAIT_S

    def show(self) -> Outcome:
        return AskingHub(offline=not self.desk.online, what=SALE)

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                told = elsewhere.answer(self.desk.db, self.ask)
                if told:
                    return End(answer=told.sales[0] if told.sales else False)
                late = self.desk.clock.monotonic_s() >= self.until_s
                return End(answer=False) if late else Stay()
            case tap.Back():
                return End(answer=False)
            case _:
                return Stay()


def fetch(desk: Desk, sale: str, then: Callable[[SaleElsewhere | None], Move]) -> Move:
    """Go on with a sale that this till does not have, as the hub tells it; None: it did not."""
    if not desk.online:
        return then(None)
    return Open(
        Fetching(desk, sale),
        lambda found: then(found if isinstance(found, SaleElsewhere) else None),
    )
