# SPDX-License-Identifier: Apache-2.0
"""What a shop does at its till on the web: put an order together, and sell it once (SPEC B2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.ledger import groups, recalls, selling
from hub.ledger.models import Customer, Held, JournalEntry, Outcome
from hub.ledger.orders import OpenOrder
from hub.ledger.own import is_free, post_own
from hub.ledger.receipts import next_receipt, take_receipt
from hub.merchants import feed
from hub.merchants.models import Merchant, Person, Shop, new_id
from loyalty.account import Holding, Kind, gathered, limit_of
from loyalty.badge import automatic
from loyalty.basket import Order
from loyalty.command import CountVisit, RecordSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import Visited
from loyalty.price import Askable, Priced, askable, price, put_on
from loyalty.programme import Reward
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES
from loyalty.situation import Situation

KEPT: Final = timedelta(days=1)
"""An order that nobody touched for so long was given up."""
PATIENCE_S: Final = 2.0
"""As long as a till waits for the hub."""
LOOKS_S: Final = 0.2
SOME: Final = 8
"""Orders that a shop is reminded of."""


class Stale(Exception):
    """The order is not any more what the page showed: whoever pressed has to look again."""


class Again(Exception):
    """The same was pressed twice on the same page: it is done already."""


def begin(shop: Shop, person: Person, *, order_id: str) -> OpenOrder:
    """The order that a page begins: the same one, however often it is sent.

    Args:
        shop: where.
        person: who begins it.
        order_id: made by the page; one that is another shop's, or was sold, is made anew.
    """
    taken = OpenOrder.objects.filter(pk=order_id).exclude(shop=shop).exists()
    begun, _new = OpenOrder.objects.get_or_create(
        pk=order_id if is_free(order_id) and not taken else new_id(),
        defaults={
            "merchant_id": shop.merchant_id,
            "shop": shop,
            "person": person,
            "changed_at": timezone.now(),
        },
    )
    return begun


def waiting(shop: Shop) -> list[OpenOrder]:
    """Orders of the shop that somebody began and did not finish, the newest first."""
    since = timezone.now() - KEPT
    found = OpenOrder.objects.filter(shop=shop, changed_at__gte=since)
    return [one for one in found[: 4 * SOME] if one.started or one.customer][:SOME]


def sold_as(merchant: Merchant, order_id: str) -> JournalEntry | None:
    """The sale that an order has become."""
    return JournalEntry.objects.filter(
        merchant=merchant, event_id=order_id, kind="sold", outcome=Outcome.POSTED
    ).first()


@contextmanager
def changing(order: OpenOrder, *, pressed: str) -> Iterator[tuple[feed.Writing, OpenOrder]]:
    """Change an order while nobody else does: as it is now, kept at the end.

    Args:
        order: as it was read before.
        pressed: tells this change from others of the same page.

    Raises:
        Stale: it was sold or dropped meanwhile.
        Again: it is what was done last.
    """
    with feed.writing(order.merchant_id) as out:
        row = OpenOrder.objects.filter(pk=order.pk).select_related("shop").first()
        if row is None:
            raise Stale
        if row.pressed == pressed:
            raise Again
        yield out, row
        row.pressed = pressed
        row.turn += 1
        row.changed_at = timezone.now()
        row.save()


def situation_of(merchant: Merchant, order: OpenOrder) -> Situation | Refusal:
    """What is known of an order's moment, place and customer, for a page to show."""
    customer = customer_of(order)
    gifts = [gift.fingerprint for gift in order.order.gifts]
    told = selling.situation(merchant, order.shop, customer, gifts, at=timezone.now())
    return told if isinstance(told, Refusal) else _untouched_open(told)


def askable_here(told: Situation, order: Order, reward: Reward) -> Askable | Refusal | None:
    """How much of it may be used in this order here: no terminal keeps it for an order of its own."""
    may = askable(told, order, reward)
    source = TYPES[reward.kind].source(told.customer or "") if isinstance(may, Askable) else None
    if not isinstance(may, Askable) or source is None:
        return may
    others = {part.owner for part in told.parts}
    taken = put_on(told, order.without_use(reward.id)).taken[source]
    here = max(0, gathered(told.rights, told.customer or "", others).get(source, 0) - taken)
    return replace(may, most=min(may.most, here), available=min(may.available, here))


def customer_of(order: OpenOrder) -> Customer | None:
    """Whose order it is, as they are served now."""
    if not order.customer:
        return None
    found = Customer.objects.filter(merchant=order.merchant_id, uuid=order.customer).first()
    return selling.served_as(found) if found else None


