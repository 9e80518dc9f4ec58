# SPDX-License-Identifier: Apache-2.0
"""What every screen says that tells of something on the disk."""

from firmware.kiosk.parts import MARGIN, Variant, button
from firmware.kiosk.receipt import plain
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Align, Box, Ctx, Icon, Pad, Qr, Space, Text, column, row
from firmware.till.outcome import Receipt
from firmware.till.tap import Finish, Print, ShowQr


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


def scanned(receipt: Receipt, ctx: Ctx) -> Box:
    """The receipt for a phone, in the place of the one big fact."""
    code = Qr(plain(receipt, ctx.speech), size=300 if ctx.portrait else 250)
    caption = Text(ctx.t("Le ticket, à lire avec un téléphone."), Role.SECOND, tone=Tone.ON_FRONT)
    return column(Space(12), row(code), Space(8), caption, pad=Pad(0, 0, 0, MARGIN), grow=1)


def print_button(ctx: Ctx, *, printing: bool) -> Box:
    """Nothing is printed unless asked."""
    return button(
        ctx.t("Impression…") if printing else ctx.t("Imprimer"),
        Print(),
        icon="print",
        variant=Variant.FRONT,
        enabled=not printing,
    )


def scan_button(ctx: Ctx, *, shown: bool) -> Box:
    """Show the receipt for a phone, or what is said besides."""
    words = ctx.t("Fermer") if shown else ctx.t("Ticket QR")
    return button(words, ShowQr(), icon="qr", variant=Variant.FRONT)


def next_button(ctx: Ctx) -> Box:
    """On to the next customer."""
    return button(ctx.t("Client suivant"), Finish(), after="next", variant=Variant.NEXT, grow=1.5)
