# SPDX-License-Identifier: Apache-2.0
"""Tell the story of a terminal's journal, boot by boot: what each followed and what that shows.

Everything is read from what the terminal wrote in its headers and what the hub has of each segment;
nothing here decides anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hub.ledger.models import JournalEntry, Outcome, Segment, Why
from hub.ledger.reading import entry_of
from hub.merchants.models import Terminal
from loyalty.entry import Opened


class Story(StrEnum):
    """What a segment's beginning shows."""

    FIRST = "first"
    """It follows nothing: a new card, or a new file."""
    FOLLOWS = "follows"
    """It begins where the one before ended."""
    ENROLLED = "enrolled"
    """The same, under a new enrolment."""
    BEHIND = "behind"
    """The terminal remembers less than the hub has: an older card or file was put back."""
    SWAPPED = "swapped"
    """The same, while the machine was running: its file was replaced."""
    CLONED = "cloned"
    """Another board went on from the same place: the card was copied."""
    TWICE = "twice"
    """Two segments of one board follow the same one: its card was put back in between."""
    BRANCHED = "branched"
    """It follows the branch of a fork that the hub put on the shelf."""
    AHEAD = "ahead"
    """It follows more than the hub has: what lacks is still to come, or the hub was restored."""
    UNKNOWN = "unknown"
    """It follows a segment that this hub has never seen."""
    UNREADABLE = "unreadable"
    """Its header can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """One segment, as a person can follow it."""

    segment: Segment
    story: Story
    header: Opened | None
    followed: Segment | None
    began_at: datetime | None
    count: int
    """Entries that the hub has of it."""
    forgotten: int = 0
    """Entries that the hub has of the one before and that the terminal no longer knew."""
    missing: int = 0
    """Entries of the one before that the hub does not have."""
    forked: int = 0
    """Entries of another branch of it, on the shelf."""
    shelved: int = 0
    """Other entries of it on the shelf."""
    current: bool = False
    """Whether it is the one that may spend."""


def boots(terminal: Terminal, segments: Sequence[Segment] | None = None) -> list[Boot]:
    """Tell each segment of a terminal, newest first; only those given, where some are."""
    mine = Segment.objects.filter(terminal=terminal)
    wanted = list(mine.order_by("-pk")) if segments is None else list(segments)
    headers = _headers(wanted)
    before = {header.prev_segment for header, _ in headers.values()} - {""}
    others = list(mine.filter(Q(uuid__in=before) | Q(prev__in=before)))
    headers |= _headers(others)
    counts = _counts(terminal, wanted)
    return [_boot(terminal, one, others, headers, counts.get(one.pk, {})) for one in wanted]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────

_Headers = dict[int, tuple[Opened, str]]
"""By segment: its header, where that can be read, and the boot it was written in."""


def _headers(segments: Sequence[Segment]) -> _Headers:
    firsts = JournalEntry.objects.filter(segment__in=segments, n=1).exclude(why=Why.FORK)
    read = {pk: entry_of(raw) for pk, raw in firsts.order_by("-pk").values_list("segment", "raw")}
    return {
        pk: (entry.facts, entry.stamp.boot_id)
        for pk, entry in read.items()
        if entry and isinstance(entry.facts, Opened)
    }


def _counts(terminal: Terminal, segments: Sequence[Segment]) -> dict[int, dict[str, Any]]:
    mine = JournalEntry.objects.filter(segment=OuterRef("pk")).order_by()
    line, branch = mine.exclude(why=Why.FORK), mine.filter(why=Why.FORK)
    # said so that the index of what was not posted serves: a boot has thousands that were
    aside = mine.exclude(outcome=Outcome.POSTED).filter(
        outcome=Outcome.SHELVED, merchant=terminal.merchant_id
    )
    rows = Segment.objects.filter(pk__in=[one.pk for one in segments]).values_list(
        "pk", Subquery(line.order_by("n").values("at")[:1]), *map(_number, (line, branch, aside))
    )
    return {
        pk: {"began_at": began_at, "count": count, "forked": forked, "shelved": shelved - forked}
        for pk, began_at, count, forked, shelved in rows
    }


def _number(found: QuerySet[JournalEntry]) -> Coalesce:
    return Coalesce(
        Subquery(found.values("segment").annotate(number=Count("pk")).values("number")), 0
    )


def _boot(
    terminal: Terminal,
    segment: Segment,
    others: Sequence[Segment],
    headers: _Headers,
    counts: dict[str, Any],
) -> Boot:
    known = headers.get(segment.pk)
    header = known[0] if known else None
    followed = next((one for one in others if header and one.uuid == header.prev_segment), None)
    told: dict[str, Any] = {"began_at": None, "count": 0} | counts
    return Boot(
        segment=segment,
        story=_story(segment, followed, others, headers),
        header=header,
        followed=followed,
        forgotten=max(0, followed.watermark - header.prev_n) if followed and header else 0,
        missing=max(0, header.prev_n - followed.watermark) if followed and header else 0,
        current=segment.may_be_alive and segment.hw_id == terminal.hw_id,
        **told,
    )


def _story(
    segment: Segment, followed: Segment | None, others: Sequence[Segment], headers: _Headers
) -> Story:
    known = headers.get(segment.pk)
    if known is None:
        return Story.UNREADABLE
    header, boot_id = known
    if followed is None:
        return Story.UNKNOWN if header.prev_segment else Story.FIRST
    before = headers.get(followed.pk)
    rivals = [
        rival[0]
        for one in others
        if one.pk != segment.pk
        and (rival := headers.get(one.pk))
        and rival[0].prev_segment == header.prev_segment
    ]
    if any(rival.hw_id != header.hw_id for rival in rivals) or (
        before and before[0].hw_id != header.hw_id and before[0].gen == header.gen
    ):
        return Story.CLONED
    if header.prev_n < followed.watermark:
        return Story.SWAPPED if before and before[1] == boot_id else Story.BEHIND
    if rivals:
        return Story.TWICE
    if header.prev_n > followed.watermark:
        return Story.AHEAD
    if header.prev_head != followed.head:
        return Story.BRANCHED
    return Story.ENROLLED if before and before[0].gen != header.gen else Story.FOLLOWS
