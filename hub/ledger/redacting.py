# SPDX-License-Identifier: Apache-2.0
"""Take out of an entry's bytes what they say of a person, and nothing that moves an account."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from hub.ledger.forgotten import Redaction
from hub.ledger.models import JournalEntry, Outcome, Why
from hub.ledger.reading import entry_of
from hub.merchants.models import Merchant
from loyalty.entry import (
    Adjusted,
    CardsChanged,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Refunded,
    customer_of,
)
from loyalty.refund import RefundReason
from loyalty.wire import GENESIS, chain, encode_entry

SPEAKING: Final = ("joined", "cards_changed", "adjusted", "refunded", "gift_sold")
"""Kinds of entries in which people are named, or somebody may have named them."""


def bytes_without(entry: Entry) -> bytes:
    """The entry's bytes, with nobody's name in them."""
    return encode_entry(replace(entry, facts=facts_without(entry.facts)))


def facts_without(facts: Facts) -> Facts:
    """What an entry says, but what it says of a person."""
    match facts:
        case Joined():
            return replace(facts, first_name="", initial="", sealed="", hashes=())
        case GiftSold():
            return replace(facts, sealed="")
        case CardsChanged() | Adjusted():
            return replace(facts, note="")
        case Refunded(reason=reason) if reason not in set(RefundReason):
            return replace(facts, reason="")
    return facts


def is_silent(raw: bytes) -> bool:
    """Whether these bytes are what a redaction leaves: of who may be named in them, nothing."""
    entry = entry_of(raw)
    match entry.facts if entry else None:
        case Joined(first_name="", initial="", sealed="", hashes=()):
            return True
        case GiftSold(sealed=""):
            return True
        case CardsChanged(note="") | Adjusted(note=""):
            return True
        case Refunded(reason=""):
            return True
    return False


def spoken_of(merchant: Merchant, customers: Collection[str]) -> Iterator[JournalEntry]:
    """The entries that may name these customers, but for those that were set aside."""
    mine = JournalEntry.objects.filter(merchant=merchant, redaction=None)
    yield from mine.filter(customer__in=customers, kind__in=SPEAKING)


def set_aside(merchant: Merchant) -> Iterator[tuple[JournalEntry, str]]:
    """Entries on the shelf that say all they said, and whose each is: only its bytes tell."""
    shelved = JournalEntry.objects.filter(outcome=Outcome.SHELVED, merchant=merchant)
    for row in shelved.filter(redaction=None):
        entry = entry_of(row.raw)
        if entry and (customer := customer_of(entry.facts)):
            yield row, customer


def redact(rows: Iterable[JournalEntry], *, now: datetime) -> int:
    """Take out of these entries what they say of people; gives how many said something."""
    done = 0
    for row in list(rows):
        entry = entry_of(row.raw)
        if entry is None or facts_without(entry.facts) == entry.facts:
            continue
        before, sound = _before(row)
        left = bytes_without(entry)
        Redaction.objects.create(
            entry=row, before=before, digest=sha256(left).hexdigest() if sound else "", at=now
        )
        JournalEntry.objects.filter(pk=row.pk).update(raw=left)
        done += 1
    return done


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _before(row: JournalEntry) -> tuple[str, bool]:
    """The hash before an entry, and whether its bytes are what was chained: a break stays one."""
    raw = bytes(row.raw)
    if row.segment_id is None:
        return "", sha256(raw).hexdigest() == row.hash
    rows = JournalEntry.objects.filter(segment=row.segment_id, n=row.n - 1).exclude(why=Why.FORK)
    before = GENESIS.hex() if row.n == 1 else rows.values_list("hash", flat=True).first()
    if before is None or row.why == Why.FORK:  # its terminal lost it, or it is another branch's
        return "", True
    return before, chain(bytes.fromhex(before), raw).hex() == row.hash
