# SPDX-License-Identifier: Apache-2.0
"""Entries that the hub makes itself: of its pages, of other programs, and what falls due."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Final

from django.utils import timezone

from hub.ledger.line import own_line
from hub.ledger.models import JournalEntry
from hub.ledger.posting import Posting
from hub.merchants import feed
from hub.merchants.models import Shop, new_id
from loyalty.entry import ClockQuality, Entry, Facts, Stamp

_ID: Final = re.compile("[0-9a-f]{32}")


def post_own(
    out: feed.Writing,
    every: Sequence[tuple[datetime | None, Facts]],
    *,
    shop: Shop | None,
    person_id: int | None = None,
    staff: str = "",
    ids: Sequence[str] = (),
) -> list[str]:
    """Post what somebody did here, inside `feed.writing`; gives the entries' ids.

    Args:
        out: holds the merchant's row.
        every: what happened and when (None: now), in order.
        shop: whose figures it counts in.
        person_id: who did it.
        staff: the token whose program did it, where nobody was at a page.
        ids: of the entries, where they follow from what these are for; made unless given.
    """
    now = timezone.now()
    posting = Posting(out, now=now, shop_id=shop.pk if shop else None, person_id=person_id)
    entries = []
    for (at, facts), own_id in zip(every, ids or [new_id() for _ in every], strict=True):
        wall_ms = int((at or now).timestamp() * 1000)
        stamp = Stamp(boot_id="hub", mono_ms=0, wall_ms=wall_ms, quality=ClockQuality.SYNCED)
        entries.append(Entry(id=own_id, n=0, stamp=stamp, staff=staff, facts=facts))
    lines = [own_line(entry) for entry in entries]
    posting.load(lines)
    for line, entry in zip(lines, entries, strict=True):
        posting.make(line, entry)
    posting.store()
    return [entry.id for entry in entries]


def is_free(own_id: str) -> bool:
    """Whether a page may choose this id for an entry: sent again it is then the same entry."""
    fits = bool(_ID.fullmatch(own_id))
    return fits and not JournalEntry.objects.filter(event_id=own_id).exists()


def derived_ids(space: uuid.UUID, every: Sequence[tuple[str, ...]]) -> list[str]:
    """Ids of entries that follow from what they are about: run again, a job makes the same ones.

    What came too late to be in the first entry about a thing is in a second one, and so on.

    Args:
        space: of this kind of entry.
        every: what each is about, all different; the database is asked once for all of them.
    """
    found: dict[tuple[str, ...], str] = {}
    for again in count():
        left = [about for about in every if about not in found]
        made = {about: uuid.uuid5(space, "/".join((*about, str(again)))).hex for about in left}
        there = JournalEntry.objects.filter(event_id__in=made.values())
        taken = set(there.values_list("event_id", flat=True)) if made else ()
        found |= {about: one for about, one in made.items() if one not in taken}
        if not taken:
            break
    return [found[about] for about in every]
