# SPDX-License-Identifier: Apache-2.0
"""Paying and saving: gift cards, the right that a redemption needs, the commit (SPEC F1, G3, H)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from firmware.store import own, replica, rights, sales
from firmware.till import exchange, gift, tap
from firmware.till.asking import Asking
from firmware.till.flow import Move, Open, Stay
from firmware.till.keypad import TypeAmount
from firmware.till.outcome import Amount, Field
from firmware.till.printable import receipt_of
from firmware.till.saved import Done
from firmware.till.ticket import Ticket
from loyalty.account import Account, Holding, Kind, gathered
from loyalty.basket import GiftUse, Use
from loyalty.command import RecordSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import Entry, GiftSold, Sold
from loyalty.feed import CustomerIs, GiftOffer
from loyalty.price import Priced, askable
from loyalty.programme import Reward
from loyalty.refusal import Reason, Refusal
from loyalty.rewards.type import Unit


@dataclass(frozen=True, slots=True)
class Checkout:
    """The acts that end in money or value changing hands."""

    ticket: Ticket

    # ── saving ──────────────────────────────────────────────────────────────────────────────────

    def save(self) -> Move:
        """Decide the order; ask the hub for what this till may not spend by itself; commit.

        One transaction: sync may give rights back at any moment outside of it.
        """
        desk = self.ticket.desk
        with desk.db.atomic():
            receipt = sales.next_receipt(desk.db)
            command = RecordSale(receipt=receipt, code=self.ticket.code, order=self.ticket.order)
            situation = self.ticket.situation()
            decided = decide(situation, command)
            if isinstance(decided, Decided):
                decided = desk.within_ceiling(decided.facts, situation.programme) or decided
            if isinstance(decided, Decided):
                rights.unreserve(desk.db)
                entry = desk.write(decided.facts, staff=self.ticket.staff.id)
        match decided:
            case Decided(facts=Sold() as sold):
                return self._saved(entry, sold)
            case Short(lacks=lacks) if desk.online:
                return self._ask(lacks)
            case Short(lacks=lacks):
                return self._not_here(lacks[0])
            case Refusal() as refusal:
                rights.unreserve(desk.db)
                short = refusal.reason in {Reason.NOT_ENOUGH, Reason.TOO_MUCH_UNHEARD}
                return Open(self.ticket.no(refusal, drop_rewards=short), self._after_refusal)
            case _:
                return Stay()

    def _ask(self, lacks: tuple[Holding, ...]) -> Move:
        customer = self.ticket.customer
        return Open(
            Asking(self.ticket.desk, lacks, customer.first_name if customer else ""),
            lambda granted: self.save() if granted is True else self._not_here(lacks[0]),
        )

    def _saved(
        self, entry: Entry, sold: Sold | GiftSold, *, recipient: str = "", gift_code: str = ""
    ) -> Move:
        """Only now, after the commit, is the order done and the receipt said.

        A gift card is sold beside the order that is on the counter, which stays.
        """
        receipt = receipt_of(self.ticket.desk, entry, sold, gift_code=gift_code)
        if isinstance(sold, Sold):
            self.ticket.clear()
        return Open(Done(self.ticket.desk, entry, receipt, recipient))

    def _not_here(self, lack: Holding, offer: GiftOffer | None = None) -> Move:
        """Say in words what can't be spent here now, with its figures (SPEC T5).

        `offer`: the points are for that gift card, and no order waits for them.
        """
        have = self._of_person(lack, self.ticket.situation().rights)
        refusal = Refusal(
            Reason.NOT_HERE_NOW,
            {
                "kind": lack.account.kind,
                "needed": offer.points if offer else self._needed(lack),
                "have": have,
                "offline": int(not self.ticket.desk.online),
                **self._kept_by(lack.account),
            },
        )
        if offer:
            return Open(self.ticket.no(refusal), partial(self._offered_again, offer))
        rewards = lack.account.kind is not Kind.GIFT
        return Open(self.ticket.no(refusal, drop_rewards=rewards), self._after_refusal)

    def _kept_by(self, account: Account) -> dict[str, str | int]:
        """Who has the rest, as the hub last said: moments as ISO dates on the shop's clock."""
        desk = self.ticket.desk
        kept = own.elsewhere(desk.db, account)
        if kept is None:
            return {}
        return {
            "shop": kept.shop,
            "tills": kept.tills,
            "heard": desk.local(kept.heard_ms).isoformat(),
            "said": desk.local(kept.said_ms).isoformat(),
            "now": desk.now().isoformat(),
        }

    def _needed(self, lack: Holding) -> int:
        priced = self.ticket.priced()
        spends = priced.spends if isinstance(priced, Priced) else ()
        return self._of_person(lack, {s.account: s.amount for s in spends}) or lack.amount

    def _of_person(self, lack: Holding, amounts: Mapping[Account, int]) -> int:
        """How much of those is of what is lacking: a customer may be several."""
        situation = self.ticket.situation()
        others = {a.owner for a in situation.parts} - {situation.customer}
        owner = lack.account.owner
        of = replace(
            lack.account, owner=(situation.customer or owner) if owner in others else owner
        )
        return gathered(amounts, of.owner, others).get(of, 0)

    def _after_refusal(self, chosen: object) -> Move:
        match chosen:
            case tap.Retry():
                return self.save()
            case tap.WithoutRewards():
                self.ticket.drop_rewards()
                return Stay()
            case _:
                return Stay()

    # ── the purse, and points as payment ────────────────────────────────────────────────────────

    def how_much(self, reward: Reward) -> Move:
        """Ask how much the reward takes, up to what is there and what is owed (SPEC C4, C20)."""
        ticket = self.ticket
        may = askable(ticket.situation(), ticket.order, reward)
        if isinstance(may, Refusal):
            return Open(ticket.no(may))
        if may is None:
            return Stay()

        def deduct(amount: object) -> Move:
            if isinstance(amount, int):
                ticket.order = ticket.order.using(Use(reward.id, amount))
            return Stay()

        purpose = Amount.POINTS if may.unit is Unit.POINTS else Amount.PURSE
        asked = TypeAmount(
            ticket.desk,
            purpose,
            most_cents=may.most,
            about=reward.title,
            available=may.available,
        )
        return Open(asked, deduct)

    # ── gift cards ──────────────────────────────────────────────────────────────────────────────

    def gift_menu(self) -> Move:
        """Pay with a gift card, sell one, or give one for points."""
        desk, customer = self.ticket.desk, self.ticket.customer
        offered = customer is not None and customer.member and replica.gift_offers(desk.db)
        menu = gift.menu(desk, can_pay=bool(self.ticket.order.lines), can_exchange=bool(offered))
        return Open(menu, self._gift_chosen)

    def _gift_chosen(self, answers: object) -> Move:
        desk = self.ticket.desk
        match gift.chosen(answers):
            case gift.PAY:
                return Open(gift.number_form(desk), self._gift_numbered)
            case gift.SELL:
                return Open(gift.sale_form(desk), self._sell_gift)
            case gift.EXCHANGE if customer := self.ticket.customer:
                return Open(exchange.Offers(desk, customer), self._offer_chosen)
            case _:
                return Stay()

    def _gift_numbered(self, answers: object) -> Move:
        return self.pay_by_gift(answers[Field.GIFT_NUMBER]) if gift.given(answers) else Stay()

    def pay_by_gift(self, number: str) -> Move:
        """Ask how much of the card's money pays the order (SPEC H3)."""
        ticket = self.ticket
        found = gift.find(ticket.desk, number)
        if found is None:
            return Open(ticket.no(gift.unusable(heard=ticket.desk.online)))
        fingerprint, left = found
        priced = ticket.priced(ticket.order.paying(GiftUse(fingerprint, 0)))
        if isinstance(priced, Refusal):
            return Open(ticket.no(priced))
        last4 = number.strip()[-4:].upper()

        def pay(cents: object) -> Move:
            if isinstance(cents, int):
                ticket.pay(fingerprint, cents, last4)
            return Stay()

        most = min(left, priced.to_pay_cents)
        asked = TypeAmount(
            ticket.desk, Amount.GIFT_PAYS, most_cents=most, about=last4, available=left
        )
        return Open(asked, pay)

    def _offer_chosen(self, offer: object) -> Move:
        """Have the points in hand before anybody types a name (SPEC H4)."""
        ticket = self.ticket
        desk, customer = ticket.desk, ticket.customer
        if not isinstance(offer, GiftOffer) or customer is None:
            return Stay()
        match exchange.decided(ticket.situation(), offer):
            case Refusal() as refusal:
                return Open(ticket.no(refusal))
            case Short(lacks=lacks):
                return self._ask_for(offer, lacks)
            case _:
                form = exchange.form(desk, offer, customer)
                return Open(form, partial(self._exchanged, offer, customer))

    def _ask_for(self, offer: GiftOffer, lacks: tuple[Holding, ...]) -> Move:
        def answered(granted: object) -> Move:
            if granted is True:
                return self._offer_chosen(offer)
            return self._not_here(lacks[0], offer)

        if not self.ticket.desk.online:
            return self._not_here(lacks[0], offer)
        seen = self.ticket.seen
        return Open(Asking(self.ticket.desk, lacks, seen.name if seen else ""), answered)

    def _offered_again(self, offer: GiftOffer, chosen: object) -> Move:
        return self._offer_chosen(offer) if isinstance(chosen, tap.Retry) else Stay()

    def _exchanged(self, offer: GiftOffer, customer: CustomerIs, answers: object) -> Move:
        desk = self.ticket.desk
        if gift.given(answers):
            sold = exchange.sold(desk, offer, customer, answers)
            return self._sell_gift(sold, offer)
        rights.unreserve(desk.db)
        return Stay()

    def _sell_gift(self, answers: object, offer: GiftOffer | None = None) -> Move:
        if not gift.given(answers):
            return Stay()
        ticket = self.ticket
        desk = ticket.desk
        with desk.db.atomic():
            receipt = sales.next_receipt(desk.db)
            points = offer.points if offer else 0
            sell, code = gift.command(desk, answers, receipt, points=points)
            situation = ticket.situation()
            decided = decide(situation, sell)
            if isinstance(decided, Decided):
                decided = desk.within_ceiling(decided.facts, situation.programme) or decided
            if isinstance(decided, Decided):
                rights.unreserve(desk.db)
                entry = desk.write(decided.facts, staff=ticket.staff.id)
        match decided:
            case Decided(facts=GiftSold() as sold):
                shown = code if sell.virtual else ""
                recipient = answers[Field.RECIPIENT]
                return self._saved(entry, sold, recipient=recipient, gift_code=shown)
            case Short(lacks=lacks):
                return self._not_here(lacks[0], offer)
            case Refusal() as refusal:
                return Open(ticket.no(refusal))
            case _:
                return Stay()
