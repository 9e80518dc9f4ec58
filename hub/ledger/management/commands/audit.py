# SPDX-License-Identifier: Apache-2.0
"""`audit`: add everything up again; exits with 1 where something does not agree."""

from collections.abc import Iterable

from hub.ledger.audit import Line, day_faults, equation, faults
from hub.ledger.management.checking import Checking
from hub.ledger.redeciding import Otherwise, otherwise
from hub.merchants.models import Merchant


class Command(Checking):
    help = "Vérifie que ce qui a été émis, moins ce qui a été utilisé, est ce qui reste."

    def said(self, merchant: Merchant) -> Iterable[str]:
        yield from map(_worded, equation(merchant.pk))
        yield from map(_otherwise, otherwise(merchant.pk))

    def wrong(self, merchant: Merchant) -> Iterable[str]:
        return [*faults(merchant.pk), *day_faults(merchant)]


def _otherwise(found: Otherwise) -> str:
    """A fact, and no fault: what the receipt said stands."""
    row = found.row
    till = row.terminal.pk if row.terminal else "hub"
    parts = [f"{one.field} {one.told} au lieu de {one.ruled}" for one in found.differences]
    place = f"ticket {row.receipt or '–'} du {row.at:%Y-%m-%d}, caisse {till}"
    return f"{place}, règles v{found.version} : {' ; '.join(parts)}"


def _worded(line: Line) -> str:
    flow = line.flow
    out = f"{line.unit} : émis {flow.issued} − utilisés {flow.spent} − expirés {flow.expired}"
    out += f" − annulés {flow.reversed} = soldes {line.balances} − dus {line.owed}"
    for name, amount in (("perdus", line.lost), ("en suspens", line.suspended)):
        out += f" − {name} {amount}" if amount else ""
    return f"{out} (réservés {line.held}), écart {line.difference}"
