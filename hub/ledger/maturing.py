# SPDX-License-Identifier: Apache-2.0
"""Points that waited are there: on their day, late or anew after a restore, and once (SPEC C18)."""

import uuid
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from hub.ledger.dating import EARLIEST, day_of
from hub.ledger.models import Account
from hub.ledger.own import derived_ids, post_own
from hub.merchants import each, feed
from loyalty.account import NOBODY, Kind
from loyalty.calendar import mature
from loyalty.entry import Facts, Matured

_MATURED: Final = uuid.UUID("5b8d4b4e-0a0f-4d0e-b5f4-3f0a6c6b1d27")
"""Under which the ids of these entries are derived."""
AT_ONCE: Final = 200
"""In one hub transaction: tills that post meanwhile wait no longer than for a frame."""


def mature_due(*, now: datetime | None = None) -> int:
    """Let all points mature whose day has come where their merchant is; gives how many entries."""
    now = now or timezone.now()
    waiting = _waiting().filter(merchant__closed_at=None).order_by()
    done = 0
    for merchant in list(waiting.values_list("merchant", flat=True).distinct()):
        with each.apart(merchant):
            while some := _mature_some(merchant, now):
                done += some
    return done


def mature_of(out: feed.Writing, *, now: datetime, most: int | None = None) -> int:
    """Let points of one merchant mature, inside `feed.writing`; gives how many entries."""
    zone = ZoneInfo(out.merchant.zone)
    today = now.astimezone(zone).date()
    rows = _waiting().filter(merchant=out.merchant).order_by("key", "owner")
    due = [row for row in rows.values_list("owner", "key", "balance") if mature(row[1], today)]
    every: list[tuple[datetime | None, Facts]] = []
    about = []
    for customer, day, points in due[:most]:
        every.append((_moment(day, now, zone), Matured(customer=customer, day=day, points=points)))
        about.append((out.merchant.pk, customer, day))
    if every:
        post_own(out, every, shop=None, ids=derived_ids(_MATURED, about))
    return len(every)


def _mature_some(merchant_id: str, now: datetime) -> int:
    with feed.writing(merchant_id) as out:
        return mature_of(out, now=now, most=AT_ONCE)


def _waiting() -> QuerySet[Account]:
    return Account.objects.filter(kind=Kind.PENDING, balance__gt=0).exclude(owner__in=NOBODY)


def _moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When that day began there; now, where a till had no idea of the day."""
    day = day_of(text)
    if day is None or not EARLIEST.date() < day <= now.astimezone(zone).date():
        return now
    return datetime.combine(day, time(), zone).astimezone(UTC)
