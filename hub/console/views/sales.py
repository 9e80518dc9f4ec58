# SPDX-License-Identifier: Apache-2.0
"""The transactions: sales and gift cards sold, as the tills' receipts say them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.filters import Filters, read_filters
from hub.console.lists import Column, by_some, heads, page_of, sorted_by, spoken
from hub.console.pages import page
from hub.console.ruled import differences_of
from hub.console.story import points_cost, reason_of, title_of, used
from hub.console.templatetags.console import euros
from hub.console.tills import till_name, tills_of
from hub.ledger import listings
from hub.ledger.giftcards import GiftCard
from hub.ledger.history import facts_of
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.statements import transactions
from hub.ledger.statements.transactions import Asked, Listed
from hub.merchants.models import Role, Staff
from hub.merchants.registry import names_of
from loyalty.entry import GiftSold, Refunded, Sold

SORTS = {"at": "at", "receipt": "receipt", "amount": "cents", "points": "points"}
KINDS = ("sold", "gift_sold", "refunded")


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List the transactions; search, filter, sort and page."""
    filters = read_filters(request, scope)
    found = listings.sales(scope.merchant, filters.shop)
    if filters.kind in KINDS:
        found = found.filter(kind=filters.kind)
    since, until = filters.moments(scope)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    sort, order = sorted_by(request.GET.get("sort"), SORTS, default="-at")
    found = found.order_by(*order)
    if filters.q:
        found = listings.sales_named(found, scope.merchant, filters.q)
    if sheets.asked(request):
        return sheets.answer(
            request, _("transactions"), heads=_heads(), rows=_cells(scope, found), scope=scope
        )
    kept = None if filters.q or not filters.whole_days(scope) else _kept(scope, filters)
    total = kept.times if kept else None
    rows = page_of(
        found,
        request.GET.get("page"),
        total=total,
        sought=bool(filters.q),
        every=listings.sales(scope.merchant),
    )
    count = spoken(rows, _("transaction"), _("transactions"))
    if rows.exact:
        cents = kept.cents if kept else listings.cents_of_all(found)
        count += " · " + _("%(amount)s en tout") % {"amount": euros(cents)}
    context = {
        "page": rows,
        "rows": _rows(scope, rows.rows),
        "count": count,
        "columns": heads(_columns(), sort),
        "sort": sort,
        "filters": filters,
        "kinds": [
            ("", _("Tout")),
            ("sold", _("Ventes")),
            ("gift_sold", _("Cartes cadeaux")),
            ("refunded", _("Remboursements")),
        ],
        "shops": scope.shops,
        "nothing": _nothing(narrowed=filters.any),
        "export": True,
    }
    return page(request, scope, "sales/list.html", section="sales", context=context)


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, sale: int) -> HttpResponse:
    """Show one transaction as its receipt does, and how it came here."""
    row = get_object_or_404(listings.sales(scope.merchant, scope.shop), pk=sale)
    facts = facts_of(row)
    people = Customer.objects.filter(merchant=scope.merchant)
    context = {
        "row": row,
        "what": title_of(facts),
        "customer": people.filter(uuid=row.customer).first() if row.customer else None,
        "till": till_name(row.terminal, tills_of(scope.merchant)) if row.terminal else "",
        "staff": row.person or names_of(scope.merchant.pk).get(row.staff),
        "sold": facts if isinstance(facts, Sold) else None,
        "gift_sold": facts if isinstance(facts, GiftSold) else None,
        "otherwise": differences_of(row) if isinstance(facts, Sold) else (),
        **(_paid_back(row) if isinstance(facts, Sold) else {}),
        **(_of_refund(row, facts) if isinstance(facts, Refunded) else {}),
        "used": [
            {"what": used(one), "points": points_cost(one) if one.points else "", "cents": one}
            for one in (facts.applied if isinstance(facts, Sold) else ())
        ],
        "card": GiftCard.objects.filter(
            merchant=scope.merchant, fingerprint=facts.fingerprint
        ).first()
        if isinstance(facts, GiftSold)
        else None,
    }
    return page(request, scope, "sales/one.html", section="sales", context=context)


def _kept(scope: Scope, filters: Filters) -> Listed:
    """How many there are, as filtered, and what they come to."""
    asked = Asked(
        kind=filters.kind if filters.kind in KINDS else "",
        shop=filters.shop.pk if filters.shop else "",
        first=filters.first,
        last=filters.last,
    )
    return transactions.listed(scope.merchant, asked)


def _paid_back(sale: JournalEntry) -> dict[str, object]:
    """The refunds of a sale, and what they come to."""
    refunds = list(listings.refunds_of(sale))
    return {"refunds": refunds, "back_cents": sum(refund.cents for refund in refunds)}


def _of_refund(row: JournalEntry, part: Refunded) -> dict[str, object]:
    """What a refund's page says: the sale, the parts, who allowed it and why."""
    by_gift = sum(gift.cents for gift in part.gifts)
    allowed = Staff.objects.filter(merchant=row.merchant, pk=part.approved_by).first()
    return {
        "refund": part,
        "of": listings.sale_of(row, part.sale),
        "by_gift": by_gift,
        "money": part.due_cents - by_gift,
        "points": part.points_back - part.points,
        "purse_cents": part.purse_back_cents - part.purse_cents,
        "carry_cents": -part.carry_cents,
        "why": reason_of(part),
        "allowed_by": allowed,
    }


def _rows(scope: Scope, entries: list[JournalEntry]) -> list[dict[str, Any]]:
    tills = tills_of(scope.merchant)
    people = {
        person.uuid: person
        for person in Customer.objects.filter(
            merchant=scope.merchant, uuid__in={entry.customer for entry in entries} - {""}
        )
    }
    kinds = {
        "sold": _("Vente"),
        "gift_sold": _("Carte cadeau"),
        "refunded": _("Remboursement"),
    }
    return [
        {
            "entry": entry,
            "what": kinds[entry.kind],
            "customer": people.get(entry.customer),
            "till": till_name(entry.terminal, tills) if entry.terminal else _("sur le hub"),
        }
        for entry in entries
    ]


def _cells(scope: Scope, found: QuerySet[JournalEntry]) -> Iterator[tuple[sheets.Cell, ...]]:
    for some in by_some(found):
        for row in _rows(scope, some):
            entry = row["entry"]
            yield (
                entry.at,
                entry.receipt,
                row["what"],
                str(row["customer"] or ""),
                Decimal(entry.cents) / 100,
                Decimal(entry.gift_cents) / 100,
                entry.points,
                entry.shop.name if entry.shop else "",
                row["till"],
                entry.event_id or "",
            )


def _heads() -> tuple[str, ...]:
    return (
        *(_("Date"), _("Ticket"), _("Quoi"), _("Client"), _("Montant")),
        *(_("Payé par carte cadeau"), _("Points"), _("Boutique"), _("Caisse"), _("Écriture")),
    )


def _columns() -> list[Column]:
    return [
        Column(name=_("Date"), key="at", falls=True),
        Column(name=_("Ticket"), key="receipt"),
        Column(name=_("Quoi")),
        Column(name=_("Client")),
        Column(name=_("Montant"), key="amount", right=True, falls=True),
        Column(name=_("Points"), key="points", right=True, falls=True),
        Column(name=_("Caisse")),
    ]


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucune transaction trouvée"),
            _("Élargissez les dates, ou effacez les filtres pour les voir toutes."),
        )
    return (
        _("Aucune transaction encore"),
        _("La première vente d’une caisse apparaîtra ici aussitôt."),
    )
