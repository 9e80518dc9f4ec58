# SPDX-License-Identifier: Apache-2.0
"""A hub that was restored from a backup: it forgot what it granted, and must not grant it again.

It gets a new epoch, and every merchant is suspended: nothing is free, grants rest, and what no
known right covers waits. Each terminal gets a snapshot, sends again what the hub lacks and opens a
segment whose header says what it holds. When all have, what is missing is paid and work goes on.
"""

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from hub.ledger import birthdays, incidents
from hub.ledger.expiring import expire_of
from hub.ledger.maturing import mature_of
from hub.ledger.missing import unheard
from hub.ledger.models import Account, IncidentKind, JournalEntry
from hub.ledger.posting import Posting
from hub.ledger.settling import settle
from hub.ledger.snapshots import Snapshot
from hub.ledger.waiting import post_refunds, uncount_refunds
from hub.merchants import feed
from hub.merchants.models import HubEpoch, Merchant
from loyalty.account import NOBODY, Kind, rest_of, welcome_of

log = logging.getLogger(__name__)

WITNESS: Final = "grants"
"""File beside the database: how many rights were ever granted."""


# ── noticing ────────────────────────────────────────────────────────────────────────────────────


def bear_witness(grants: int) -> None:
    """Write down outside the database that so many rights exist, before the last one leaves."""
    descriptor = os.open(_witness(), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(descriptor, f"{grants:020d}\n".encode(), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_witness() -> bool:
    """Begin anew if the database knows of fewer rights than were granted (RIGHTS 2)."""
    try:
        told = int(_witness().read_text())
    except (OSError, ValueError):
        return False
    known = feed.grants()
    if told <= known:
        return False
    begin("witness", granted=told, known=known)
    HubEpoch.objects.filter(pk=1).update(grants=told)
    return True


def contradicts(merchant_id: str, *, epoch: str, after: int, word: str) -> bool:
    """Whether a terminal has read, in this life of the hub, a feed that is not this one."""
    if epoch != feed.epoch() or not after:
        return False
    latest = feed.position(merchant_id)
    return after > latest or bool(word and feed.word_at(merchant_id, after) not in ("", word))


def begin(cause: str, *, now: datetime | None = None, **facts: str | int) -> None:
    """Begin a new life: every merchant is suspended until its terminals have been heard."""
    now = now or timezone.now()
    with transaction.atomic():
        feed.new_epoch()
        Merchant.objects.filter(suspended_at=None).update(suspended_at=now)
        Snapshot.objects.all().delete()  # made a moment ago, but in another life
    log.error("hub was restored cause=%s facts=%s", cause, facts)
    for merchant in Merchant.objects.values_list("pk", flat=True):
        incidents.note(
            IncidentKind.RESTORED, at=now, merchant_id=merchant, subject=cause, said=facts
        )


# ── going on ────────────────────────────────────────────────────────────────────────────────────


def look(out: feed.Writing) -> None:
    """A terminal was heard, or will not be: go on, or post what waited for what it sold."""
    if not out.merchant.suspended_at:
        post_refunds(out)
    elif not unheard(out.merchant.pk):
        resume(out)


def accept(merchant_id: str) -> None:
    """Go on without the terminals that stay silent: what they hold may be spent twice.

    A person decided so, and has seen how much that is at most.
    """
    with feed.writing(merchant_id) as out:
        if out.merchant.suspended_at:  # nobody else did, meanwhile
            resume(out)


def resume(out: feed.Writing) -> None:
    """Pay what was short and what is held beyond its balance; then rights are granted again.

    What fell due by itself since the backup is done again before (RIGHTS 13).
    """
    merchant = out.merchant
    mature_of(out, now=timezone.now())
    birthdays.open_of(out, now=timezone.now())
    post_refunds(out)
    uncount_refunds(out)
    merchant.suspended_at = None
    merchant.save(update_fields=["suspended_at"])
    settle(out)
    expire_of(out, now=timezone.now())
    _end_welcomes(out)
    _repay_reserve(out)


def _end_welcomes(out: feed.Writing) -> None:
    """Those of who has bought something while nothing was free (SPEC C6)."""
    sales = JournalEntry.objects.filter(
        merchant=OuterRef("merchant"), customer=OuterRef("owner"), kind="sold"
    )
    welcomes = Account.objects.filter(
        Exists(sales), merchant=out.merchant, kind=Kind.WELCOME, balance__gt=F("held_total")
    )
    posting = Posting(out, now=timezone.now(), shop_id=None)
    posting.tally.load(welcome_of(owner) for owner in welcomes.values_list("owner", flat=True))
    posting.store()


def _repay_reserve(out: feed.Writing) -> None:
    """What it had paid for the rests of sales that came meanwhile, and that nobody holds."""
    free = Account.objects.filter(
        merchant=out.merchant, kind=Kind.REST, balance__gt=F("held_total")
    ).exclude(owner__in=NOBODY)
    posting = Posting(out, now=timezone.now(), shop_id=None)
    posting.tally.load(rest_of(sale) for sale in free.values_list("owner", flat=True))
    posting.store()


def _witness() -> Path:
    return Path(settings.HUB_DATA) / WITNESS
