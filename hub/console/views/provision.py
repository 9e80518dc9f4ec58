# SPDX-License-Identifier: Apache-2.0
"""The provision for points: what is outstanding, what will be used of it, and what that costs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.forms.provision import ProvisionForm
from hub.console.pages import page
from hub.ledger.statements import provision as statement
from hub.ledger.statements.provision import Assumed, Month
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.publish import rules_of


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Show it month by month; change what is expected."""
    rules = rules_of(scope.merchant.pk)
    initial = {"use": rules.expected_use_bp, "cost": rules.cents_per_100_points}
    form = ProvisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rules.expected_use_bp = form.cleaned_data["use"]
        rules.cents_per_100_points = form.cleaned_data["cost"]
        with scope.doing(Did.PROVISION_KEPT):
            rules.save(update_fields=["expected_use_bp", "cents_per_100_points"])
        messages.success(request, _("La provision est recalculée, tous les mois d’avant aussi."))
        return redirect("console:provision")
    assumed = Assumed(use_bp=rules.expected_use_bp, cents_per_100=rules.cents_per_100_points)
    months = statement.by_month(scope.merchant, until=timezone.localdate())
    if sheets.asked(request):
        return sheets.answer(
            request,
            _("provision"),
            heads=_heads(),
            rows=_cells(months, assumed),
            scope=scope,
        )
    context = {
        "form": form,
        "assumed": assumed,
        "now": months[0],
        "provision": assumed.provision_cents(months[0].outstanding),
        "rows": [(month, assumed.provision_cents(month.outstanding)) for month in months],
        "observed": statement.observed_bp(months),
        "export": True,
        "whole": True,
    }
    return page(request, scope, "reports/provision.html", section="points", context=context)


def _heads() -> tuple[str, ...]:
    return (
        *(_("Mois"), _("Gagnés"), _("Utilisés"), _("Points en circulation")),
        *(_("Utilisation attendue (%)"), _("Coût de 100 points"), _("Provision")),
    )


def _cells(months: Sequence[Month], assumed: Assumed) -> Iterator[tuple[sheets.Cell, ...]]:
    for month in months:
        yield (
            month.first,
            month.earned,
            month.used,
            month.outstanding,
            Decimal(assumed.use_bp) / 100,
            Decimal(assumed.cents_per_100) / 100,
            Decimal(assumed.provision_cents(month.outstanding)) / 100,
        )
