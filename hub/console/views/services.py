# SPDX-License-Identifier: Apache-2.0
"""The services and classes that appointments are made for, and what a booking earns (SPEC C17)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.appointments import DelayForm, ServiceForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger.booking import services
from hub.merchants.deeds import Did
from hub.merchants.models import Merchant, Role
from hub.merchants.registry import change_merchant
from hub.programmes.models import Category, Product, ProductKind
from hub.programmes.publish import keep_category, keep_product


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List them, with how long after an appointment its points are given."""
    form = DelayForm(
        request.POST or None, initial={"credit_after_min": scope.merchant.credit_after_min}
    )
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.DELAY_CHANGED):
            change_merchant(scope.merchant.pk, **form.cleaned_data)
        messages.success(request, _("Le délai est enregistré."))
        return redirect("console:services")
    rows = page_of(services(scope.merchant), request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("prestation"), _("prestations")),
        "form": form,
        "whole": True,
        "nothing": (
            _("Aucune prestation encore"),
            _("Ajoutez un soin, une coupe ou un cours : on pourra y prendre rendez-vous."),
        ),
    }
    return page(request, scope, "services/list.html", section="appointments", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make a service or a class."""
    return _edit(request, scope, None)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, product: str) -> HttpResponse:
    """Change one; appointments that were made keep what they promised."""
    return _edit(request, scope, get_object_or_404(services(scope.merchant), pk=product))


def _edit(request: HttpRequest, scope: Scope, product: Product | None) -> HttpResponse:
    names = ("kind", "name", "cents", "minutes", "earns", "booking_points")
    initial = {name: getattr(product, name) for name in names} if product else None
    form = ServiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with scope.doing(Did.SERVICE_KEPT) as deed:
            given |= {"id": product.pk} if product else {"category": _category(scope.merchant)}
            deed.about = kept = keep_product(scope.merchant.pk, **given)
        words = {"title": kept.name}
        if kept.kind == ProductKind.CLASS:
            messages.success(request, _("Le cours « %(title)s » est enregistré.") % words)
        else:
            messages.success(request, _("La prestation « %(title)s » est enregistrée.") % words)
        return redirect("console:services")
    context = {"form": form, "heading": product.name if product else _("Nouvelle prestation")}
    return page(request, scope, "services/form.html", section="appointments", context=context)


def _category(merchant: Merchant) -> Category:
    """Where the tills' catalogue has them: beside the others."""
    if other := services(merchant).select_related("category").first():
        return other.category
    last = Category.objects.filter(merchant=merchant).count()
    return keep_category(merchant.pk, name=_("Prestations"), rank=last)
