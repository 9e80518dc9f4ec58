# SPDX-License-Identifier: Apache-2.0
"""What the operator sees first: every merchant of this hub, and the door into one."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import ENTERED, operators_only
from hub.console.forms.modules import ModulesForm
from hub.console.lists import page_of, spoken
from hub.console.modules import NAMES
from hub.console.pages import outer_page
from hub.console.tills import tills_of, together, told
from hub.ledger.statements import figures
from hub.merchants.models import Merchant, Person, Role
from hub.programmes.modules import open_to
from loyalty.module import Module


@require_GET
@operators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List the merchants, by name."""
    asked = request.GET.get("q", "").strip()[:100]
    merchants = Merchant.objects.annotate(
        shop_count=Count("shops", distinct=True), terminal_count=Count("terminals", distinct=True)
    ).order_by("name", "pk")
    found = merchants.filter(name__icontains=asked) if asked else merchants
    page = page_of(found, request.GET.get("page"))
    for merchant in page.rows:
        merchant.points = figures.liability(merchant.pk).points
    context = {
        "page": page,
        "count": spoken(page, _("commerce"), _("commerces")),
        "q": asked,
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
    posted = request.POST if request.method == "POST" else None
    form = ModulesForm(posted, among=Module, chosen=row.opened)
    if posted is not None and form.is_valid():
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


@require_POST
@operators_only
def enter(request: HttpRequest, merchant: str) -> HttpResponse:
    """Go into one merchant's pages, to the one asked for."""
    request.session[ENTERED] = get_object_or_404(Merchant, pk=merchant).pk
    asked = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if asked and inside else "console:dashboard")


@require_POST
@operators_only
def leave(request: HttpRequest) -> HttpResponse:
    """Come back to the list."""
    request.session.pop(ENTERED, None)
    return redirect("console:merchants")
