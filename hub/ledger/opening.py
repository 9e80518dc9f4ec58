# SPDX-License-Identifier: Apache-2.0
"""Whether a segment follows what the hub knows of its terminal, and what that changes.

Grants and what is held follow the current segment alone: the last one whose header was sound
(RIGHTS 1, 10). Entries of any other still post, because sales are facts, but change no right.
"""

from hub.ledger.models import IncidentKind, Segment
from hub.ledger.posting import Posting
from hub.merchants.models import Terminal
from loyalty.entry import Opened


def sound(terminal: Terminal, header: Opened) -> bool:
    """Whether a new segment begins where the hub saw the one before end.

    One that was written before the terminal was enrolled again says an earlier generation.
    """
    if header.gen > terminal.gen:
        return False
    if not terminal.segment:
        # the first since it was enrolled: there may be nothing to follow
        known = Segment.objects.filter(terminal=terminal, uuid=header.prev_segment).first()
        return known is None or _follows(header, known)
    if header.prev_segment != terminal.segment:
        return False
    return _follows(header, Segment.objects.get(terminal=terminal, uuid=terminal.segment))


def is_current(terminal: Terminal, segment: Segment) -> bool:
    """Whether entries of a segment change rights.

    Enrolling a terminal again may leave its journal where it is: until a new header is posted, the
    rest of the segment that was current is the current one.
    """
    if terminal.segment:
        return segment.uuid == terminal.segment
    return segment == Segment.objects.filter(terminal=terminal, sound=True).order_by("pk").last()


def open_segment(
    posting: Posting, terminal: Terminal, segment: Segment, header: Opened | None
) -> None:
    """Let a sound header become current: the terminal holds what it says and no more."""
    if header is None or not sound(terminal, header):
        posting.note(
            IncidentKind.UNSOUND,
            segment.uuid,
            prev_segment=header.prev_segment if header else "",
            prev_n=header.prev_n if header else 0,
            current=terminal.segment,
        )
        return
    for account in posting.tally.restate(header.holds):
        posting.note(IncidentKind.OVERHELD, account.owner, account=account.kind)
    segment.sound = True
    terminal.segment, terminal.hw_id = segment.uuid, header.hw_id[:64]
    terminal.save(update_fields=["segment", "hw_id"])


def _follows(header: Opened, known: Segment) -> bool:
    return header.prev_n == known.watermark and header.prev_head == known.head
