# SPDX-License-Identifier: Apache-2.0
"""The merchant's team: who unlocks the tills, and who allows refunds (SPEC A10, F7)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.console.access import Scope, within
from hub.console.forms.staff import StaffForm
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.merchants.deeds import Did
from hub.merchants.models import Role, Staff
from hub.merchants.registry import change_staff, dismiss, hire


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List who works, managers first, and then who has left."""
    people = sorted(scope.merchant.staff.all(), key=lambda one: (not one.works, not one.manager))
    rows = page_of(people, request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("personne"), _("personnes")),
        "no_manager": not any(one.works and one.manager for one in people),
        "nothing": (
            _("Personne dans l’équipe"),
            _("Ajoutez qui sert vos clients : sans code, personne n’ouvre une caisse."),
        ),
    }
    return page(request, scope, "staff/list.html", section="staff", context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT)
def add(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Let somebody unlock the tills."""
    form = StaffForm(request.POST or None, merchant=scope.merchant)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.HIRED) as deed:
            deed.about = staff = hire(scope.merchant.pk, **form.cleaned_data)
        messages.success(request, _("%(name)s peut ouvrir les caisses.") % {"name": staff.name})
        return redirect("console:staff")
    return _form_page(request, scope, form)


@never_cache
@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def edit(request: HttpRequest, scope: Scope, staff: str) -> HttpResponse:
    """Change a name, a PIN, a badge, or who is a manager; the tills hear of it at once."""
    row = get_object_or_404(Staff, merchant=scope.merchant, pk=staff)
    form = StaffForm(request.POST or None, merchant=scope.merchant, staff=row)
    if request.method == "POST" and form.is_valid():
        with scope.doing(Did.STAFF_CHANGED, about=row):
            change_staff(row, **form.cleaned_data)
        messages.success(request, _("C’est enregistré pour %(name)s.") % {"name": row.name})
        return redirect("console:staff")
    return _form_page(request, scope, form, row)


@require_POST
@within(Role.MERCHANT)
def stop(request: HttpRequest, scope: Scope, staff: str) -> HttpResponse:
    """Let somebody unlock no till any more."""
    row = get_object_or_404(Staff, merchant=scope.merchant, pk=staff)
    with scope.doing(Did.DISMISSED, about=row):
        dismiss(row)
    messages.success(request, _("%(name)s n’ouvre plus aucune caisse.") % {"name": row.name})
    return redirect("console:staff")


def _form_page(
    request: HttpRequest, scope: Scope, form: StaffForm, row: Staff | None = None
) -> HttpResponse:
    context = {"form": form, "staff": row}
    return page(request, scope, "staff/form.html", section="staff", context=context)
