# SPDX-License-Identifier: Apache-2.0
"""Verify the journals: each entry's bytes still hash to what their terminal chained them to."""

from hashlib import sha256

from django.db.models import QuerySet

from hub.ledger import redacting
from hub.ledger.forgotten import Redaction
from hub.ledger.models import JournalEntry, Segment, Why
from loyalty.wire import GENESIS, chain


def breaks(merchant_id: str) -> list[str]:
    """Every place where a journal is not what was acknowledged, a sentence each.

    A byte changed, a row taken out, put in or moved: from there on nothing hashes as it did.
    """
    segments = Segment.objects.filter(terminal__merchant=merchant_id).select_related("terminal")
    found = [sentence for one in segments.order_by("pk") if (sentence := _break(one))]
    return found + _own(merchant_id)


def _break(segment: Segment) -> str:
    """The first break of a segment; empty where there is none."""
    where = f"{segment.terminal.pk}, journal {segment.uuid}"
    head, last, lost = GENESIS, 0, segment.lost
    redacted = _redacted(Redaction.objects.filter(entry__segment=segment))
    rows = JournalEntry.objects.filter(segment=segment).exclude(why=Why.FORK).order_by("n")
    for pk, n, raw, digest in rows.values_list("pk", "n", "raw", "hash").iterator(1000):
        lost -= n - last - 1
        if lost < 0:
            return f"{where} : l’écriture {last + 1} manque"
        # its terminal said what came before an entry that follows a loss: nobody can check that
        follows = n == last + 1
        if pk in redacted:
            before, left = redacted[pk]
            same = _is_left(bytes(raw), left) and (head.hex() == before or not follows)
            head = bytes.fromhex(digest)
        else:
            head = chain(head, bytes(raw)) if follows else bytes.fromhex(digest)
            same = head.hex() == digest
        if not same:
            return f"{where} : l’écriture {n} n’est plus celle que la caisse a faite"
        last = n
    ends = (last + lost, segment.head if lost else head.hex())
    if ends != (segment.watermark, segment.head or GENESIS.hex()):
        return f"{where} : {segment.watermark} écritures accusées, {last + lost} gardées"
    return ""


def _own(merchant_id: str) -> list[str]:
    """The hub's own entries are chained to nothing: each stands by itself."""
    own = JournalEntry.objects.filter(merchant=merchant_id, segment=None, came_from=None)
    redacted = _redacted(Redaction.objects.filter(entry__merchant=merchant_id, entry__segment=None))
    return [
        f"hub : l’écriture {event_id} n’est plus celle qui a été faite"
        for pk, event_id, raw, digest in own.values_list("pk", "event_id", "raw", "hash").iterator(
            1000
        )
        if not (
            _is_left(bytes(raw), redacted[pk][1])
            if pk in redacted
            else sha256(bytes(raw)).hexdigest() == digest
        )
    ]


def _is_left(raw: bytes, left: str) -> bool:
    """Whether bytes that are not what was chained are what a redaction left of them, no others."""
    return sha256(raw).hexdigest() == left and redacting.is_silent(raw)


def _redacted(rows: QuerySet[Redaction]) -> dict[int, tuple[str, str]]:
    """By entry that lost its words about people: the hash before it, and of the bytes left."""
    return {
        pk: (before, left) for pk, before, left in rows.values_list("entry", "before", "digest")
    }
