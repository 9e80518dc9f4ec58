# SPDX-License-Identifier: Apache-2.0
"""What people decide about a terminal: freeze it, retire it, let it live on another board."""

from datetime import datetime

from django.utils import timezone

from hub.ledger import restored
from hub.ledger.models import Segment
from hub.ledger.tally import Tally
from hub.merchants import authority, feed, registry
from hub.merchants.models import Terminal
from loyalty.feed import Heard


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
        tally = Tally(out.merchant.pk)
        for segment in Segment.objects.filter(terminal=terminal, dead=False):
            tally.free_all_of(segment.pk)
        tally.store()
        Segment.objects.filter(terminal=terminal).update(dead=True, retired=True)
        terminal.retired_at, terminal.retired_gen = now or timezone.now(), terminal.gen
        terminal.gen += 1
        terminal.save(update_fields=["retired_at", "retired_gen", "gen"])
        restored.resume_if_known(out)
    authority.revoke(terminal)


def adopt(terminal: Terminal, board: str) -> None:
    """The card lives on another board now: what it held on the old one goes back."""
    with feed.writing(terminal.merchant_id) as out:
        tally = Tally(out.merchant.pk)
        others = Segment.objects.filter(terminal=terminal, dead=False).exclude(hw_id=board)
        for segment in others:
            tally.free_all_of(segment.pk)
        tally.store()
        others.update(dead=True)
        terminal.hw_id = board
        terminal.save(update_fields=["hw_id"])
        for segment in Segment.objects.filter(terminal=terminal, hw_id=board, dead=False):
            out.say(Heard(segment=segment.uuid, sound=False), to=feed.to_terminal(terminal.pk))
