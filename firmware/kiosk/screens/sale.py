# SPDX-License-Identifier: Apache-2.0
"""Look at one transaction, and print it again (SPEC F3, T3)."""

from dataclasses import replace

from firmware.kiosk.examples import ANONYMOUS, GIFT_SOLD, SOLD, receipt
from firmware.kiosk.parts import (
    MARGIN,
    Variant,
    back,
    bar,
    board,
    button,
    chip,
    fact_row,
    foot,
    keys,
    lock,
    page_of,
    titled,
)
from firmware.kiosk.ui import Align, Box, Ctx, Pad, Widget, column, row, screen
from firmware.till.outcome import SaleShown
from firmware.till.tap import Print, TurnPage
from loyalty.entry import GiftSold, Sold

_SALE = SaleShown(receipt=receipt(again=True, balance=None), name="Élodie M.", waiting=False)

EXAMPLES = {
    "sale": _SALE,
    "waiting": replace(_SALE, waiting=True, offline=True, printing=True),
    "without-card": SaleShown(
        receipt=receipt(ANONYMOUS, customer="", again=True, balance=None), name="", waiting=False
    ),
    "gift": SaleShown(
        receipt=receipt(GIFT_SOLD, customer="", again=True, balance=None), name="", waiting=False
    ),
    "long": replace(
        _SALE,
        receipt=receipt(
            replace(SOLD, lines=SOLD.lines * 4, paid_cents=9_999_999, total_cents=9_999_999),
            again=True,
        ),
        name="Marie-Françoise de La Rochefoucauld-Montbel",
        waiting=True,
    ),
}


@screen(shows=SaleShown, examples=EXAMPLES)
def sale(shown: SaleShown, ctx: Ctx) -> Widget:
    bill = shown.receipt
    when = f"{ctx.day(bill.at.date(), short=True)}, {ctx.clock(bill.at)}"
    number = ctx.t("n° {number}", number=bill.sold.receipt)
    second, kept = f"{number} · {when}", None
    if shown.waiting and ctx.portrait:
        second = f"{number} · {ctx.t('À envoyer')}"
    elif shown.waiting:
        kept = chip(ctx.t("À envoyer"), icon="offline")
    head = bar(
        titled(shown.name or ctx.t("Sans carte"), second, named=bool(shown.name)),
        kept,
        keys(lock(ctx)),
        back=back(ctx),
    )
    lines = _lines(bill.sold, ctx)
    size = 6 if ctx.portrait else 4
    first, last = page_of(len(lines), size, ctx.page)
    left = board(*lines[first:last], grow=1)
    right = board(*_sums(bill.sold, ctx), grow=0 if ctx.portrait else 1)
    pad = Pad(16, MARGIN, 12, MARGIN)
    body = (
        column(left, right, gap=16, pad=pad, grow=1)
        if ctx.portrait
        else row(
            column(left, grow=1, even=True),
            column(right, grow=1, even=True),
            gap=MARGIN,
            pad=pad,
            cross=Align.STRETCH,
            grow=1,
        )
    )
    more = button(ctx.t("La suite"), TurnPage(), after="next") if len(lines) > size else None
    again = button(
        ctx.t("Impression…") if shown.printing else ctx.t("Imprimer un duplicata"),
        Print(),
        icon="print",
        variant=Variant.GO,
        grow=2,
        enabled=not shown.printing,
    )
    return column(head, body, foot(ctx, more, again))


def _lines(sold: Sold | GiftSold, ctx: Ctx) -> list[Box]:
    if isinstance(sold, GiftSold):
        kind = ctx.t("Virtuelle") if sold.virtual else ctx.t("Physique")
        return [fact_row(ctx, ctx.t("Carte cadeau …{last4}", last4=sold.last4), kind, strong=False)]
    rows = []
    for line in sold.lines:
        label = line.label or ctx.t("Divers")
        name = f"{line.quantity} × {label}" if line.quantity > 1 else label
        rows.append(fact_row(ctx, name, ctx.money(line.cents), named=True))
    rows += [
        fact_row(ctx, use.title, ctx.money(-use.cents_off), named=True) for use in sold.applied
    ]
    return rows


def _sums(sold: Sold | GiftSold, ctx: Ctx) -> list[Box]:
    if isinstance(sold, GiftSold):
        return [fact_row(ctx, ctx.t("Chargé"), ctx.money(sold.cents), strong=True)]
    by_gift = sum(gift.cents for gift in sold.gifts)
    spent = sum(use.points for use in sold.applied)
    facts = [(ctx.t("Total"), ctx.money(sold.total_cents), False)]
    if by_gift:
        facts.append((ctx.t("Carte cadeau"), ctx.money(-by_gift), False))
    facts.append((ctx.t("Payé"), ctx.money(sold.paid_cents), True))
    if spent:
        facts.append((ctx.t("Points utilisés"), ctx.number(-spent), False))
    if sold.customer:
        facts.append((ctx.t("Points gagnés"), ctx.number(sold.points, signed=True), False))
    return [fact_row(ctx, name, figure, strong=strong) for name, figure, strong in facts]
