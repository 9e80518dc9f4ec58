# SPDX-License-Identifier: Apache-2.0
"""Staff serve a customer: one order from the scan to the receipt (SPEC E1, F, G)."""

from dataclasses import replace
from functools import partial

from firmware.drivers.base import Reading
from firmware.store import merged, photos, replica
from firmware.store.cards import lost_card
from firmware.till import cards, gift, tap
from firmware.till.asking import heard_first
from firmware.till.checkout import Checkout
from firmware.till.customers import Found, join, join_form, search_form
from firmware.till.desk import Desk, initials
from firmware.till.flow import End, Event, Flow, Move, Open, Stay, Tick
from firmware.till.form import Form, Step
from firmware.till.keypad import NewLine, line_of
from firmware.till.outcome import AtTill, Choice, Field, Outcome, Question
from firmware.till.sales import Sales
from firmware.till.ticket import Ticket
from loyalty.badge import automatic, badges
from loyalty.basket import Line, Use
from loyalty.card import is_goods, mask
from loyalty.command import CountVisit, OptIn
from loyalty.decide import Decided, decide
from loyalty.feed import CustomerIs, StaffIs
from loyalty.module import Module
from loyalty.price import Priced, price
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES

LOCK_AFTER_S = 300
KEEP, DROP = "keep", "drop"


