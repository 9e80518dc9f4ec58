# SPDX-License-Identifier: Apache-2.0
"""An order being made: lines, the rewards that were chosen, the gift cards that pay."""

from dataclasses import dataclass, replace

from loyalty.money import Cents


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
    """A reward put into the order."""

    reward: str
    amount: int = 0
    """Where its type asks how much: purse cents, or points."""


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
    kind: str
    """Its type's name."""
    title: str
    points: int
    cents_off: int
