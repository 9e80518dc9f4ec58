# SPDX-License-Identifier: Apache-2.0
"""What is left on gift cards whose day has come is owed no more, once no till may spend it (H7)."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account
from hub.ledger.own import derived_ids, post_own
from hub.merchants import each, feed
from hub.merchants.models import Merchant
from loyalty.account import Kind, Movement, gift_of
from loyalty.entry import Adjusted, Cause

_EXPIRED: Final = uuid.UUID("5e7ad2c8-91b4-4d7e-8f0a-6b2f4c1d9a35")
"""Under which the ids of these entries are derived."""
AT_ONCE: Final = 100
"""Cards in one hub transaction."""


def expire_gifts_due(*, now: datetime | None = None) -> int:
    """Let expire what is on cards that can't be used any more; gives how many entries.

    What a till holds expires when it has come back (RIGHTS 20).
    """
    now = now or timezone.now()
    return each.through(each.open_merchants(), lambda merchant: _expire(merchant, now))


def _expire(merchant: Merchant, now: datetime) -> int:
    owners = list(_late(merchant, now).values_list("owner", flat=True))
    done = 0
    for start in range(0, len(owners), AT_ONCE):
        with feed.writing(merchant.pk) as out:
            if out.merchant.suspended_at:
                return done  # nothing is free until the hub knows all again
            some = list(_gone(out.merchant, owners[start : start + AT_ONCE], now))
            about = [(merchant.pk, facts.moves[0].account.owner) for _at, facts in some]
            post_own(out, some, shop=None, ids=derived_ids(_EXPIRED, about))
            done += len(some)
    return done


def _late(merchant: Merchant, now: datetime) -> QuerySet[Account]:
    """Cards' accounts with something free on them, on the day that ends them or later."""
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    cards = GiftCard.objects.filter(merchant=merchant, expires_on__lte=today)
    free = Account.objects.filter(merchant=merchant, kind=Kind.GIFT, balance__gt=F("held_total"))
    return free.filter(owner__in=cards.values("fingerprint")).order_by("owner")


def _gone(
    merchant: Merchant, owners: list[str], now: datetime
) -> Iterator[tuple[datetime, Adjusted]]:
    """When, and what."""
    zone, free = ZoneInfo(merchant.zone), {}
    for row in _late(merchant, now).filter(owner__in=owners):
        free[row.owner] = row.balance - row.held_total
    for card in GiftCard.objects.filter(merchant=merchant, fingerprint__in=free):
        day = card.expires_on or now.astimezone(zone).date()
        facts = Adjusted(
            cause=Cause.GIFT_EXPIRY,
            moves=(Movement(gift_of(card.fingerprint), -free[card.fingerprint]),),
            about=day.isoformat(),
        )
        began = datetime.combine(day, time(), zone).astimezone(UTC)
        yield began, facts
