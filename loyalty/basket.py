# SPDX-License-Identifier: Apache-2.0
"""An order being made, and its price: the rules every till meets, in their order (SPEC)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from loyalty.account import Account, Holding, gift_of, points_of, purse_of
from loyalty.money import LARGEST_CENTS, Cents, share, spread
from loyalty.programme import LoyaltyProgramme, Reward, RewardKind
from loyalty.refusal import Reason, Refusal

MOST_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A category or a product, so many times, at a unit price."""

    label: str
    unit_cents: int
    quantity: int = 1
    category: str = ""
    product: str = ""

    @property
    def cents(self) -> Cents:
        """Price of the line."""
        return Cents(self.unit_cents * self.quantity)


@dataclass(frozen=True, slots=True)
class Use:
    """A reward put into the order; `cents` is what staff typed to deduct from the purse."""

    reward: str
    cents: int = 0


@dataclass(frozen=True, slots=True)
class GiftUse:
    """Part of the order paid with a gift card."""

    fingerprint: str
    cents: int


@dataclass(frozen=True, slots=True)
class Order:
    """What staff put together on the screen; nothing has happened yet."""

    lines: tuple[Line, ...] = ()
    uses: tuple[Use, ...] = ()
    gifts: tuple[GiftUse, ...] = ()

    @property
    def total_cents(self) -> Cents:
        """Before any reward."""
        return Cents(sum(line.cents for line in self.lines))

    def adding(self, line: Line) -> "Order":
        """With one more line; the same product at the same price is counted up instead."""
        for i, old in enumerate(self.lines):
            if line.product and replace(old, quantity=line.quantity) == line:
                more = replace(old, quantity=old.quantity + line.quantity)
                return replace(self, lines=(*self.lines[:i], more, *self.lines[i + 1 :]))
        return replace(self, lines=(*self.lines, line))

    def without_line(self, index: int) -> "Order":
        """With the line at that place taken out."""
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def using(self, use: Use) -> "Order":
        """With that reward in it, once."""
        return replace(self.without_use(use.reward), uses=(*self.without_use(use.reward).uses, use))

    def without_use(self, reward: str) -> "Order":
        """With that reward taken out."""
        return replace(self, uses=tuple(use for use in self.uses if use.reward != reward))

    def paying(self, gift: GiftUse) -> "Order":
        """With part of it paid by that gift card, which replaces what the card paid before."""
        others = tuple(g for g in self.gifts if g.fingerprint != gift.fingerprint)
        return replace(self, gifts=(*others, gift) if gift.cents else others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A reward as it took effect: what it cost in points, what it took off."""

    reward: str
    kind: RewardKind
    title: str
    points: int
    cents_off: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What an order comes to.

    total − rewards = due, which earns; due − gift cards = to_pay.
    """

    total_cents: int
    applied: tuple[Applied, ...]
    due_cents: int
    to_pay_cents: int
    line_cents: tuple[int, ...]
    """What is left of each line after the percentage; sums to the total less that discount."""
    points: int
    carry_cents: int
    purse_cents: int
    spends: tuple[Holding, ...]
    """What must be inside a right before the order can be saved."""


def price(
    programme: LoyaltyProgramme,
    order: Order,
    *,
    shop: str,
    customer: str | None,
    balances: Mapping[Account, int],
) -> Priced | Refusal:
    """Price an order for a customer (None: nobody earns or uses a reward).

    Args:
        balances: what the till shows now; an account it does not name is 0.
    """
    total = order.total_cents
    if refusal := _absurd(order, total):
        return refusal
    applied: list[Applied] = []
    due = int(total)
    line_cents = tuple(int(line.cents) for line in order.lines)
    for use, reward in sorted(_uses(programme, order), key=_application_order):
        if reward is None or customer is None or not reward.offered_in(shop):
            return Refusal(Reason.REWARD_UNKNOWN, {"reward": use.reward})
        if reward.kind is RewardKind.DISCOUNT and any(a.kind is reward.kind for a in applied):
            return Refusal(Reason.ONE_DISCOUNT, {"reward": reward.title})
        off = _cents_off(reward, use, due)
        if reward.kind is RewardKind.CASHBACK and not 0 < use.cents <= due:
            return Refusal(Reason.MORE_THAN_TOTAL, {"asked": use.cents, "most": due})
        if reward.kind is RewardKind.DISCOUNT:
            offs = spread(off, line_cents)
            line_cents = tuple(c - o for c, o in zip(line_cents, offs, strict=True))
        due -= off
        applied.append(
            Applied(
                reward=reward.id,
                kind=reward.kind,
                title=reward.gift_title or reward.title,
                points=reward.cost,
                cents_off=off,
            )
        )
    by_gift = sum(gift.cents for gift in order.gifts)
    if by_gift > due:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": by_gift, "most": due})
    spends = _spends(order, applied, customer)
    for spend in spends:
        have = balances.get(spend.account, 0)
        if have < spend.amount:
            return Refusal.short_of(spend.account, needed=spend.amount, have=have)
    points, carry = programme.earn.earn(due) if customer else (0, 0)
    return Priced(
        total_cents=total,
        applied=tuple(applied),
        due_cents=due,
        to_pay_cents=due - by_gift,
        line_cents=line_cents,
        points=points,
        carry_cents=carry,
        purse_cents=programme.cashback_of(shop, due) if customer else 0,
        spends=spends,
    )


def _absurd(order: Order, total: int) -> Refusal | None:
    if not order.lines or total <= 0:
        return Refusal(Reason.TOTAL_MISSING)
    if len(order.lines) > MOST_LINES:
        return Refusal(Reason.TOO_MANY_LINES, {"most": MOST_LINES})
    for line in order.lines:
        if not 0 < line.quantity * line.unit_cents <= LARGEST_CENTS or line.quantity < 1:
            return Refusal(Reason.ABSURD_AMOUNT, {"cents": line.cents, "most": LARGEST_CENTS})
    if total > LARGEST_CENTS:
        return Refusal(Reason.ABSURD_AMOUNT, {"cents": total, "most": LARGEST_CENTS})
    if any(gift.cents < 0 for gift in order.gifts):
        return Refusal(Reason.ABSURD_AMOUNT, {"cents": min(g.cents for g in order.gifts)})
    return None


def _uses(programme: LoyaltyProgramme, order: Order) -> list[tuple[Use, Reward | None]]:
    return [(use, programme.reward(use.reward)) for use in order.uses]


def _application_order(pair: tuple[Use, Reward | None]) -> int:
    kind = pair[1].kind if pair[1] else RewardKind.DISCOUNT
    return (RewardKind.DISCOUNT, RewardKind.GIFT, RewardKind.CASHBACK).index(kind)


def _cents_off(reward: Reward, use: Use, due_cents: int) -> int:
    match reward.kind:
        case RewardKind.DISCOUNT:
            return share(due_cents, reward.rate_bp)
        case RewardKind.GIFT:
            return 0
        case RewardKind.CASHBACK:
            return use.cents


def _spends(order: Order, applied: list[Applied], customer: str | None) -> tuple[Holding, ...]:
    spends = []
    if customer is not None:
        purse = sum(a.cents_off for a in applied if a.kind is RewardKind.CASHBACK)
        spends = [
            Holding(points_of(customer), sum(a.points for a in applied)),
            Holding(purse_of(customer), purse),
        ]
    by_card: Counter[str] = Counter()
    for gift in order.gifts:
        by_card[gift.fingerprint] += gift.cents
    spends += [Holding(gift_of(card), cents) for card, cents in by_card.items()]
    return tuple(spend for spend in spends if spend.amount)
