# SPDX-License-Identifier: Apache-2.0
"""What a person sees and can do on a screen, read off its tree."""

from firmware.kiosk.look import Look
from firmware.kiosk.screens import tree
from firmware.kiosk.text import Language
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Ctx, Text, walk
from firmware.till.outcome import Outcome

FRENCH = Look().ctx()
ENGLISH = Look(language=Language.ENGLISH).ctx()
PORTRAIT = Look(width=720, height=1280).ctx()


def boxes(outcome: Outcome, ctx: Ctx = FRENCH) -> list[Box]:
    """What may be touched."""
    return [w for w in walk(tree(outcome, ctx)) if isinstance(w, Box) and w.kind]


def taps(outcome: Outcome, ctx: Ctx = FRENCH) -> list[object]:
    return [box.tap for box in boxes(outcome, ctx) if box.tap and box.enabled]


def words(outcome: Outcome, ctx: Ctx = FRENCH) -> list[str]:
    return [plain(w.text) for w in walk(tree(outcome, ctx)) if isinstance(w, Text)]


def plain(text: str) -> str:
    return " ".join(text.split())


def main_act(outcome: Outcome, ctx: Ctx = FRENCH) -> object:
    (act,) = [b for b in boxes(outcome, ctx) if b.fill is Tone.SHOP and b.kind != "badge"]
    return act.tap
