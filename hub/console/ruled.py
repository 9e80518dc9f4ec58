# SPDX-License-Identifier: Apache-2.0
"""Say in words in what a till decided a sale otherwise than its rules give (SPEC C23)."""

from django.utils.translation import gettext as _

from hub.console.templatetags.console import euros, figure
from hub.ledger.models import JournalEntry
from hub.ledger.redeciding import judged
from loyalty.redecide import REFUSED, Difference


def differences_of(row: JournalEntry) -> list[tuple[str, str, str]]:
    """What differs, what the till wrote, and what the rules give."""
    found = judged(row)
    return [_worded(one) for one in found.differences] if found else []


def _worded(one: Difference) -> tuple[str, str, str]:
    names = {
        REFUSED: _("Acceptée par la caisse"),
        "total_cents": _("Total"),
        "due_cents": _("Dû après récompenses"),
        "paid_cents": _("Payé"),
        "points": _("Points gagnés"),
        "carry_cents": _("Reporté"),
        "purse_cents": _("Cagnotte"),
        "earns_cents": _("Montant qui donne des points"),
        "applied": _("Récompenses"),
        "matures": _("Jour des points"),
        "factor_bp": _("Points multipliés"),
    }
    name = names.get(one.field, _("Détail (%(field)s)") % {"field": one.field})
    if one.field == REFUSED:
        return name, _("oui"), _("non")
    return name, _value(one.field, one.told), _value(one.field, one.ruled)


def _value(field: str, value: object) -> str:
    match value:
        case int() if field.endswith("_cents"):
            return euros(value)
        case int():
            return figure(value)
        case str():
            return value or "–"
        case tuple():
            titles = [getattr(part, "title", "") for part in value]
            return ", ".join(filter(None, titles)) or "–"
    return _("autre")
