# SPDX-License-Identifier: Apache-2.0
"""Accounts hold one unit each; every movement takes from the merchant what it gives a holder."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MERCHANT: Final = "merchant"
"""Owner of the other side: points issued, purse and gift-card liability, visits counted."""


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


WITH_RIGHTS: Final = frozenset({Kind.POINTS, Kind.VISITS, Kind.PURSE, Kind.GIFT})
"""What can be spent needs a right; carry can't be spent, only the hub converts it."""


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


def gift_of(fingerprint: str) -> Account:
    """The money on a gift card."""
    return Account(Kind.GIFT, fingerprint)
