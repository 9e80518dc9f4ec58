# SPDX-License-Identifier: Apache-2.0
"""The reports: every point earned and used with its cause, and what each customer comes to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.filters import Filters, number_of, read_filters
from hub.console.lists import Column, by_some, heads, page_of, sorted_by, spoken
from hub.console.pages import page
from hub.console.story import moves_of
from hub.ledger import listings
from hub.ledger.models import Customer, Movement
from hub.ledger.statements import points as statement
from hub.ledger.statements.points import Way
from hub.ledger.summing import Wanted
from hub.merchants.models import Role

SORTS: Final = {
    "name": "search",
    "points": "points",
    "seen": "seen_at",
}


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def points(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List every movement of points; search, filter and page, with the sums of what is shown."""
    filters = read_filters(request, scope)
    customer = _customer(request, scope)
    found = _narrowed(scope, filters)
    few = True
    if customer:
        person = Customer.objects.filter(pk=customer.pk)
        found, _one = statement.of_people(found, scope.merchant, (person,))
    if filters.kind in _causes():
        found = found.filter(entry__kind=filters.kind)
    if filters.way in list(Way):
        found = statement.went(found, Way(filters.way))
    if filters.q:
        people = listings.named(scope.merchant, filters.q)
        found, few = statement.of_people(found, scope.merchant, people)
    if sheets.asked(request):
        return sheets.answer(
            request, _("points"), heads=_heads(), rows=_rows(scope, found), scope=scope
        )
    everybody = not (customer or filters.q) and filters.whole_days(scope)
    sums: statement.Sums | None = None
    total: int | None = None
    if everybody:
        sums, total = _kept(scope, filters)
    elif few:
        sums, total = statement.sums(found)
    rows = page_of(
        found,
        request.GET.get("page"),
        total=total,
        sought=not few,
        every=statement.moved(scope.merchant),
    )
    context = {
        "page": rows,
        "moves": moves_of(statement.told(scope.merchant, rows.rows), scope.merchant),
        "count": spoken(rows, _("mouvement"), _("mouvements")),
        "sums": sums,
        "filters": filters,
        "customer": customer,
        "ways": [("", _("Gagnés et utilisés")), *_ways().items()],
        "kinds": [("", _("Toutes les causes")), *_causes().items()],
        "shops": scope.shops,
        "nothing": _nothing(narrowed=filters.any or customer is not None),
        "export": True,
        "whole": not scope.shop,
    }
    return page(request, scope, "reports/points.html", section="points", context=context)


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def clients(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List the customers with what they earned, used and hold; search, filter, sort and page."""
    filters = read_filters(request, scope)
    found = listings.customers(scope.merchant, filters.shop)
    if filters.q:
        found = listings.customers_named(found, scope.merchant, filters.q)
    sort, order = sorted_by(request.GET.get("sort"), SORTS, default="-points")
    found, movements = found.order_by(*order), _narrowed(scope, filters)
    if sheets.asked(request):
        rows = _rows_by_customer(found, movements)
        return sheets.answer(
            request, _("clients"), heads=_heads_by_customer(), rows=rows, scope=scope
        )
    total, held = (
        listings.together(found)
        if filters.q or filters.shop
        else (None, listings.points_of_everybody(scope.merchant))
    )
    every = listings.customers(scope.merchant)
    people = page_of(found, request.GET.get("page"), total=total, every=every)
    sums = statement.sums_by_customer(movements, people.rows)
    context = {
        "page": people,
        "rows": [
            {"customer": person, "sums": sums.get(person.uuid, statement.Sums())}
            for person in people.rows
        ],
        "count": spoken(people, _("client"), _("clients")),
        "sums": _sums_of(scope, filters, found, movements),
        "held": held,
        "columns": heads(_columns(), sort),
        "sort": sort,
        "filters": filters,
        "shops": scope.shops,
        "nothing": _nobody(narrowed=filters.any),
        "export": True,
        "whole": not scope.shop,
    }
    return page(request, scope, "reports/clients.html", section="points", context=context)


def _customer(request: HttpRequest, scope: Scope) -> Customer | None:
    """Whom the address names; somebody who is not theirs is no address at all (404)."""
    asked = number_of(request.GET.get("customer"))
    if asked is None:
        return None
    return get_object_or_404(listings.customers(scope.merchant, scope.shop), pk=asked)


def _narrowed(scope: Scope, filters: Filters) -> QuerySet[Movement]:
    """The movements of the shop and the days that were asked for."""
    return statement.between(statement.moved(scope.merchant, filters.shop), *filters.moments(scope))


def _kept(scope: Scope, filters: Filters) -> tuple[statement.Sums, int]:
    """What everybody's movements come to, as filtered, and how many they are."""
    wanted = Wanted(
        shop=filters.shop.pk if filters.shop else "",
        entry=filters.kind if filters.kind in _causes() else "",
        up=filters.way == Way.EARNED if filters.way in list(Way) else None,
        first=filters.first,
        last=filters.last,
    )
    return statement.of_days(scope.merchant, wanted)


def _sums_of(
    scope: Scope, filters: Filters, people: QuerySet[Customer], movements: QuerySet[Movement]
) -> statement.Sums | None:
    """What these people's movements come to, or everybody's where nobody is named; None: too many."""
    few = True
    if filters.q:
        movements, few = statement.of_people(movements, scope.merchant, (people,))
    elif filters.whole_days(scope):
        wanted = replace(filters, kind="", way="")
        return _kept(scope, wanted)[0]
    return statement.sums(movements)[0] if few else None


def _rows(scope: Scope, found: QuerySet[Movement]) -> Iterator[tuple[sheets.Cell, ...]]:
    for some in by_some(found):
        for move in moves_of(statement.told(scope.merchant, some), scope.merchant):
            yield (
                move.row.at,
                str(move.customer or ""),
                move.points,
                move.what,
                move.why,
                move.rules,
                move.row.shop.name if move.row.shop else "",
                move.till,
                move.staff,
                move.row.event_id or "",
            )


def _rows_by_customer(
    found: QuerySet[Customer], movements: QuerySet[Movement]
) -> Iterator[tuple[sheets.Cell, ...]]:
    for some in by_some(found):
        sums = statement.sums_by_customer(movements, some)
        for person in some:
            its = sums.get(person.uuid, statement.Sums())
            yield (
                person.last_name or person.initial,
                person.first_name,
                person.code or "",
                person.phone,
                person.email,
                its.earned,
                its.used,
                person.points,
                person.seen_at,
                person.seen_shop.name if person.seen_shop else "",
            )


def _heads() -> tuple[str, ...]:
    return (
        *(_("Date"), _("Client"), _("Points"), _("Cause"), _("Détail"), _("Règles")),
        *(_("Boutique"), _("Caisse"), _("Par"), _("Écriture")),
    )


def _heads_by_customer() -> tuple[str, ...]:
    return (
        *(_("Nom"), _("Prénom"), _("Carte"), _("Téléphone"), _("E-mail")),
        *(_("Gagnés"), _("Utilisés"), _("Solde"), _("Dernière visite"), _("Boutique")),
    )


def _columns() -> list[Column]:
    return [
        Column(name=_("Nom"), key="name"),
        Column(name=_("Gagnés"), right=True),
        Column(name=_("Utilisés"), right=True),
        Column(name=_("Solde"), key="points", right=True, falls=True),
        Column(name=_("Dernière visite"), key="seen", falls=True),
        Column(name=_("Boutique")),
    ]


def _ways() -> dict[str, str]:
    return {Way.EARNED: _("Gagnés"), Way.USED: _("Utilisés")}


def _causes() -> dict[str, str]:
    return {
        "sold": _("Ventes"),
        "refunded": _("Remboursements"),
        "adjusted": _("Donné ou retiré"),
        "matured": _("Points en attente"),
        "carry_converted": _("Reports convertis"),
        "owed_paid": _("Rattrapages"),
        "settled": _("Comptes remis à jour"),
    }


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun mouvement de points ici"),
            _("Élargissez les dates, ou effacez les filtres pour les voir tous."),
        )
    return (
        _("Aucun point encore"),
        _("Le premier apparaîtra ici avec la première vente à un client."),
    )


def _nobody(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun client trouvé"),
            _("Essayez une partie du nom, ou effacez les filtres pour les voir tous."),
        )
    return (
        _("Aucun client encore"),
        _("Le premier apparaîtra ici dès qu’une caisse lui aura donné une carte."),
    )
