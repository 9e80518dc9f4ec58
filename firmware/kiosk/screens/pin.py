# SPDX-License-Identifier: Apache-2.0
"""Staff unlock the till with four digits or a badge."""

from firmware.kiosk.pads import PHONE, asking, keypad, padded
from firmware.kiosk.parts import back, bar, titled
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Ctx, Line, Space, Text, Widget, column, row, screen, spring
from firmware.till.outcome import PinAsked
from loyalty.pin import DIGITS

EXAMPLES = {
    "typing": PinAsked(typed=2),
    "empty": PinAsked(typed=0),
    "wrong": PinAsked(typed=0, wrong=True),
    "pause": PinAsked(typed=0, wrong=True, pause_s=27),
    "manager": PinAsked(typed=1, manager=True),
    "not-manager": PinAsked(typed=0, manager=True, not_manager="Théo"),
    "manager-pause": PinAsked(typed=0, manager=True, not_manager="Théo", pause_s=27),
}


@screen(shows=PinAsked, examples=EXAMPLES)
def pin(asked: PinAsked, ctx: Ctx) -> Widget:
    title = (
        titled(ctx.t("Accord d’un responsable"), ctx.t("Avec son code"))
        if asked.manager
        else titled(ctx.t("Ouvrir la caisse"), ctx.t("Pour le personnel"))
    )
    head = bar(title, back=back(ctx))
    left = asking(
        ctx,
        Space(12),
        Text(_title(asked, ctx), Role.TITLE, lines=3, balance=True),
        Space(24),
        row(*(_ring(filled=i < asked.typed) for i in range(DIGITS)), gap=20),
        Space(24),
        Text(_hint(asked, ctx), tone=Tone.SOFT, lines=4, optional=not asked.pause_s),
        spring(),
    )
    return column(head, padded(ctx, left, keypad(ctx, PHONE, enabled=not asked.pause_s)))


def _title(asked: PinAsked, ctx: Ctx) -> str:
    if asked.pause_s:
        return ctx.t("Trop d’essais")
    if asked.not_manager:
        return ctx.t("Il faut un responsable")
    if asked.manager and not asked.wrong:
        return ctx.t("Code du responsable")
    return ctx.t("Ce n’est pas le bon code") if asked.wrong else ctx.t("Tapez votre code")


def _hint(asked: PinAsked, ctx: Ctx) -> str:
    if asked.pause_s:
        return ctx.n(
            "La caisse reprend dans {n} seconde.",
            "La caisse reprend dans {n} secondes.",
            asked.pause_s,
        )
    if asked.not_manager:
        return ctx.t("{name}, votre code ne suffit pas ici.", name=asked.not_manager)
    if asked.manager and not asked.wrong:
        return ctx.t("Un remboursement se fait avec son accord.")
    if asked.wrong:
        return ctx.t("Recommencez doucement.")
    return ctx.t("Quatre chiffres, donnés par la boutique.")


def _ring(*, filled: bool) -> Box:
    ink = Tone.INK if filled else Tone.SOFT
    return row(width=32, height=32, radius=16, fill=Tone.INK if filled else None, line=Line(3, ink))
