# SPDX-License-Identifier: Apache-2.0
"""A merchant's state, for a terminal that can't read the feed from where it is.

It is made at once, in parts that are kept until that terminal needs a newer one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from hub.ledger import gifting, models
from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.people import CHUNK, customer_items, gift_item
from hub.ledger.snapshots import Snapshot, SnapshotPart
from hub.merchants import feed, registry
from hub.merchants.models import Merchant, Terminal, new_id
from hub.programmes import photos, publish
from hub.programmes.models import Category, Product
from loyalty.account import NOBODY, Account, Kind
from loyalty.feed import (
    BalanceIs,
    CallIn,
    CardNumbers,
    Covered,
    Item,
    ProgrammeIs,
    SaleSeen,
)
from loyalty.wire import LARGEST_FRAME, encode_item

ROOM: Final = LARGEST_FRAME - 4096
"""Bytes of items in a part, before they are compressed."""

LAST_SALES: Final = 3

FRESH: Final = timedelta(minutes=2)
"""One made so lately is given again: making it may take longer than a terminal waits for it."""


def make(terminal: Terminal) -> Snapshot:
    """Write down everything the terminal needs, in place of what it was given before."""
    with feed.writing(terminal.merchant_id) as out:
        Snapshot.objects.filter(terminal=terminal).delete()
        snapshot = Snapshot.objects.create(
            id=new_id(),
            terminal=terminal,
            gen=terminal.gen,
            to=out.latest,
            parts=0,
            made_at=timezone.now(),
        )
        for body in _parts(map(encode_item, _items(out.merchant, terminal))):
            snapshot.parts += 1
            SnapshotPart.objects.create(snapshot=snapshot, part=snapshot.parts, body=body)
        # its age counts from when it can be had, however long that took
        snapshot.made_at = timezone.now()
        snapshot.save(update_fields=["parts", "made_at"])
        return snapshot


def fresh(terminal: Terminal, *, now: datetime | None = None) -> Snapshot | None:
    """What the terminal was given a moment ago.

    Replacing it with each repeated question would take from the terminal what it is reading.
    """
    since = (now or timezone.now()) - FRESH
    found = Snapshot.objects.filter(terminal=terminal, gen=terminal.gen)
    return found.filter(made_at__gt=since).first()


def part(terminal: Terminal, snapshot_id: str, number: int) -> tuple[Snapshot, list[bytes]]:
    """One part's items.

    Raises:
        SnapshotPart.DoesNotExist: it was replaced by a newer one, or never had such a part.
    """
    found = SnapshotPart.objects.select_related("snapshot").get(
        snapshot__terminal=terminal, snapshot_id=snapshot_id, part=number
    )
    return found.snapshot, bytes(found.body).split(b"\n")


def _items(merchant: Merchant, terminal: Terminal) -> Iterator[Item]:
    yield registry.shop_item(merchant, terminal.shop)
    yield registry.till_may(merchant, terminal)
    if programme := publish.published(merchant.pk):
        yield ProgrammeIs(programme)
    yield from map(registry.staff_item, merchant.staff.exclude(pin="", badge=""))
    categories = Category.objects.filter(merchant=merchant, gone=False)
    yield from map(publish.category_item, categories)
    yield from map(publish.product_item, Product.objects.filter(merchant=merchant, gone=False))
    for first, last in terminal.blocks.values_list("first", "last"):
        yield CardNumbers(first=first, last=last)
    yield from customer_items(models.Customer.objects.filter(merchant=merchant))
    yield from _balances(merchant)
    limited = Q(expires_on__isnull=False) | Q(blocked_at__isnull=False)
    yield gifting.offers_item(merchant.pk)
    yield from photos.items(merchant)
    yield from map(gift_item, merchant.gift_cards.filter(limited).iterator(CHUNK))
    yield from _last_sales(merchant)
    for uuid, watermark in terminal.segments.values_list("uuid", "watermark"):
        yield Covered(segment=uuid, n=watermark)
    orders = models.CallingIn.objects.filter(terminal=terminal, answered_at=None)
    for order in orders.values_list("pk", flat=True):
        yield CallIn(order=order)


def _balances(merchant: Merchant) -> Iterator[BalanceIs]:
    rows = models.Account.objects.filter(merchant=merchant).exclude(owner__in=NOBODY)
    # nothing and no account are the same, but of a used gift card, which can't be sold again, and
    # of a limit: of one without an account all is left
    told = rows.exclude(kind=Kind.REST).filter(~Q(balance=0) | Q(kind__in=(Kind.GIFT, Kind.LIMIT)))
    for kind, owner, key, balance in told.values_list("kind", "owner", "key", "balance").iterator(
        CHUNK
    ):
        yield BalanceIs(Account(Kind(kind), owner, key), balance)


def _last_sales(merchant: Merchant) -> Iterator[SaleSeen]:
    rows = (
        JournalEntry.objects.filter(merchant=merchant, kind="sold", outcome=Outcome.POSTED)
        .exclude(customer="")
        .annotate(
            age=Window(
                RowNumber(), partition_by=F("customer"), order_by=[F("at").desc(), F("pk").desc()]
            )
        )
        .filter(age__lte=LAST_SALES)
        .values_list("event_id", "customer", "at", "earned")
    )
    for event_id, customer, at, earned in rows.iterator(CHUNK):
        yield SaleSeen(
            id=event_id or "", customer=customer, wall_ms=int(at.timestamp() * 1000), points=earned
        )


def _parts(lines: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for line in lines:
        if held and size + len(line) + 1 > ROOM:
            yield b"\n".join(held)
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    yield b"\n".join(held)
