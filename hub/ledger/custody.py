# SPDX-License-Identifier: Apache-2.0
"""What people decide about a terminal: freeze it, retire it, let it live on another board."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from hub.ledger import restored
from hub.ledger.models import Segment
from hub.ledger.posting import Posting
from hub.merchants import authority, feed, registry
from hub.merchants.models import Terminal
from loyalty.feed import Heard

HEARS_SO: Final = timedelta(seconds=30)
"""A terminal that has signed off may ask again, for so long, whether its last entry arrived."""


def freeze(terminal: Terminal, *, frozen: bool) -> None:
    """Let a terminal earn and spend nothing, or let it spend again."""
    with feed.writing(terminal.merchant_id) as out:
        terminal.frozen = frozen
        terminal.save(update_fields=["frozen"])
        out.say(registry.till_may(out.merchant, terminal), to=feed.to_terminal(terminal.pk))


def retire(terminal: Terminal, *, now: datetime | None = None) -> None:
    """A terminal is dead, lost or stolen: its customers are whole at once (DESIGN 6).

    Nothing it says is heard any more. Should its journal turn up on a card that is enrolled again,
    its entries post, and what they overspend is the loss reserve's.
    """
    with feed.writing(terminal.merchant_id) as out:
        _free(out, Segment.objects.filter(terminal=terminal, dead=False))
        Segment.objects.filter(terminal=terminal).update(dead=True, retired=True)
        terminal.retired_at, terminal.retired_gen = now or timezone.now(), terminal.gen
        terminal.gen += 1
        terminal.save(update_fields=["retired_at", "retired_gen", "gen"])
        restored.look(out)
    authority.revoke(terminal)


def leave(terminal: Terminal, *, leaving: bool) -> None:
    """Ask a living terminal to sign off, or let it stay; it hears so when it is online.

    One that signed off while somebody read its page is gone, and stays so.
    """
    with feed.writing(terminal.merchant_id) as out:
        terminal.refresh_from_db(fields=["signed_off_at"])
        if terminal.signed_off_at:
            return
        terminal.leaving = leaving
        terminal.save(update_fields=["leaving"])
        out.say(registry.till_may(out.merchant, terminal), to=feed.to_terminal(terminal.pk))


def see_off(*, now: datetime | None = None) -> int:
    """Keep out the terminals that have signed off, once they heard that all has arrived; how many.

    Until then the same entries sent again are acknowledged again, and any other is shelved.
    """
    now = now or timezone.now()
    gone = Terminal.objects.filter(signed_off_at__lt=now - HEARS_SO, retired_at=None)
    pairs = list(gone.values_list("pk", "merchant"))
    return sum(_seen_off(merchant, gone.filter(pk=pk), now) for pk, merchant in pairs)


def adopt(terminal: Terminal, board: str) -> None:
    """The card lives on another board now: what it held on the old one goes back.

    The old one is the stranger from now on, and told so: it may be on, and spend no more.
    """
    with feed.writing(terminal.merchant_id) as out:
        others = Segment.objects.filter(terminal=terminal, dead=False).exclude(hw_id=board)
        _free(out, others)
        for segment in others:
            gone = Heard(segment=segment.uuid, sound=False, stranger=True)
            out.say(gone, to=feed.to_terminal(terminal.pk))
        others.update(dead=True)
        terminal.hw_id = board
        terminal.save(update_fields=["hw_id"])
        for segment in Segment.objects.filter(terminal=terminal, hw_id=board, dead=False):
            out.say(Heard(segment=segment.uuid, sound=False), to=feed.to_terminal(terminal.pk))
        restored.look(out)  # that board may have said already what it holds


def _free(out: feed.Writing, segments: Iterable[Segment]) -> None:
    """Nothing is held there any more; what is free now pays what is owed, and may be over."""
    posting = Posting(out, now=timezone.now(), shop_id=None)
    for segment in segments:
        posting.tally.free_all_of(segment.pk)
    posting.store()


def _seen_off(merchant_id: str, row: QuerySet[Terminal], now: datetime) -> bool:
    with feed.writing(merchant_id) as out:
        terminal = row.first()
        if terminal is None:  # somebody has enrolled it again meanwhile
            return False
        terminal.retired_at = now
        terminal.gen += 1
        terminal.save(update_fields=["retired_at", "gen"])
        restored.look(out)
    authority.revoke(terminal)
    return True
