# SPDX-License-Identifier: Apache-2.0
"""Tell a person how to help the printer; the sale is saved whatever they do (SPEC T3)."""

from dataclasses import replace

from firmware.kiosk.examples import receipt
from firmware.kiosk.parts import MARGIN, Variant, board, board_row, button, chip, foot
from firmware.kiosk.receipt import plain
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Pad,
    Picture,
    Qr,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.till.outcome import PrinterTrouble, Trouble
from firmware.till.tap import Back, Retry, ShowQr

_PAPER = PrinterTrouble(trouble=Trouble.PAPER_OUT, receipt=receipt())

EXAMPLES = {
    "paper": _PAPER,
    "cover": replace(_PAPER, trouble=Trouble.COVER_OPEN),
    "away": replace(_PAPER, trouble=Trouble.PRINTER_AWAY, offline=True),
    "qr": replace(_PAPER, qr=True),
}

_PICTURES = {
    Trouble.PAPER_OUT: "paper",
    Trouble.COVER_OPEN: "cover",
    Trouble.PRINTER_AWAY: "away",
}


@screen(shows=PrinterTrouble, examples=EXAMPLES)
def printer(seen: PrinterTrouble, ctx: Ctx) -> Widget:
    title, steps = _words(seen.trouble, ctx)
    drawn = (
        Qr(plain(seen.receipt, ctx.speech), size=240)
        if seen.qr
        else Picture(
            _PICTURES[seen.trouble],
            width=220,
            height=198,
        )
    )
    rows = board(*(_step(i, step, ctx) for i, step in enumerate(steps, 1)))
    safe = Text(ctx.t("La vente est enregistrée. Rien n’est perdu."), lines=2, leading=1.25)
    head = row(
        Text(title, Role.TITLE, tone=Tone.STOP, lines=2, grow=1), grow=0 if ctx.portrait else 1
    )
    waits = chip(ctx.t("Le ticket attend"), icon="receipt", fill=Tone.STOP_PALE)
    beside = None if ctx.large else waits
    if ctx.portrait:
        body = column(
            head,
            Space(16),
            row(waits),
            Space(16),
            row(drawn, main=Align.CENTRE),
            spring(),
            rows,
            Space(14),
            safe,
            pad=Pad(MARGIN, MARGIN, 16, MARGIN),
            grow=1,
        )
    else:
        body = column(
            row(head, beside, gap=16),
            Space(16),
            row(
                drawn,
                column(rows, Space(14), safe, grow=1),
                gap=32,
                cross=Align.START,
            ),
            spring(),
            pad=Pad(MARGIN, MARGIN, 10, MARGIN),
            grow=1,
        )
    return column(body, _foot(seen, ctx))


def _words(trouble: Trouble, ctx: Ctx) -> tuple[str, tuple[str, ...]]:
    match trouble:
        case Trouble.PAPER_OUT:
            return ctx.t("Plus de papier"), (
                ctx.t("Ouvrez le capot de l’imprimante."),
                ctx.t("Posez un rouleau, papier vers vous."),
                ctx.t("Refermez : le ticket sort tout seul."),
            )
        case Trouble.COVER_OPEN:
            return ctx.t("Le capot est ouvert"), (
                ctx.t("Vérifiez que le rouleau est à sa place."),
                ctx.t("Refermez le capot jusqu’au déclic."),
                ctx.t("Le ticket sort alors tout seul."),
            )
        case Trouble.PRINTER_AWAY:
            return ctx.t("L’imprimante ne répond pas"), (
                ctx.t("Vérifiez que son voyant est allumé."),
                ctx.t("Vérifiez le câble, des deux côtés."),
                ctx.t("Touchez Réessayer, ou montrez le QR."),
            )


def _step(number: int, words: str, ctx: Ctx) -> Box:
    return board_row(
        ctx,
        column(Text(str(number), Role.STRONG, weight=700), width=24),
        Text(words, lines=2, leading=1.12, grow=1),
        height=64 if ctx.portrait else 66,
    )


def _foot(seen: PrinterTrouble, ctx: Ctx) -> Box:
    without = button(ctx.t("Sans ticket"), Back())
    retry = button(ctx.t("Réessayer"), Retry(), icon="retry")
    code = button(
        ctx.t("Fermer le QR") if seen.qr else ctx.t("Montrer le QR"),
        ShowQr(),
        icon="qr",
        variant=Variant.GO,
        grow=1.5,
    )
    return foot(ctx, without, retry, code)
