# SPDX-License-Identifier: Apache-2.0
"""Who has not come for years is told, and a month later forgotten (SPEC M7)."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hub.ledger import forgetting, groups
from hub.ledger.appointments import KEPT, Appointment
from hub.ledger.models import Customer
from hub.ledger.tellings import About, Reminder
from hub.merchants import each, feed
from hub.merchants.models import Merchant
from loyalty.calendar import months_after

NOTICE: Final = timedelta(days=30)
"""From the warning to the day on which they may be forgotten."""
AT_ONCE: Final = 50
"""Persons in one hub transaction: the feed is read through in each."""


def keep_due(*, now: datetime | None = None) -> int:
    """Warn who is due and forget who was warned in vain, once a day of each merchant's.

    One whose hub was restored waits: its terminals have yet to say who came since the backup. A
    closed one is kept like the others, for the law does not end with its business; it mails nobody.

    Returns:
        how many were warned or forgotten; days that it slept through are made up at once.
    """
    now = now or timezone.now()
    waking = Merchant.objects.filter(suspended_at=None).order_by("pk")
    return each.through(waking, lambda merchant: _keep(merchant, now))


def absent(merchant: Merchant, *, now: datetime) -> QuerySet[Customer]:
    """Persons who have not come for as long as the merchant keeps them, nor will soon."""
    since = _since(merchant, now)
    came = Q(seen_at__gte=since) | Q(joined_at__gte=since)
    same = Customer.objects.filter(merchant=merchant, head=OuterRef("head")).exclude(head="")
    expected = Appointment.objects.filter(
        Q(customer=OuterRef("pk")) | Q(customer__head=OuterRef("uuid")),
        merchant=merchant,
        merchant__closed_at=None,
        state__in=KEPT,
    )
    mine = Customer.objects.filter(merchant=merchant, forgotten_at=None, stub=False)
    quiet = groups.persons(mine).exclude(came)
    return quiet.exclude(Exists(same.filter(came))).exclude(Exists(expected))


def keep_for(merchant: Merchant, *, months: int) -> None:
    """Keep who does not come for so long from now on; who is due is looked for anew."""
    Merchant.objects.filter(pk=merchant.pk).update(retention_months=months, kept_on=None)


def forgettable_on(warned_at: datetime, zone: ZoneInfo) -> date:
    """The first day on which somebody who was warned then may be forgotten."""
    return (warned_at + NOTICE).astimezone(zone).date()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _keep(merchant: Merchant, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    if merchant.kept_on and merchant.kept_on >= today:
        return 0
    done = _forget(merchant, now) + _warn(merchant, now)
    Merchant.objects.filter(pk=merchant.pk).update(kept_on=today)
    return done


def _since(merchant: Merchant, now: datetime) -> datetime:
    """Who came since then stays."""
    zone = ZoneInfo(merchant.zone)
    day = months_after(now.astimezone(zone).date(), -merchant.retention_months)
    return datetime.combine(day, time(), zone)


def _warn(merchant: Merchant, now: datetime) -> int:
    """Tell who is due, by e-mail where there is an address; who came back is not due any more."""
    due = absent(merchant, now=now)
    warned = Customer.objects.filter(merchant=merchant, warned_at__isnull=False)
    warned.exclude(pk__in=due.values("pk")).update(warned_at=None)
    some = list(due.filter(warned_at=None))
    with feed.writing(merchant.pk):
        Customer.objects.filter(pk__in=[one.pk for one in some]).update(warned_at=now)
        day = forgettable_on(now, ZoneInfo(merchant.zone))
        Reminder.objects.bulk_create(
            (
                Reminder(customer=one, about=About.ABSENCE, day=day, made_at=now)
                for one in some
                if one.email
            ),
            ignore_conflicts=True,
        )
    return len(some)


def _forget(merchant: Merchant, now: datetime) -> int:
    """Forget who was warned a month ago and did not come; who can't be yet is tried another day."""
    late = list(absent(merchant, now=now).filter(warned_at__lte=now - NOTICE))
    ready = [one for one in late if forgetting.refusal(one) is None]
    for start in range(0, len(ready), AT_ONCE):
        some = [one.pk for one in ready[start : start + AT_ONCE]]
        with feed.writing(merchant.pk) as out:
            # who came a moment ago stays
            still = list(absent(out.merchant, now=now).filter(pk__in=some))
            forgetting.forget_some(out, still, reason=_reason(merchant), person_id=None)
    forgetting.finish(merchant, now=now)
    return len(ready)


def _reason(merchant: Merchant) -> str:
    with translation.override("fr"):
        return _("Plus venu depuis %(months)s mois.") % {"months": merchant.retention_months}
