# SPDX-License-Identifier: Apache-2.0
"""What a refund does, in the same rows before it and after it."""

from typing import Final

from firmware.kiosk.parts import fact_row
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Ctx
from firmware.till.outcome_sales import ComesBack

ROW: Final = 48
"""Height of a row: six of them go beside the lines of a sale."""


def rows_of(
    back: ComesBack,
    ctx: Ctx,
    *,
    ink: Tone = Tone.INK,
    hair: Tone = Tone.RULE,
    money: bool = True,
    done: bool = False,
) -> list[Box]:
    """Money and gift cards first, then what the customer's card gains or loses, then what it owes.

    Args:
        money: with the money to hand back; without it where that stands alone already.
        done: it was handed back, some time ago.
    """
    carried, owed = ctx.t("Reporté"), ctx.t("Cagnotte à rattraper")
    least = {carried, owed}
    facts = [
        (ctx.t("Rendu") if done else ctx.t("À rendre"), ctx.money(back.money_cents), money),
        (ctx.t("Carte cadeau"), ctx.money(back.gift_cents, signed=True), bool(back.gift_cents)),
        (ctx.t("Points"), ctx.number(back.points, signed=True), bool(back.points)),
        (ctx.t("Cagnotte"), ctx.money(back.purse_cents, signed=True), bool(back.purse_cents)),
        (carried, ctx.money(back.carry_cents, signed=True), bool(back.carry_cents)),
        (ctx.t("Points à rattraper"), ctx.number(back.owed_points), bool(back.owed_points)),
        (owed, ctx.money(back.owed_cents), bool(back.owed_cents)),
    ]
    return [
        fact_row(
            ctx,
            name,
            figure,
            ink=ink,
            hair=hair,
            strong=i == 0,
            named=True,
            height=ROW,
            optional=name in least,
        )
        for i, (name, figure, shown) in enumerate(facts)
        if shown
    ]
