# SPDX-License-Identifier: Apache-2.0
"""How each terminal is, and when it was last heard."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console.access import Scope, within
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.console.tills import tills_of, told
from hub.merchants.models import Role


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the terminals by shop."""
    rows = page_of(told(tills_of(scope.merchant)), request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("terminal"), _("terminaux")),
        "latest": scope.merchant.feed_position,
        "nothing": (
            _("Aucun terminal"),
            _("L’exploitant du hub en installe un dans la boutique et l’inscrit ici."),
        ),
    }
    return page(request, scope, "terminals/list.html", section="terminals", context=context)
