# SPDX-License-Identifier: Apache-2.0
"""What the operator sees first: every merchant of this hub, and the door into one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import STAY, operators_only, stay_of
from hub.console.forms.modules import ModulesForm
from hub.console.forms.reasons import EnterForm, ReasonForm
from hub.console.lists import page_of, spoken
from hub.console.modules import NAMES
from hub.console.pages import outer_page
from hub.console.tills import tills_of, together, told
from hub.ledger import closing
from hub.ledger.statements import figures
from hub.merchants import stays
from hub.merchants.deeds import Did
from hub.merchants.doing import doing
from hub.merchants.models import Merchant, Person, Role
from hub.programmes.modules import open_to
from loyalty.module import Module

OPEN, CLOSED = "open", "closed"


@require_GET
@operators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List the merchants, by name."""
    asked = request.GET.get("q", "").strip()[:100]
    merchants = Merchant.objects.annotate(
        shop_count=Count("shops", distinct=True), terminal_count=Count("terminals", distinct=True)
    ).order_by("name", "pk")
    found = merchants.filter(name__icontains=asked) if asked else merchants
    state = request.GET.get("state", "")
    if state in (OPEN, CLOSED):
        found = found.filter(closed_at__isnull=state == OPEN)
    page = page_of(found, request.GET.get("page"))
    points = figures.points_owed([merchant.pk for merchant in page.rows])
    for merchant in page.rows:
        merchant.points = points.get(merchant.pk, 0)
    context = {
        "page": page,
        "count": spoken(page, _("commerce"), _("commerces")),
        "q": asked,
        "state": state,
        "states": [("", _("Tous les commerces")), (OPEN, _("Ouverts")), (CLOSED, _("Fermés"))],
        "nothing": (
            _("Aucun commerce trouvé"),
            _("Vérifiez l’orthographe, ou effacez la recherche pour les voir tous."),
        ),
    }
    return outer_page(request, "merchants/list.html", section="merchants", context=context)


@require_http_methods(["GET", "POST"])
@operators_only
def one(request: HttpRequest, merchant: str) -> HttpResponse:
    """Show what there is of one merchant, and open modules to it: its plan (SPEC A7)."""
    row = get_object_or_404(Merchant, pk=merchant)
    person: Any = request.user
    posted = request.POST if request.method == "POST" else None
    form = ModulesForm(posted, among=Module, chosen=row.opened)
    if posted is not None and form.is_valid():
        with doing(Did.PLAN_CHANGED, by=person, merchant=row):
            open_to(row.pk, form.cleaned_data["modules"])
        said = _("Le forfait de %(merchant)s est enregistré ; ses caisses l’apprennent.")
        messages.success(request, said % {"merchant": row.name})
        return redirect("console:merchant", merchant=row.pk)
    context = {
        "merchant": row,
        "form": form,
        "shops": row.shops.all(),
        "tills": together(told(tills_of(row))),
        "people": Person.objects.filter(merchant=row, role=Role.MERCHANT).order_by("email"),
        "off": [NAMES[module] for module in row.opened if module in row.switched_off],
    }
    return outer_page(request, "merchants/one.html", section="merchants", context=context)


@require_http_methods(["GET", "POST"])
@operators_only
def close(request: HttpRequest, merchant: str) -> HttpResponse:
    """Say what closing a merchant does, or opening it again; do it, with a reason."""
    row = get_object_or_404(Merchant, pk=merchant)
    person: Any = request.user
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        turn = closing.open_again if row.closed_at else closing.close
        turn(row, by=person, reason=form.cleaned_data["reason"])
        said = (
            _("%(merchant)s est fermé ; rien n’est effacé.")
            if row.closed_at
            else _("%(merchant)s est rouvert.")
        )
        messages.success(request, said % {"merchant": row.name})
        return redirect("console:merchant", merchant=row.pk)
    context = {
        "merchant": row,
        "form": form,
        "tills": closing.selling(row).count(),
        "people": Person.objects.filter(merchant=row, is_active=True).count(),
    }
    return outer_page(request, "merchants/close.html", section="merchants", context=context)


@require_http_methods(["GET", "POST"])
@operators_only
def enter(request: HttpRequest, merchant: str) -> HttpResponse:
    """Go into one merchant's pages, to the one asked for: with a reason, and for an hour."""
    row = get_object_or_404(Merchant, pk=merchant)
    person: Any = request.user
    asked = request.POST.get("next") or request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    there = asked if asked and inside else reverse("console:dashboard")
    stay = stay_of(request)
    if stay and stay.entered.merchant_id == row.pk:
        return redirect(there)
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[STAY] = stays.enter(row, person, reason=form.cleaned_data["reason"]).pk
        return redirect(there)
    context = {
        "merchant": row,
        "form": form,
        "next": there,
        "again": stays.lapsed(request.session.get(STAY), person),
    }
    return outer_page(request, "merchants/enter.html", section="merchants", context=context)


@require_POST
@operators_only
def leave(request: HttpRequest) -> HttpResponse:
    """Come back to the list."""
    person: Any = request.user
    stays.leave(request.session.pop(STAY, None), person)
    return redirect("console:merchants")
