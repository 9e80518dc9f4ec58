# SPDX-License-Identifier: Apache-2.0
"""Which light and sound goes with what has just happened on the screen (LOOK 7)."""

from firmware.drivers.cues import Cue
from firmware.till.outcome import (
    AtTill,
    Front,
    Outcome,
    OutOfOrder,
    PinAsked,
    PrinterTrouble,
    Recognised,
    Refused,
    Saved,
)
from firmware.till.outcome_gifts import GiftSaved
from firmware.till.outcome_sales import RefundSaved


def cue(before: Outcome | None, after: Outcome) -> Cue | None:
    """What a person at the counter should notice without reading; None: nothing new."""
    if isinstance(after, PinAsked):
        refused = bool(after.wrong or after.not_manager)
        was = isinstance(before, PinAsked) and bool(before.wrong or before.not_manager)
        return Cue.REFUSED if refused and not was else None
    if isinstance(after, AtTill):
        return _at_till(before, after)
    if type(before) is type(after):
        return None
    match after:
        case Saved() | GiftSaved() | RefundSaved():
            return None if isinstance(before, PrinterTrouble) else Cue.SAVED
        case Recognised():
            return Cue.READ
        case Refused():
            return Cue.REFUSED
        case PrinterTrouble():
            return Cue.PRINTER
        case OutOfOrder():
            return Cue.REPAIR
        case Front():
            return Cue.READY
        case _:
            return None


def _at_till(before: Outcome | None, after: AtTill) -> Cue | None:
    known = before.customer if isinstance(before, AtTill) else None
    if after.customer and (known is None or known.id != after.customer.id):
        return Cue.READ if isinstance(before, AtTill) else None
    if after.customer is None and (known or not isinstance(before, AtTill)):
        return Cue.READY
    return None
