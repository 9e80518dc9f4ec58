# SPDX-License-Identifier: Apache-2.0
"""What a hub that was restored has yet to hear, and the refunds that wait for it (RIGHTS 22)."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from hub.ledger.models import Incident, IncidentKind, JournalEntry, Outcome, Segment
from hub.merchants import feed
from hub.merchants.models import Terminal
from loyalty.entry import Entry, Refunded
from loyalty.wire import decode_entry


def unheard(merchant_id: str) -> list[Terminal]:
    """Terminals that have not said, in this life of the hub, what they hold.

    One says so in a header, which is posted after all that it wrote before.
    """
    of = Segment.objects.filter(terminal=OuterRef("pk"), opened_at__isnull=False)
    heard = of.filter(epoch=feed.epoch(), hw_id=OuterRef("hw_id"))
    living = Terminal.objects.filter(merchant_id=merchant_id, retired_at=None)
    return list(living.filter(Exists(of), ~Exists(heard)))


def awaits(merchant_id: str) -> bool:
    """Whether the hub was restored, ever, and has not heard every terminal of the merchant since."""
    restored = Incident.objects.filter(merchant=merchant_id, kind=IncidentKind.RESTORED)
    return restored.exists() and bool(unheard(merchant_id))


def refunds(merchant_id: str) -> Iterator[tuple[JournalEntry, Refunded]]:
    """Those that wait for the sales that they pay back, in the order in which they came."""
    if not Terminal.objects.filter(merchant=merchant_id, waits=True).exists():
        return
    rows = JournalEntry.objects.filter(outcome=Outcome.WAITING, merchant=merchant_id)
    for row in rows.filter(kind="refunded").order_by("pk"):
        match decode_entry(bytes(row.raw)):
            case Entry(facts=Refunded() as refund):
                yield row, refund
            case _:  # of a version that this hub does not know
                pass
