# SPDX-License-Identifier: Apache-2.0
"""What a person should look at: the hub never hides that something did not add up."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console.access import Scope, within
from hub.console.attention import act_of
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger.listings import open_incidents
from hub.merchants.models import Role


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List every open incident, newest first."""
    rows = page_of(open_incidents(scope.merchant), request.GET.get("page"))
    context = {
        "incidents": [{"incident": one, "act": act_of(one)} for one in rows.rows],
        "page": rows,
        "count": spoken(rows, _("point à voir"), _("points à voir")),
        "nothing": (_("Rien n’attend"), _("Tout ce que les caisses ont envoyé s’additionne.")),
    }
    return page(request, scope, "incidents/list.html", section="dashboard", context=context)
