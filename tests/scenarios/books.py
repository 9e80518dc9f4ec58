# SPDX-License-Identifier: Apache-2.0
"""A hub made of the domain alone: what the real one has to agree with."""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from loyalty.account import (
    MERCHANT,
    OF_CUSTOMERS,
    ONE_A_PERSON,
    Account,
    Holding,
    Kind,
    Movement,
    fold,
    grown_from,
    limit_of,
    meant_by,
    owed_of,
    stock_of,
)
from loyalty.entry import (
    Adjusted,
    CarryConverted,
    Cause,
    Facts,
    GiftSold,
    Joined,
    OptedIn,
    OwedPaid,
    Refunded,
    Sold,
    customer_of,
)
from loyalty.feed import CustomerIs
from loyalty.movements import limit_opened, movements, rest_opened
from loyalty.programme import LoyaltyProgramme
from loyalty.rights import changes, grantable
from tests.scenarios.night import Night
from tests.scenarios.people import AT_HOME, Persons, code_of, customer
from tests.scenarios.story import FIRST_DAY


class Hub(ABC):
    """Where tills post what happened, ask for rights, and hear how things are."""

    seal_key = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    """Public key of nobody in particular, in hex."""

    def __init__(self, programme: LoyaltyProgramme) -> None:
        self.programme = programme
        self.stopped: frozenset[str] = frozenset()
        """Gift cards that are blocked, as tills are told."""
        self.at = datetime.combine(FIRST_DAY, time())
        """Where the story is."""

    def over(self, card: str) -> bool:
        """Whether a gift card's day has come."""
        end = self.gift_ends().get(card, "")
        return bool(end) and end <= self.at.date().isoformat()

    @abstractmethod
    def gift_ends(self) -> Mapping[str, str]:
        """First day on which each gift card can't be used, ISO, as tills are told."""

    @abstractmethod
    def post(self, till: str, entry_id: str, facts: Facts, *, at: datetime) -> None:
        """An entry of a till."""

    @abstractmethod
    def own(self, facts: Facts, *, at: datetime) -> None:
        """An entry of the hub's own."""

    @abstractmethod
    def ask(self, till: str, account: Account, amount: int) -> Holding:
        """A till asks for a right: how much it gets, and of which account of that person."""

    @abstractmethod
    def every_balance(self) -> dict[Account, int]:
        """All accounts, the merchant's side too."""

    @abstractmethod
    def check(self) -> None:
        """What must hold after every step (DESIGN 5, 6)."""

    def publish(self, programme: LoyaltyProgramme) -> None:
        """From now on tills decide by these rules."""
        self.programme = programme

    @abstractmethod
    def known(self) -> tuple[CustomerIs, ...]:
        """Everybody, as tills are told."""

    @abstractmethod
    def stand(self, who: str, *, pro: bool) -> None:
        """Learn whether somebody is a professional."""

    @abstractmethod
    def born(self, who: str, day: str) -> None:
        """Learn somebody's birthday: month and day."""

    @abstractmethod
    def second_card(self, who: str) -> None:
        """Give somebody another card."""

    @abstractmethod
    def merge(self, who: str, other: str) -> None:
        """Serve both as the first: they are one person."""

    @abstractmethod
    def part(self, who: str, other: str) -> None:
        """Let the two be two again."""

    @abstractmethod
    def block(self, card: str, *, blocked: bool) -> None:
        """Let nobody use a gift card, or let it be used again; says so in `stopped`."""

    @abstractmethod
    def count_stock(self, reward: str, number: int, *, at: datetime) -> None:
        """Be told how many there are."""

    @abstractmethod
    def sleep(self, at: datetime) -> None:
        """Do what is due when a day begins."""


