# SPDX-License-Identifier: Apache-2.0
"""A customer looks at their own card: points, rewards within reach, last visits (SPEC T1)."""

from dataclasses import replace
from datetime import date
from typing import Final

from firmware.kiosk.examples import PHOTOS
from firmware.kiosk.parts import (
    MARGIN,
    Variant,
    big,
    board,
    board_row,
    button,
    chip,
    foot,
    offline_chip,
    ready,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Leave,
    Pad,
    Photo,
    Qr,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
)
from firmware.till.outcome import Recognised, RewardRow, TierSeen
from firmware.till.tap import Finish, ShowQr
from loyalty.card import EAN_DIGITS
from loyalty.tier import Criterion

_ELODIE = Recognised(
    first_name="Élodie",
    points=245,
    rewards=(
        RewardRow("Croissant offert", 80, 0),
        RewardRow("Remise de 10 %", 200, 0),
        RewardRow("Paris-Brest 6 parts", 280, 35),
    ),
    visits=((date(2026, 11, 19), 12), (date(2026, 11, 14), 23), (date(2026, 11, 7), 8)),
    seconds_left=12,
    code="2900000044154",
)

EXAMPLES = {
    "points": _ELODIE,
    "purse": replace(_ELODIE, purse_cents=340, offline=True),
    "offline": replace(
        _ELODIE,
        offline=True,
        rewards=(_ELODIE.rewards[0], replace(_ELODIE.rewards[1], here=False), _ELODIE.rewards[2]),
    ),
    "tier": replace(_ELODIE, tier=TierSeen(name="Argent", next="Or", missing=240_00), waiting=20),
    "no-tier": replace(_ELODIE, tier=TierSeen(name="", next="Bronze", missing=1_000_00)),
    "qr": replace(_ELODIE, qr=True),
    "without-points": replace(
        _ELODIE,
        points=None,
        rewards=(),
        tier=TierSeen(name="Argent", next="Or", missing=240_00),
        visits=tuple((day, 0) for day, _ in _ELODIE.visits),
    ),
    "photos": replace(
        _ELODIE,
        rewards=(
            replace(_ELODIE.rewards[0], photo=PHOTOS[0][1]),
            _ELODIE.rewards[1],
            RewardRow("Tarte citron", 280, 35, photo=PHOTOS[2][1]),
        ),
    ),
    "owes": replace(_ELODIE, points=-12, rewards=_ELODIE.rewards[:1]),
    "new": Recognised(
        first_name="Łukasz",
        points=0,
        rewards=(RewardRow("Croissant offert", 80, 80),),
        visits=(),
        seconds_left=15,
        code="2900000044161",
    ),
    "long": replace(
        _ELODIE,
        first_name="Marie-Françoise Nguyễn",
        points=12_480,
        rewards=(
            RewardRow("Entremets aux fruits rouges pour huit", 1280, 0, here=False),
            RewardRow("Paris-Brest individuel", 12_800, 320),
            RewardRow("Viennoiserie", 20_000, 7520),
        ),
        purse_cents=123_456,
        offline=True,
        visits=((date(2026, 9, 30), 1250), (date(2026, 9, 14), 223), (date(2026, 7, 1), 108)),
        seconds_left=3,
    ),
}


_PHOTO: Final = 50


@screen(shows=Recognised, examples=EXAMPLES)
def recognised(seen: Recognised, ctx: Ctx) -> Widget:
    right = _code(seen, ctx) if seen.qr else _rewards(seen, ctx)
    left = _points(seen, ctx)
    if ctx.portrait:
        body = column(left, Space(24), right, pad=Pad(22, MARGIN, 16, MARGIN), grow=1)
    else:
        body = row(
            left,
            right,
            gap=28,
            pad=Pad(20, MARGIN, 16, MARGIN),
            cross=Align.STRETCH,
            grow=1,
            even=True,
        )
    return column(Leave(seen.seconds_left), body, _foot(seen, ctx))


def _points(seen: Recognised, ctx: Ctx) -> Box:
    hello = Text(ctx.t("Bonjour {name}", name=seen.first_name), Role.STRONG, lines=2, clip=True)
    facts = (
        Text(_tier(seen.tier, ctx), Role.SECOND, weight=700, lines=2, leading=1.15, clip=True)
        if seen.tier
        else None,
        chip(ctx.n("{n} point en attente", "{n} points en attente", seen.waiting), icon="wait")
        if seen.waiting
        else None,
        chip(ctx.t("Cagnotte : {money}", money=ctx.money(seen.purse_cents)), icon="euro")
        if seen.purse_cents
        else None,
        offline_chip(ctx) if seen.offline else None,
    )
    chips = column(*(row(fact, optional=i > 0) for i, fact in enumerate(facts) if fact), gap=8)
    if seen.points is None:
        return column(hello, Space(24), chips, width=None if ctx.portrait else 280)
    roles = ((4 if ctx.portrait else 3, Role.POINTS), (0, Role.AMOUNT))
    figure = big(ctx.number(abs(seen.points)), *roles)
    if seen.points < 0:
        words = ctx.n("point à rattraper", "points à rattraper", -seen.points)
    else:
        words = ctx.n("point", "points", seen.points)
    unit = Text(words, Role.STRONG, lines=2 if seen.points < 0 else 1)
    if ctx.portrait:
        return column(
            hello,
            Space(24),
            row(figure, column(unit, pad=Pad(0, 0, 2, 0), grow=1), gap=20, cross=Align.END),
            Space(16) if any(facts) else None,
            chips if any(facts) else None,
        )
    return column(
        hello, Space(26), figure, Space(14), unit, Space(16, optional=True), chips, width=280
    )


