# SPDX-License-Identifier: Apache-2.0
"""What every till of a story does alike, whatever it is made of."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from loyalty.account import Account, Holding, rest_of
from loyalty.badge import Badge, badges
from loyalty.command import AdjustPoints, Command, OptIn, RefundSale, SellGiftCard
from loyalty.entry import Facts, Refunded, Sold
from loyalty.refusal import Reason, Refusal
from loyalty.situation import Situation
from tests.scenarios.books import Hub
from tests.scenarios.story import (
    FIRST_DAY,
    NOBODY,
    Act,
    BringBack,
    Buy,
    Clock,
    Compose,
    Enter,
    Give,
    HandOver,
    Join,
    Network,
    Save,
    Scan,
    SellCard,
    Undo,
)

Answer = Facts | Refusal | None


@dataclass(frozen=True, slots=True)
class Sale:
    """One that can be paid back."""

    entry: str
    sold: Sold


Sales = dict[str, Sale]
"""By the name that the story gives them; one for all tills."""


class Till(ABC):
    """A till: its acts are those of the story."""

    def __init__(self, name: str, hub: Hub, sales: Sales) -> None:
        self.name, self.hub, self.sales = name, hub, sales
        self.at = datetime.combine(FIRST_DAY, time())
        self._back: Counter[str] = Counter()
        """Cents paid back here, by the entry of the sale."""

    def act(self, at: datetime, act: Act) -> Answer:
        """Do it at that moment; gives what was written or refused."""
        self.at = at
        match act:
            case Scan():
                return self.scan(act)
            case Compose():
                return self.compose(act)
            case Save():
                return self.save()
            case Buy():
                return self._buy(act)
            case BringBack():
                return self._bring_back(act)
            case Undo():
                return self._noted(self.undo())
            case HandOver(sale=sale):
                self.hand_over(rest_of(self.sales[sale].entry))
            case SellCard():
                return self.do(act.who or NOBODY, _sell(act))
            case Join():
                return self.join(act)
            case Enter(who=who):
                return self.do(who, OptIn(ordered=self.ordered(who)))
            case Give():
                return self.do(act.who, AdjustPoints(points=act.points, note=act.note))
            case Network(up=up):
                self.connect(up=up)
            case Clock(sure=sure):
                self.know_time(sure=sure)
            case _:
                raise TypeError(act)
        return None

    def badge(self, who: str, title: str) -> Badge | None:
        """How the customer stands to a reward, with the order on the counter."""
        found = badges(self.situation(who), self.order_of(who))
        return next((badge for badge in found if badge.reward.title == title), None)

    # ── what it is made of ──────────────────────────────────────────────────────────────────────

    @abstractmethod
    def scan(self, act: Scan) -> Answer: ...

    @abstractmethod
    def compose(self, act: Compose) -> Answer: ...

    @abstractmethod
    def save(self) -> Answer: ...

    @abstractmethod
    def join(self, act: Join) -> Answer: ...

    @abstractmethod
    def ordered(self, who: str) -> bool:
        """Whether this till knows of an order of theirs."""

    @abstractmethod
    def do(self, who: str, command: Command) -> Answer: ...

    @abstractmethod
    def pay_back(self, command: RefundSale) -> Answer: ...

    @abstractmethod
    def undo(self) -> Answer: ...

    @abstractmethod
    def left_of(self, sale: str) -> int: ...

    @abstractmethod
    def ask(self, lack: Holding) -> int: ...

    @abstractmethod
    def hand_over(self, account: Account) -> None: ...

    @abstractmethod
    def connect(self, *, up: bool) -> None: ...

    @abstractmethod
    def know_time(self, *, sure: bool) -> None: ...

    @abstractmethod
    def reachable(self) -> bool: ...

    @abstractmethod
    def newest(self) -> str: ...

    @abstractmethod
    def situation(self, who: str) -> Situation: ...

    @abstractmethod
    def order_of(self, who: str): ...

    @abstractmethod
    def shown(self, owner: str) -> Mapping[Account, int]: ...

    @abstractmethod
    def sync(self) -> None: ...

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _buy(self, act: Buy) -> Answer:
        refused = self.compose(Compose(act.who, act.order))
        answer = refused or self.save()
        if act.name and isinstance(answer, Sold):
            self.sales[act.name] = Sale(self.newest(), answer)
        return answer

    def _bring_back(self, act: BringBack) -> Answer:
        """Ask for what is left of the sale where it is not here, as the till's refund does."""
        sale = self.sales[act.sale]
        if self._back[sale.entry] >= sale.sold.total_cents:
            return Refusal(Reason.ALREADY_REFUNDED)
        if not self.left_of(sale.entry) and self.reachable():
            self.ask(Holding(rest_of(sale.entry), sale.sold.total_cents))
        left = self.left_of(sale.entry)
        if not left:
            return Refusal(Reason.SALE_ELSEWHERE)
        cents = left if act.cents is None else act.cents
        command = RefundSale(receipt="", sale=sale.entry, sold=sale.sold, cents=cents)
        return self._noted(self.pay_back(command))

    def _noted(self, answer: Answer) -> Answer:
        """Count what was paid back."""
        if isinstance(answer, Refunded):
            self._back[answer.sale] += answer.cents
        return answer


def _sell(act: SellCard) -> SellGiftCard:
    return SellGiftCard(
        receipt="",
        fingerprint=act.card,
        last4=act.card,
        cents=act.cents,
        virtual=True,
        send_on="",
        sealed="",
        points=act.points,
    )
