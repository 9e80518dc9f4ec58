# SPDX-License-Identifier: Apache-2.0
"""What a hub does by itself, by the day, in the words of the rules: nothing of it by chance."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from loyalty.account import (
    Account,
    Kind,
    Movement,
    birthday_of,
    points_of,
    welcome_of,
)
from loyalty.calendar import ExpiryRule, awarded, birthday_open, expires, mature
from loyalty.entry import (
    Adjusted,
    CarryConverted,
    Cause,
    Facts,
    Matured,
    Refunded,
    Sold,
    customer_of,
)
from loyalty.programme import LoyaltyProgramme
from loyalty.tier import Criterion, evaluated, reached


@dataclass
class Figure:
    """What one entry counts towards a tier."""

    day: date
    who: str
    amount: int = 0
    points: int = 0
    visits: int = 0
    orders: int = 0


@dataclass
class Night:
    """What was heard, and what has to be done about it when a day is over."""

    born: dict[str, str] = field(default_factory=dict)
    """Month and day, by customer."""
    tiers: dict[str, str] = field(default_factory=dict)
    _lots: dict[str, dict[date | None, int]] = field(default_factory=lambda: defaultdict(dict))
    _figures: list[Figure] = field(default_factory=list)
    _sales: dict[str, tuple[date, ExpiryRule]] = field(default_factory=dict)
    _greeted: set[Account] = field(default_factory=set)
    _ordered: set[str] = field(default_factory=set)

    def heard(self, entry_id: str, facts: Facts, *, day: date, programme: LoyaltyProgramme) -> None:
        """Note what an entry of that day means for the days to come."""
        rule = programme.expiry
        match facts:
            case Sold(customer=str(who)) as sold:
                self._sales[entry_id] = (day, rule)
                self._ordered.add(who)
                self._figures.append(
                    Figure(day, who, amount=sold.due_cents, points=sold.points, orders=1)
                )
                self._award(who, 0 if sold.matures else sold.points, day, rule)
            case Matured(customer=who, points=points):
                self._award(who, points, day, rule)
            case CarryConverted(customer=who, steps=steps, earn=earn) if steps > 0:
                self._award(who, steps * earn.points, day, rule)
            case Adjusted(customer=str(who), moves=moves):
                given = sum(m.amount for m in moves if m.account == points_of(who))
                self._award(who, max(0, given), day, rule)
            case Refunded(customer=str(who)) as part:
                sold_on, rule_then = self._sales.get(part.sale, (day, rule))
                self._figures.append(
                    Figure(sold_on, who, amount=-part.due_cents, points=-part.points)
                )
                if not part.matures:
                    self._lots[who] = awarded(
                        self._lots[who], -part.points, on=sold_on, rule=rule_then
                    )
                self._award(who, part.points_back, day, rule)
            case _ if who := customer_of(facts):
                self._figures.append(Figure(day, who, visits=facts.__class__.__name__ == "Visited"))

    def lapsed(self, free: Mapping[Account, int]) -> Iterator[Facts]:
        """The welcome of everybody who has ordered, wherever its right was."""
        for who in sorted(self._ordered):
            if free.get(welcome_of(who), 0) > 0:
                yield _took(Cause.LAPSE, who, welcome_of(who), 1)

    def due(
        self, programme: LoyaltyProgramme, balances: Mapping[Account, int],
        free: Mapping[Account, int], today: date,
    ) -> Iterator[Facts]:  # fmt: skip
        """What becomes of balances when that day begins."""
        for account, amount in sorted(balances.items()):
            match account:
                case Account(Kind.PENDING, who, day) if amount > 0 and mature(day, today):
                    yield Matured(customer=who, day=day, points=amount)
                case Account(Kind.POINTS, who) if self._lots[who]:
                    held = amount - free.get(account, 0)
                    gone = expires(self._lots[who], balance=amount, held=held, today=today)
                    if gone:
                        yield _took(Cause.EXPIRY, who, account, gone)
        yield from self.birthdays(programme, free, today)

    def birthdays(
        self, programme: LoyaltyProgramme, free: Mapping[Account, int], today: date
    ) -> Iterator[Facts]:
        """Those that are over, and those that begin."""
        for account, amount in free.items():
            match account:
                case Account(Kind.BIRTHDAY, who, year) if amount > 0 and who in self.born:
                    if self._birthday(who, programme, today) != int(year):
                        yield _took(Cause.LAPSE, who, account, 1)
        for who in sorted(self.born):
            year = self._birthday(who, programme, today)
            if year and (account := birthday_of(who, year)) not in self._greeted:
                self._greeted.add(account)
                yield _took(Cause.BIRTHDAY, who, account, -1)

    def classify(self, programme: LoyaltyProgramme, ones: tuple[str, ...], today: date) -> str:
        """The first one's tier when that day begins, from what they bought or earned together.

        `ones`: a customer, then the others who are the same person.
        """
        who = ones[0]
        plan = programme.tiering
        if plan.criterion is Criterion.SEGMENT or not programme.tiers:
            return self.tiers.get(who, "")
        since = plan.since(today) or date.min
        figure = sum(
            getattr(one, plan.criterion.value)
            for one in self._figures
            if one.who in ones and one.day >= since
        )
        earned = reached(programme.tiers, figure)
        had = self.tiers.get(who, "")
        self.tiers[who] = evaluated(plan, programme.tiers, had=had, earned=earned)
        return self.tiers[who]

    def _birthday(self, who: str, programme: LoyaltyProgramme, today: date) -> int | None:
        month, day = map(int, self.born[who].split("-"))
        return birthday_open(month=month, day=day, today=today, days=programme.birthday_days)

    def _award(self, who: str, points: int, day: date, rule: ExpiryRule) -> None:
        self._lots[who] = awarded(self._lots[who], points, on=day, rule=rule)


def _took(cause: Cause, who: str, account: Account, amount: int) -> Adjusted:
    return Adjusted(cause=cause, moves=(Movement(account, -amount),), customer=who)