def serve(
    out: feed.Writing, order: OpenOrder, customer: Customer, *, code: str, person_id: int
) -> Refusal | None:
    """Add a customer to the order, at once (SPEC E8); never swap one under an order.

    It counts a visit, at most one per delay (F4), and applies what they have come to (C7).
    """
    person = selling.served_as(customer)
    if order.customer == person.uuid:
        return None
    if order.customer and order.started:
        return Refusal(Reason.ORDER_OPEN)
    now = timezone.now()
    order.customer, order.code = person.uuid, code
    told = situation_of(out.merchant, order)
    if isinstance(told, Refusal):
        return None
    visit = decide(told, CountVisit(code=code, last_visit_s_ago=_visited_s_ago(person, now)))
    if isinstance(visit, Decided) and isinstance(visit.facts, Visited):
        post_own(out, [(now, visit.facts)], shop=order.shop, person_id=person_id)
        told = situation_of(out.merchant, order)
    if isinstance(told, Situation):
        order.order = automatic(told, order.order, offline=True)
    return None


def save(
    order: OpenOrder, *, person_id: int, turn: int, to_pay_cents: int
) -> selling.Posted | Refusal:
    """Sell an order, once: its id is its entry's, and a resend is told of the sale there is.

    Args:
        order: as it was read before.
        person_id: who sells.
        turn: of the order that the page showed.
        to_pay_cents: what the customer was told.

    Raises:
        Stale: the order or its price changed since; nothing was sold.
    """
    with feed.writing(order.merchant_id) as out:
        row = OpenOrder.objects.filter(pk=order.pk).select_related("shop").first()
        if row is None or row.turn != turn:
            raise Stale
        now, customer = timezone.now(), customer_of(row)
        if _costs_otherwise(out.merchant, row, customer, to_pay_cents, at=now):
            raise Stale
        done = selling.sell(
            out,
            row.shop,
            row.order,
            receipt=next_receipt(row.shop),
            code=row.code,
            customer=customer,
            at=now,
            person_id=person_id,
            entry_id=row.pk,
        )
        if isinstance(done, selling.Posted):
            take_receipt(row.shop)
            row.delete()
        return done


def owners_of(order: OpenOrder) -> tuple[str, ...]:
    """Whose accounts it may spend: the customer's, whoever they are, and the gift cards'."""
    person = groups.ones(order.merchant_id, order.customer) if order.customer else ()
    return (*person, *(gift.fingerprint for gift in order.order.gifts))


def wait_for_others(order: OpenOrder) -> None:
    """Wait a little for terminals to give back what the order lacks: somebody stands here.

    One that uses nothing yet waits for the customer's points: rewards light up with them.
    """
    until_s = monotonic() + PATIENCE_S
    while monotonic() < until_s:
        if not recalls.there(_wanted(order)).exists():
            return
        sleep(LOOKS_S)


def drop(order: OpenOrder) -> None:
    """Nobody buys it."""
    OpenOrder.objects.filter(pk=order.pk).delete()


def tidy() -> int:
    """Delete orders that were given up; gives how many."""
    return OpenOrder.objects.filter(changed_at__lt=timezone.now() - KEPT).delete()[0]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _wanted(order: OpenOrder) -> QuerySet[Held]:
    """What terminals keep that the order is waiting for."""
    used = order.order.uses or order.order.gifts
    wanted = Q(pk__in=()) if used else Q(account__kind=Kind.POINTS)
    for lack in _lacks(order):
        wanted |= Q(account__kind=lack.account.kind, account__key=lack.account.key)
    return recalls.kept(order.merchant_id, owners_of(order)).filter(wanted)


def _lacks(order: OpenOrder) -> tuple[Holding, ...]:
    """What the order takes that is not free here."""
    told = situation_of(order.merchant, order)
    if isinstance(told, Refusal):
        return ()
    decided = decide(told, RecordSale(receipt="", code="", order=order.order))
    return decided.lacks if isinstance(decided, Short) else ()


def _costs_otherwise(
    merchant: Merchant,
    row: OpenOrder,
    customer: Customer | None,
    to_pay_cents: int,
    *,
    at: datetime,
) -> bool:
    """Whether rules that came meanwhile ask another price than the customer was told."""
    order: Order = row.order
    gifts = [gift.fingerprint for gift in order.gifts]
    told = selling.situation(merchant, row.shop, customer, gifts, at=at)
    priced = told if isinstance(told, Refusal) else price(told, order)
    return isinstance(priced, Priced) and priced.to_pay_cents != to_pay_cents


def _visited_s_ago(customer: Customer, now: datetime) -> float | None:
    ones = groups.ones(customer.merchant_id, customer.uuid)
    visits = JournalEntry.objects.filter(
        merchant=customer.merchant_id, customer__in=ones, kind="visited", outcome=Outcome.POSTED
    )
    last = visits.order_by("-at").values_list("at", flat=True).first()
    return (now - last).total_seconds() if last else None


def _untouched_open(told: Situation) -> Situation:
    """Limits that nobody has touched count as free: `sell` opens those that it needs."""
    rewards = told.programme.rewards_in(told.shop) if told.customer else ()
    limits = {
        limit_of(told.customer or "", reward.id): reward.options.per_customer
        for reward in rewards
        if reward.options.per_customer
    }
    untouched = {one: count for one, count in limits.items() if one not in told.balances}
    return replace(told, rights={**told.rights, **untouched})
