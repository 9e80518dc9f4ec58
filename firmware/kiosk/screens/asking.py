# SPDX-License-Identifier: Apache-2.0
"""Say what is awaited while the hub is asked for a right or its news; two seconds at most."""

from firmware.kiosk.parts import MARGIN, button, foot
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Ctx, Pad, Text, Widget, column, screen, spring
from firmware.kiosk.words import amount_of
from firmware.till.asking import SALE
from firmware.till.outcome import AskingHub
from firmware.till.tap import Back
from loyalty.account import Kind

EXAMPLES = {
    "points": AskingHub(what="points", amount=40, customer="Élodie"),
    "purse": AskingHub(what="purse", amount=340, customer="Marie-Françoise"),
    "gift": AskingHub(what="gift", amount=1960),
    "rest": AskingHub(what="rest", amount=1960),
    "card": AskingHub(code="…4415"),
    "sale": AskingHub(what=SALE),
}


@screen(shows=AskingHub, examples=EXAMPLES)
def asking(asked: AskingHub, ctx: Ctx) -> Widget:
    amount = amount_of(asked.what, asked.amount, ctx)
    why = ctx.t("Pour que personne ne les utilise ailleurs en même temps.")
    if asked.code:
        title = ctx.t("On cherche la carte {code}", code=asked.code)
        why = ctx.t("Une autre caisse l’a peut-être vue la première.")
    elif asked.what == SALE:
        title = ctx.t("On demande cette vente")
        why = ctx.t("Cette caisse n’en a pas, ou plus, le détail.")
    elif asked.what == Kind.REST:
        title = ctx.t("On réserve cette vente")
        why = ctx.t("Pour que personne ne la rembourse ailleurs en même temps.")
    elif asked.customer:
        title = ctx.t("On réserve {amount} pour {name}", amount=amount, name=asked.customer)
    else:
        title = ctx.t("On réserve {amount}", amount=amount)
    return column(
        column(
            Text(title, Role.TITLE, lines=3, balance=True),
            Text(why, lines=3, optional=ctx.large),
            Text(ctx.t("Deux secondes au plus."), tone=Tone.SOFT, lines=2),
            spring(),
            gap=16,
            pad=Pad(MARGIN, MARGIN, 16, MARGIN),
            grow=1,
        ),
        foot(ctx, button(ctx.t("Ne pas attendre"), Back(), icon="close")),
    )
