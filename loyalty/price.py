# SPDX-License-Identifier: Apache-2.0
"""The price of an order: the rules every till meets, in their order (SPEC)."""

from collections import Counter
from dataclasses import dataclass

from loyalty.account import Holding, Kind, gift_of, welcome_of
from loyalty.basket import Applied, Order, Use
from loyalty.calendar import matures_on
from loyalty.conditions import (
    COUNTED,
    GRANTED,
    Bill,
    Lack,
    Need,
    costs,
    lacking,
    nearest_first,
    open_to,
)
from loyalty.money import LARGEST_CENTS
from loyalty.programme import PLAIN, Reward
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES
from loyalty.rewards.type import RewardType, Unit
from loyalty.situation import Situation

MOST_LINES = 200


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
    """What is left of each line after rewards; sums to what is due."""
    earns_cents: int
    """The part of it that earns; 0 for who has not joined."""
    factor_bp: int
    points: int
    would_earn: int
    """The points that it earns, or would earn somebody who joins."""
    matures: str
    """Day from which the points can be spent; empty: at once."""
    carry_cents: int
    purse_cents: int
    spent: tuple[Holding, ...]
    """What rewards take, account by account."""
    gained: tuple[Holding, ...]
    """What rewards add besides the purse."""
    spends: tuple[Holding, ...]
    """What must be inside a right before the order can be saved: what is spent, and gift cards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """How much of something a reward may take in this order: the keypad's limits."""

    unit: Unit
    most: int
    """By the order, the reward and what is there."""
    available: int
    """What is there."""


def price(situation: Situation, order: Order) -> Priced | Refusal:
    """Price an order; without a customer nobody earns or uses a reward."""
    if refusal := _absurd(order):
        return refusal
    bill = Bill.of(situation, order)
    applied = _apply_all(bill)
    if isinstance(applied, Refusal):
        return applied
    due = bill.due_cents
    by_gift = _by_gift(order)
    if by_gift > due:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": by_gift, "most": due})
    spent = tuple(Holding(account, n) for account, n in bill.taken.items() if n)
    by_card = _of_gifts(order)
    if situation.stopped & {gift.fingerprint for gift in order.gifts}:
        return Refusal(Reason.GIFT_UNKNOWN)
    for spend in (*spent, *by_card):
        have = situation.balances.get(spend.account, 0)
        if have < spend.amount and spend.account.kind not in GRANTED:
            return Refusal.short_of(spend.account, needed=spend.amount, have=have)
    return _earned(bill, applied, spent=(*spent, *_lapses(bill)), by_card=by_card)


def lacks(bill: Bill, reward: Reward) -> tuple[Lack, ...]:
    """What a reward lacks on this bill, nearest first; nothing: it can be used."""
    kind = TYPES[reward.kind]
    points = kind.points(reward, 0)
    found = [
        *((Lack(need=Need.ALONE),) if _second(bill, reward) else ()),
        *open_to(bill.situation, reward),
        *kind.lacks(bill, reward),
        *lacking(bill, reward, costs(bill, reward, points)),
    ]
    if kind.asks is None:
        found += lacking(bill, reward, kind.takes(bill, reward, 0))
    return nearest_first(found)


def put_on(situation: Situation, order: Order) -> Bill:
    """The bill with those rewards of the order that can be used."""
    bill = Bill.of(situation, order)
    for use, reward, kind in _uses(bill):
        if reward and kind and bill.customer:
            _apply(bill, reward, use.amount)
    return bill


def askable(situation: Situation, order: Order, reward: Reward) -> Askable | Refusal | None:
    """How much of it may be used in this order; None: its type does not ask, or nobody is there."""
    kind = TYPES.get(reward.kind)
    if kind is None or kind.asks is None or situation.customer is None:
        return None
    bill = Bill.of(situation, order.without_use(reward.id))
    if refused := _absurd(order) or _refused(_apply_all(bill)):
        return refused
    by_gift = _by_gift(order)
    if by_gift > bill.due_cents:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": by_gift, "most": bill.due_cents})
    bill.lower(by_gift)
    source = kind.source(situation.customer)
    available = max(0, bill.has(source)) if source else 0
    most = min(kind.most(bill, reward), available)
    return Askable(unit=kind.asks, most=most, available=available)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _absurd(order: Order) -> Refusal | None:
    total = order.total_cents
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


def _refused(answer: object) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


def _by_gift(order: Order) -> int:
    return sum(gift.cents for gift in order.gifts)


