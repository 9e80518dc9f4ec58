# SPDX-License-Identifier: Apache-2.0
"""Accounts hold one unit each; every movement takes from the merchant what it gives a holder."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

MERCHANT: Final = "merchant"
"""Owner of the other side: points issued, purse and gift-card liability, visits counted."""
LOSS: Final = "loss"
"""Owner of the merchant's loss reserve: it pays what a rolled-back or dead terminal overspent."""
NOBODY: Final = frozenset({MERCHANT, LOSS})
"""Owners that no customer, gift card or sale can be."""


class Kind(StrEnum):
    """What an account counts."""

    POINTS = "points"
    VISITS = "visits"
    PURSE = "purse"
    """Cashback, in cents."""
    CARRY = "carry"
    """Cents paid that have not made a whole step yet, one account per earning rule."""
    GIFT = "gift"
    """Gift-card cents; the owner is the card's fingerprint, not a customer."""
    OWED = "owed"
    """What a refund could not take back; the key says of which kind. Later earnings pay it."""
    SHORT = "short"
    """What was redeemed while a restored hub did not know yet of what: paid when it does."""
    REST = "rest"
    """Cents of a sale that were not paid back yet; the owner is the sale's entry."""
    WELCOME = "welcome"
    """1 until the first order."""
    BIRTHDAY = "birthday"
    """1 while the window of that year's birthday is open; the key is the year."""
    LIMIT = "limit"
    """How often the customer may still use a reward; the key is its id."""
    STOCK = "stock"
    """How many of a reward are left; the owner is its id."""
    STAMPS = "stamps"
    """Articles bought towards a free one; the key is the reward's id."""
    PENDING = "pending"
    """Points that wait; the key is the day that they mature on, ISO."""


WITH_RIGHTS: Final = frozenset(
    {
        *(Kind.POINTS, Kind.VISITS, Kind.PURSE, Kind.GIFT, Kind.REST),
        *(Kind.WELCOME, Kind.BIRTHDAY, Kind.LIMIT, Kind.STOCK, Kind.STAMPS),
    }
)
"""What can be spent needs a right; carry, owed and pending can't: only the hub turns them."""


OF_CUSTOMERS: Final = frozenset(Kind) - {Kind.GIFT, Kind.REST, Kind.STOCK}
"""Whose owner is a customer; not a gift card, a sale or a reward."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Balance of one kind held by a customer (their id) or a gift card (its fingerprint)."""

    kind: Kind
    owner: str
    key: str = ""

    @property
    def contra(self) -> "Account":
        """The merchant's account that each movement of this one is taken from."""
        return Account(self.kind, MERCHANT, self.key)


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` to `account` from its contra (back to it where negative): sums to zero by nature."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class Holding:
    """So much of an account: in a right, a grant, a release or a thing asked for."""

    account: Account
    amount: int


def fold(movements: Iterable[Movement]) -> dict[Account, int]:
    """The balances that movements lead to, the merchant's side included."""
    balances: Counter[Account] = Counter()
    for movement in movements:
        balances[movement.account] += movement.amount
        balances[movement.account.contra] -= movement.amount
    return dict(balances)


def points_of(customer: str) -> Account:
    """The customer's points."""
    return Account(Kind.POINTS, customer)


def visits_of(customer: str) -> Account:
    """The customer's counted visits."""
    return Account(Kind.VISITS, customer)


def purse_of(customer: str) -> Account:
    """The customer's cashback purse."""
    return Account(Kind.PURSE, customer)


def welcome_of(customer: str) -> Account:
    """The customer's leave for a welcome reward."""
    return Account(Kind.WELCOME, customer)


def birthday_of(customer: str, year: int) -> Account:
    """The customer's leave for one birthday reward of that year."""
    return Account(Kind.BIRTHDAY, customer, str(year))


def limit_of(customer: str, reward: str) -> Account:
    """How often the customer may still use that reward."""
    return Account(Kind.LIMIT, customer, reward)


def stock_of(reward: str) -> Account:
    """How many of that reward the merchant still gives."""
    return Account(Kind.STOCK, reward)


def stamps_of(customer: str, reward: str) -> Account:
    """The customer's stamps on the card of that reward."""
    return Account(Kind.STAMPS, customer, reward)


def pending_of(customer: str, day: str) -> Account:
    """The customer's points that mature on that day."""
    return Account(Kind.PENDING, customer, day)


def grown_from(account: Account) -> Account:
    """What pays for it where it is not there any more: points, for points that have matured."""
    return points_of(account.owner) if account.kind is Kind.PENDING else account


def owed_of(account: Account) -> Account:
    """What its holder owes of the same unit: shown is the balance less this."""
    return Account(Kind.OWED, account.owner, _named(account))


def short_of(account: Account) -> Account:
    """What of this account waits to be paid: shown is the balance less this, too."""
    return Account(Kind.SHORT, account.owner, _named(account))


def meant_by(account: Account) -> Account:
    """The account of which an owed or a short one speaks."""
    kind, _, key = account.key.partition("/")
    return Account(Kind(kind), account.owner, key)


def _named(account: Account) -> str:
    return f"{account.kind}/{account.key}" if account.key else account.kind


def loss_of(account: Account) -> Account:
    """The merchant's loss reserve in the same unit."""
    return Account(account.kind, LOSS, account.key)


def shown(balances: Mapping[Account, int]) -> dict[Account, int]:
    """What people see: each balance less what is owed of it and what waits to be paid."""
    net = {a: n for a, n in balances.items() if a.kind not in (Kind.OWED, Kind.SHORT)}
    for account, amount in balances.items():
        if account.kind in (Kind.OWED, Kind.SHORT):
            of = meant_by(account)
            net[of] = net.get(of, 0) - amount
    return net


ONE_A_PERSON: Final = frozenset({Kind.WELCOME, Kind.BIRTHDAY, Kind.LIMIT})
"""Whoever is several since they were merged has these once: they are not summed (RIGHTS 17)."""


def gathered(
    balances: Mapping[Account, int], customer: str, others: Iterable[str]
) -> dict[Account, int]:
    """The balances of customers who are one person, as that customer's own (DESIGN 5, merge)."""
    one = {customer, *others}
    found: Counter[Account] = Counter()
    for account, amount in balances.items():
        if account.kind in ONE_A_PERSON and account.owner in one - {customer}:
            continue
        found[replace(account, owner=customer) if account.owner in one else account] += amount
    return dict(found)


def rest_of(sale: str) -> Account:
    """What can still be paid back of a sale, by the id of its entry."""
    return Account(Kind.REST, sale)


def gift_of(fingerprint: str) -> Account:
    """The money on a gift card."""
    return Account(Kind.GIFT, fingerprint)
