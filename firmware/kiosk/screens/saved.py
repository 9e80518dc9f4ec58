# SPDX-License-Identifier: Apache-2.0
"""Say that a sale is on the disk, what it earned, and four rows that add up."""

from dataclasses import replace
from datetime import date

from firmware.kiosk.examples import ANONYMOUS, receipt
from firmware.kiosk.parts import MARGIN, Variant, big, board, button, fact_row, foot
from firmware.kiosk.saved_parts import (
    head,
    kept,
    next_button,
    print_button,
    scan_button,
    scanned,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.till.outcome import Saved
from firmware.till.tap import Void

_SAVED = Saved(
    receipt=receipt(),
    first_name="Élodie",
    points=19,
    spent_points=(("Croissant offert", 80),),
    balance=184,
    paid_cents=1960,
)

EXAMPLES = {
    "earned": _SAVED,
    "waiting": replace(_SAVED, waiting=True, offline=True),
    "later": replace(_SAVED, matures=date(2026, 12, 6), balance=165),
    "qr": replace(_SAVED, qr=True),
    "printing": replace(_SAVED, printing=True),
    "without-card": Saved(receipt=receipt(ANONYMOUS, customer="", balance=None), paid_cents=220),
    "without-points": Saved(receipt=receipt(balance=None), first_name="Élodie", paid_cents=1960),
    "long": replace(
        _SAVED,
        first_name="Marie-Françoise",
        points=1250,
        paid_cents=125_000,
        balance=12_480,
        waiting=True,
        spent_points=(
            ("Paris-Brest individuel", 1280),
            ("Remise de 10 %", 200),
            ("Cagnotte", 0),
            ("Café offert", 60),
        ),
    ),
}


@screen(shows=Saved, examples=EXAMPLES)
def saved(done: Saved, ctx: Ctx) -> Widget:
    body = (_earned(done, ctx), _board(done, ctx))
    figures = (
        column(*body, grow=1)
        if ctx.portrait
        else row(*body, gap=MARGIN, cross=Align.STRETCH, grow=1)
    )
    return column(head(done.receipt, ctx), figures, _foot(done, ctx), fill=Tone.FRONT)


def _earned(done: Saved, ctx: Ctx) -> Box:
    """The one big fact: points for a customer, money without one, or the receipt for a phone."""
    if done.qr:
        return scanned(done.receipt, ctx)
    named, counts = bool(done.first_name), done.balance is not None
    if named and counts:
        roles = (
            (4, Role.EARNED),
            (4 if ctx.portrait or ctx.large else 6, Role.POINTS),
            (0, Role.AMOUNT),
        )
        figure = big(ctx.number(done.points, signed=True), *roles, tone=Tone.FRONT_FIGURE)
        what = ctx.n("point pour {name}", "points pour {name}", done.points, name=done.first_name)
    else:
        figure = big(ctx.money(done.paid_cents), (0, Role.AMOUNT), tone=Tone.FRONT_FIGURE)
        by = ctx.t("payés par {name}", name=done.first_name)
        what = by if named else ctx.t("payés, sans carte")
    return column(
        Space(10 if ctx.large else 34 if named and counts else 60),
        figure,
        Space(8 if ctx.large else 20),
        Text(what, Role.STRONG, tone=Tone.ON_FRONT, clip=True),
        kept(ctx) if done.waiting else None,
        pad=Pad(0, 0, 0, MARGIN),
        grow=1,
    )


def _earned_words(done: Saved, ctx: Ctx) -> str:
    """Points that wait are not in the balance yet: their row says from when."""
    if done.matures is None:
        return ctx.t("Points gagnés")
    return ctx.t("Points dès le {day}", day=ctx.day(done.matures, short=True))


def _board(done: Saved, ctx: Ctx) -> Box:
    """What was paid, used and earned, and what it leaves: rows that add up."""
    line, ink = Tone.FRONT_LINE, Tone.ON_FRONT
    rows = [fact_row(ctx, ctx.t("Payé"), ctx.money(done.paid_cents), ink=ink, hair=line)]
    spent = [(title, points) for title, points in done.spent_points if points]
    if len(spent) > 1:
        spent = [(ctx.t("Récompenses"), sum(points for _, points in spent))]
    rows += [
        fact_row(ctx, title, ctx.number(-points), ink=ink, hair=line, named=True)
        for title, points in spent
    ]
    if done.balance is not None:
        earned = ctx.number(done.points, signed=True)
        rows += [
            fact_row(ctx, _earned_words(done, ctx), earned, ink=ink, hair=line),
            fact_row(
                ctx,
                ctx.t("Nouveau solde"),
                ctx.number(done.balance),
                ink=ink,
                hair=None,
                strong=True,
            ),
        ]
    hung = board(*rows, head=ink)
    undo = button(ctx.t("Annuler la vente"), Void(), variant=Variant.QUIET, grow=0)
    if ctx.portrait:
        below = (
            (Space(10),)
            if done.qr
            else (Space(2 if ctx.large else 10), undo, Space(4 if ctx.large else 8))
        )
        return column(spring(), hung, *below, pad=Pad(0, MARGIN, 0, MARGIN), grow=1)
    return column(
        undo,
        spring(),
        hung,
        Space(16),
        pad=Pad(0, MARGIN, 0, 0),
        width=(310 if ctx.large else 270) + MARGIN,
    )


def _foot(done: Saved, ctx: Ctx) -> Box:
    return foot(
        ctx,
        print_button(ctx, printing=done.printing),
        scan_button(ctx, shown=done.qr),
        next_button(ctx),
    )
