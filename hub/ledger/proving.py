# SPDX-License-Identifier: Apache-2.0
"""Work the equation out each day by itself, and tell a person where it is not 0 (SPEC I7)."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.ledger import audit, incidents
from hub.ledger.models import IncidentKind
from hub.merchants import each, feed
from hub.merchants.models import Merchant

REACH: Final = timedelta(days=31)
"""How far back days are looked at: what a till kept to itself for so long may come any day."""


def prove_due(*, now: datetime | None = None) -> int:
    """Work it out for each merchant, once a day of its own; a closed one's tills may still send.

    Returns:
        how many units did not add up.
    """
    now = now or timezone.now()
    return each.through(Merchant.objects.order_by("pk"), lambda merchant: _prove(merchant, now))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _prove(merchant: Merchant, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    if merchant.proved_on and merchant.proved_on >= today:
        return 0
    wrong = _wrong(merchant, today)
    if wrong:
        # sums and balances are read one after the other: once more, while nobody posts
        with feed.writing(merchant.pk) as out:
            wrong = _wrong(out.merchant, today)
    for unit, amount in wrong.items():
        incidents.note(
            IncidentKind.UNEQUAL,
            at=now,
            merchant_id=merchant.pk,
            subject=unit,
            account=unit,
            amount=amount,
        )
    Merchant.objects.filter(pk=merchant.pk).update(proved_on=today)
    return len(wrong)


def _wrong(merchant: Merchant, today: date) -> dict[str, int]:
    """By unit that does not add up, in all or on a day before today, by how much."""
    days = audit.days(merchant, today - REACH, today - timedelta(days=1))
    found = {one.unit: one.difference for one in days if one.difference}
    unsound = audit.unsound(merchant, audit.equation(merchant.pk))
    return found | {line.unit: line.difference or line.beyond for line in unsound}
