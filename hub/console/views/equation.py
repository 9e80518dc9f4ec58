# SPDX-License-Identifier: Apache-2.0
"""The daily equation (I7): what was issued, less what was used, is what is left, and must show 0."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hub.console.access import Scope, operators_only, within
from hub.console.filters import day_of
from hub.console.lists import page_of, spoken
from hub.console.pages import outer_page, page
from hub.console.templatetags.console import euros, figure
from hub.console.traces import IN_CENTS
from hub.ledger import audit
from hub.merchants.models import Merchant, Role
from loyalty.account import Kind

DAYS: Final = 7
"""On a page: each is worked out again from every entry's bytes."""
UNITS: Final = {
    Kind.POINTS: gettext_lazy("Points"),
    Kind.PENDING: gettext_lazy("Points en attente"),
    Kind.GIFT: gettext_lazy("Cartes cadeaux"),
    Kind.PURSE: gettext_lazy("Cagnottes"),
    Kind.VISITS: gettext_lazy("Visites"),
    Kind.CARRY: gettext_lazy("Reports"),
}


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show a merchant's equation, in all and day by day."""
    lines = {line.unit: line for line in audit.equation(scope.merchant.pk)}
    sound = not audit.unsound(scope.merchant, lines.values())
    shown = [unit for unit in UNITS if unit in lines]
    asked = request.GET.get("unit", "")
    unit = next((one for one in shown if one == asked), shown[0] if shown else Kind.POINTS)
    last = _until(request.GET.get("until", ""))
    first = last - timedelta(days=DAYS - 1)
    days = [one for one in audit.days(scope.merchant, first, last) if one.unit == unit]
    written = _writer(unit)
    today = timezone.localdate()
    context = {
        "lines": [_row(lines[one]) for one in shown],
        "sound": sound,
        "faults": [] if sound else audit.faults(scope.merchant.pk),
        "suspended": bool(scope.merchant.suspended_at),
        "unit": unit.value,
        "units": [(one.value, UNITS[one]) for one in shown],
        "days": [_day(one, written) for one in days],
        "until": last,
        "before": first - timedelta(days=1),
        "after": min(last + timedelta(days=DAYS), today) if last < today else None,
        "nothing": (
            _("Rien à additionner encore"),
            _("L’équation apparaîtra avec la première vente d’une caisse."),
        ),
    }
    return page(request, scope, "equation/one.html", section="incidents", context=context)


@require_GET
@operators_only
def everywhere(request: HttpRequest) -> HttpResponse:
    """Show every merchant's equation, those that are not 0 first."""
    lines = audit.equations()
    rows = [
        {
            "merchant": merchant,
            "sound": not audit.unsound(merchant, lines.get(merchant.pk, ())),
            "units": [
                {
                    "name": UNITS[Kind(line.unit)],
                    "left": _writer(Kind(line.unit))(line.left),
                    "difference": _writer(Kind(line.unit))(line.difference),
                    "sound": line.sound,
                }
                for line in lines.get(merchant.pk, ())
                if line.unit in (Kind.POINTS, Kind.GIFT, Kind.PURSE)
            ],
        }
        for merchant in Merchant.objects.order_by("name", "pk")
    ]
    rows.sort(key=lambda row: bool(row["sound"]))
    found = page_of(rows, request.GET.get("page"))
    wrong = sum(not row["sound"] for row in rows)
    context = {
        "page": found,
        "count": spoken(found, _("commerce"), _("commerces")),
        "wrong": wrong,
        "nothing": (_("Aucun commerce"), _("Ouvrez-en un : son équation apparaîtra ici.")),
    }
    return outer_page(request, "equation/everywhere.html", section="equation-all", context=context)


def _row(line: audit.Line) -> dict[str, object]:
    """One unit, each term in its unit."""
    unit = Kind(line.unit)
    written = _writer(unit)
    terms = {name: written(getattr(line.flow, name)) for name in FLOW}
    terms |= {name: written(getattr(line, name)) for name in STOCK}
    return terms | {"name": UNITS[unit], "line": line, "sound": line.sound}


FLOW: Final = ("issued", "spent", "expired", "reversed", "net")
STOCK: Final = ("balances", "owed", "lost", "suspended", "left", "held", "difference")


def _day(one: audit.Day, written: Callable[[int], str]) -> dict[str, object]:
    terms: dict[str, object] = {name: written(getattr(one.flow, name)) for name in FLOW}
    return terms | {
        "day": one.day,
        "closing": written(one.closing),
        "difference": written(one.difference),
        "sound": not one.difference,
    }


def _writer(unit: Kind) -> Callable[[int], str]:
    return euros if unit in IN_CENTS else figure


def _until(asked: str) -> date:
    """The last day shown: today, unless an earlier one is asked for."""
    today = timezone.localdate()
    return min(day_of(asked) or today, today)
