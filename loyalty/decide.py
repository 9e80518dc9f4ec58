# SPDX-License-Identifier: Apache-2.0
"""The one place where a till's command becomes facts: pure, so the hub can decide it again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from loyalty.account import Account, Holding, points_of, purse_of, rest_of
from loyalty.basket import Order, price
from loyalty.command import Command, CountVisit, RecordSale, RefundSale, SellGiftCard
from loyalty.entry import Facts, GiftSold, Refunded, Saw, Sold, Visited, returned
from loyalty.money import LARGEST_CENTS
from loyalty.programme import LoyaltyProgramme, Reward, RewardKind
from loyalty.refund import refunded
from loyalty.refusal import Reason, Refusal
from loyalty.rights import missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a decision is told; whatever is not in here can't change it."""

    programme: LoyaltyProgramme
    shop: str
    customer: str | None = None
    balances: Mapping[Account, int] = field(default_factory=dict)
    """What the till shows now; an account it does not name is 0."""
    rights: Mapping[Account, int] = field(default_factory=dict)
    """What this till may spend, account by account."""
    parts: Mapping[Account, int] = field(default_factory=dict)
    """Of a customer who is several since they were merged: what each account shows by itself."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Facts to write into the journal."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class Short:
    """It would be right, but this till lacks rights: ask the hub for these, then decide again."""

    lacks: tuple[Holding, ...]


def decide(situation: Situation, command: Command) -> Decided | Short | Refusal | None:
    """Answer a command; None means that there is nothing to write (a visit already counted)."""
    match command:
        case CountVisit():
            return _visit(situation, command)
        case RecordSale():
            return _sale(situation, command)
        case SellGiftCard():
            return _gift(situation, command)
        case RefundSale():
            return _refund(situation, command)


def _visit(situation: Situation, command: CountVisit) -> Decided | None:
    ago = command.last_visit_s_ago
    if situation.customer is None or (
        ago is not None and 0 <= ago < situation.programme.visit_delay_s
    ):
        return None
    return Decided(Visited(customer=situation.customer, code=command.code))


def _sale(situation: Situation, command: RecordSale) -> Decided | Short | Refusal:
    order = command.order
    priced = price(
        situation.programme,
        order,
        shop=situation.shop,
        customer=situation.customer,
        balances=situation.balances,
    )
    if isinstance(priced, Refusal):
        return priced
    spends = _taken_from(priced.spends, situation)
    if lacks := missing(spends, situation.rights):
        return Short(lacks)
    parts = situation.parts
    shown = {**situation.balances, **parts}
    seen = [spend.account for spend in spends]
    return Decided(
        Sold(
            receipt=command.receipt,
            customer=situation.customer,
            code=command.code,
            lines=order.lines,
            applied=priced.applied,
            gifts=order.gifts,
            total_cents=priced.total_cents,
            due_cents=priced.due_cents,
            paid_cents=priced.to_pay_cents,
            points=priced.points,
            earn=situation.programme.earn,
            carry_cents=priced.carry_cents,
            purse_cents=priced.purse_cents,
            spent=tuple(s for s in spends if s.account in parts) if spends != priced.spends else (),
            saw=Saw(
                programme=situation.programme.version,
                balances=tuple(Holding(a, shown.get(a, 0)) for a in seen),
                rights=tuple(Holding(a, situation.rights.get(a, 0)) for a in seen),
            ),
        )
    )


def _taken_from(spends: tuple[Holding, ...], situation: Situation) -> tuple[Holding, ...]:
    """Whose accounts pay: of a customer who is several, those first that may be spent here."""
    if not situation.parts:
        return spends
    found: Counter[Account] = Counter()
    for spend in spends:
        of, left = spend.account, spend.amount
        like = [a for a in situation.parts if (a.kind, a.key) == (of.kind, of.key)]
        reach = [situation.rights.get(a, 0) for a in like]
        reach += [situation.parts[a] - situation.rights.get(a, 0) for a in like]
        for account, most in zip(like * 2, reach, strict=True):
            amount = max(0, min(left, most))
            found[account] += amount
            left -= amount
        found[of] += left
    return tuple(Holding(account, amount) for account, amount in found.items() if amount)


def _gift(situation: Situation, command: SellGiftCard) -> Decided | Refusal:
    if not 0 < command.cents <= LARGEST_CENTS:
        return Refusal(Reason.ABSURD_AMOUNT, {"cents": command.cents, "most": LARGEST_CENTS})
    return Decided(
        GiftSold(
            receipt=command.receipt,
            fingerprint=command.fingerprint,
            last4=command.last4,
            cents=command.cents,
            virtual=command.virtual,
            customer=situation.customer,
            send_on=command.send_on,
            sealed=command.sealed,
        )
    )


def _refund(situation: Situation, command: RefundSale) -> Decided | Short | Refusal:
    """The till needs the right to all that is left of the sale: then it knows what was before."""
    sold, rest = command.sold, rest_of(command.sale)
    left = situation.rights.get(rest, 0)
    if not left:
        return Short((Holding(rest, sold.total_cents),))
    if not 0 < command.cents <= left:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": command.cents, "most": left})
    part = refunded(
        sold,
        sale=command.sale,
        left=left,
        cents=command.cents,
        receipt=command.receipt,
        reason=command.reason,
    )
    own = _taken_of_own(part, situation.rights)
    return Decided(replace(part, own=own, lines=command.lines, approved_by=command.approved_by))


def _taken_of_own(part: Refunded, rights: Mapping[Account, int]) -> tuple[Holding, ...]:
    """How much of what a refund takes back this till has itself, what it gives back included."""
    if part.customer is None:
        return ()
    back = {hold.account: hold.amount for hold in part.back or returned(part)}
    asked = {points_of(part.customer): part.points, purse_of(part.customer): part.purse_cents}
    own = {a: min(amount, rights.get(a, 0) + back.get(a, 0)) for a, amount in asked.items()}
    return tuple(Holding(account, amount) for account, amount in own.items() if amount)


class BadgeState(StrEnum):
    """What a reward's badge says (SPEC G1)."""

    USABLE = "usable"
    IN_ORDER = "in_order"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A reward as the customer stands to it with this order."""

    reward: Reward
    state: BadgeState
    missing_points: int = 0
    purse_cents: int = 0
    """For cashback: what the purse still holds."""


def badges(situation: Situation, order: Order) -> tuple[Badge, ...]:
    """The shop's rewards in the merchant's order, lit up or saying what is missing."""
    if situation.customer is None:
        return ()
    programme, customer = situation.programme, situation.customer
    chosen = {use.reward: use for use in order.uses}
    costs = {reward.id: reward.cost for reward in programme.rewards}
    left = situation.balances.get(points_of(customer), 0) - sum(costs.get(r, 0) for r in chosen)
    purse = situation.balances.get(purse_of(customer), 0) - sum(u.cents for u in chosen.values())
    taken = {r.kind for r in programme.rewards if r.id in chosen}
    found = []
    for reward in programme.rewards_in(situation.shop):
        lacking = max(0, reward.cost - left)
        if reward.id in chosen:
            state = BadgeState.IN_ORDER
        elif lacking or _blocked(reward, purse, taken):
            state = BadgeState.NOT_YET
        else:
            state = BadgeState.USABLE
        found.append(Badge(reward=reward, state=state, missing_points=lacking, purse_cents=purse))
    return tuple(found)


def _blocked(reward: Reward, purse_cents: int, taken: set[RewardKind]) -> bool:
    if reward.kind is RewardKind.CASHBACK:
        return purse_cents <= 0
    return reward.kind is RewardKind.DISCOUNT and reward.kind in taken
