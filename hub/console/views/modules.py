# SPDX-License-Identifier: Apache-2.0
"""The merchant switches modules on and off, of those that are open to them (SPEC A8)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.modules import ModulesForm
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.modules import switch_on


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Tick what is wanted; pages and tills follow at once."""
    merchant = scope.merchant
    on = [module for module in merchant.opened if module not in merchant.switched_off]
    form = ModulesForm(
        request.POST if request.method == "POST" else None, among=merchant.opened, chosen=on
    )
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.MODULES_SWITCHED):
            switch_on(merchant.pk, form.cleaned_data["modules"])
        messages.success(request, _("Les modules sont enregistrés ; les caisses les apprennent."))
        return redirect("console:modules")
    return page(request, scope, "modules/form.html", section="modules", context={"form": form})
