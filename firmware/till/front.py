# SPDX-License-Identifier: Apache-2.0
"""What a customer does alone: look at the card, join, hand over to staff."""

from collections.abc import Callable
from functools import partial

from firmware.drivers.base import Reading
from firmware.store import photos, replica
from firmware.store.cards import lost_card
from firmware.till import gift, tap
from firmware.till.asking import heard_first
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Open, Opener, Stay, Tick
from firmware.till.outcome import Front, Outcome, Recognised, Refused, RewardRow, TierSeen
from loyalty.account import Kind, points_of, purse_of
from loyalty.badge import badges
from loyalty.basket import Order
from loyalty.card import mask
from loyalty.feed import CustomerIs, StaffIs
from loyalty.module import Module
from loyalty.programme import LoyaltyProgramme
from loyalty.refusal import Reason, Refusal
from loyalty.tier import Criterion, progress

LEAVE_AFTER_S = 15
ROWS = 3


class CardCheck(Flow):
    """A customer looks at their points; the screen leaves by itself (SPEC T1)."""

    def __init__(self, desk: Desk, customer: CustomerIs, code: str) -> None:
        self.desk, self.customer, self.code = desk, customer, code
        self.qr = False
        self.until_s = desk.clock.monotonic_s() + LEAVE_AFTER_S

    def show(self) -> Outcome:
        situation = self.desk.situation(self.customer.id)
        points = situation.balances.get(points_of(self.customer.id), 0)
        loyal = situation.programme.has(Module.LOYALTY)
        rewards = situation.programme.rewards_in(situation.shop)
        stands = badges(situation, Order(), room_cents=self.desk.room_cents)
        here = {badge.reward.id: badge.here for badge in stands}
        pictures = photos.of_rewards(self.desk.db)
        rows = sorted(
            (
                RewardRow(
                    r.title,
                    r.cost,
                    max(0, r.cost - points),
                    here.get(r.id, False),
                    pictures.get(r.id, b""),
                )
                for r in rewards
                if r.cost and (situation.pro or not r.options.pro)
            ),
            key=lambda row: (row.missing, row.cost),
        )
        sales = replica.recent_sales(self.desk.db, self.customer.id, ROWS)
        return Recognised(
            offline=not self.desk.online,
            first_name=self.customer.first_name,
            points=points if loyal else None,
            rewards=tuple(rows[:ROWS]),
            visits=tuple((self.desk.local(s.wall_ms).date(), s.points) for s in sales),
            purse_cents=situation.balances.get(purse_of(self.customer.id), 0) if loyal else 0,
            waiting=sum(n for a, n in situation.balances.items() if a.kind is Kind.PENDING)
            if loyal
            else 0,
            tier=standing(situation.programme, self.customer),
            seconds_left=max(0, round(self.until_s - self.desk.clock.monotonic_s())),
            code=self.code,
            qr=self.qr,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                return End() if self.desk.clock.monotonic_s() >= self.until_s else Stay()
            case tap.Finish() | tap.Back():
                return End()
            case tap.ShowQr():
                self.qr = not self.qr
            case Reading():
                return End(event=event)
            case tap.Unlock():
                return End(event=event)
            case _:
                pass
        self.until_s = self.desk.clock.monotonic_s() + LEAVE_AFTER_S
        return Stay()


def standing(programme: LoyaltyProgramme, customer: CustomerIs) -> TierSeen | None:
    """Where a customer stands, as the hub last worked it out."""
    if not programme.tiers:
        return None
    criterion = programme.tiering.criterion
    here = progress(programme.tiers, tier=customer.tier, figure=customer.figure)
    above = here.next if criterion is not Criterion.SEGMENT else None
    return TierSeen(
        name=here.tier.name if here.tier else "",
        next=above.name if above else "",
        missing=here.missing if above else 0,
        criterion=criterion,
    )


class No(Flow):
    """A refusal on the whole screen; it ends with the tap that was chosen."""

    def __init__(self, desk: Desk, refused: Refused) -> None:
        self.desk, self.refused = desk, refused
        self.until_s = desk.clock.monotonic_s() + LEAVE_AFTER_S

    def show(self) -> Outcome:
        return self.refused

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                late = self.desk.clock.monotonic_s() >= self.until_s
                return End(tap.Back()) if late and not self.refused.staff else Stay()
            case Reading():
                return End(tap.Back(), event=event)
            case tap.Back() | tap.Finish() | tap.Retry() | tap.WithoutRewards() | tap.GiveCard():
                return End(event)
            case tap.Join() | tap.Search():
                return End(tap.Back(), event=event)
            case _:
                return Stay()


class Painted(Flow):
    """The front: at the bottom of the stack, it never ends."""

    def __init__(
        self,
        desk: Desk,
        *,
        unlock: Opener,
        serve: Callable[[StaffIs], Flow],
        join: Callable[[], Open],
    ) -> None:
        self.desk, self.unlock, self.serve, self.join = desk, unlock, serve, join

    def show(self) -> Outcome:
        shop, programme = self.desk.shop(), self.desk.programme()
        rewards = sorted(programme.rewards_in(self.desk.config.shop), key=lambda r: r.cost)
        first = next((r for r in rewards if r.cost), None)
        return Front(
            offline=not self.desk.online,
            merchant=shop.merchant,
            shop=shop.name,
            now=self.desk.now(),
            points=programme.earn.points,
            per_cents=programme.earn.per_cents,
            first_cost=first.cost if first else None,
            first_title=(first.gift_title or first.title) if first else "",
            pitch=shop.pitch_fr if programme.has(Module.LOYALTY) else "",
            colour=shop.colour,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case Reading():
                return self._look(event)
            case tap.Unlock():
                return Open(self.unlock())
            case tap.Join():
                return self.join()
            case _:
                return Stay()

    def _look(self, reading: Reading, *, heard: bool | None = None) -> Move:
        found = self.desk.by_reading(reading)
        if isinstance(found, Refusal):
            return Open(No(self.desk, Refused(refusal=found)))
        code, customer = found
        if customer is None:
            if staff := self.desk.by_badge(reading):
                return Open(self.serve(staff))
            if gift.is_one(self.desk, code.text):
                return Open(No(self.desk, Refused(refusal=Refusal(Reason.GIFT_ALONE))))
            if lost_card(self.desk.db, code.text):
                lost = Refusal(Reason.CARD_BLOCKED)
                return Open(No(self.desk, Refused(refusal=lost, code=mask(code.text))))
            if heard is None:
                return heard_first(self.desk, code.text, partial(self._look, reading))
            unknown = Refusal(Reason.CARD_UNKNOWN, {"unheard": int(not heard)})
            return Open(No(self.desk, Refused(refusal=unknown, code=mask(code.text))))
        return Open(CardCheck(self.desk, customer, code.text))
