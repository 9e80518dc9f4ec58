# SPDX-License-Identifier: Apache-2.0
"""A shop of `--rules full`: hands that try what a household wishes for, as far as the till lets."""

import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace

from firmware.drivers.base import Reading
from firmware.store import journal, replica, sales
from firmware.till import refund, tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.flow import Become, End, Move, Open, Stay, Tick
from firmware.till.front import No
from firmware.till.saved import Done
from loyalty.account import gift_of
from loyalty.badge import BadgeState, badges
from loyalty.basket import Line, Use
from loyalty.calendar import ExpiryKind, ExpiryRule, Window
from loyalty.command import RefundSale, SellGiftCard
from loyalty.decide import Decided, decide
from loyalty.entry import Entry, Sold
from loyalty.price import Askable, Priced, askable
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import Criterion, Period, Tier, TierPlan
from tests.replay import full_rules as r
from tests.replay.shop import Shop, WentWrong, card_of
from tests.replay.shopping import Basket

PATIENCE_S = 300.0
"""Of hands: a busy machine may leave a line alone until the broker drops it."""

_PROGRAMME = LoyaltyProgramme(
    version=1,
    earn=EarnRule(*r.EARN[0]),
    rewards=(
        Reward(
            id="discount", kind="discount", title="Remise",
            cost=r.DISCOUNT_POINTS, rate_bp=r.DISCOUNT_BP,
        ),
        Reward(id="cafe", kind="gift", title="Café", cost=r.CAFE_POINTS),
        Reward(
            id="mug", kind="gift", title="Mug", cost=r.MUG_POINTS,
            options=Options(per_customer=r.MUG_EACH, stock=True),
        ),
        Reward(
            id="points", kind="points", title="Points", cost=0,
            terms=(("most_points", r.MOST_POINTS), ("least_cents", r.LEAST_CENTS)),
        ),
        Reward(
            id="stamps", kind="stamps", title="Tampons", cost=0,
            terms=(("every", r.STAMPS_EVERY), ("article", r.STAMPS_SHELF)),
        ),
        Reward(id="purse", kind="cashback", title="Cagnotte", cost=0, rate_bp=r.PURSE_BP),
    ),
    point_value_cents=r.POINT_CENTS,
    visit_delay_s=r.VISIT_DELAY_S,
    not_earning=(r.NOT_EARNING,),
    windows=(Window(weekdays=(r.DOUBLE_WEEKDAY,)),),
    pending_days=r.PENDING_DAYS,
    expiry=ExpiryRule(ExpiryKind.AWARD, r.EXPIRY_MONTHS[0]),
    tiers=tuple(
        Tier(id=name, name=name, threshold=cents, factor_bp=factor)
        for name, cents, factor in r.TIERS
    ),
    tiering=TierPlan(criterion=Criterion.AMOUNT, period=Period.ROLLING),
)  # fmt: skip


def programme(half: int) -> LoyaltyProgramme:
    """The rules of the first half of the year, or of the second one."""
    rule = replace(_PROGRAMME.expiry, months=r.EXPIRY_MONTHS[half])
    return replace(_PROGRAMME, version=half + 1, earn=EarnRule(*r.EARN[half]), expiry=rule)


