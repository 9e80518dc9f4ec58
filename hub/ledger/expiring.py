# SPDX-License-Identifier: Apache-2.0
"""Points expire on their day, where they are free and in no right; who has them is told before.

What a till holds expires when it has come back (RIGHTS 20); what nobody can date never does.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.ledger import awards
from hub.ledger.foreseeing import lots_of, net_points, write
from hub.ledger.lots import Lot, LotBook
from hub.ledger.models import Customer
from hub.ledger.own import derived_ids, post_own
from hub.ledger.tellings import About, Reminder
from hub.merchants import each, feed
from hub.merchants.models import Merchant
from hub.programmes.publish import published
from loyalty.account import Movement, points_of
from loyalty.calendar import days_to_keep, due, expires, next_due
from loyalty.entry import Adjusted, Cause, Facts

_EXPIRED: Final = uuid.UUID("3a1c9d0e-6b55-4f0f-9a1e-0c9a5d1b7f42")
"""Under which the ids of these entries are derived."""
AT_ONCE: Final = 200
"""Customers in one hub transaction."""
REMIND: Final = timedelta(days=30)
"""So long before something expires its owner is told, once."""


def expire_due(*, now: datetime | None = None) -> int:
    """Let expire what is due, once a day of each merchant's; gives how many entries."""
    now = now or timezone.now()
    return each.through(each.open_merchants(), lambda merchant: _expire(merchant, now))


def expire_of(out: feed.Writing, *, now: datetime) -> int:
    """Let expire what is due of one merchant's, inside `feed.writing`: all that is free."""
    if not awards.books(out.merchant.pk):
        return 0
    awards.read(out)
    return _expire_some(out, _late(out.merchant, _today(out.merchant, now)), now)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _expire(merchant: Merchant, now: datetime) -> int:
    today = _today(merchant, now)
    if not awards.books(merchant.pk):
        return 0
    book = LotBook.objects.filter(merchant=merchant).first()
    if book and book.day and book.day >= today:
        return 0
    awards.read_all(merchant.pk)
    done, late = 0, _late(merchant, today)
    for start in range(0, len(late), AT_ONCE):
        with feed.writing(merchant.pk) as out:
            if out.merchant.suspended_at:
                return done  # nothing is free: it is done again before the hub goes on
            awards.read(out)
            done += _expire_some(out, late[start : start + AT_ONCE], now)
    with feed.writing(merchant.pk) as out:
        awards.read(out)
        _remind(out.merchant, today, now)
        LotBook.objects.filter(merchant=merchant).update(day=today)
    return done


def _today(merchant: Merchant, now: datetime) -> date:
    return now.astimezone(ZoneInfo(merchant.zone)).date()


def _late(merchant: Merchant, today: date) -> list[str]:
    """Who has points whose day has come."""
    rows = Lot.objects.filter(merchant=merchant, day__lte=today).order_by("customer")
    return list(rows.values_list("customer", flat=True).distinct())


def _expire_some(out: feed.Writing, customers: Sequence[str], now: datetime) -> int:
    merchant, today = out.merchant, _today(out.merchant, now)
    programme = published(merchant.pk)
    began = datetime.combine(today, time(), ZoneInfo(merchant.zone)).astimezone(UTC)
    every: list[tuple[datetime | None, Facts]] = []
    about, lots = [], lots_of(merchant, customers)
    held_by = net_points(merchant, customers)
    for customer in customers:
        net, points, held = held_by.get(customer, (0, 0, 0))
        gone = min(expires(lots[customer], balance=net, held=held, today=today), points - held)
        if gone > 0:
            facts = Adjusted(
                cause=Cause.EXPIRY,
                moves=(Movement(points_of(customer), -gone),),
                customer=customer,
                about=today.isoformat(),
                programme=programme.version if programme else 0,
            )
            every.append((began, facts))
            about.append((merchant.pk, customer, today.isoformat()))
        if not due(lots[customer], balance=net - max(0, gone), today=today):
            lots[customer] = days_to_keep(lots[customer], today)
    write(Lot, merchant, {customer: lots[customer] for customer in customers})
    if every:
        post_own(out, every, shop=None, ids=derived_ids(_EXPIRED, about))
    return len(every)


def _remind(merchant: Merchant, today: date, now: datetime) -> None:
    """Note who is to be told of what expires soon; of each day once."""
    soon = Lot.objects.filter(merchant=merchant, day__gt=today, day__lte=today + REMIND)
    customers = list(soon.order_by("customer").values_list("customer", flat=True).distinct())
    for start in range(0, len(customers), AT_ONCE):
        some = customers[start : start + AT_ONCE]
        reminders = list(_reminders(merchant, some, today, now))
        Reminder.objects.bulk_create(reminders, ignore_conflicts=True)


def _reminders(
    merchant: Merchant, customers: Sequence[str], today: date, now: datetime
) -> Iterable[Reminder]:
    lots, held_by = lots_of(merchant, customers), net_points(merchant, customers)
    for row in Customer.objects.filter(merchant=merchant, uuid__in=customers):
        net, _, _ = held_by.get(row.uuid, (0, 0, 0))
        following = next_due(lots[row.uuid], balance=net, today=today)
        if following and following[0] <= today + REMIND:
            day, amount = following
            yield Reminder(customer=row, about=About.EXPIRY, day=day, amount=amount, made_at=now)
