# SPDX-License-Identifier: Apache-2.0
"""When a reward of any type can be used, and what is missing until then: facts, never text.

Each option of a reward answers here, and all must hold. What is scarce is an account that the
reward takes from; what is not is looked at (who the customer is, which day it is).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from loyalty.account import (
    Account,
    Holding,
    Kind,
    birthday_of,
    limit_of,
    points_of,
    stock_of,
    visits_of,
    welcome_of,
)
from loyalty.basket import Line, Order
from loyalty.calendar import within
from loyalty.money import spread
from loyalty.programme import Reward
from loyalty.situation import Situation


class Need(StrEnum):
    """What a reward can lack."""

    POINTS = "points"
    VISITS = "visits"
    STAMPS = "stamps"
    PURSE = "purse"
    MINIMUM = "minimum"
    """Cents of the order before rewards."""
    ARTICLE = "article"
    """Nothing in the order is what it is for."""
    ALONE = "alone"
    """Another one of its type is in the order."""
    MEMBER = "member"
    WELCOME = "welcome"
    """There was an order before."""
    BIRTHDAY = "birthday"
    DAY = "day"
    """It begins later, or is over."""
    TIER = "tier"
    PRO = "pro"
    LIMIT = "limit"
    STOCK = "stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing; `missing` of `whole` where it is counted, else 1 of 1."""

    need: Need
    missing: int = 1
    whole: int = 1
    what: tuple[str, ...] = ()
    """Ids of tiers, or the first and the last day, or the article."""


_KINDS: Final = {
    Kind.POINTS: Need.POINTS,
    Kind.VISITS: Need.VISITS,
    Kind.STAMPS: Need.STAMPS,
    Kind.PURSE: Need.PURSE,
    Kind.WELCOME: Need.WELCOME,
    Kind.BIRTHDAY: Need.BIRTHDAY,
    Kind.LIMIT: Need.LIMIT,
    Kind.STOCK: Need.STOCK,
}
GRANTED: Final = frozenset({Kind.WELCOME, Kind.BIRTHDAY, Kind.LIMIT, Kind.STOCK})
"""What only the hub or joining gives: without it the reward is closed."""
COUNTED: Final = frozenset({Need.POINTS, Need.VISITS, Need.STAMPS, Need.PURSE})
"""What comes by buying: the till says how much is there, not that the reward is closed."""


@dataclass(slots=True)
class Bill:
    """An order on the way to its price: what is left of each line, and what was taken so far."""

    situation: Situation
    order: Order
    customer: str
    """Empty: nobody's."""
    left: list[int]
    """Cents of each line."""
    taken: Counter[Account] = field(default_factory=Counter)
    used: list[Reward] = field(default_factory=list)

    @classmethod
    def of(cls, situation: Situation, order: Order) -> "Bill":
        """The order before any reward."""
        return cls(
            situation, order, situation.customer or "", [int(line.cents) for line in order.lines]
        )

    @property
    def due_cents(self) -> int:
        """What is owed so far."""
        return sum(self.left)

    @property
    def earning_cents(self) -> int:
        """The part of it that earns: all but what is excluded (SPEC C21)."""
        excluded = self.situation.programme.not_earning
        if not excluded:
            return self.due_cents
        pairs = zip(self.order.lines, self.left, strict=True)
        return sum(cents for line, cents in pairs if not is_any(line, excluded))

    def has(self, account: Account, untouched: int = 0) -> int:
        """What this order has not taken yet of an account; `untouched`: what a new one holds."""
        return self.situation.balances.get(account, untouched) - self.taken[account]

    def lower(self, cents: int) -> None:
        """Take so much off the whole order; each line bears its part of it."""
        parts = spread(cents, self.left)
        self.left = [left - part for left, part in zip(self.left, parts, strict=True)]


def is_any(line: Line, ids: Iterable[str]) -> bool:
    """Whether a line is of one of these products or categories."""
    return any(one and one in (line.product, line.category) for one in ids)


def open_to(situation: Situation, reward: Reward) -> tuple[Lack, ...]:
    """What keeps a reward from this customer at this moment, whatever they have."""
    options = reward.options
    found = []
    if not situation.member:
        found.append(Lack(need=Need.MEMBER))
    if options.pro and not situation.pro:
        found.append(Lack(need=Need.PRO))
    if options.tiers and situation.tier not in options.tiers:
        found.append(Lack(need=Need.TIER, what=options.tiers))
    days = (options.from_day, options.until_day)
    if any(days) and situation.at is not None and not within(*days, situation.at):
        found.append(Lack(need=Need.DAY, what=days))
    return tuple(found)


def costs(bill: Bill, reward: Reward, points: int) -> tuple[Holding, ...]:
    """What a use takes for its options and in points; its type may take more."""
    options, customer = reward.options, bill.customer
    found = []
    if points:
        found.append(Holding(points_of(customer), points))
    if options.per_visit:
        found.append(Holding(visits_of(customer), reward.cost))
    if options.welcome:
        found.append(Holding(welcome_of(customer), 1))
    if options.birthday:
        found.append(Holding(_birthday(bill), 1))
    if options.per_customer:
        found.append(Holding(limit_of(customer, reward.id), 1))
    if options.stock:
        found.append(Holding(stock_of(reward.id), 1))
    return tuple(found)


def lacking(bill: Bill, reward: Reward, takes: Iterable[Holding]) -> tuple[Lack, ...]:
    """What of this is not there."""
    found = []
    for take in takes:
        short = take.amount - max(0, bill.has(take.account, _untouched(take.account, reward)))
        if short > 0:
            need = _KINDS[take.account.kind]
            found.append(Lack(need=need, missing=short, whole=take.amount))
    return tuple(found)


def _untouched(account: Account, reward: Reward) -> int:
    """What an account holds that nobody has opened yet: a limit stands at what its reward says."""
    return reward.options.per_customer if account.kind is Kind.LIMIT else 0


def nearest_first(lacks: Iterable[Lack]) -> tuple[Lack, ...]:
    """In the order in which they are worth saying: the smallest part missing first."""
    return tuple(sorted(lacks, key=lambda lack: lack.missing / lack.whole))


def _birthday(bill: Bill) -> Account:
    """The birthday that is open; the hub opens it and closes it, so that a till needs no date."""
    accounts = [
        account
        for account, amount in bill.situation.balances.items()
        if account.kind is Kind.BIRTHDAY and account.owner == bill.customer and amount > 0
    ]
    return max(accounts, default=birthday_of(bill.customer, 0))
