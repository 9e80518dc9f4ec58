# SPDX-License-Identifier: Apache-2.0
"""A merchant's book of credits; an operator gives some."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hub.billing import book
from hub.billing.models import CreditLine, Kind
from hub.console.access import Scope, within
from hub.console.forms.fields import WholeField
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role


class GiveForm(forms.Form):
    """Credits of one kind, and why they are given."""

    kind = forms.ChoiceField(label=gettext_lazy("Pour des"), choices=Kind)
    amount = WholeField(label=gettext_lazy("Combien"), least=1, most=book.MOST)
    reason = forms.CharField(label=gettext_lazy("Raison"), max_length=120)


@require_http_methods(["GET", "POST"])
@within(*Role, operators_write=True)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show each line with its cause; take an operator's gift."""
    gives = scope.person.role == Role.OPERATOR
    if request.method == "POST" and not gives:
        raise PermissionDenied
    form = GiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with scope.doing(Did.CREDITS_GIVEN):
            book.give(
                scope.merchant.pk,
                Kind(given["kind"]),
                amount=given["amount"],
                reason=given["reason"],
                person_id=scope.person.pk,
            )
        messages.success(request, _("Les crédits sont dans le livre."))
        return redirect("console:credits")
    lines = CreditLine.objects.filter(merchant=scope.merchant).select_related("person")
    rows = page_of(lines, request.GET.get("page"))
    context = {
        "form": form if gives else None,
        "page": rows,
        "count": spoken(rows, _("ligne"), _("lignes")),
        "nothing": (
            _("Aucun crédit encore"),
            _("L’exploitant de ce hub en donne ; chaque SMS et chaque e-mail en prendra un."),
        ),
    }
    return page(request, scope, "credits.html", section="credits", context=context)
