# SPDX-License-Identifier: Apache-2.0
"""What every screen says that tells of something on the disk."""

from firmware.kiosk.parts import MARGIN
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Align, Box, Ctx, Icon, Pad, Text, column, row
from firmware.till.outcome import Receipt


def head(receipt: Receipt, ctx: Ctx, words: str = "") -> Box:
    """It is saved, in these words, under this number, at that time."""
    number = Text(
        ctx.t("n° {number} · {time}", number=receipt.sold.receipt, time=ctx.clock(receipt.at)),
        Role.SECOND,
        tone=Tone.ON_FRONT,
        align=Align.END,
        optional=True,
    )
    title = row(
        Icon("tick", size=48, tone=Tone.ON_FRONT),
        Text(words or ctx.t("C’est enregistré"), Role.TITLE, tone=Tone.ON_FRONT, grow=1),
        None if ctx.portrait else number,
        gap=12,
    )
    below = number if ctx.portrait else None
    return column(title, below, gap=4, pad=Pad(MARGIN, MARGIN, 0, MARGIN))


def kept(ctx: Ctx) -> Box:
    """The hub does not have it yet, and need not."""
    words = Text(
        ctx.t("Gardé ici, envoyé au retour du réseau."),
        Role.SECOND,
        tone=Tone.ON_FRONT,
        lines=2,
        grow=1,
    )
    return row(Icon("offline", size=24, tone=Tone.ON_FRONT), words, gap=8, pad=Pad(8, 0, 0, 0))
