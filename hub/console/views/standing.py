# SPDX-License-Identifier: Apache-2.0
"""Say what is known of a customer, and let them join the programme (SPEC C15, C22, E9)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.forms.standing import StandingForm
from hub.console.pages import page
from hub.ledger import listings, standing
from hub.ledger.models import Customer
from hub.merchants.models import Role


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def edit(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Change what is known of somebody; the tills hear of it at once."""
    person = _person(scope, customer)
    form = StandingForm.of(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = {name: form.cleaned_data[name] for name in ("pro", "birthday", "segment")}
        standing.change(person, **known)
        messages.success(request, _("La fiche est enregistrée ; les caisses l’apprennent."))
        return redirect("console:customer", customer=person.pk)
    groups = Customer.objects.filter(merchant=scope.merchant).exclude(segment="")
    names = groups.order_by("segment").values_list("segment", flat=True).distinct()
    context = {"customer": person, "form": form, "groups": list(names)}
    return page(request, scope, "customers/standing.html", section="customers", context=context)


@require_POST
@within(Role.MERCHANT, Role.SHOP)
def join(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Let somebody join the programme."""
    person = _person(scope, customer)
    if standing.opt_in(person, shop=scope.shop, person_id=scope.person.pk):
        words = {"name": str(person)}
        messages.success(
            request, _("%(name)s a rejoint le programme : ses achats comptent.") % words
        )
    return redirect("console:customer", customer=person.pk)


def _person(scope: Scope, customer: int) -> Customer:
    return get_object_or_404(listings.customers(scope.merchant, scope.shop), pk=customer)
