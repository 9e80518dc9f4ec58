# SPDX-License-Identifier: Apache-2.0
"""A living terminal leaves in good order: its last entry closes its generation (DESIGN 6, drain)."""

from datetime import datetime

from hub.ledger.models import Segment
from hub.ledger.tally import Tally
from hub.merchants.models import Terminal


def has_left(terminal: Terminal, gen: int) -> bool:
    """Whether that generation has signed off."""
    return Segment.objects.filter(terminal=terminal, gen=gen, signed_off=True).exists()


def sign_off(terminal: Terminal, segment: Segment, tally: Tally, *, now: datetime) -> bool:
    """Close the generation of a segment whose last entry this is; nothing is held there any more.

    Returns:
        False: it is no boot that may be alive on the terminal's own board, and closes nothing.
    """
    own = segment.may_be_alive and segment.hw_id == terminal.hw_id and segment.gen == terminal.gen
    if not own:
        return False
    tally.hold_nothing()
    every = Segment.objects.filter(terminal=terminal, gen=segment.gen)
    for other in every.filter(dead=False).exclude(pk=segment.pk):
        tally.free_all_of(other.pk)
    every.update(dead=True, signed_off=True)
    segment.dead = segment.signed_off = True
    terminal.leaving, terminal.signed_off_at = False, now
    terminal.save(update_fields=["leaving", "signed_off_at"])
    return True
