# SPDX-License-Identifier: Apache-2.0
"""A new segment: whether it follows what the hub knows of its terminal, and what it takes over.

A right belongs to a segment, that is to one boot of one board. The segment that soundly follows
takes over what the one before holds; any other starts from nothing. So no card that was put back
to an earlier state, and no copy of one, can spend what the hub has seen spent (RIGHTS 1, 8, 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.ledger import calling, leaving, missing
from hub.ledger.models import Held, IncidentKind, Segment
from hub.ledger.posting import Posting
from hub.merchants import bulk, feed
from hub.merchants.models import Merchant, Terminal
from loyalty.account import Account, Kind
from loyalty.entry import Opened
from loyalty.feed import Heard


class Earlier(Exception):
    """Entries of the segment before have to come first."""

    def __init__(self, segment: str, want: int) -> None:
        super().__init__(segment, want)
        self.segment, self.want = segment, want


@dataclass(frozen=True, slots=True)
class Opening:
    """What a header comes to."""

    header: Opened
    before: Segment | None
    """The segment that it soundly follows."""
    sound: bool
    stranger: bool
    """Another board than the terminal's."""
    given: Mapping[Account, int] = field(default_factory=dict)
    """What it may state beyond what is counted: refunds gave it that wait for their sales."""


def judge(merchant: Merchant, terminal: Terminal, header: Opened, *, lost: bool) -> Opening:
    """Whether a header follows what the hub knows.

    One that states more than the hub counts does not, nor one after a boot that did not and never
    heard so: its card was put back, and it still takes for its own what it held then.

    Args:
        merchant: a suspended one believes what it is told, for it has forgotten grants.
        terminal: whose segment it opens; the first board since it was enrolled is its own.
        header: what it says.
        lost: its terminal has not any more what the hub would want before it.

    Raises:
        Earlier: the segment before is not complete here yet.
    """
    board = header.hw_id[:64]
    stranger = bool(terminal.hw_id) and board != terminal.hw_id
    before = calling.segment_of(terminal.pk, header.prev_segment)
    known = before.watermark if before else 0
    if header.prev_segment and known < header.prev_n and not (lost or (before and before.forked)):
        raise Earlier(header.prev_segment, known + 1)
    if before is None or header.gen > terminal.gen:
        first = not Segment.objects.filter(terminal=terminal, gen__gte=header.gen).exists()
        return Opening(
            header,
            None,
            not header.prev_segment and first and not stranger and header.gen <= terminal.gen,
            stranger,
        )
    believed = merchant.suspended_at is not None or missing.unknown(terminal)
    given = missing.given(terminal)
    sound = (
        not (stranger or before.dead or before.follower_id)
        and (believed or not _states_more(header, before, given))
        and (before.sound or header.heard is not False)
        and before.hw_id == board
        and (before.watermark, before.head) == (header.prev_n, header.prev_head)
    )
    return Opening(header, before if sound else None, sound, stranger, given)


def take_over(segment: Segment, opening: Opening, *, now: datetime) -> None:
    """Note who writes the segment, and hand it what the one before holds."""
    header = opening.header
    segment.gen, segment.hw_id, segment.epoch = header.gen, header.hw_id[:64], header.epoch[:32]
    segment.prev, segment.prev_n = header.prev_segment, header.prev_n
    segment.sold_since = calling.segment_of(segment.terminal_id, header.sold_since)
    segment.sound, segment.opened_at = opening.sound, now
    segment.retired = header.gen <= segment.terminal.retired_gen
    segment.signed_off = leaving.has_left(segment.terminal, header.gen)
    segment.dead = segment.retired or segment.signed_off
    segment.save()
    if before := opening.before:
        Held.objects.filter(segment=before).update(segment=segment)
        before.follower, before.followed_n = segment, header.prev_n
        bulk.keep(before, "follower", "followed_n")


def open_segment(
    out: feed.Writing,
    posting: Posting,
    terminal: Terminal,
    segment: Segment,
    opening: Opening,
    *,
    now: datetime,
) -> None:
    """Let it hold what its header says and no more, and answer."""
    header = opening.header
    # what does not follow starts from nothing, whatever it says and whoever would believe it
    holds = header.holds if opening.sound else ()
    for account in posting.tally.restate(holds, given=opening.given):
        posting.note(IncidentKind.OVERHELD, account.owner, account=account.kind)
    if opening.sound and header.rests is not None:
        posting.rests.restate(header.rests, segment)
    if opening.stranger:
        posting.note(IncidentKind.STRANGER, segment.uuid, board=segment.hw_id[:8])
        calling.call_in(out, terminal, segment.hw_id, now=now)
    elif not opening.sound:
        posting.note(
            IncidentKind.UNSOUND, segment.uuid, prev=header.prev_segment, prev_n=header.prev_n
        )
        calling.call_in(out, terminal, segment.hw_id, now=now)
    if not header.prev_segment and segment.gen <= terminal.gen:
        calling.close_older_generations(terminal, segment, posting.tally)
    elif segment.gen == terminal.gen and not opening.stranger:
        calling.close_other_cards(terminal, segment, posting.tally)
    if not segment.retired:
        calling.let_go_of_retired(terminal, posting.tally)
    calling.close_other_boards(terminal, segment, posting.tally)
    if not terminal.hw_id:
        terminal.hw_id = segment.hw_id
        terminal.save(update_fields=["hw_id"])
    said = Heard(segment=segment.uuid, sound=opening.sound, stranger=opening.stranger)
    out.say(said, to=feed.to_terminal(terminal.pk))


def _states_more(header: Opened, before: Segment, given: Mapping[Account, int]) -> bool:
    """Whether it says that more is held than the segment before was counted to hold, and given."""
    rows = Held.objects.filter(segment=before, amount__gt=0)
    counted = {
        Account(Kind(kind), owner, key): amount
        for kind, owner, key, amount in rows.values_list(
            "account__kind", "account__owner", "account__key", "amount"
        )
    }
    said = (*header.holds, *(header.rests or ()))
    return any(
        hold.amount > counted.get(hold.account, 0) + given.get(hold.account, 0) for hold in said
    )
