# SPDX-License-Identifier: Apache-2.0
"""What people do at tills and on the web, through the till's own flows and the hub's own acts."""

from typing import TYPE_CHECKING

from firmware.drivers.base import Reading
from firmware.store import cursors, replica
from firmware.till import tap
from firmware.till.asking import Asking
from firmware.till.counter import Counter
from firmware.till.customers import join
from firmware.till.front import No
from firmware.till.outcome import Amount, Field, Question
from firmware.till.printable import receipt_of
from firmware.till.refund import PaidBack, Refund
from firmware.till.saved import OneSale
from loyalty import giftcard
from loyalty.account import gift_of, purse_of
from loyalty.basket import Line, Use
from loyalty.entry import GiftSold, Joined, Sold
from loyalty.refund import RefundReason
from tests.simulation.act import act
from tests.simulation.hub import MERCHANT
from tests.simulation.template import CAFE, PIN, PURSE, TENTH
from tests.simulation.unit import Unit

if TYPE_CHECKING:
    from tests.simulation.world import World

CHEAPEST = 50
"""Cents."""
REMEMBERED = 8
"""Sales that somebody may come back with."""


@act(14)
def sells(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody buys something, with their card or without."""
    return _order(world, a, b, c, nobody=b % 5 == 4)


@act(9)
def redeems(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody wants a reward for their points."""
    return _order(world, a, b, c, reward=TENTH if b > 9 else CAFE)


@act(4)
def spends_purse(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody lets cashback pay a part."""
    return _order(world, a, b, c, reward=PURSE)


@act(4)
def pays_by_gift(world: "World", a: int, b: int, c: int) -> str | None:
    """A gift card pays a part, or all."""
    return _order(world, a, b, c, nobody=b % 2 == 1, gift=True) if world.gifts else None


@act(3)
def comes_by(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody shows their card and buys nothing."""
    unit, counter = _counter(world, a)
    if counter is None:
        return None
    who = b % len(world.codes)
    if not unit.tap(Reading(code=world.codes[who], source="mock:")):
        return f"{unit.name}: card of {name(world, who)}, but the till fails"
    unit.tap(tap.DropCustomer())
    written = world.read_journal(unit)
    return f"{unit.name}: {name(world, who)} comes by{', a visit' if written else ''}"


@act(2)
def joins(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody new is given a card."""
    unit, counter = _counter(world, a)
    if counter is None:
        return None
    joined = unit.did(lambda: join(counter.desk, {Field.FIRST_NAME: f"Nouveau {len(world.codes)}"}))
    for entry in world.read_journal(unit):
        if isinstance(entry.facts, Joined):
            world.customers.append(entry.facts.customer)
            world.codes.append(entry.facts.code)
            return f"{unit.name}: {name(world, len(world.codes) - 1)} joins"
    return f"{unit.name}: nobody can join: {joined}"


@act(3)
def buys_gift(world: "World", a: int, b: int, c: int) -> str | None:
    """A gift card is sold."""
    unit, counter = _counter(world, a)
    if counter is None:
        return None
    number = giftcard.number(world.luck.getrandbits(giftcard.RANDOM_BITS))
    cents = CHEAPEST + 5 * c
    told = {
        Question.GIFT_KIND: "physical",
        Field.GIFT_NUMBER: number,
        Amount.GIFT_SOLD: str(cents),
        Field.BUYER: "X",
        Field.RECIPIENT: "Y",
        Field.RECIPIENT_EMAIL: "y@example.com",
        Question.SEND_ON: "2000-01-01",
    }
    unit.did(lambda: counter.checkout._sell_gift(told))
    for entry in world.read_journal(unit):
        if isinstance(entry.facts, GiftSold):
            world.gifts.append(number)
            return f"{unit.name}: gift card …{number[-4:]} of {cents} sold"
    return f"{unit.name}: the gift card is not sold"


@act(5)
def refunds(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody brings back what they bought, all or a part, to the same till or another.

    What the hub had to be asked for first goes on where that till stands.
    """
    unit = world.units[a % len(world.units)]
    if isinstance(unit.top, Refund) and unit.till is not None:
        return _pay_back(world, unit, whole=b % 3 > 0)
    unit, counter = _counter(world, a)
    if counter is None or not world.sales:
        return None
    sale = world.sales[-1 - c % min(len(world.sales), REMEMBERED)]
    assert isinstance(sale.facts, Sold)
    receipt = unit.did(lambda: receipt_of(counter.desk, sale, sale.facts))
    if receipt is None or unit.till is None:
        return f"{unit.name}: a sale comes back, but the till fails"
    # a till lists its own sales; the rules hold for whoever has one on the screen
    unit.till._stack.append((OneSale(counter.desk, sale, receipt, staff=""), None))
    unit.tap(tap.Refund())
    return _pay_back(world, unit, whole=b % 3 > 0)


@act(2)
def loses_patience(world: "World", a: int, b: int, c: int) -> str | None:
    """Somebody does not wait for the hub's answer."""
    unit = world.units[a % len(world.units)]
    if not isinstance(unit.top, Asking):
        return None
    unit.tap(tap.Back())
    return f"{unit.name}: nobody waits any more"


# ── on the web ──────────────────────────────────────────────────────────────────────────────────


@act(1)
def publishes(world: "World", a: int, b: int, c: int) -> str | None:
    """The merchant changes the earning rule."""
    from hub.programmes import publish

    def change() -> None:
        rules = publish.rules_of(MERCHANT)
        rules.earn_points, rules.earn_per_cents = 1 + b % 3, 150 + 50 * (c % 4)
        rules.save()
        publish.publish(MERCHANT)

    return "the merchant publishes other rules" if world.hub.act(change) else None


@act(1)
def gives_gift(world: "World", a: int, b: int, c: int) -> str | None:
    """A gift card is made on the web."""
    from hub.ledger import acts
    from hub.merchants.models import Shop

    number = giftcard.number(world.luck.getrandbits(giftcard.RANDOM_BITS))
    before = _last_own(world)

    def make() -> None:
        acts.create_gift_card(
            Shop.objects.get(pk="gare"),
            cents=CHEAPEST + 5 * c,
            buyer="X",
            recipient="Y",
            email="y@example.com",
            code=number,
        )

    if not world.hub.alive:
        return None
    world.hub.act(make)
    return _own_since(world, before, number)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def name(world: "World", who: int) -> str:
    """A customer as the story calls them."""
    first = ("Ana", "Théo", "Zoé", "Luc")
    return first[who] if who < len(first) else f"customer {who + 1}"


def _counter(world: "World", a: int) -> tuple[Unit, Counter | None]:
    """The till at which it happens, switched on if it was off."""
    unit = world.units[a % len(world.units)]
    world.boot(unit)
    unit.revive()
    return unit, unit.counter()


def _order(
    world: "World",
    a: int,
    b: int,
    c: int,
    *,
    nobody: bool = False,
    reward: str = "",
    gift: bool = False,
) -> str | None:
    unit, counter = _counter(world, a)
    if counter is None:
        return None
    who = b % len(world.codes)
    said = "a passer-by" if nobody else name(world, who)
    if not nobody:
        unit.tap(Reading(code=world.codes[who], source="mock:"))
        if unit.kiosk is None or counter.ticket.customer is None:
            return f"{unit.name}: {said} is not known here"
    ticket = counter.ticket
    cents = CHEAPEST + c
    for label, price in (("Pain", cents // 3), ("Tarte", cents - cents // 3)):
        ticket.order = ticket.order.adding(Line(label=label, unit_cents=price))
    spent = ""
    if reward:
        purse = replica.balances(unit.kiosk, ticket.customer.id).get(
            purse_of(ticket.customer.id), 0
        )
        off = min(purse, cents // 2) if reward == PURSE else 0
        if reward == PURSE and off < 1:
            return None
        ticket.order = ticket.order.using(Use(reward, off))
        spent = f" with {reward}" + (f" {off}" if off else "")
    if gift:
        number = world.gifts[c % len(world.gifts)]
        print_of = counter.desk.gift(number)
        left = replica.balances(unit.kiosk, print_of).get(gift_of(print_of), 0)
        if left < 1:
            return None
        ticket.pay(print_of, min(left, cents), number[-4:])
        spent = f" with gift card …{number[-4:]} {min(left, cents)}"
    unit.tap(tap.Save())
    return f"{unit.name}: {said} buys for {cents}{spent}: {_outcome(world, unit)}"


def _pay_back(world: "World", unit: Unit, *, whole: bool) -> str:
    """Choose what comes back, have it allowed, say why: what came of it."""
    flow = unit.top
    if isinstance(flow, Refund):
        if flow.whole != whole:
            unit.tap(tap.PutAllBack() if whole or flow.whole else tap.PutBack(index=0, more=1))
        if not whole and not flow.cents:
            unit.tap(tap.PutBack(index=0, more=1))
        unit.tap(tap.Enter())
        for digit in PIN:
            unit.tap(tap.Key(digit))
        unit.tap(tap.Pick(RefundReason.DEFECT))
    return f"{unit.name}: a sale comes back: {_outcome(world, unit)}"


def _outcome(world: "World", unit: Unit) -> str:
    top = unit.top
    sold = [e for e in world.read_journal(unit) if isinstance(e.facts, Sold)]
    if unit.till is None:
        return "the till fails"
    if sold:
        return f"saved, {sold[-1].facts.points:+} points"
    if isinstance(top, PaidBack):
        unit.tap(tap.Finish())
        part = top.part
        return f"{part.cents} of sale …{part.sale[-4:]} paid back, {part.points} points taken"
    if isinstance(top, Asking):
        world.happened["right asked"] += 1
        lacks = ", ".join(f"{lack.amount} {lack.account.kind}" for lack in top.lacks)
        return f"asks the hub for {lacks}"
    if isinstance(top, No):
        reason = top.refused.refusal.reason
        world.happened[f"refused: {reason}"] += 1
        unit.tap(tap.Back())
        return f"refused, {reason}"
    return "not saved"


def online(unit: Unit) -> bool:
    """Whether the till believes that it can ask."""
    return unit.kiosk is not None and cursors.link_state(unit.kiosk).reachable


def _last_own(world: "World") -> int:
    ((last,),) = world.hub.books.read("SELECT coalesce(max(id), 0) FROM ledger_journalentry")
    return last


def _own_since(world: "World", before: int, number: str) -> str:
    from loyalty.wire import decode_entry

    for (raw,) in world.hub.books.read(
        "SELECT raw FROM ledger_journalentry WHERE id > ? AND kind = 'gift_sold'", before
    ):
        facts = decode_entry(bytes(raw)).facts
        world.truth.made_by_hub.append(facts)
        world.gifts.append(number)
        return f"on the web: gift card …{number[-4:]} of {facts.cents}"
    return "on the web: a gift card, but the hub dies over it"
