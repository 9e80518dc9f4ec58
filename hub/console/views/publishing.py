# SPDX-License-Identifier: Apache-2.0
"""Versions of the rules: what the next one would change is read first, and each one is kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console.access import Scope, within
from hub.console.changes import changes
from hub.console.lists import page_of, spoken
from hub.console.pages import page, rules_page
from hub.console.rulebook import chapters, names_of
from hub.console.views.programmes import next_version
from hub.merchants.deeds import Did
from hub.merchants.models import Role
from hub.programmes.models import LoyaltyProgramme
from hub.programmes.publish import Changed, digest, draft, has_unpublished, publish, published


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.OPERATOR)
def preview(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say what would change, then publish just that."""
    merchant = scope.merchant
    if not has_unpublished(merchant.pk):
        messages.success(request, _("Tout ce qui est enregistré est déjà aux caisses."))
        return redirect(rules_page(scope))
    if request.method == "POST":
        try:
            with scope.doing(Did.PUBLISHED):
                version = publish(merchant.pk, read=request.POST.get("read", "")).version
        except Changed:
            messages.warning(request, _("L’offre a changé depuis cet aperçu : relisez-le."))
        else:
            words = _("La version %(version)s est publiée : les caisses la reçoivent maintenant.")
            messages.success(request, words % {"version": version})
            return redirect(rules_page(scope))
    offer, newest = draft(merchant.pk, version=0), published(merchant.pk)
    names = names_of(merchant, offer, *filter(None, (newest,)))
    context = {
        "changes": changes(chapters(newest, names) if newest else (), chapters(offer, names)),
        "read": digest(offer),
        "next_version": next_version(scope),
        "newest": newest,
    }
    return page(request, scope, "programmes/preview.html", section="programmes", context=context)


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def versions(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List every version that was ever published, the newest first."""
    rows = page_of(
        LoyaltyProgramme.objects.filter(merchant=scope.merchant).defer("body"),
        request.GET.get("page"),
    )
    context = {
        "page": rows,
        "count": spoken(rows, _("version"), _("versions")),
        "nothing": (
            _("Rien n’est encore publié"),
            _("Les caisses ne donnent pas de points tant que rien n’est publié."),
        ),
    }
    return page(request, scope, "programmes/versions.html", section="programmes", context=context)


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def version(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """Show what a version says, and what it changed to the one before."""
    merchant = scope.merchant
    row = get_object_or_404(LoyaltyProgramme, merchant=merchant, version=number)
    programme, before = published(merchant.pk, number), published(merchant.pk, number - 1)
    names = names_of(merchant, *filter(None, (programme, before)))
    said = chapters(programme, names) if programme else ()
    context = {
        "row": row,
        "chapters": said,
        "changes": changes(chapters(before, names), said) if before else (),
        "newest": published(merchant.pk) == programme,
    }
    return page(request, scope, "programmes/version.html", section="programmes", context=context)
