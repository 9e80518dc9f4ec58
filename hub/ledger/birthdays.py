# SPDX-License-Identifier: Apache-2.0
"""A birthday opens a reward for some days, once a year, and closes it again (SPEC C22).

The opening is an account that holds 1, so that two tills that do not hear each other can't both
use it; what a till still holds when the window closes lapses once it is back.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from hub.ledger.models import Account, Customer
from hub.ledger.own import derived_ids, post_own
from hub.merchants import each, feed
from hub.merchants.models import Merchant
from hub.programmes.publish import published
from loyalty.account import NOBODY, Kind, Movement, birthday_of
from loyalty.calendar import birthday_open
from loyalty.entry import Adjusted, Cause

_SPACES: Final = {
    Cause.BIRTHDAY: uuid.UUID("8f4a5b0e-2b1d-4c39-9d8e-51c0c2f0aa31"),
    Cause.LAPSE: uuid.UUID("c6d1f7a4-93de-4b53-8c4f-0f5b9c0b7e16"),
}
"""Under which the ids of these entries are derived."""
AT_ONCE: Final = 200
"""Entries in one hub transaction."""


def celebrate_due(*, now: datetime | None = None) -> int:
    """Open what begins and close what is over, of every merchant; gives how many entries."""
    now = now or timezone.now()
    return each.through(each.open_merchants(), lambda merchant: _celebrate(merchant, now))


def open_of(out: feed.Writing, *, now: datetime) -> int:
    """Open what begins of one merchant, inside `feed.writing`; gives how many entries."""
    return _write(out, _opening(out.merchant, now), now)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────

Change = tuple[str, int, Cause]
"""Customer, year, and whether it opens or lapses."""


def _celebrate(merchant: Merchant, now: datetime) -> int:
    changes, done = [*_closing(merchant, now), *_opening(merchant, now)], 0
    for start in range(0, len(changes), AT_ONCE):
        with feed.writing(merchant.pk) as out:
            done += _write(out, changes[start : start + AT_ONCE], now)
    return done


def _opening(merchant: Merchant, now: datetime) -> list[Change]:
    """Whose window is open, and was not opened yet."""
    programme, today = published(merchant.pk), _today(merchant, now)
    days = programme.birthday_days if programme else 0
    if not programme or not any(reward.options.birthday for reward in programme.rewards):
        return []
    born = {f"{today - timedelta(days=ago):%m-%d}" for ago in range(days)}
    born |= _leap(born)
    people = Customer.objects.filter(
        merchant=merchant, birthday__in=born, stub=False, member=True, head__in=("", F("uuid"))
    )
    open_ones = [
        (uuid_, year, Cause.BIRTHDAY)
        for uuid_, birthday in people.order_by("pk").values_list("uuid", "birthday")
        if (year := _year(birthday, days, today))
    ]
    known = Account.objects.filter(
        merchant=merchant, kind=Kind.BIRTHDAY, key__in={str(year) for _, year, _ in open_ones}
    )
    had = set(known.values_list("owner", "key"))
    return [one for one in open_ones if (one[0], str(one[1])) not in had]


def _leap(born: Iterable[str]) -> set[str]:
    """Who is born on the 29th of February has it on the 28th in the other years."""
    return {"02-29"} if "02-28" in born else set()


def _closing(merchant: Merchant, now: datetime) -> list[Change]:
    """Whose window is over, and is in no till's right."""
    programme, today = published(merchant.pk), _today(merchant, now)
    days = programme.birthday_days if programme else 0
    open_ones = Account.objects.filter(
        merchant=merchant, kind=Kind.BIRTHDAY, balance__gt=0, held_total__lt=F("balance")
    ).exclude(owner__in=NOBODY)
    rows = list(open_ones.order_by("owner", "key").values_list("owner", "key"))
    people = Customer.objects.filter(merchant=merchant, uuid__in={owner for owner, _ in rows})
    born = dict(people.values_list("uuid", "birthday"))
    return [
        (owner, int(year), Cause.LAPSE)
        for owner, year in rows
        if _year(born.get(owner, ""), days, today) != int(year)
    ]


def _year(birthday: str, days: int, today: date) -> int | None:
    if not birthday:
        return None
    month, day = map(int, birthday.split("-"))
    return birthday_open(month=month, day=day, today=today, days=days)


def _today(merchant: Merchant, now: datetime) -> date:
    return now.astimezone(ZoneInfo(merchant.zone)).date()


def _write(out: feed.Writing, changes: list[Change], now: datetime) -> int:
    merchant, programme = out.merchant, published(out.merchant.pk)
    began = datetime.combine(_today(merchant, now), time(), ZoneInfo(merchant.zone))
    every: list[tuple[datetime, Adjusted]] = []
    about: dict[Cause, list[tuple[str, ...]]] = {cause: [] for cause in _SPACES}
    rows = Account.objects.filter(
        merchant=merchant, kind=Kind.BIRTHDAY, owner__in={change[0] for change in changes}
    )
    there = {(row.owner, row.key): row for row in rows}
    for customer, year, cause in changes:
        amount = _amount(merchant, there.get((customer, str(year))), cause)
        if not amount:
            continue
        facts = Adjusted(
            cause=cause,
            moves=(Movement(birthday_of(customer, year), amount),),
            customer=customer,
            about=str(year),
            programme=programme.version if programme else 0,
        )
        every.append((began.astimezone(UTC), facts))
        about[cause].append((merchant.pk, customer, str(year)))
    if every:
        made = {cause: iter(derived_ids(space, about[cause])) for cause, space in _SPACES.items()}
        post_own(out, every, shop=None, ids=[next(made[facts.cause]) for _, facts in every])
    return len(every)


def _amount(merchant: Merchant, row: Account | None, cause: Cause) -> int:
    """What to give or to take, as it is now that nobody else writes."""
    if cause is Cause.BIRTHDAY:
        return 0 if row else 1
    # of a hub that was restored nothing is free: it may have been used already
    if row is None or merchant.suspended_at is not None:
        return 0
    return -max(0, row.balance - row.held_total)