class Counter(Flow):
    """The till as staff use it; ends when it is locked, and is opened again with its order."""

    def __init__(self, desk: Desk, staff: StaffIs) -> None:
        self.desk = desk
        self.ticket = Ticket(desk, staff)
        self.checkout = Checkout(self.ticket)
        self.first_line = 0
        self.lock_at_s = desk.clock.monotonic_s() + LOCK_AFTER_S

    def show(self) -> Outcome:
        ticket = self.ticket
        situation = ticket.situation()
        priced = price(situation, ticket.order)
        total = ticket.order.total_cents
        fits = priced if isinstance(priced, Priced) else None
        return AtTill(
            offline=not self.desk.online,
            staff=ticket.staff.name,
            customer=ticket.seen_under(situation.programme),
            lines=ticket.order.lines,
            first_line=self.first_line,
            rewards=self._rewards(priced),
            gifts=ticket.gifts,
            total_cents=total,
            due_cents=fits.due_cents if fits else total,
            to_pay_cents=fits.to_pay_cents if fits else total,
            earns=fits.would_earn if fits and ticket.customer else 0,
            gift_cards=situation.programme.has(Module.GIFT_CARDS),
            badges=tuple(
                badge
                for badge in badges(situation, ticket.order, room_cents=self.desk.room_cents)
                if situation.pro or not badge.reward.options.pro
            ),
            photos=ticket.photos if ticket.customer else (),
        )

    def _rewards(self, priced: Priced | Refusal) -> tuple[tuple[str, str, int, int], ...]:
        if isinstance(priced, Priced):
            return tuple((a.reward, a.title, a.points, a.cents_off) for a in priced.applied)
        programme = self.desk.programme()
        chosen = ((use, programme.reward(use.reward)) for use in self.ticket.order.uses)
        return tuple((r.id, r.title, r.cost, use.amount) for use, r in chosen if r)

    # ── events ──────────────────────────────────────────────────────────────────────────────────

    def handle(self, event: Event) -> Move:
        if isinstance(event, Tick):
            late = self.desk.clock.monotonic_s() >= self.lock_at_s
            return End() if late else Stay()
        self.touched()
        match event:
            case Reading():
                return self._scanned(event)
            case tap.Save():
                return self.checkout.save()
            case tap.GiftCard():
                return self.checkout.gift_menu()
            case tap.Take(reward=reward):
                return self._take(reward)
            case tap.AddLine():
                return Open(NewLine(self.desk, self.ticket.seen), self._line_added)
            case tap.OptIn():
                return self._opt_in()
            case tap.Search():
                return Open(search_form(self.desk), self._searched)
            case tap.Join(name=name):
                return Open(join_form(self.desk, name), self._joined)
            case tap.ShowSales():
                return Open(Sales(self.desk, self.ticket.staff.id))
            case tap.Finish():
                return self._finish()
            case _:
                return self._change(event)

    def touched(self) -> None:
        """Somebody is there: the till locks itself only later."""
        self.lock_at_s = self.desk.clock.monotonic_s() + LOCK_AFTER_S

    def _change(self, event: Event) -> Move:
        ticket = self.ticket
        match event:
            case tap.Drop(reward=reward):
                ticket.order = ticket.order.without_use(reward)
            case tap.DropGift(fingerprint=fingerprint):
                ticket.pay(fingerprint, 0)
            case tap.RemoveLine(index=index):
                ticket.order = ticket.order.without_line(index)
            case tap.Scroll(rows=rows):
                self.first_line += rows
            case tap.DropCustomer():
                ticket.drop_customer()
            case _:
                pass
        self.first_line = max(0, min(self.first_line, ticket.rows - 1))
        return Stay()

    def _finish(self) -> Move:
        if not self.ticket.started:
            self.ticket.abandon()
            return Stay()
        options = (Choice(KEEP, ""), Choice(DROP, ""))

        def answered(answers: object) -> Move:
            if isinstance(answers, dict) and answers[Question.ABANDON] == DROP:
                self.ticket.abandon()
            return Stay()

        return Open(Form(self.desk, (Step(name=Question.ABANDON, options=options),)), answered)

    # ── the customer ────────────────────────────────────────────────────────────────────────────

    def _scanned(self, reading: Reading, *, heard: bool | None = None) -> Move:
        """Serve whose card it is, or add what it names; an unknown one is first asked at the hub."""
        found = self.desk.by_reading(reading)
        if isinstance(found, Refusal):
            return Open(self.ticket.no(found))
        code, customer = found
        if customer:
            return self._serve(customer, code.text)
        if product := replica.product_by_ean(self.desk.db, code.text):
            return self._line_added(line_of(product))
        if money := gift.find(self.desk, code.text):
            if self.ticket.order.lines:
                return self.checkout.pay_by_gift(code.text)
            return Open(self.ticket.no(Refusal(Reason.GIFT_ALONE, {"cents": money[1]})))
        if self.desk.by_badge(reading):
            return Stay()
        if owner := lost_card(self.desk.db, code.text):
            lost = Refusal(Reason.CARD_BLOCKED, {"whose": initials(owner)})
            return Open(self.ticket.no(lost, code=mask(code.text)))
        if heard is None:
            return heard_first(self.desk, code.text, partial(self._scanned, reading))
        if gift.is_one(self.desk, code.text):
            return Open(self.ticket.no(gift.unusable(heard=heard), code=mask(code.text)))
        facts = {"unheard": int(not heard), "goods": int(is_goods(code.text))}
        unknown = Refusal(Reason.CARD_UNKNOWN, facts)
        no = self.ticket.no(unknown, code=mask(code.text))
        return Open(no, partial(self._nobodys, code.text))

    def _serve(self, customer: CustomerIs, code: str) -> Move:
        """Add the customer to the sale, at once (SPEC E8); never swap one under an order."""
        ticket = self.ticket
        if ticket.customer and merged.head_of(self.desk.db, ticket.customer.id) == customer.id:
            return Stay()
        if ticket.customer and ticket.started:
            return Open(ticket.no(Refusal(Reason.ORDER_OPEN, {"name": customer.first_name})))
        ticket.customer, ticket.code = customer, code
        ticket.photos = tuple(photos.of_rewards(self.desk.db).items())
        ago = replica.last_visit(self.desk.db, customer.id, now=self.desk.clock.stamp())
        visit = decide(ticket.situation(), CountVisit(code=code, last_visit_s_ago=ago))
        if isinstance(visit, Decided):
            self.desk.write(visit.facts, staff=ticket.staff.id)
        offline = not self.desk.online
        ticket.order = automatic(ticket.situation(), ticket.order, offline=offline)
        return Stay()

    def _nobodys(self, code: str, answer: object) -> Move:
        """A code that is nobody's may become the customer's at the counter (SPEC E5)."""
        customer = self.ticket.customer
        if not isinstance(answer, tap.GiveCard) or customer is None:
            return Stay()
        if not customer.codes:
            return self._give(code, {})
        return Open(cards.other_card_form(self.desk), partial(self._give, code))

    def _give(self, code: str, answers: object) -> Move:
        ticket = self.ticket
        if ticket.customer is None or not isinstance(answers, dict):
            return Stay()
        lost = answers.get(Question.OTHER_CARD) == cards.LOST
        given = cards.give(self.desk, ticket.customer, code, lost=lost, staff=ticket.staff.id)
        if isinstance(given, Refusal):
            return Open(ticket.no(given, code=mask(code)))
        ticket.customer, ticket.code = given, code
        return Stay()

    def _opt_in(self) -> Move:
        """The customer joins the programme at their order: from here on it counts (SPEC C15)."""
        ticket = self.ticket
        if ticket.customer is None:
            return Stay()
        ordered = bool(replica.recent_sales(self.desk.db, ticket.customer.id))
        decided = decide(ticket.situation(), OptIn(ordered=ordered))
        if isinstance(decided, Decided):
            self.desk.write(decided.facts, staff=ticket.staff.id)
            ticket.customer = replace(ticket.customer, member=True)
            offline = not self.desk.online
            ticket.order = automatic(ticket.situation(), ticket.order, offline=offline)
        return Stay()

    def _searched(self, answers: object) -> Move:
        if isinstance(answers, dict):
            typed = answers[Field.SEARCH]
            if self.ticket.order.lines and gift.find(self.desk, typed):
                return self.checkout.pay_by_gift(typed)
            return Open(Found(self.desk, typed), self._found)
        return Stay()

    def _found(self, answer: object) -> Move:
        match answer:
            case CustomerIs():
                return self._serve(answer, answer.codes[-1] if answer.codes else "")
            case tap.Join(name=name):
                return Open(join_form(self.desk, name), self._joined)
            case _:
                return Stay()

    def _joined(self, answers: object) -> Move:
        if not isinstance(answers, dict):
            return Stay()
        customer = join(self.desk, answers, staff=self.ticket.staff.id)
        if isinstance(customer, Refusal):
            return Open(self.ticket.no(customer))
        return self._serve(customer, customer.codes[0])

    # ── the order ───────────────────────────────────────────────────────────────────────────────

    def _line_added(self, line: object) -> Move:
        if isinstance(line, Line):
            self.ticket.order = self.ticket.order.adding(line)
            self.first_line = max(0, self.ticket.rows - 1)
        return Stay()

    def _take(self, reward_id: str) -> Move:
        reward = self.desk.programme().reward(reward_id)
        if reward is None or self.ticket.customer is None:
            return Stay()
        if TYPES[reward.kind].asks:
            return self.checkout.how_much(reward)
        self.ticket.order = self.ticket.order.using(Use(reward_id))
        return Stay()
