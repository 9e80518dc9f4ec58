# SPDX-License-Identifier: Apache-2.0
"""The log of what people did on the web: a merchant's own, and everybody's for operators."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console.access import Scope, operators_only, within
from hub.console.deeds import asked_of, kinds, stretch
from hub.console.pages import outer_page, page
from hub.merchants.deeds import Deed
from hub.merchants.models import Merchant, Role


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List what was done in a merchant's space, by whomever; by person, kind and days."""
    found = Deed.objects.filter(merchant=scope.merchant)
    context = _listed(request, found, inside=scope.merchant)
    return page(request, scope, "deeds/list.html", section="deeds", context=context)


@require_GET
@operators_only
def everywhere(request: HttpRequest) -> HttpResponse:
    """List what was done at all merchants, and by operators themselves."""
    context = _listed(request, Deed.objects.all(), inside=None)
    return outer_page(request, "deeds/list.html", section="deeds-all", context=context)


def _listed(
    request: HttpRequest, found: QuerySet[Deed], *, inside: Merchant | None
) -> dict[str, Any]:
    asked = asked_of(request)
    return {
        "asked": asked,
        "kinds": kinds(),
        "stretch": stretch(request, asked.of(found), inside=inside),
        "nothing": (
            _("Aucune action trouvée"),
            _("Élargissez les filtres pour les voir toutes."),
        )
        if asked.any
        else (
            _("Aucune action encore"),
            _("Ce que chacun fait sur ces pages s’écrira ici."),
        ),
    }
