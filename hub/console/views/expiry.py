# SPDX-License-Identifier: Apache-2.0
"""What expires when, so that a merchant can tell their customers in time (SPEC C19)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console.access import Scope, within
from hub.console.lists import page_of, spoken
from hub.console.pages import page
from hub.ledger.models import Customer
from hub.ledger.statements import expiry
from hub.ledger.tellings import About, Reminder
from hub.merchants.models import Role


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show it month by month, and whose it is."""
    today = timezone.localdate()
    rows = page_of(expiry.coming(scope.merchant), request.GET.get("page"))
    people = {
        person.uuid: person
        for person in Customer.objects.filter(
            merchant=scope.merchant, uuid__in=[row.customer for row in rows.rows]
        )
    }
    told = Reminder.objects.filter(customer__in=people.values(), about=About.EXPIRY)
    reminded = set(told.values_list("customer__uuid", "day"))
    context = {
        "page": rows,
        "count": spoken(rows, _("échéance"), _("échéances")),
        "months": expiry.by_month(scope.merchant, today=today) if rows.total else [],
        "rows": [
            {
                "customer": people.get(row.customer),
                "day": max(row.day, today),
                "points": row.points,
                "reminded": (row.customer, row.day) in reminded,
            }
            for row in rows.rows
        ],
        "whole": True,
        "nothing": (
            _("Rien n’expire"),
            _("Les points donnés sous vos règles d’aujourd’hui restent, ou sont tous utilisés."),
        ),
    }
    return page(request, scope, "reports/expiry.html", section="points", context=context)
