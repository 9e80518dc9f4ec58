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


WITH_RIGHTS: Final = frozenset({Kind.POINTS, Kind.VISITS, Kind.PURSE, Kind.GIFT, Kind.REST})
"""What can be spent needs a right; carry and owed can't be spent, only the hub converts them."""


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


def owed_of(account: Account) -> Account:
    """What its holder owes of the same unit: shown is the balance less this."""
    return Account(Kind.OWED, account.owner, account.kind)


def short_of(account: Account) -> Account:
    """What of this account waits to be paid: shown is the balance less this, too."""
    return Account(Kind.SHORT, account.owner, account.kind)


def loss_of(account: Account) -> Account:
    """The merchant's loss reserve in the same unit."""
    return Account(account.kind, LOSS, account.key)


def shown(balances: Mapping[Account, int]) -> dict[Account, int]:
    """What people see: each balance less what is owed of it and what waits to be paid."""
    net = {a: n for a, n in balances.items() if a.kind not in (Kind.OWED, Kind.SHORT)}
    for account, amount in balances.items():
        if account.kind in (Kind.OWED, Kind.SHORT):
            of = Account(Kind(account.key), account.owner)
            net[of] = net.get(of, 0) - amount
    return net


def gathered(
    balances: Mapping[Account, int], customer: str, others: Iterable[str]
) -> dict[Account, int]:
    """The balances of customers who are one person, as that customer's own (DESIGN 5, merge)."""
    one = {customer, *others}
    found: Counter[Account] = Counter()
    for account, amount in balances.items():
        found[replace(account, owner=customer) if account.owner in one else account] += amount
    return dict(found)


def rest_of(sale: str) -> Account:
    """What can still be paid back of a sale, by the id of its entry."""
    return Account(Kind.REST, sale)


def gift_of(fingerprint: str) -> Account:
    """The money on a gift card."""
    return Account(Kind.GIFT, fingerprint)
