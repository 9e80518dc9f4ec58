# SPDX-License-Identifier: Apache-2.0
"""Every account of the hub, for operators: who has lost a phone is let in again, with a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import operators_only
from hub.console.forms.reasons import ReasonForm
from hub.console.lists import page_of, spoken
from hub.console.pages import outer_page
from hub.merchants import factor, sessions
from hub.merchants.doing import deeds_about
from hub.merchants.models import Person


@require_GET
@operators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List the accounts by name; a name, an address or a merchant narrows them."""
    asked = request.GET.get("q", "").strip()[:100]
    found = Person.objects.select_related("merchant", "shop").order_by("name", "pk")
    if asked:
        named = Q(name__icontains=asked) | Q(email__icontains=asked)
        found = found.filter(named | Q(merchant__name__icontains=asked))
    rows = page_of(found, request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("compte"), _("comptes")),
        "q": asked,
        "nothing": (
            _("Aucun compte trouvé"),
            _("Vérifiez l’orthographe, ou effacez la recherche pour les voir tous."),
        ),
    }
    return outer_page(request, "people/list.html", section="accounts", context=context)


@require_http_methods(["GET", "POST"])
@operators_only
def one(request: HttpRequest, person: int) -> HttpResponse:
    """Show an account and what was done to it; take its second factor away, saying why."""
    row = get_object_or_404(Person.objects.select_related("merchant", "shop"), pk=person)
    own = row == request.user
    if own and request.method == "POST":
        raise PermissionDenied  # a browser left open must not be enough to change phones
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and row.factor and form.is_valid():
        with transaction.atomic():
            factor.remove(row, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            sessions.end_others(row, but=None)
        messages.success(
            request, _("Le second facteur de %(name)s est retiré.") % {"name": row.name}
        )
        return redirect("console:account", row.pk)
    acts = deeds_about(row).select_related("person")[:50]
    context = {"account": row, "form": form, "own": own, "acts": acts}
    return outer_page(request, "people/one.html", section="accounts", context=context)
