# SPDX-License-Identifier: Apache-2.0
"""The receipt of a transaction as a page to print: what the terminal's paper says (SPEC F3, T3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hub.console import rulebook
from hub.console.access import Scope, within
from hub.console.pages import page
from hub.console.story import owed_words, reason_of
from hub.console.templatetags.console import (
    MINUS,
    at_till,
    euros,
    figure,
    moment,
    signed,
    signed_euros,
)
from hub.ledger import groups, history, listings
from hub.ledger.models import Customer, JournalEntry
from hub.merchants.models import Role
from hub.merchants.registry import names_of
from loyalty.entry import Facts, GiftSold, Refunded, Sold
from loyalty.refund import RefundReason

FRESH: Final = "sale made"
"""Where the session keeps the entry whose receipt is still to be shown, once: not a copy yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the paper."""

    name: str
    figure: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A transaction as its paper says it."""

    merchant: str
    shop: str
    number: str
    at: str
    """On the shop's clock."""
    staff: str
    about: str
    """Of a refund: of which sale."""
    lines: tuple[Row, ...]
    sums: tuple[Row, ...]
    card: tuple[Row, ...]
    """What the customer's card gained or lost."""


@require_GET
@never_cache
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, sale: int) -> HttpResponse:
    """Show a receipt, to print; each but the first time it is a copy, and says so."""
    row = get_object_or_404(listings.sales(scope.merchant, scope.shop), pk=sale)
    fresh = request.session.get(FRESH) == row.event_id
    if fresh:
        del request.session[FRESH]
    facts = history.facts_of(row)
    context = {
        "row": row,
        "receipt": receipt_of(row, facts),
        "fresh": fresh,
        "refundable": isinstance(facts, Sold) and scope.may_change,
        "next": row.shop_id if scope.may_change else "",
    }
    return page(request, scope, "till/receipt.html", section="till", context=context)


def receipt_of(row: JournalEntry, facts: Facts | None) -> Receipt:
    """The words of a transaction's receipt, in the reader's language."""
    with timezone.override(ZoneInfo((row.shop or row.merchant).zone)):
        at = moment(row.at)
    about, lines, sums = "", [], []
    match facts:
        case Sold():
            lines, sums = list(_lines(facts)), list(_sums(facts))
        case Refunded():
            void = facts.reason == RefundReason.VOID
            said = (
                _("Annulation du ticket n° %(number)s")
                if void
                else _("Remboursement du ticket n° %(number)s")
            )
            about, sums = said % {"number": facts.of or "–"}, list(_given_back(facts))
        case GiftSold():
            title = _("Carte cadeau …%(last4)s") % {"last4": facts.last4}
            sums = [Row(name=title, figure=euros(facts.cents), strong=True)]
    person = row.person.name if row.person else names_of(row.merchant_id).get(row.staff, "")
    return Receipt(
        merchant=row.merchant.name,
        shop=row.shop.name if row.shop else "",
        number=row.receipt,
        at=at,
        staff=person,
        about=about,
        lines=tuple(lines),
        sums=tuple(sums),
        card=tuple(_card(row, facts)),
    )


def _lines(sold: Sold) -> Iterator[Row]:
    for line in sold.lines:
        label = line.label or _("Divers")
        name = label if line.quantity == 1 else f"{figure(line.quantity)} × {label}"
        yield Row(name=name, figure=euros(line.cents))


def _sums(sold: Sold) -> Iterator[Row]:
    yield Row(name=_("Total"), figure=euros(sold.total_cents), strong=True)
    for use in sold.applied:
        cost = f" ({rulebook.points(use.points)})" if use.points else ""
        yield Row(name=f"{use.title}{cost}", figure=_off(use.cents_off))
    for gift in sold.gifts:
        yield Row(name=_("Carte cadeau"), figure=_off(gift.cents))
    yield Row(name=_("Payé"), figure=euros(sold.paid_cents), strong=True)


def _given_back(part: Refunded) -> Iterator[Row]:
    by_gift = sum(gift.cents for gift in part.gifts)
    for line in part.lines:
        yield Row(name=line.label or _("Divers"), figure=_off(line.cents))
    if part.due_cents != part.cents:
        yield Row(name=_("Prix avant récompenses"), figure=_off(part.cents))
    if by_gift:
        yield Row(name=_("Remis sur la carte cadeau"), figure=euros(by_gift))
    yield Row(name=_("Rendu au client"), figure=euros(part.due_cents - by_gift), strong=True)
    if why := reason_of(part):
        yield Row(name=_("Motif"), figure=why)


def _card(row: JournalEntry, facts: Facts | None) -> Iterator[Row]:
    """What it did to the card, and what is on it then: on a copy too, as it was then."""
    customer = _head(row)
    if customer is None:
        return
    yield Row(name=_("Carte de %(name)s") % {"name": at_till(customer)})
    match facts:
        case Sold():
            if facts.earn.points:
                yield Row(name=_("Points gagnés"), figure=signed(facts.points))
            if facts.purse_cents:
                yield Row(name=_("Ajouté à la cagnotte"), figure=euros(facts.purse_cents))
        case Refunded():
            moved = facts.points_back - facts.points
            purse = facts.purse_back_cents - facts.purse_cents
            if moved:
                yield Row(name=_("Points"), figure=signed(moved))
            if purse:
                yield Row(name=_("Cagnotte"), figure=signed_euros(purse))
        case GiftSold(points=points) if points:
            yield Row(name=_("Points utilisés"), figure=signed(-points))
        case _:
            return
    for told in history.told(customer, [row]):
        if told.balance < 0:
            yield Row(name=owed_words(-told.balance), strong=True)
        else:
            yield Row(name=_("Nouveau solde"), figure=figure(told.balance), strong=True)


def _head(row: JournalEntry) -> Customer | None:
    """Whose card it was, as they are served now."""
    if not row.customer:
        return None
    people = groups.persons(Customer.objects.filter(merchant=row.merchant_id))
    ones = groups.ones(row.merchant_id, row.customer)
    return people.filter(uuid__in=ones).first()


def _off(cents: int) -> str:
    return f"{MINUS}{euros(cents)}" if cents else euros(0)
