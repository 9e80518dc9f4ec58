# SPDX-License-Identifier: Apache-2.0
"""Look at one transaction, and print it again (SPEC F3, T3)."""

from dataclasses import replace

from firmware.kiosk.examples import ANONYMOUS, GIFT_SOLD, REFUNDED, SOLD, receipt
from firmware.kiosk.parts import (
    MARGIN,
    Variant,
    back,
    bar,
    board,
    board_row,
    button,
    chip,
    fact_row,
    foot,
    keys,
    lock,
    page_of,
    titled,
)
from firmware.kiosk.receipt import reason_words
from firmware.kiosk.refunds import rows_of
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Align, Box, Ctx, Pad, Text, Widget, column, row, screen
from firmware.till.outcome_sales import ComesBack, SaleShown
from firmware.till.tap import Print, Refund, TurnPage
from loyalty.entry import GiftSold, Refunded, Sold

_SALE = SaleShown(
    receipt=receipt(again=True, balance=None), name="Élodie M.", waiting=False, refundable=True
)

EXAMPLES = {
    "sale": _SALE,
    "waiting": replace(_SALE, waiting=True, offline=True, printing=True),
    "paid-back": replace(_SALE, back_cents=1960, refundable=False),
    "partly-paid-back": replace(_SALE, back_cents=915),
    "refund": replace(
        _SALE,
        receipt=receipt(REFUNDED, again=True, balance=None),
        refundable=False,
        undone=ComesBack(money_cents=915, points=-9, purse_cents=-18, carry_cents=-15),
    ),
    "typed-reason": replace(
        _SALE,
        receipt=receipt(
            replace(REFUNDED, reason="Boîte ouverte au retour, le client l’a vue hier soir"),
            again=True,
            balance=None,
        ),
        refundable=False,
        undone=ComesBack(money_cents=215, gift_cents=700, points=71, purse_cents=-18),
    ),
    "elsewhere": replace(_SALE, shop="Saint-Gilles-les-Bains", back_cents=915),
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
    where = fact_row(ctx, ctx.t("Boutique"), shown.shop, named=True) if shown.shop else None
    lines = [*filter(None, [where]), *_lines(bill.sold, ctx)]
    size = 6 if ctx.portrait else 4
    first, last = page_of(len(lines), size, ctx.page)
    left = board(*lines[first:last], grow=1)
    right = board(*_sums(shown, ctx), grow=0 if ctx.portrait else 1)
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
    refund = (
        button(ctx.t("Rembourser"), Refund(), icon="retry", grow=1.5) if shown.refundable else None
    )
    return column(head, body, foot(ctx, more, refund, again))


def _lines(sold: Sold | GiftSold | Refunded, ctx: Ctx) -> list[Box]:
    if isinstance(sold, GiftSold):
        kind = ctx.t("Virtuelle") if sold.virtual else ctx.t("Physique")
        return [fact_row(ctx, ctx.t("Carte cadeau …{last4}", last4=sold.last4), kind, strong=False)]
    back = isinstance(sold, Refunded)
    rows = []
    for line in sold.lines:
        label = line.label or ctx.t("Divers")
        name = f"{line.quantity} × {label}" if line.quantity > 1 else label
        cents = -line.cents if back else line.cents
        rows.append(fact_row(ctx, name, ctx.money(cents), named=True))
    if isinstance(sold, Refunded):
        why = reason_words(sold.reason, ctx.speech)
        return [*rows, board_row(ctx, Text(why, tone=Tone.SOFT, clip=True, grow=1))]
    rows += [
        fact_row(ctx, use.title, ctx.money(-use.cents_off), named=True) for use in sold.applied
    ]
    return rows


def _sums(shown: SaleShown, ctx: Ctx) -> list[Box]:
    sold = shown.receipt.sold
    if isinstance(sold, Refunded) and shown.undone:
        sale = fact_row(ctx, ctx.t("Vente"), ctx.t("n° {number}", number=sold.of))
        return [sale, *rows_of(shown.undone, ctx, done=True)]
    if not isinstance(sold, Sold):
        return [fact_row(ctx, ctx.t("Chargé"), ctx.money(sold.cents), strong=True)]
    by_gift = sum(gift.cents for gift in sold.gifts)
    spent = sum(use.points for use in sold.applied)
    facts = [(ctx.t("Total"), ctx.money(sold.total_cents), False)]
    if by_gift:
        facts.append((ctx.t("Carte cadeau"), ctx.money(-by_gift), False))
    facts.append((ctx.t("Payé"), ctx.money(sold.paid_cents), True))
    if spent:
        facts.append((ctx.t("Points utilisés"), ctx.number(-spent), False))
    if sold.customer and sold.earn.points:
        facts.append((ctx.t("Points gagnés"), ctx.number(sold.points, signed=True), False))
    if shown.back_cents:
        facts.append((ctx.t("Remboursé"), ctx.money(-shown.back_cents), True))
    return [fact_row(ctx, name, figure, strong=strong) for name, figure, strong in facts]
