# SPDX-License-Identifier: Apache-2.0
"""Verify the journals: each entry's bytes still hash to what their terminal chained them to."""

from hashlib import sha256

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
    rows = JournalEntry.objects.filter(segment=segment).exclude(why=Why.FORK).order_by("n")
    for n, raw, digest in rows.values_list("n", "raw", "hash").iterator(1000):
        lost -= n - last - 1
        if lost < 0:
            return f"{where} : l’écriture {last + 1} manque"
        # its terminal said what came before an entry that follows a loss: nobody can check that
        head = chain(head, bytes(raw)) if n == last + 1 else bytes.fromhex(digest)
        if head.hex() != digest:
            return f"{where} : l’écriture {n} n’est plus celle que la caisse a faite"
        last = n
    ends = (last + lost, segment.head if lost else head.hex())
    if ends != (segment.watermark, segment.head or GENESIS.hex()):
        return f"{where} : {segment.watermark} écritures accusées, {last + lost} gardées"
    return ""


def _own(merchant_id: str) -> list[str]:
    """The hub's own entries are chained to nothing: each stands by itself."""
    own = JournalEntry.objects.filter(merchant=merchant_id, segment=None, came_from=None)
    return [
        f"hub : l’écriture {event_id} n’est plus celle qui a été faite"
        for event_id, raw, digest in own.values_list("event_id", "raw", "hash").iterator(1000)
        if sha256(bytes(raw)).hexdigest() != digest
    ]
