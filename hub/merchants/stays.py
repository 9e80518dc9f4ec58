# SPDX-License-Identifier: Apache-2.0
"""An operator goes into a merchant's space for a reason and a while, and the merchant sees it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.merchants.deeds import Did, Stay
from hub.merchants.doing import note
from hub.merchants.models import Merchant, Person

LASTS: Final = timedelta(hours=1)
RECENT: Final = timedelta(days=7)
"""How long the merchant's first page tells of one that is over."""


def enter(merchant: Merchant, person: Person, *, reason: str) -> Stay:
    """Go in; whatever stay of theirs was open is over."""
    with transaction.atomic():
        _end(_open().filter(entered__person_id=person.pk))
        entered = note(Did.ENTERED, by=person, merchant=merchant, reason=reason)
        return Stay.objects.create(entered=entered, until=entered.at + LASTS)


def current(key: int | None, person: Person) -> Stay | None:
    """The stay of that number, if it is theirs and lasts."""
    if key is None:
        return None
    mine = _open().filter(until__gt=timezone.now(), entered__person_id=person.pk)
    return mine.filter(pk=key).select_related("entered__merchant", "entered__person").first()


def leave(key: int | None, person: Person) -> None:
    """Come out again, before the hour is over."""
    if key is not None:
        with transaction.atomic():
            _end(_open().filter(pk=key, entered__person_id=person.pk))


def lapsed(key: int | None, person: Person) -> Stay | None:
    """The stay of that number, if it was theirs and is over by the clock."""
    if key is None:
        return None
    theirs = Stay.objects.filter(entered__person_id=person.pk, until__lte=timezone.now())
    return theirs.filter(pk=key).select_related("entered").first()


def close_lapsed() -> int:
    """Write down the end of the stays whose hour is over; gives how many."""
    with transaction.atomic():
        return _end(_open().filter(until__lte=timezone.now()))


def latest(merchant: Merchant, *, now: datetime | None = None) -> Stay | None:
    """The stay that the merchant is told of: the newest of the last days, over or not."""
    since = (now or timezone.now()) - RECENT
    theirs = Stay.objects.filter(entered__merchant=merchant, entered__at__gt=since)
    return theirs.select_related("entered__person").order_by("-entered__at").first()


def _open() -> QuerySet[Stay]:
    return Stay.objects.filter(left_at=None)


def _end(stays: QuerySet[Stay]) -> int:
    """Each ends now, or ended when its hour was over; two who end one write it once."""
    found = list(stays.select_for_update(of=("self",)).order_by("pk"))
    for stay in found:
        stay.left_at = min(stay.until, timezone.now())
        stay.save(update_fields=["left_at"])
        was = stay.entered
        did = Did.LAPSED if stay.left_at == stay.until else Did.LEFT
        note(did, by=was.person, merchant=was.merchant, at=stay.left_at)
    return len(found)
