# SPDX-License-Identifier: Apache-2.0
"""Amounts typed on the keypad: for a line of the order, or for something else."""

from firmware.drivers.base import Reading
from firmware.store import replica
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Stay
from firmware.till.outcome import (
    Amount,
    AmountAsked,
    Choice,
    CustomerSeen,
    LineAsked,
    Outcome,
    ProductsShown,
)
from loyalty.basket import Line
from loyalty.feed import ProductIs
from loyalty.money import LARGEST_CENTS
from loyalty.refusal import Reason, Refusal


def typed(cents: int, key: str) -> int:
    """The amount after one more key, as cash registers do: digits come in from the right."""
    if not (key.isascii() and key.isdecimal()):
        return cents
    more = cents * 10 ** len(key) + int(key)
    return more if more <= LARGEST_CENTS else cents


def amount_refusal(cents: int, most_cents: int = LARGEST_CENTS) -> Refusal | None:
    """Why this amount can't be meant."""
    if cents <= 0:
        return Refusal(Reason.TOTAL_MISSING)
    if cents > most_cents:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": cents, "most": most_cents})
    return None


def line_of(product: ProductIs) -> Line:
    """One of a product."""
    return Line(
        label=product.name,
        unit_cents=product.cents,
        category=product.category,
        product=product.id,
    )


class NewLine(Flow):
    """A line by amount and category, or a product; ends with the line."""

    def __init__(self, desk: Desk, customer: CustomerSeen | None) -> None:
        self.desk, self.customer = desk, customer
        self.cents = 0
        self.category = ""
        self.first = 0
        self.products = False
        self.wrong: Refusal | None = None

    def show(self) -> Outcome:
        db = self.desk.db
        offline = not self.desk.online
        categories = tuple(Choice(c.id, c.name) for c in replica.categories(db))
        found = replica.products(db, self.category)
        if self.products:
            return ProductsShown(
                offline=offline,
                customer=self.customer,
                categories=categories,
                chosen=self.category,
                products=tuple(Choice(p.id, p.name, p.cents) for p in found),
                first=self.first,
            )
        return LineAsked(
            offline=offline,
            customer=self.customer,
            cents=self.cents,
            categories=categories,
            chosen=self.category,
            first_category=self.first,
            has_products=bool(found),
            wrong=self.wrong,
        )

    def handle(self, event: Event) -> Move:
        self.wrong = None if not isinstance(event, tap.Scroll) else self.wrong
        match event:
            case tap.Key(text=key):
                self.cents = typed(self.cents, key)
            case tap.Erase():
                self.cents //= 10
            case tap.PickCategory(id=category):
                self.category = "" if category == self.category else category
                self.first = 0 if self.products else self.first
            case tap.ShowProducts():
                self.products, self.first = not self.products, 0
            case tap.Scroll(rows=rows):
                self.first = max(0, self.first + rows)
            case tap.PickProduct(id=product):
                shown = replica.products(self.desk.db, self.category)
                found = next((p for p in shown if p.id == product), None)
                return End(line_of(found)) if found else Stay()
            case tap.Enter():
                return self._enter()
            case tap.Back() if self.products:
                self.products, self.first = False, 0
            case tap.Back():
                return End()
            case Reading():
                return End(event=event)
            case _:
                pass
        return Stay()

    def _enter(self) -> Move:
        self.wrong = amount_refusal(self.cents)
        if self.wrong:
            return Stay()
        chosen = next((c for c in replica.categories(self.desk.db) if c.id == self.category), None)
        label = chosen.name if chosen else ""
        return End(Line(label=label, unit_cents=self.cents, category=self.category))


class TypeAmount(Flow):
    """An amount up to the most that makes sense; ends with the cents."""

    def __init__(
        self, desk: Desk, purpose: Amount, *, most_cents: int, about: str = "", available: int = 0
    ) -> None:
        self.desk, self.purpose, self.most_cents = desk, purpose, most_cents
        self.about, self.available_cents = about, available
        self.cents = 0
        self.wrong: Refusal | None = None

    def show(self) -> Outcome:
        return AmountAsked(
            offline=not self.desk.online,
            purpose=self.purpose,
            cents=self.cents,
            most_cents=self.most_cents,
            about=self.about,
            available_cents=self.available_cents,
            wrong=self.wrong,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case tap.Key(text=key):
                self.cents, self.wrong = typed(self.cents, key), None
            case tap.Erase():
                self.cents, self.wrong = self.cents // 10, None
            case tap.TakeMost():
                self.cents, self.wrong = self.most_cents, None
            case tap.Enter():
                self.wrong = amount_refusal(self.cents, self.most_cents)
                return Stay() if self.wrong else End(self.cents)
            case tap.Back():
                return End()
            case _:
                pass
        return Stay()
