# SPDX-License-Identifier: Apache-2.0
"""Invite to scan: a painted shop front and its yellow sign."""

from dataclasses import replace

from firmware.kiosk.examples import NOW
from firmware.kiosk.parts import MARGIN, Variant, away_chip, button, offline_chip, square, ways
from firmware.kiosk.scale import Role
from firmware.kiosk.text import Language
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Emblem,
    Icon,
    Pad,
    Pointing,
    Space,
    Text,
    Widget,
    column,
    pile,
    row,
    screen,
    spring,
)
from firmware.till.outcome import Front
from firmware.till.tap import Join, SwitchContrast, SwitchLanguage, Unlock

_WAITING = Front(
    merchant="Maison Lucet",
    shop="Saint-Denis",
    now=NOW,
    points=1,
    per_cents=100,
    first_cost=80,
    first_title="Croissant offert",
    pitch="1 € payé, 1 point. Dès 80 points, un croissant offert.",
)

EXAMPLES = {
    "waiting": _WAITING,
    "offline": replace(_WAITING, offline=True),
    "rules": replace(_WAITING, pitch=""),
    "no-rewards": replace(_WAITING, pitch="", first_cost=None),
    "without-points": replace(_WAITING, points=0, pitch="", first_cost=None, offline=True),
    "long": replace(
        _WAITING,
        offline=True,
        merchant="Pâtisserie de La Rochefoucauld-Montbel",
        shop="Sainte-Marie, centre commercial",
        pitch="",
        points=5,
        per_cents=1000,
        first_cost=1200,
        first_title="Paris-Brest individuel",
    ),
}


@screen(shows=Front, examples=EXAMPLES)
def front(seen: Front, ctx: Ctx) -> Widget:
    emblem = ctx.emblem or seen.merchant[:1].upper()
    left = ctx.pointing is Pointing.LEFT
    painted = column(_painted(seen, ctx, emblem), _foot(ctx), fill=Tone.FRONT, grow=1)
    sign = _sign(seen, ctx)
    if ctx.portrait:
        return column(painted, sign)
    return row(*((sign, painted) if left else (painted, sign)), cross=Align.STRETCH)


def _painted(seen: Front, ctx: Ctx, emblem: str) -> Box:
    faint = (
        Emblem(emblem, size=620, left=30, top=-30)
        if ctx.portrait
        else Emblem(emblem, size=400, left=265, top=-24)
    )
    words = column(
        row(
            Icon(emblem, size=44, tone=Tone.ON_FRONT),
            column(
                Text(seen.merchant, Role.SHOP, tone=Tone.ON_FRONT, clip=True),
                Text(seen.shop, Role.SECOND, tone=Tone.ON_FRONT, leading=1.05, clip=True),
                grow=1,
            ),
            away_chip(ctx) if ctx.away else None,
            offline_chip(ctx, ink=Tone.ON_FRONT) if seen.offline and not ctx.away else None,
            gap=12,
            cross=Align.START,
        ),
        spring(),
        Text(ctx.t("Passez\nvotre carte"), Role.FRONT, tone=Tone.ON_FRONT, lines=2),
        spring(),
        _pitch(seen, ctx),
        pad=Pad(MARGIN, MARGIN, MARGIN, MARGIN),
    )
    return pile(faint, words, grow=1)


def _pitch(seen: Front, ctx: Ctx) -> Box | None:
    # the merchant's own line is French; who reads another language gets the rules
    said = seen.pitch if ctx.speech.language is Language.FRENCH else ""
    if not said and not seen.points:
        return None
    if not said:
        paid = ctx.money(seen.per_cents, short=True)
        said = ctx.n("{paid} payé, {n} point.", "{paid} payé, {n} points.", seen.points, paid=paid)
        if seen.first_cost is not None:
            said += " " + ctx.t(
                "Dès {cost} points : {title}.",
                cost=ctx.number(seen.first_cost),
                title=seen.first_title,
            )
    if seen.offline:
        said += " " + ctx.t("Sans réseau, vos points comptent aussi.")
    return row(
        Text(said, tone=Tone.ON_FRONT, lines=4, leading=1.25, balance=True, clip=True, grow=1),
        width=432,
    )


def _foot(ctx: Ctx) -> Box:
    join = button(ctx.t("Créer ma carte"), Join(), icon="add", variant=Variant.FRONT, even=False)
    switches = (
        square(
            ctx.t("English"),
            SwitchLanguage(),
            word=ctx.speech.language.other.upper(),
            variant=Variant.QUIET,
            grow=ctx.portrait,
        ),
        square(
            _easier(ctx),
            SwitchContrast(),
            icon="contrast",
            variant=Variant.QUIET,
            grow=ctx.portrait,
        ),
        square(
            ctx.t("Déverrouiller"),
            Unlock(),
            icon="lock",
            variant=Variant.QUIET,
            grow=ctx.portrait,
        ),
    )
    pad = Pad(0, MARGIN, 16, MARGIN)
    if ctx.portrait:
        return column(join, row(*switches, gap=8), gap=8, pad=pad)
    return row(join, *switches, gap=12, pad=pad)


def _easier(ctx: Ctx) -> str:
    """What the next touch of the contrast switch does."""
    if not ctx.sharp:
        return ctx.t("Contraste fort")
    return ctx.t("Affichage normal") if ctx.large else ctx.t("Grands caractères")


def _sign(seen: Front, ctx: Ctx) -> Box:
    clock = Text(ctx.clock(seen.now), Role.CLOCK, tone=Tone.ON_SIGN)
    day = Text(
        ctx.day(seen.now.date()),
        Role.SECOND,
        weight=600,
        tone=Tone.ON_SIGN,
        lines=2,
        leading=1.1,
    )
    arrow = Icon(f"arrow_{ctx.pointing}", size=180 if ctx.portrait else 176, tone=Tone.ON_SIGN)
    here = row(
        Text(ctx.t("Ici"), Role.STRONG, weight=700, tone=Tone.ON_SIGN),
        ways(Tone.ON_SIGN),
        main=Align.BETWEEN,
        width=210 if ctx.portrait else 180,
    )
    if ctx.portrait:
        words = column(
            spring(),
            clock,
            Space(10),
            day,
            Space(grow=2),
            here,
            grow=1,
        )
        return row(
            words,
            arrow,
            pad=Pad(20, MARGIN, 20, MARGIN),
            height=220,
            fill=Tone.SIGN,
            cross=Align.STRETCH,
        )
    return column(
        clock,
        Space(10),
        day,
        spring(),
        row(arrow, main=Align.CENTRE),
        spring(),
        here,
        pad=Pad(MARGIN, 20, MARGIN, 20),
        width=220,
        fill=Tone.SIGN,
    )
