# SPDX-License-Identifier: Apache-2.0
"""What a hub that was restored has yet to hear, and the refunds that wait for it (RIGHTS 22)."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from hub.ledger.models import Incident, IncidentKind, JournalEntry, Outcome, Segment
from hub.ledger.reading import entry_of
from hub.merchants import feed
from hub.merchants.models import Terminal
from loyalty import rights
from loyalty.account import Account
from loyalty.entry import Entry, Refunded

REFUNDED: Final = "refunded"


def unheard(merchant_id: str) -> list[Terminal]:
    """Terminals that have not said, in this life of the hub, what they hold.

    One says so in a header, which is posted after all that it wrote before. One that this hub
    never heard at all is among them: it may have been granted something since the copy was made.
    """
    heard = Segment.objects.filter(
        terminal=OuterRef("pk"),
        opened_at__isnull=False,
        epoch=feed.epoch(),
        hw_id=OuterRef("hw_id"),
    )
    living = Terminal.objects.filter(merchant_id=merchant_id, retired_at=None)
    return list(living.filter(~Exists(heard)))


def awaits(merchant_id: str) -> bool:
    """Whether the hub was restored, ever, and has not heard every terminal of the merchant since."""
    restored = Incident.objects.filter(merchant=merchant_id, kind=IncidentKind.RESTORED)
    return restored.exists() and bool(unheard(merchant_id))


def waiting() -> QuerySet[JournalEntry]:
    """Entries that wait, for whatever it is: read by the index of the few that were not posted."""
    return JournalEntry.objects.exclude(outcome=Outcome.POSTED).filter(outcome=Outcome.WAITING)


def refunds(merchant_id: str) -> Iterator[tuple[JournalEntry, Refunded]]:
    """Those that wait for the sales that they pay back, in the order in which they came."""
    yield from _read(waiting().filter(merchant=merchant_id))


def unknown(terminal: Terminal) -> bool:
    """Whether something of a terminal waits that this hub can't read: who knows what it holds."""
    if not terminal.waits:
        return False
    rows = waiting().filter(terminal=terminal)
    return rows.count() > sum(1 for _ in _read(rows))


def given(terminal: Terminal) -> Counter[Account]:
    """What a terminal may spend because of refunds that wait, and is not counted anywhere yet."""
    total: Counter[Account] = Counter()
    for _, refund in _read(waiting().filter(terminal=terminal)):
        total.update({account: n for account, n in rights.changes(refund).items() if n > 0})
    return total


def _read(rows: QuerySet[JournalEntry]) -> Iterator[tuple[JournalEntry, Refunded]]:
    """Those that this hub can read: a newer version of a kind is unknown to it, too."""
    for row in rows.filter(kind=REFUNDED).order_by("pk"):
        match entry_of(row.raw):
            case Entry(facts=Refunded() as refund):
                yield row, refund
            case _:
                pass
