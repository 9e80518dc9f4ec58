# SPDX-License-Identifier: Apache-2.0
"""How far each till may go when the network is away, what a stolen one could cost, and refunds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.limits import LimitsForm
from hub.console.pages import page
from hub.console.tills import at_risk_cents
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.merchants.registry import change_merchant


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Change the caps; the tills hear of them at once."""
    known = {name: getattr(scope.merchant, name) for name in LimitsForm.base_fields}
    form = LimitsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.LIMITS_CHANGED):
            change_merchant(scope.merchant.pk, **form.cleaned_data)
        messages.success(request, _("Les limites sont enregistrées ; les caisses les apprennent."))
        return redirect("console:terminals")
    context = {"form": form, "at_risk_cents": at_risk_cents(scope.merchant)}
    return page(request, scope, "terminals/limits.html", section="terminals", context=context)