def _tier(tier: TierSeen, ctx: Ctx) -> str:
    """A tier and how far the next one is."""
    if not tier.next:
        return tier.name or ctx.t("Aucun statut encore")
    amounts = {
        Criterion.AMOUNT: ctx.money(tier.missing),
        Criterion.POINTS: ctx.n("{n} point", "{n} points", tier.missing),
        Criterion.VISITS: ctx.n("{n} visite", "{n} visites", tier.missing),
        Criterion.ORDERS: ctx.n("{n} commande", "{n} commandes", tier.missing),
    }
    words = ctx.t("{tier} dans {amount}", tier=tier.next, amount=amounts[tier.criterion])
    return f"{tier.name} · {words}" if tier.name else words


def _rewards(seen: Recognised, ctx: Ctx) -> Box:
    pictured = any(reward.photo for reward in seen.rewards)
    rows = [
        _reward(reward, ctx, offline=seen.offline, pictured=pictured) for reward in seen.rewards
    ]
    empty = Text(ctx.t("Pas de récompense en ce moment."), tone=Tone.SOFT)
    visits = _visits(seen, ctx) if seen.visits else None
    if seen.points is None:
        return column(visits, grow=1)
    shown = rows or [board_row(ctx, empty)]
    return column(board(*shown), visits, grow=1)


def _reward(reward: RewardRow, ctx: Ctx, *, offline: bool, pictured: bool) -> Box:
    """What is missing, or that it is ready: here too, or only with the network (SPEC T5).

    `pictured`: some have a photo, and the names of all begin beside it.
    """
    state: Widget = ready(ctx)
    words = ""
    if reward.missing:
        words = ctx.n("encore {n} point", "encore {n} points", reward.missing)
    elif offline and not reward.here:
        words = ctx.t("avec le réseau")
    if words:
        state = Text(words, Role.SECOND, tone=Tone.SOFT, leading=1.1, lines=2, align=Align.END)
    cost = Text(ctx.number(reward.cost), weight=700, align=Align.END)
    photo: Widget = Photo(reward.photo, "gift", size=_PHOTO) if reward.photo else Space(_PHOTO)
    wide = {1: 52, 2: 52, 3: 52, 4: 62}.get(len(str(reward.cost)), 78)
    return board_row(
        ctx,
        column(cost, width=wide * 1.25 if ctx.large else wide),
        photo if pictured else None,
        Text(reward.title, lines=2, leading=1.1, clip=True, grow=1),
        state,
        height=66,
    )


def _visits(seen: Recognised, ctx: Ctx) -> Box:
    spans = []
    for i, (day, points) in enumerate(seen.visits):
        when = ctx.day(day, short=True)
        words = ctx.t("Visites : {day}", day=when) if i == 0 else when
        spans.append(
            row(
                Text(words, Role.SECOND, tone=Tone.SOFT),
                None
                if seen.points is None
                else Text(ctx.number(points, signed=True), Role.SECOND, tone=Tone.SOFT, weight=700),
                gap=5,
                optional=i > 0,
            )
        )
    main = Align.BETWEEN if ctx.portrait else Align.START
    return row(*spans, gap=16, main=main, pad=Pad(11, 0, 0, 0), optional=True)


def _code(seen: Recognised, ctx: Ctx) -> Box:
    """The card itself, for a phone to photograph."""
    words = (
        Text(ctx.t("Votre carte"), Role.STRONG, lines=2),
        Text(_grouped(seen.code), weight=600, lines=2, clip=True),
        Text(
            ctx.t("Photographiez ce code : il remplace la carte en plastique."),
            Role.SECOND,
            tone=Tone.SOFT,
            lines=6,
            optional=True,
        ),
    )
    if ctx.portrait:
        return column(row(Qr(seen.code, size=220)), Space(12), *words, gap=4, grow=1)
    return row(
        Qr(seen.code, size=250), column(*words, gap=8, grow=1), gap=20, cross=Align.START, grow=1
    )


def _grouped(code: str) -> str:
    """A long number as it stands under its bars; our own are EAN-13."""
    ours = len(code) == EAN_DIGITS and code.isdigit()
    return f"{code[0]} {code[1:7]} {code[7:]}" if ours else code


def _foot(seen: Recognised, ctx: Ctx) -> Box:
    back = ctx.t("Retour") if seen.points is None else ctx.t("Mes points")
    code = button(back if seen.qr else ctx.t("Ma carte en QR"), ShowQr(), icon="qr")
    done = button(
        ctx.t("Terminé"),
        Finish(),
        icon="tick",
        note=ctx.t("{n} s", n=seen.seconds_left),
        variant=Variant.GO,
        grow=1.5,
    )
    return foot(ctx, code, done)
