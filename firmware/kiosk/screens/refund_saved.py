# SPDX-License-Identifier: Apache-2.0
"""Say that a refund is on the disk, what to hand back, and what it leaves."""

from dataclasses import replace

from firmware.kiosk.examples import REFUNDED, receipt
from firmware.kiosk.parts import MARGIN, Variant, big, button, fact_row, foot
from firmware.kiosk.refunds import ROW, rows_of
from firmware.kiosk.saved_parts import head, kept, print_button, scan_button, scanned
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HEAD,
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
from firmware.till.outcome_sales import ComesBack, RefundSaved
from firmware.till.tap import Finish
from loyalty.refund import RefundReason

_SAVED = RefundSaved(
    receipt=receipt(REFUNDED, balance=175),
    back=ComesBack(money_cents=915, points=-9, purse_cents=-18, carry_cents=-15),
    of="0412",
    balance=175,
)

EXAMPLES = {
    "part": _SAVED,
    "void": replace(
        _SAVED,
        receipt=receipt(
            replace(REFUNDED, reason=RefundReason.VOID.value, cents=1960, due_cents=1960),
            balance=245,
        ),
        back=ComesBack(money_cents=1960, points=61, purse_cents=-39, carry_cents=-60),
        balance=245,
        void=True,
    ),
    "owed": replace(
        _SAVED,
        back=ComesBack(money_cents=1960, points=-19, purse_cents=-39, owed_points=12),
        balance=-12,
        waiting=True,
        offline=True,
    ),
    "gift-card": RefundSaved(
        receipt=receipt(
            replace(REFUNDED, customer=None, points=0, carry_cents=0, purse_cents=0),
            customer="",
            balance=None,
        ),
        of="0413",
        back=ComesBack(money_cents=0, gift_cents=300),
    ),
    "qr": replace(_SAVED, qr=True),
    "printing": replace(_SAVED, printing=True),
    "long": replace(
        _SAVED,
        back=ComesBack(
            money_cents=9_000_000,
            gift_cents=999_999,
            points=-99_999,
            purse_cents=-199_999,
            carry_cents=-99,
            owed_points=12_480,
            owed_cents=99_999,
        ),
        balance=-12_480,
        waiting=True,
        offline=True,
    ),
}


@screen(shows=RefundSaved, examples=EXAMPLES)
def refund_saved(done: RefundSaved, ctx: Ctx) -> Widget:
    body = (_handed(done, ctx), _board(done, ctx))
    figures = (
        column(*body, grow=1)
        if ctx.portrait
        else row(*body, gap=MARGIN, cross=Align.STRETCH, grow=1, even=True)
    )
    title = ctx.t("Vente annulée") if done.void else ctx.t("C’est remboursé")
    return column(head(done.receipt, ctx, title), figures, _foot(done, ctx), fill=Tone.FRONT)


def _handed(done: RefundSaved, ctx: Ctx) -> Box:
    """The one big fact: what to hand back, or the receipt for a phone."""
    if done.qr:
        return scanned(done.receipt, ctx)
    on_card = not done.back.money_cents and done.back.gift_cents
    cents = done.back.gift_cents if on_card else done.back.money_cents
    what = ctx.t("de retour sur la carte cadeau") if on_card else ctx.t("à rendre au client")
    figure = ctx.money(cents, short=True)
    return column(
        Space(0 if ctx.large else 24 if ctx.portrait else 60),
        big(
            figure, (6 if ctx.portrait else 8, Role.AMOUNT), (0, Role.CLOCK), tone=Tone.FRONT_FIGURE
        ),
        Space(12),
        Text(what, Role.STRONG, tone=Tone.ON_FRONT, lines=2),
        kept(ctx) if done.waiting else None,
        pad=Pad(0, 0, 0, MARGIN),
        grow=1,
    )


def _board(done: RefundSaved, ctx: Ctx) -> Box:
    line, ink = Tone.FRONT_LINE, Tone.ON_FRONT
    back = done.back
    if not back.money_cents:
        back = replace(back, gift_cents=0)
    rows = rows_of(replace(back, owed_points=0), ctx, ink=ink, hair=line, money=False)
    sale = ctx.t("n° {number}", number=done.of)
    rows.insert(
        0, fact_row(ctx, ctx.t("Vente"), sale, ink=ink, hair=line, height=ROW, optional=True)
    )
    if done.balance is not None:
        owed = done.balance < 0
        name = ctx.t("Points à rattraper") if owed else ctx.t("Nouveau solde")
        figure = ctx.number(abs(done.balance))
        rows.append(fact_row(ctx, name, figure, ink=ink, hair=None, strong=True, named=True))
    if done.qr and ctx.portrait:
        rows = [rows[0], rows[-1]]
    head_line = row(height=HEAD.width, fill=ink)
    if ctx.portrait:
        pad = Pad(0, MARGIN, 0, MARGIN)
        return column(spring(), head_line, *rows, Space(10), pad=pad, grow=1, even=True)
    width = (340 if ctx.large else 300) + MARGIN
    return column(spring(), head_line, *rows, Space(16), pad=Pad(0, MARGIN, 0, 0), width=width)


def _foot(done: RefundSaved, ctx: Ctx) -> Box:
    follow = button(ctx.t("Terminé"), Finish(), icon="tick", variant=Variant.NEXT, grow=1.5)
    printing, code = print_button(ctx, printing=done.printing), scan_button(ctx, shown=done.qr)
    return foot(ctx, printing, code, follow)
