# SPDX-License-Identifier: Apache-2.0
"""What gift cards are from now on, and what is owed on all of them month by month (SPEC H7)."""

from collections.abc import Iterator
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.forms.giftcards import GiftRulesForm
from hub.console.pages import page
from hub.ledger.statements import giftcards as statement
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.publish import has_unpublished, rules_of


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Change how long they are valid and how VAT is due, as a draft."""
    rules = rules_of(scope.merchant.pk)
    form = GiftRulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        form.fill(rules)
        with scope.doing(Did.GIFT_RULES_KEPT):
            rules.save()
        messages.success(request, _("Les règles des cartes cadeaux sont enregistrées."))
        unpublished = has_unpublished(scope.merchant.pk)
        return redirect("console:programme-publish" if unpublished else "console:giftcard-rules")
    return page(
        request,
        scope,
        "giftcards/rules.html",
        section="giftcards",
        context={"form": form, "whole": True},
    )


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def liability(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Show month by month what was loaded and used, and what is still owed."""
    months = statement.by_month(scope.merchant)
    if sheets.asked(request):
        name = _("cartes-cadeaux-par-mois")
        return sheets.answer(request, name, heads=_heads(), rows=_cells(months), scope=scope)
    context = {
        "months": months,
        "owed": months[0].closing if months else 0,
        "single": any(month.single_cents for month in months),
        "other": any(month.other for month in months),
        "nothing": (
            _("Aucune carte cadeau encore"),
            _("Ce que vous devrez sur elles sera compté ici, mois par mois."),
        ),
        "export": True,
        "whole": True,
    }
    return page(request, scope, "giftcards/liability.html", section="giftcards", context=context)


def _heads() -> tuple[str, ...]:
    return (
        *(_("Mois"), _("À honorer au début"), _("Chargé"), _("Utilisé"), _("Rendu")),
        *(_("Expiré"), _("Autre"), _("À honorer à la fin")),
        *(_("Dont usage unique"), _("TVA due à la vente")),
    )


def _cells(months: tuple[statement.Month, ...]) -> Iterator[tuple[sheets.Cell, ...]]:
    for month in months:
        cents = (
            *(month.opening, month.loaded, month.used, month.given_back, month.expired),
            *(month.other, month.closing, month.single_cents, month.vat_cents),
        )
        yield month.first, *(Decimal(amount) / 100 for amount in cents)
