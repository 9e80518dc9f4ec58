# SPDX-License-Identifier: Apache-2.0
"""Type an amount: from the purse, from a gift card, or onto a new one."""

from firmware.kiosk.pads import asking, keypad, padded, typed
from firmware.kiosk.parts import (
    Variant,
    back,
    bar,
    button,
    fact_row,
    keys,
    lock,
    titled,
    wrong_line,
)
from firmware.kiosk.ui import Ctx, Space, Widget, column, screen, spring
from firmware.kiosk.words import said
from firmware.till.outcome import Amount, AmountAsked
from firmware.till.tap import Enter, TakeMost
from loyalty.money import LARGEST_CENTS
from loyalty.refusal import Reason, Refusal

EXAMPLES = {
    "purse": AmountAsked(
        purpose=Amount.PURSE, cents=200, most_cents=340, about="Cagnotte", available_cents=340
    ),
    "points": AmountAsked(
        purpose=Amount.POINTS, cents=150, most_cents=245, about="Points", available_cents=245
    ),
    "gift-pays": AmountAsked(
        purpose=Amount.GIFT_PAYS, cents=0, most_cents=1960, about="7Q2X", available_cents=4000
    ),
    "gift-sold": AmountAsked(purpose=Amount.GIFT_SOLD, cents=4000, most_cents=LARGEST_CENTS),
    "wrong": AmountAsked(
        purpose=Amount.GIFT_PAYS,
        cents=9_999_999,
        most_cents=1960,
        about="7Q2X",
        available_cents=4000,
        wrong=Refusal(Reason.MORE_THAN_TOTAL, {"asked": 9_999_999, "most": 1960}),
    ),
}


@screen(shows=AmountAsked, examples=EXAMPLES)
def amount(asked: AmountAsked, ctx: Ctx) -> Widget:
    said_of = _of_points if asked.purpose is Amount.POINTS else _of_money
    money = said_of(ctx, asked.cents)
    title, second, act = _words(asked, ctx)
    head = bar(
        titled(title, second, named=asked.purpose in {Amount.PURSE, Amount.POINTS}),
        keys(lock(ctx)),
        back=back(ctx),
    )
    bounded = asked.purpose is not Amount.GIFT_SOLD
    facts = (
        fact_row(ctx, ctx.t("Disponible"), said_of(ctx, asked.available_cents))
        if bounded and asked.available_cents > asked.most_cents
        else None
    )
    # points are named beside it already
    most_words = ctx.number if asked.purpose is Amount.POINTS else ctx.money
    most = ctx.t("Le plus possible : {money}", money=most_words(asked.most_cents))
    left = asking(
        ctx,
        typed(ctx, money, empty=not asked.cents),
        wrong_line(said(asked.wrong, ctx).short) if asked.wrong else Space(16),
        facts,
        Space(12) if facts else None,
        button(most, TakeMost(), grow=0) if bounded else None,
        Space(16) if ctx.portrait else spring(),
        button(act, Enter(), icon="tick", variant=Variant.GO, grow=0),
    )
    return column(head, padded(ctx, left, keypad(ctx, corner="00")))


def _of_money(ctx: Ctx, cents: int) -> str:
    return ctx.money(cents)


def _of_points(ctx: Ctx, points: int) -> str:
    return ctx.n("{n} point", "{n} points", points)


def _words(asked: AmountAsked, ctx: Ctx) -> tuple[str, str, str]:
    """What it is about, a second line, and the act."""
    money = ctx.money(asked.cents) if asked.cents else ""
    match asked.purpose:
        case Amount.POINTS:
            act = ctx.n("Utiliser {n} point", "Utiliser {n} points", asked.cents)
            return (
                asked.about,
                ctx.t("À déduire de la vente"),
                act if asked.cents else ctx.t("Utiliser"),
            )
        case Amount.PURSE:
            act = ctx.t("Déduire {money}", money=money).strip()
            return asked.about, ctx.t("À déduire de la vente"), act
        case Amount.GIFT_PAYS:
            act = ctx.t("Payer {money}", money=money).strip()
            title = ctx.t("Carte cadeau …{last4}", last4=asked.about)
            return title, ctx.t("À déduire de la vente"), act
        case Amount.GIFT_SOLD:
            return ctx.t("Carte cadeau"), ctx.t("Montant à charger"), ctx.t("Continuer")
