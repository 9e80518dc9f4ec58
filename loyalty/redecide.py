# SPDX-License-Identifier: Apache-2.0
"""Decide a sale again as its till did, by the rules of its own version, and say what differs.

A terminal's entry is a fact and stays one: this only tells people that a till decided otherwise
than the rules, for instance because its software was older (SPEC C23).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from loyalty.account import Holding, Kind, gathered
from loyalty.basket import Applied, Order, Use
from loyalty.entry import Sold
from loyalty.movements import spent_by
from loyalty.price import price
from loyalty.programme import LoyaltyProgramme
from loyalty.refusal import Refusal
from loyalty.rewards import TYPES
from loyalty.rewards.type import Unit
from loyalty.situation import Situation

REFUSED: Final = "refused"
"""Name of the difference of a sale that the rules would not have allowed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the sale: what the till wrote, and what the rules give."""

    field: str
    told: object
    ruled: object


def redecide(sold: Sold, programme: LoyaltyProgramme, *, shop: str) -> tuple[Difference, ...]:
    """Every field in which the sale differs from what its rules give; nothing: it is right.

    Args:
        programme: the version that the sale names.
        shop: where its till stood.
    """
    order = Order(sold.lines, tuple(map(_use, sold.applied)), sold.gifts)
    priced = price(_situation(sold, programme, shop), order)
    if isinstance(priced, Refusal):
        return (Difference(REFUSED, "", priced.reason.value),)
    pairs: list[tuple[str, object, object]] = [
        ("total_cents", sold.total_cents, priced.total_cents),
        ("due_cents", sold.due_cents, priced.due_cents),
        ("paid_cents", sold.paid_cents, priced.to_pay_cents),
        ("applied", sold.applied, priced.applied),
        ("earn", sold.earn, programme.earn),
        ("earns_cents", sold.base_cents if sold.customer else 0, priced.earns_cents),
        ("factor_bp", sold.factor_bp, priced.factor_bp),
        ("points", sold.points, priced.points),
        ("matures", sold.matures, priced.matures),
        ("carry_cents", sold.carry_cents, priced.carry_cents),
        ("purse_cents", sold.purse_cents, priced.purse_cents),
        ("spent", _sums(spent_by(sold)), _sums(priced.spent)),
        ("gained", _sums(sold.gained), _sums(priced.gained)),
    ]
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _situation(sold: Sold, programme: LoyaltyProgramme, shop: str) -> Situation:
    """What the till knew, as the sale says it; whose accounts paid together counts as one's."""
    saw = sold.saw
    customer = sold.customer or ""
    others = {hold.account.owner for hold in sold.spent if hold.account.kind is not Kind.STOCK}
    balances = {hold.account: hold.amount for hold in saw.balances}
    return Situation(
        programme=programme,
        shop=shop,
        customer=sold.customer,
        balances=gathered(balances, customer, others - {customer}),
        rights={hold.account: hold.amount for hold in saw.rights},
        at=datetime.fromisoformat(saw.at) if saw.at else None,
        member=saw.member,
        pro=saw.pro,
        tier=saw.tier,
    )


def _use(applied: Applied) -> Use:
    """The use of which a reward came: where its type asks how much, that is what it took."""
    kind = TYPES.get(applied.kind)
    match kind.asks if kind else None:
        case Unit.CENTS:
            return Use(applied.reward, applied.cents_off)
        case Unit.POINTS:
            return Use(applied.reward, applied.points)
        case _:
            return Use(applied.reward)


def _sums(holds: Iterable[Holding]) -> dict[tuple[Kind, str], int]:
    """By kind and key, whoever they are of: customers who are one person pay together."""
    found: dict[tuple[Kind, str], int] = {}
    for hold in holds:
        where = (hold.account.kind, hold.account.key)
        found[where] = found.get(where, 0) + hold.amount
    return {where: amount for where, amount in found.items() if amount}