class PureHub(Hub):
    """Posts facts, converts carry, lets what is owed be paid, grants rights."""

    def __init__(self, programme: LoyaltyProgramme) -> None:
        super().__init__(programme)
        self.people = {who: customer(who) for who in AT_HOME}
        self._persons = Persons()
        self.night = Night()
        self.balances: Counter[Account] = Counter()
        self.held: dict[str, Counter[Account]] = defaultdict(Counter)
        self._ends: dict[str, str] = {}

    def gift_ends(self) -> Mapping[str, str]:
        return self._ends

    def post(self, till: str, entry_id: str, facts: Facts, *, at: datetime) -> None:
        self.held[till].update(changes(facts))
        match facts:
            case Refunded():
                self._refund(facts)
            case _:
                self._move(*movements(facts))
        if isinstance(facts, Sold):
            rest = rest_opened(entry_id, facts)
            self._move(rest)
            self.held[till][rest.account] += rest.amount
        self._heard(entry_id, facts, day=at.date())
        if isinstance(facts, Sold | Refunded):
            self._convert(facts, at)
        self._pay_owed()
        self._tidy(at)

    def own(self, facts: Facts, *, at: datetime) -> None:
        self._move(*movements(facts))
        self._heard("", facts, day=at.date())
        self._pay_owed()

    def ask(self, till: str, account: Account, amount: int) -> Holding:
        """Of the account that can give most; what the person owes is not free (RIGHTS 17)."""
        self._open(account)
        if account.kind is Kind.GIFT and (
            account.owner in self.stopped or self.over(account.owner)
        ):
            return Holding(account, 0)
        like = [account]
        if account.kind in OF_CUSTOMERS - ONE_A_PERSON:
            like = [replace(account, owner=one) for one in self._persons.ones(account.owner)]
        best = max(like, key=lambda one: min(amount, self._free(one)))
        owed = sum(self.balances[owed_of(one)] for one in like)
        free = min(self._free(best), sum(map(self._free, like)) - owed)
        granted = grantable(best, asked=amount, free=free, balance=self.balances[best])
        self.held[till][best] += granted
        return Holding(best, granted)

    def every_balance(self) -> dict[Account, int]:
        return dict(self.balances)

    def free(self) -> Mapping[Account, int]:
        """What no till holds of them."""
        return {account: self._free(account) for account in self.balances}

    def stand(self, who: str, *, pro: bool) -> None:
        self.people[who] = replace(self.people[who], pro=pro)

    def born(self, who: str, day: str) -> None:
        self.night.born[who] = day

    def second_card(self, who: str) -> None:
        one = self.people[who]
        self.people[who] = replace(one, codes=(*one.codes, code_of(who, 1)))

    def merge(self, who: str, other: str) -> None:
        self._persons.merge(who, other)
        everyone = self._persons.ones(who)
        member = any(self.people[one].member for one in everyone)
        pro = any(self.people[one].pro for one in everyone)
        for one in everyone:
            self.people[one] = replace(self.people[one], member=member, pro=pro)
        self._pay_owed()

    def part(self, who: str, other: str) -> None:
        self._persons.part(who, other)

    def block(self, card: str, *, blocked: bool) -> None:
        self.stopped = self.stopped | {card} if blocked else self.stopped - {card}

    def count_stock(self, reward: str, number: int, *, at: datetime) -> None:
        stock = stock_of(reward)
        more = number - self.every_balance().get(stock, 0)
        self.own(Adjusted(cause=Cause.STOCK, moves=(Movement(stock, more),)), at=at)

    def sleep(self, at: datetime) -> None:
        for account, free in list(self.free().items()):
            if account.kind is Kind.GIFT and free and self.over(account.owner):
                gone = (Movement(account, -free),)
                self.own(Adjusted(cause=Cause.GIFT_EXPIRY, moves=gone), at=at)
        for facts in self.night.due(self.programme, self.every_balance(), self.free(), at.date()):
            self.own(facts, at=at)
        for who, one in self.people.items():
            tier = self.night.classify(self.programme, self._persons.ones(who), at.date())
            self.people[who] = replace(one, tier=tier)

    def known(self) -> tuple[CustomerIs, ...]:
        return tuple(replace(one, of=self._persons.of(who)) for who, one in self.people.items())

    def check(self) -> None:
        sums: Counter[tuple[Kind, str]] = Counter()
        for account, balance in self.balances.items():
            sums[account.kind, account.key] += balance
            if account.owner != MERCHANT:
                held = [held[account] for held in self.held.values()]
                assert 0 <= sum(held) <= balance or account.kind is Kind.CARRY, account
                assert min(held, default=0) >= 0, account
        assert not any(sums.values())

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _heard(self, entry_id: str, facts: Facts, *, day: date) -> None:
        """Know who is a customer, and what has to be done by the day."""
        self.night.heard(entry_id, facts, day=day, programme=self.programme)
        match facts:
            case Joined(customer=who, member=member):
                self.people[who] = customer(who, member=member)
            case OptedIn(customer=who):
                self.people[who] = replace(self.people[who], member=True)
            case GiftSold(fingerprint=card, expires_on=end):
                self._ends[card] = end

    def _tidy(self, at: datetime) -> None:
        """Let lapse what is over, wherever it was held."""
        for facts in self.night.lapsed(self.free()):
            self.own(facts, at=at)

    def _move(self, *moves: Movement) -> None:
        self.balances.update(fold(moves))

    def _free(self, account: Account) -> int:
        held = sum(held[account] for held in self.held.values())
        return max(0, self.balances[account] - held)

    def _open(self, account: Account) -> None:
        """A limit that nobody has touched."""
        if account.kind is Kind.LIMIT and account not in self.balances:
            reward = self.programme.reward(account.key)
            assert reward
            assert limit_of(account.owner, reward.id) == account
            self._move(*limit_opened(reward, account.owner).moves)

    def _refund(self, part: Refunded) -> None:
        own = {hold.account: hold.amount for hold in part.own}
        for move in movements(part):
            kind = move.account.kind
            if move.amount > 0 or kind in (Kind.CARRY, Kind.REST):
                self._move(move)
            else:
                self._take_back(move.account, -move.amount, own=own.get(move.account, 0))

    def _take_back(self, account: Account, amount: int, *, own: int = 0) -> None:
        if (grown := grown_from(account)) != account:
            waiting = min(amount, self.balances[account])
            self._move(Movement(account, -waiting))
            self._take_back(grown, amount - waiting)
            return
        within = min(own, amount)
        free = min(amount - within, max(0, self._free(account) - within))
        self._move(
            Movement(account, -within - free), Movement(owed_of(account), amount - within - free)
        )

    def _convert(self, facts: Sold | Refunded, at: datetime) -> None:
        who, earn = customer_of(facts), facts.earn
        steps = self.balances[Account(Kind.CARRY, who or "", earn.key)] // earn.per_cents
        if who is None or not steps or not earn.points:
            return
        converted = CarryConverted(customer=who, earn=earn, steps=steps)
        carry, points = movements(converted)
        self._move(carry)
        if steps > 0:
            self._move(points)
        else:
            self._take_back(points.account, -points.amount)
        self._heard("", converted, day=at.date())

    def _pay_owed(self) -> None:
        for account in list(self.balances):
            if account.kind is Kind.OWED and account.owner != MERCHANT:
                of = meant_by(account)
                for payer in self._persons.ones(of.owner):
                    free = self._free(replace(of, owner=payer))
                    if amount := min(self.balances[account], free):
                        by = payer if payer != of.owner else ""
                        paid = OwedPaid(
                            customer=of.owner, kind=of.kind, key=of.key, amount=amount, by=by
                        )
                        self._move(*movements(paid))


def is_kept(account: Account) -> bool:
    """Whether a till keeps its right when all is covered: the rest of a sale goes with its journal."""
    return account.kind is Kind.REST
