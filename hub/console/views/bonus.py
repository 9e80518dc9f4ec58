# SPDX-License-Identifier: Apache-2.0
"""Give points by hand, or take them: find the customer, say how many and why (SPEC I2–I4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.bonus import BonusForm
from hub.console.pages import page
from hub.console.picking import pick
from hub.console.templatetags.console import figure, signed
from hub.console.tills import till_name, tills_of
from hub.ledger.bonus import Free, NotFree, adjust_points, free_of
from hub.merchants.deeds import Did
from hub.merchants.models import Role


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Add points to a customer; the address may name whom."""
    chosen = pick(request, scope)
    form = BonusForm(request.POST or None)
    customer = chosen.customer
    if request.method == "POST" and customer and form.is_valid():
        points = form.cleaned_data["points"]
        try:
            with scope.doing(Did.POINTS_ADJUSTED, about=customer):
                adjust_points(
                    customer,
                    points,
                    note=form.cleaned_data["note"],
                    shop=scope.shop,
                    person_id=scope.person.pk,
                )
        except NotFree as refused:
            form.add_error("points", _not_free(scope, refused.free))
        else:
            words = {"name": str(customer), "points": signed(points)}
            said = ngettext(
                "%(name)s : %(points)s point.", "%(name)s : %(points)s points.", abs(points)
            )
            messages.success(request, said % words)
            return redirect("console:customer", customer=customer.pk)
    context = {
        "form": form,
        "pick": chosen,
        "free": free_of(customer, scope.merchant) if customer else None,
        "held": _held(scope, free_of(customer, scope.merchant)) if customer else "",
    }
    return page(request, scope, "bonus/form.html", section="points", context=context)


def _not_free(scope: Scope, free: Free) -> str:
    if free.suspended:
        return _("Le hub vient d’une sauvegarde : rien ne peut être retiré pour l’instant.")
    said = ngettext(
        "%(points)s point peut être retiré maintenant.",
        "%(points)s points peuvent être retirés maintenant.",
        free.points,
    )
    said %= {"points": figure(free.points)}
    return " ".join(filter(None, (said, _held(scope, free))))


def _held(scope: Scope, free: Free) -> str:
    """Say what rests at which till."""
    tills = {till.pk: till for till in tills_of(scope.merchant)}
    parts = [
        _("%(points)s à la caisse %(till)s")
        % {
            "points": figure(points),
            "till": till_name(tills[till], list(tills.values())) if till in tills else till,
        }
        for till, points in free.held
    ]
    return _("Réservés : %(parts)s.") % {"parts": ", ".join(parts)} if parts else ""