def _apply_all(bill: Bill) -> tuple[Applied, ...] | Refusal:
    """Let the rewards of the order take effect, one after the other, as their types are ranked."""
    found = []
    for use, reward, kind in _uses(bill):
        if reward is None or kind is None or not bill.customer:
            return Refusal(Reason.REWARD_UNKNOWN, {"reward": use.reward})
        applied = _apply(bill, reward, use.amount)
        if isinstance(applied, Refusal):
            return applied
        found.append(applied)
    return tuple(found)


def _uses(bill: Bill) -> list[tuple[Use, Reward | None, RewardType | None]]:
    """The uses in the order of application; those without a reward or type here come first."""
    chosen = {use.reward: use for use in bill.order.uses}
    found: list[tuple[Use, Reward | None, RewardType | None]] = [
        (chosen.pop(reward.id), reward, TYPES.get(reward.kind))
        for reward in (bill.situation.programme.rewards_in(bill.situation.shop) if chosen else ())
        if reward.id in chosen
    ]
    found += [(use, None, None) for use in chosen.values()]
    return sorted(found, key=lambda one: one[2].rank if one[2] else 0)


def _second(bill: Bill, reward: Reward) -> bool:
    return TYPES[reward.kind].alone and any(used.kind == reward.kind for used in bill.used)


def _apply(bill: Bill, reward: Reward, amount: int) -> Applied | Refusal:
    kind = TYPES[reward.kind]
    if _second(bill, reward):
        return Refusal(Reason.ONE_DISCOUNT, {"reward": reward.title})
    if closed := [lack for lack in lacks(bill, reward) if lack.need not in COUNTED]:
        return _closed(reward, closed[0])
    most = kind.most(bill, reward) if kind.asks else amount
    if kind.asks and not 0 < amount <= most:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": amount, "most": most})
    points = kind.points(reward, amount)
    takes = (*costs(bill, reward, points), *kind.takes(bill, reward, amount))
    off = kind.lower(bill, reward, amount)
    for take in takes:
        bill.taken[take.account] += take.amount
    bill.used.append(reward)
    return Applied(
        reward=reward.id,
        kind=reward.kind,
        title=kind.title(reward),
        points=points,
        cents_off=off,
    )


def _closed(reward: Reward, lack: Lack) -> Refusal:
    return Refusal(
        Reason.REWARD_CLOSED,
        {"reward": reward.title, "need": lack.need, "missing": lack.missing},
    )


def _of_gifts(order: Order) -> tuple[Holding, ...]:
    by_card: Counter[str] = Counter()
    for gift in order.gifts:
        by_card[gift.fingerprint] += gift.cents
    return tuple(Holding(gift_of(card), cents) for card, cents in by_card.items() if cents)


def _lapses(bill: Bill) -> tuple[Holding, ...]:
    """The welcome ends with the first order; where another till holds it, the hub ends it."""
    welcome = welcome_of(bill.customer)
    here = min(bill.has(welcome), bill.situation.rights.get(welcome, 0) - bill.taken[welcome])
    return (Holding(welcome, 1),) if bill.customer and here > 0 else ()


def _earned(
    bill: Bill,
    applied: tuple[Applied, ...],
    *,
    spent: tuple[Holding, ...],
    by_card: tuple[Holding, ...],
) -> Priced:
    situation, programme = bill.situation, bill.situation.programme
    earns = bool(bill.customer) and situation.member
    factor = situation.factor_bp
    points, carry = programme.earn.earn(bill.earning_cents, factor)
    gained = _gained(bill) if earns else ()
    waits = earns and points > 0 and programme.pending_days > 0
    return Priced(
        total_cents=bill.order.total_cents,
        applied=applied,
        due_cents=bill.due_cents,
        to_pay_cents=bill.due_cents - _by_gift(bill.order),
        line_cents=tuple(bill.left),
        earns_cents=bill.earning_cents if earns else 0,
        factor_bp=factor if earns else PLAIN,
        points=points if earns else 0,
        would_earn=points,
        matures=matures_on(situation.at, programme.pending_days) if waits else "",
        carry_cents=carry if earns else 0,
        purse_cents=sum(hold.amount for hold in gained if hold.account.kind is Kind.PURSE),
        spent=spent,
        gained=tuple(hold for hold in gained if hold.account.kind is not Kind.PURSE),
        spends=(*spent, *by_card),
    )


def _gained(bill: Bill) -> tuple[Holding, ...]:
    """What the shop's rewards add to this customer by this sale, used or not."""
    situation = bill.situation
    found = []
    for reward in situation.programme.rewards_in(situation.shop):
        kind = TYPES.get(reward.kind)
        if kind and not open_to(situation, reward):
            found += [hold for hold in kind.adds(bill, reward) if hold.amount]
    return tuple(found)
