# SPDX-License-Identifier: Apache-2.0
"""The merchant's customers with their points, and one customer's whole story."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from hub.campaigns.models import Audience
from hub.console import members, sheets
from hub.console.access import Scope, within
from hub.console.filters import read_filters, seen_choices, seen_moment
from hub.console.forms.consents import asked_of
from hub.console.lists import Column, heads, page_of, sorted_by, spoken
from hub.console.narrowing import (
    NONE,
    accepts_choices,
    card_choices,
    pro_choices,
    read_narrowing,
)
from hub.console.pages import page
from hub.console.standings import standing_of
from hub.console.story import lines_of, owed_words
from hub.console.templatetags.console import figure
from hub.ledger import consenting, groups, history, listings
from hub.ledger.forgotten import Forgetting
from hub.ledger.models import Customer
from hub.ledger.statements import expiry
from hub.merchants.models import Role
from loyalty.module import Module

SOON = 3
"""Days on which something expires that a customer's page names."""
SORTS = {
    "name": "search",
    "card": "code",
    "points": "points",
    "visits": "visits",
    "seen": "seen_at",
    "shop": "seen_shop__name",
}


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List the customers; search, filter, sort and page."""
    filters = read_filters(request, scope)
    found = listings.customers(scope.merchant, filters.shop)
    if filters.q:
        found = listings.customers_named(found, scope.merchant, filters.q)
    if moment := seen_moment(filters.seen):
        found = listings.seen_since(found, moment)
    named = scope.merchant.tiers.values_list("pk", "name")
    tiers = dict(named) if Module.TIERS not in scope.merchant.without else {}
    segments = _segments(scope)
    narrowing = read_narrowing(request, tiers=tuple(tiers), segments=segments)
    found = narrowing.of(found, scope)
    sort, order = sorted_by(request.GET.get("sort"), SORTS, default="-seen")
    found = found.order_by(*order)
    if sheets.asked(request):
        cells = members.cells(found, tiers=tiers)
        return sheets.answer(request, _("clients"), heads=members.heads(), rows=cells, scope=scope)
    narrowed = filters.any or narrowing.any
    total, held = (
        listings.together(found)
        if narrowed
        else (None, listings.points_of_everybody(scope.merchant))
    )
    every = listings.customers(scope.merchant)
    rows = page_of(found, request.GET.get("page"), total=total, every=every)
    points = _("%(points)s points en tout") % {"points": figure(held)}
    context = {
        "page": rows,
        "count": f"{spoken(rows, _('client'), _('clients'))} · {points}"
        if Module.LOYALTY not in scope.merchant.without
        else spoken(rows, _("client"), _("clients")),
        "columns": heads(_columns(scope, tiers=bool(tiers)), sort),
        "sort": sort,
        "filters": filters,
        "narrowing": narrowing,
        "tiers": tiers,
        "tier_choices": [
            ("", _("Tous les statuts")),
            *tiers.items(),
            (NONE, _("Sans statut")),
        ],
        "segments": segments,
        "pro_choices": pro_choices(),
        "card_choices": card_choices(),
        "accepts_choices": accepts_choices(),
        "seen_choices": seen_choices(),
        "whole": not scope.shop,
        "shops": scope.shops,
        "nothing": _nothing(narrowed=narrowed),
        "export": True,
    }
    return page(request, scope, "customers/list.html", section="customers", context=context)


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Tell one customer's story."""
    people = listings.customers(scope.merchant, scope.shop, forgotten=True)
    person = people.filter(pk=customer).first()
    if person is None:  # merged: the page of whom they are served as
        member = get_object_or_404(Customer, merchant=scope.merchant, pk=customer)
        head = get_object_or_404(people, uuid=member.head or "–")
        return redirect("console:customer", customer=head.pk)
    filters = read_filters(request, scope)
    since, until = filters.moments(scope)
    found = history.entries(person, filters.shop)
    if filters.kind in _kinds():
        found = found.filter(kind=filters.kind)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    rows = page_of(found, request.GET.get("page"))
    held = history.balances(person)
    context = {
        "customer": person,
        "cards": history.cards(person),
        "merges": history.merges(person),
        "consents": list(consenting.standing(person).items()),
        "asked": () if person.member else asked_of(scope.merchant, person),
        "proofs": consenting.proofs(person),
        "may_merge": scope.may_change and not scope.shop and not person.forgotten_at,
        "may_edit": scope.may_change and not person.stub and not person.forgotten_at,
        "forgetting": Forgetting.objects.filter(customer=person).select_related("person").first(),
        "balances": held,
        "expiring": expiry.coming_of(
            scope.merchant,
            groups.ones(scope.merchant.pk, person.uuid),
            today=timezone.localdate(),
        )[:SOON],
        "standing": standing_of(person),
        "waiting": history.waiting(person),
        "owed": owed_words(held.lacking_points) if held.lacking_points else "",
        "lines": lines_of(history.told(person, rows.rows), scope.merchant),
        "page": rows,
        "count": spoken(rows, _("ligne"), _("lignes")),
        "filters": filters,
        "kinds": [("", _("Tout")), *_kinds().items()],
        "shops": scope.shops,
        "nothing": (
            _("Rien à cet endroit de son histoire"),
            _("Élargissez les dates, ou effacez les filtres."),
        ),
        "visits_words": ngettext("visite comptée", "visites comptées", held.visits),
    }
    return page(request, scope, "customers/one.html", section="customers", context=context)


def _segments(scope: Scope) -> list[Audience]:
    """Those that the list may be narrowed to: they are the merchant's, and no shop's."""
    if scope.shop or Module.CAMPAIGNS in scope.merchant.without:
        return []
    return list(Audience.objects.filter(merchant=scope.merchant))


def _kinds() -> dict[str, str]:
    return {
        "sold": _("Ventes"),
        "visited": _("Visites"),
        "gift_sold": _("Cartes cadeaux"),
        "refunded": _("Remboursements"),
        "adjusted": _("Donné ou retiré"),
        "matured": _("Points en attente"),
        "carry_converted": _("Reports convertis"),
    }


def _columns(scope: Scope, *, tiers: bool) -> list[Column]:
    points = Column(name=_("Points"), key="points", right=True, falls=True)
    return [
        Column(name=_("Nom"), key="name"),
        Column(name=_("Carte"), key="card"),
        *([Column(name=_("Statut"))] if tiers else []),
        *([points] if Module.LOYALTY not in scope.merchant.without else []),
        Column(name=_("Visites"), key="visits", right=True, falls=True),
        Column(name=_("Dernière visite"), key="seen", falls=True),
        Column(name=_("Boutique"), key="shop"),
    ]


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun client trouvé"),
            _("Essayez une partie du nom, ou effacez les filtres pour les voir tous."),
        )
    return (
        _("Aucun client encore"),
        _("Le premier apparaîtra ici dès qu’une caisse lui aura donné une carte."),
    )
