# SPDX-License-Identifier: Apache-2.0
"""Which boot of a board is alive: only its own entry proves it, whatever the network delays."""

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q

from hub.ledger.models import CallingIn, Held, Segment
from hub.ledger.tally import Tally
from hub.merchants import bulk, feed
from hub.merchants.models import Terminal, new_id
from loyalty.feed import CallIn

_TIP: Final = """
WHERE follower_id IS NULL AND id IN (
    WITH RECURSIVE line (id) AS (
        SELECT CAST(%s AS bigint) UNION ALL
        SELECT s.follower_id FROM ledger_segment s JOIN line ON line.id = s.id
        WHERE s.follower_id IS NOT NULL
    ) SELECT id FROM line
)"""


def call_in(out: feed.Writing, terminal: Terminal, board: str, *, now: datetime) -> None:
    """Ask whichever boot of a board reads this to say so (RIGHTS 9).

    A board runs one boot at a time. An entry that names this order was written after it, so every
    other segment that its board had begun by then is over, and what it holds can go back.
    """
    if not board:  # its header could not be read: nobody knows whose boots to compare
        return
    begun = Segment.objects.filter(terminal=terminal, hw_id=board)
    holds = Exists(Held.objects.filter(segment=OuterRef("pk"), amount__gt=0))
    order = CallingIn.objects.create(id=new_id(), terminal=terminal, given_at=now)
    order.segments.set(begun.filter(Q(dead=False, follower=None) | holds))
    out.say(CallIn(order=order.pk), to=feed.to_terminal(terminal.pk))


def answered(order_id: str, segment: Segment, tally: Tally, *, now: datetime) -> None:
    """The boot of this segment is alive: the others that the order named are not.

    An order that a restored hub has forgotten, or that another board read, says nothing.
    """
    order = CallingIn.objects.filter(pk=order_id, terminal=segment.terminal_id).first()
    if order is None or not order.segments.filter(hw_id=segment.hw_id).exists():
        return  # it was meant for another board, that has yet to answer
    others = order.segments.filter(hw_id=segment.hw_id).exclude(pk=segment.pk)
    for other in others:
        tally.free_all_of(other.pk)
    others.filter(follower=None).update(dead=True)
    order.answered_at = order.answered_at or now
    order.save(update_fields=["answered_at"])


def close_older_generations(terminal: Terminal, segment: Segment, tally: Tally) -> None:
    """A card that was enrolled anew follows nothing: whoever enrolled it said the old one is gone.

    What the old one held goes back to the customers; what it may still have spent is the loss
    reserve's (DESIGN 6, retire).
    """
    older = Segment.objects.filter(terminal=terminal, gen__lt=segment.gen, dead=False)
    for old in older:
        tally.free_all_of(old.pk)
    older.update(dead=True, retired=True)
    terminal.retired_gen = max(terminal.retired_gen, segment.gen - 1)
    terminal.save(update_fields=["retired_gen"])


def close_other_cards(terminal: Terminal, segment: Segment, tally: Tally) -> None:
    """A card was enrolled again: what was opened before and is not behind it is heard no more.

    A copy had that, and what it held would be held for ever. Should the copy be enrolled after all,
    its entries post, and find nothing held.
    """
    holds = Exists(Held.objects.filter(segment=OuterRef("pk"), amount__gt=0))
    older = Segment.objects.filter(terminal=terminal, gen__lt=segment.gen)
    for old in (over := older.filter(Q(dead=False, follower=None) | holds)):
        tally.free_all_of(old.pk)
    over.filter(follower=None).update(dead=True)


def let_go_of_retired(terminal: Terminal, tally: Tally) -> None:
    """A card that was retired is read to its end: what its late entries earned is the customers'.

    Until then it was kept for what they spent (RIGHTS 16).
    """
    retired = Segment.objects.filter(terminal=terminal, retired=True)
    for old in retired.filter(Exists(Held.objects.filter(segment=OuterRef("pk"), amount__gt=0))):
        tally.free_all_of(old.pk)


def close_other_boards(terminal: Terminal, segment: Segment, tally: Tally) -> None:
    """A card has come from another board: no boot of that one has it any more.

    Its journal may be heard only now, after whoever adopted this board. One that has gone on since
    is a copy's, and its own affair; and no stranger closes what is on the terminal's own board.
    """
    later, before = segment, _before(segment)
    while before and before.follower_id in (None, later.pk):
        if before.hw_id == segment.hw_id:
            if before.sound:  # all that was before it was seen to then
                return
        elif before.watermark != later.prev_n or before.hw_id == terminal.hw_id != "":
            return
        else:
            tally.free_all_of(before.pk)
            before.dead = True
            before.save(update_fields=["dead"])
        later, before = before, _before(before)


def _before(segment: Segment) -> Segment | None:
    return segment_of(segment.terminal_id, segment.prev)


def segment_of(terminal_id: str, uuid: str) -> Segment | None:
    """That segment of a terminal; None: nothing of it was posted."""
    return bulk.one(Segment, "WHERE terminal_id = %s AND uuid = %s", terminal_id, uuid)


def tip(segment_id: int) -> Segment:
    """The segment that has taken over what this one held, however many boots ago; itself, if none."""
    return bulk.objects(Segment, _TIP, segment_id)[0]
