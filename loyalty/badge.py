# SPDX-License-Identifier: Apache-2.0
"""The rewards as the customer stands to them: usable, in the order, or what is missing (SPEC G1).

Facts only: the screens put them into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from loyalty.account import Holding, gathered
from loyalty.basket import Order, Use
from loyalty.conditions import Bill, Lack, Need, costs
from loyalty.price import Priced, lacks, price, put_on
from loyalty.programme import Reward
from loyalty.rewards import TYPES
from loyalty.rights import handed_out_cents, worth_cents
from loyalty.situation import Situation


class BadgeState(StrEnum):
    """What a reward's badge says."""

    USABLE = "usable"
    IN_ORDER = "in_order"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A reward as the customer stands to it with this order."""

    reward: Reward
    state: BadgeState
    lacks: tuple[Lack, ...] = ()
    """What is missing, nearest first."""
    available: int = 0
    """Where its type asks how much: what is there, in its unit."""
    here: bool = True
    """Where nothing is missing: this till may spend it by itself, on top of what the order takes."""

    def missing(self, need: Need) -> int:
        """How much of something is missing; 0: nothing."""
        return next((lack.missing for lack in self.lacks if lack.need is need), 0)


def badges(
    situation: Situation, order: Order, *, room_cents: int | None = None
) -> tuple[Badge, ...]:
    """The shop's rewards in the merchant's order.

    `room_cents`: what this till may still hand out before the hub has heard of it (RIGHTS 5).
    """
    if situation.customer is None:
        return ()
    bill, chosen = put_on(situation, order), {use.reward: use.amount for use in order.uses}
    found = []
    for reward in situation.programme.rewards_in(situation.shop):
        kind = TYPES.get(reward.kind)
        if kind is None:
            continue
        source = kind.source(bill.customer)
        available = max(0, bill.has(source)) if source else 0
        lacking = () if reward.id in chosen else lacks(bill, reward)
        state = BadgeState.NOT_YET if lacking else BadgeState.USABLE
        state = BadgeState.IN_ORDER if reward.id in chosen else state
        takes = _takes(bill, reward, chosen.get(reward.id, available))
        here = bool(lacking) or _is_here(bill, takes, on_top=reward.id not in chosen)
        if here and not lacking and room_cents is not None:
            wanted = order if reward.id in chosen else order.using(Use(reward.id))
            here = _hands_out_cents(situation, wanted, takes) <= room_cents
        found.append(
            Badge(reward=reward, state=state, lacks=lacking, available=available, here=here)
        )
    return tuple(found)


def automatic(situation: Situation, order: Order, *, offline: bool = False) -> Order:
    """The order with each per-visit reward that the customer has come to (SPEC C7).

    `offline`: nobody can be asked for a right now, so only what this till may spend counts; the
    badge of another says that it is ready, and it is applied at the next scan.
    """
    if situation.customer is None:
        return order
    for reward in situation.programme.rewards_in(situation.shop):
        kind = TYPES.get(reward.kind)
        if kind is None or kind.asks or not reward.options.per_visit:
            continue
        bill = put_on(situation, order.without_use(reward.id))
        here = not offline or _is_here(bill, _takes(bill, reward, 0), on_top=True)
        if here and not lacks(bill, reward):
            order = order.using(Use(reward.id))
    return order


def _takes(bill: Bill, reward: Reward, amount: int) -> tuple[Holding, ...]:
    """What it would spend."""
    kind = TYPES[reward.kind]
    points = kind.points(reward, amount)
    return (*costs(bill, reward, points), *kind.takes(bill, reward, amount))


def _hands_out_cents(situation: Situation, order: Order, takes: Iterable[Holding]) -> int:
    """What the order hands out; where it can't be priced yet, what the reward would take."""
    programme, priced = situation.programme, price(situation, order)
    if isinstance(priced, Priced):
        return handed_out_cents(priced.spent, priced.applied, order.gifts, programme)
    return sum(worth_cents(take.account, take.amount, programme) for take in takes)


def _is_here(bill: Bill, takes: Iterable[Holding], *, on_top: bool) -> bool:
    """Whether this till has the right to it, `on_top` of what the order takes already."""
    situation = bill.situation
    rights = gathered(situation.rights, bill.customer, {part.owner for part in situation.parts})
    return all(
        bill.taken[take.account] + (take.amount if on_top else 0) <= rights.get(take.account, 0)
        for take in takes
    )
