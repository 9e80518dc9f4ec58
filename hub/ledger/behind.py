# SPDX-License-Identifier: Apache-2.0
"""Say at which merchants a job has not done what has long been due, whether it broke or not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from hub.ledger.appointments import KEPT, Appointment
from hub.ledger.evaluations import Evaluation
from hub.ledger.lots import LotBook
from hub.ledger.staging import Import, Stage
from hub.merchants.models import Merchant

LONG: Final = timedelta(days=1)
"""What was due so long ago ought to have been done; days begin at other hours elsewhere."""
MOST: Final = 100
"""Merchants that are named for a job."""

Since = Mapping[str, datetime | None]
"""By a merchant's id, since when; None: nobody knows."""


def behind(*, now: datetime | None = None) -> dict[str, Since]:
    """By the name of its job, the merchants at which something has long been due."""
    now = now or timezone.now()
    yesterday = (now - LONG).date() - timedelta(days=1)
    appointments = Appointment.objects.filter(
        state__in=KEPT, starts_at__lt=now - 2 * LONG, merchant__closed_at=None
    )
    tiers = Evaluation.objects.filter(day__lt=yesterday, done=False, merchant__closed_at=None)
    expiry = LotBook.objects.filter(day__lt=yesterday, merchant__closed_at=None)
    daily = Merchant.objects.filter(Q(kept_on__lt=yesterday) | Q(proved_on__lt=yesterday))
    days = list(daily.values_list("pk", "kept_on", "proved_on"))
    stopped = Import.objects.filter(stage=Stage.STOPPED, merchant__closed_at=None)
    return {
        "rendez-vous": _first(appointments, "starts_at"),
        "statuts": _named(tiers),
        "expirés": _named(expiry),
        "équation": _before(yesterday, ((pk, proved) for pk, _kept, proved in days)),
        "absents": _before(yesterday, ((pk, kept) for pk, kept, _proved in days)),
        "importées": _first(stopped, "made_at"),
    }


def _first(rows: QuerySet, moment: str) -> Since:
    """Since the first of each merchant's."""
    some = rows.order_by().values_list("merchant").annotate(Min(moment)).order_by("merchant")
    return dict(some[:MOST])


def _before(day: date, last: Iterable[tuple[str, date | None]]) -> Since:
    """Those that were done before that day, and not since."""
    late = (pk for pk, done in last if done and done < day)
    return dict.fromkeys(islice(late, MOST))


def _named(rows: QuerySet) -> Since:
    return dict.fromkeys(rows.order_by("merchant").values_list("merchant", flat=True)[:MOST])