class FullShop(Shop):
    """A shop whose till is used for everything; its line stays up."""

    def serve(self, number: int, basket: Basket, cards: Iterable[str]) -> Iterator[None]:
        """A household comes with its card, its wishes, and its gift cards.

        Args:
            cards: those that it was given, oldest first.

        Yields:
            whenever the till waits for the hub: other tills go on meanwhile.
        """
        self.clock.now_s = max(self.clock.now_s, float(basket.at_s))
        self._counter = self._counter or Counter(self.desk, replica.staff(self.db)[0])
        wish, self._counter.lock_at_s = r.wish(number), self.clock.now_s + 300
        if wish.sells_card:
            self._sell_card(r.card_name(number))
        counter, ticket = self._counter, self._counter.ticket
        counter.handle(Reading(code=card_of(basket.household), source="mock:"))
        if ticket.customer is None:
            raise WentWrong(f"card of household {basket.household} is not known")
        if not basket.items:
            counter.handle(tap.DropCustomer())
            return
        for item in basket.items:
            line = Line(
                label=item.label,
                unit_cents=item.unit_cents,
                quantity=item.quantity,
                category=item.shelf,
                product=item.product,
            )
            ticket.order = ticket.order.adding(line)
        for reward in (wish.reward, "purse" if wish.purse else ""):
            self._use(reward)
        if wish.pays_by_card:
            self._pay_by_card(cards)
        sale = yield from self._saved(counter.handle(tap.Save()))
        if wish.back:
            self._bring_back(sale, half=wish.back == 2)

    # ── what hands do ───────────────────────────────────────────────────────────────────────────

    def _use(self, reward_id: str) -> None:
        """Touch the badge if it is lit; of points and purse take as much as there is."""
        ticket = self._ticket
        situation = ticket.situation()
        lit = [
            badge.reward
            for badge in badges(situation, ticket.order)
            if badge.reward.id == reward_id and badge.state is BadgeState.USABLE
        ]
        for reward in lit:
            may = askable(situation, ticket.order, reward)
            amount = may.most if isinstance(may, Askable) else 0
            if may is None or amount:
                ticket.order = ticket.order.using(Use(reward.id, amount))

    def _pay_by_card(self, cards: Iterable[str]) -> None:
        for card in cards:
            money = replica.balances(self.db, card).get(gift_of(card), 0)
            if money:
                priced = self._ticket.priced()
                assert isinstance(priced, Priced)
                self._ticket.pay(card, min(money, priced.to_pay_cents), card[-4:])
                return

    def _sell_card(self, card: str) -> None:
        sell = SellGiftCard(
            receipt=sales.next_receipt(self.db), fingerprint=card, last4=card[-4:],
            cents=r.CARD_CENTS, virtual=True, send_on="", sealed="",
        )  # fmt: skip
        with self.db.atomic():
            decided = decide(self.desk.situation(None), sell)
            assert isinstance(decided, Decided)
            self.desk.write(decided.facts)

    def _bring_back(self, sale: Entry, *, half: bool) -> None:
        sold = sale.facts
        assert isinstance(sold, Sold)
        cents = max(1, sold.total_cents // 2) if half else sold.total_cents
        command = RefundSale(receipt="", sale=sale.id, sold=sold, cents=cents)
        done = refund.pay_back(self.desk, command)
        if not isinstance(done, Entry):
            raise WentWrong(f"nothing was paid back: {done}")

    # ── how it goes ─────────────────────────────────────────────────────────────────────────────

    @property
    def _ticket(self):
        assert self._counter
        return self._counter.ticket

    def _saved(self, move: Move) -> Generator[None, None, Entry]:
        """Wait for the rights that the hub is asked for, up to the receipt."""
        match move:
            case Open(flow=Done() as done):
                return done.entry
            case Open(flow=Asking() as asking, then=then):
                late_s = time.monotonic() + PATIENCE_S
                while isinstance(answer := asking.handle(Tick()), Stay):
                    if time.monotonic() > late_s:
                        raise WentWrong("the hub gave no answer")
                    yield
                assert isinstance(answer, End)
                return (yield from self._saved(then(answer.answer)))
            case Open(flow=No()) if not self.desk.online:  # the line was lost: again when it is up
                while not self.desk.online:
                    yield
                assert self._counter
                return (yield from self._saved(self._counter.handle(tap.Save())))
            case Open(flow=flow) | Become(flow=flow):
                raise WentWrong(f"not saved: {flow.show()}")
        raise WentWrong(f"not saved: {move}")

    @property
    def moving(self) -> set[str]:
        """Owners of what the feed has not covered yet, or of rights that have still to go back."""
        found = self.db.rows("SELECT owner FROM pending UNION SELECT owner FROM held")
        return {owner for (owner,) in found}

    @property
    def written(self) -> int:
        """How many entries this boot has written."""
        segment = journal.current_segment(self.db)
        return segment.n if segment else 0

    @property
    def acknowledged(self) -> int:
        """How many of these the hub has."""
        segment = journal.current_segment(self.db)
        return segment.acked if segment else 0
