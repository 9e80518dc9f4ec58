# SPDX-License-Identifier: Apache-2.0
"""Anonymise a customer for good, and see who will be because they do not come any more (M4, M7)."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.forgetting import ForgetForm, RetentionForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger import forgetting, history, listings, retention
from hub.ledger.forgetting import Why
from hub.merchants.deeds import Did
from hub.merchants.models import Role


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def forget(request: HttpRequest, scope: Scope, customer: int) -> HttpResponse:
    """Say what goes and what stays, offer their data first, and do it once their name is typed."""
    person = get_object_or_404(listings.customers(scope.merchant), pk=customer)
    form = ForgetForm(request.POST or None, customer=person)
    why = forgetting.refusal(person)
    if request.method == "POST" and not why and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            with scope.doing(Did.FORGOTTEN, about=person) as deed:
                deed.done = forgetting.forget(person, reason=reason, person_id=scope.person.pk)
        except forgetting.CannotForget as cannot:  # something came up meanwhile
            why = cannot.why
        else:
            messages.success(request, _("C’est fait : personne ne sait plus qui c’était."))
            return redirect("console:customer", customer=person.pk)
    context = {
        "customer": person,
        "form": form,
        "refused": _words(why),
        "balances": history.balances(person),
        "cards": history.cards(person),
    }
    return page(request, scope, "customers/forget.html", section="customers", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def absent(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List who has not come for too long, with the day on which each is anonymised."""
    known = {"months": scope.merchant.retention_months}
    form = RetentionForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.ABSENCE_SET):
            retention.keep_for(scope.merchant, months=form.cleaned_data["months"])
        messages.success(request, _("La durée est enregistrée."))
        return redirect("console:customers-absent")
    zone = ZoneInfo(scope.merchant.zone)
    found = retention.absent(scope.merchant, now=timezone.now())
    rows = page_of(found.order_by("warned_at", "seen_at", "pk"), request.GET.get("page"))
    context = {
        "form": form,
        "page": rows,
        "count": spoken(rows, _("client"), _("clients")),
        "people": [
            (one, one.warned_at and retention.forgettable_on(one.warned_at, zone))
            for one in rows.rows
        ],
        "nothing": (
            _("Personne"),
            _("Tous vos clients sont venus depuis moins longtemps que cela."),
        ),
    }
    return page(request, scope, "customers/absent.html", section="customers", context=context)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _words(why: Why | None) -> str:
    """Why somebody can't be anonymised now, for people."""
    match why:
        case Why.UNNAMED:
            return _("Son inscription n’est pas encore arrivée : attendez qu’elle arrive.")
        case Why.EXPECTED:
            return _("Un rendez-vous est prévu : annulez-le, ou attendez qu’il soit passé.")
        case Why.UNTOLD:
            return _(
                "Une carte cadeau doit encore partir par e-mail : attendez son envoi, ou bloquez-la."
            )
        case None:
            return ""
