# SPDX-License-Identifier: Apache-2.0
"""Spending rights: what a terminal may spend, and how each of its entries changes that.

A right is a number that the terminal stores and the hub counts as held: both derive every change
from the same entries, so that they can't disagree (DESIGN 6, RIGHTS 19).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loyalty.account import WITH_RIGHTS, Account, Holding, Kind
from loyalty.basket import Applied, GiftUse
from loyalty.entry import (
    Adjusted,
    CarryConverted,
    Facts,
    GiftSold,
    Matured,
    OwedPaid,
    Refunded,
    Released,
    Settled,
    Sold,
)
from loyalty.movements import movements, spent_by
from loyalty.programme import LoyaltyProgramme
from loyalty.rewards import TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How far a till may go by itself, in cents: what a stolen or rolled-back one could cost."""

    frozen: bool = False
    """It may earn and give back, and spends nothing."""
    card_cents: int = 10_00
    """Of each customer: rests at the till for when the network is away."""
    terminal_cents: int = 200_00
    """Of all: rests at the till, and may be spent after a boot of which the hub knows nothing."""
    unheard_cents: int = 200_00
    """Redemptions that the hub has not acknowledged: more are refused (RIGHTS 5)."""


STRICT = Policy(card_cents=0, terminal_cents=0)
"""A right ends with the boot that it was given in, until the hub was heard."""


def changes(facts: Facts) -> dict[Account, int]:
    """How an entry of a terminal changes what that terminal holds, by account.

    What it earns or sells is its own right until it releases it; what it spends, it spends out of
    what it holds. A refund lowers it by what the till took of its own; entries of the hub change
    no terminal's right.
    """
    found: Counter[Account] = Counter()
    match facts:
        case CarryConverted() | OwedPaid() | Settled() | Matured():
            return {}
        case Released(holds=holds):
            for hold in holds:
                found[hold.account] -= hold.amount
        case Refunded(own=own):
            for movement in movements(facts):
                kind = movement.account.kind
                if kind is Kind.REST or (movement.amount > 0 and kind in WITH_RIGHTS):
                    found[movement.account] += movement.amount
            for hold in own:
                found[hold.account] -= hold.amount
        case _:
            for movement in movements(facts):
                if movement.account.kind in WITH_RIGHTS:
                    found[movement.account] += movement.amount
    return {account: amount for account, amount in found.items() if amount}


def missing(spends: Iterable[Holding], rights: Mapping[Account, int]) -> tuple[Holding, ...]:
    """What has to be asked for before these spends are inside the rights."""
    lacks = (Holding(s.account, s.amount - rights.get(s.account, 0)) for s in spends)
    return tuple(lack for lack in lacks if lack.amount > 0)


def grantable(account: Account, *, asked: int, free: int, balance: int) -> int:
    """What the hub may grant of an account: never more than is free.

    The rest of a sale goes whole or not at all: who refunds a part must know all parts before it.
    """
    if account.kind is Kind.REST:
        return balance if free == balance else 0
    return max(0, min(asked, free))


def kept(right: Holding, *, balance: int, programme: LoyaltyProgramme, policy: Policy) -> int:
    """How much of a right rests at the till once the hub could have it back.

    As much as the cheapest reward that the customer can reach costs, within the cap for a card; of
    a gift card nothing, for it is used anywhere.
    """
    if right.account.kind is not Kind.POINTS:
        return 0
    rewards = (reward for reward in programme.rewards if not reward.options.free)
    costs = [reward.cost for reward in rewards if 0 < reward.cost <= balance]
    most = policy.card_cents // max(1, programme.point_value_cents)
    return min(right.amount, min(costs, default=0), most)


def worth_cents(account: Account, amount: int, programme: LoyaltyProgramme | None) -> int:
    """What so much of an account is worth in money; 0: it has no price, and no cap bounds it."""
    match account.kind:
        case Kind.POINTS:
            return amount * point_cents(programme)
        case Kind.PURSE | Kind.GIFT | Kind.REST:
            return amount
        case _:
            return 0


def spends(facts: Facts) -> bool:
    """Whether an entry hands value out."""
    match facts:
        case Sold(applied=applied, gifts=gifts):
            return bool(applied or gifts)
        case GiftSold(points=points):
            return points > 0
        case Adjusted(moves=moves):
            return any(move.amount < 0 for move in moves)
        case _:
            return isinstance(facts, Refunded)


def handed_out_cents(
    spent: Iterable[Holding],
    applied: Iterable[Applied],
    gifts: Iterable[GiftUse],
    programme: LoyaltyProgramme | None,
) -> int:
    """What a sale hands out; a reward that cost neither points nor purse is worth what it took off."""
    paid = sum(worth_cents(hold.account, hold.amount, programme) for hold in spent)
    free = sum(use.cents_off for use in applied if not use.points and not _asks(use.kind))
    return paid + free + sum(gift.cents for gift in gifts)


def spent_cents(facts: Facts, programme: LoyaltyProgramme | None) -> int:
    """What an entry hands out: value that is gone should the entry be forgotten."""
    match facts:
        case Sold(applied=applied, gifts=gifts):
            return handed_out_cents(spent_by(facts), applied, gifts, programme)
        case Refunded(due_cents=due_cents):
            return due_cents
        case GiftSold(points=points):
            return points * point_cents(programme)
        case Adjusted(moves=moves):
            return -sum(worth_cents(m.account, min(0, m.amount), programme) for m in moves)
        case _:
            return 0


def _asks(kind: str) -> bool:
    found = TYPES.get(kind)
    return found is not None and found.asks is not None


def point_cents(programme: LoyaltyProgramme | None) -> int:
    """What a point is worth; before the rules are known, a cent."""
    return programme.point_value_cents if programme else 1
