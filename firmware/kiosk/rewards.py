# SPDX-License-Identifier: Apache-2.0
"""The badges of rewards: lit up, in the order, or saying what is missing (SPEC G1)."""

from collections.abc import Mapping
from typing import Final

from firmware.kiosk.needs import needed
from firmware.kiosk.parts import grid, page_of
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Icon,
    Line,
    Meter,
    Pad,
    Photo,
    Space,
    Text,
    Widget,
    column,
    pile,
    row,
    spring,
)
from firmware.till.outcome import AtTill
from firmware.till.tap import Drop, Take, TurnPage
from loyalty.badge import Badge, BadgeState
from loyalty.rewards import TYPES
from loyalty.rewards.type import Symbol, Unit

_ICONS: Final[Mapping[Symbol, str]] = {
    Symbol.PERCENT: "discount",
    Symbol.GIFT: "gift",
    Symbol.EURO: "euro",
    Symbol.STAMP: "gift",
}
_GROUNDS: Final[Mapping[BadgeState, tuple[Tone | None, Tone, Tone]]] = {
    BadgeState.USABLE: (Tone.NOW, Tone.NOW, Tone.ON_NOW),
    BadgeState.IN_ORDER: (Tone.SHOP, Tone.SHOP, Tone.ON_SHOP),
    BadgeState.NOT_YET: (None, Tone.RULE, Tone.SOFT),
}
"""Fill, line and ink."""
_NOT_HERE: Final = (None, Tone.INK, Tone.INK)
"""Of what may be taken, but can't be promised here now (SPEC T5)."""


_SLOTS: Final = 6
"""2 × 3 badges."""
_PHOTO: Final = 46


def badges(order: AtTill, ctx: Ctx) -> Box:
    """All of an order's, some at a time."""
    turning, photos = len(order.badges) > _SLOTS, dict(order.photos)
    size = _SLOTS - 1 if turning else _SLOTS
    first, last = page_of(len(order.badges), size, ctx.page)
    cells: list[Widget] = [
        badge(shown, ctx, offline=order.offline, photo=photos.get(shown.reward.id, b""))
        for shown in order.badges[first:last]
    ]
    cells += [Space()] * (size - len(cells))
    if turning:
        cells.append(more(len(order.badges) - (last - first), ctx))
    inset = 12 if ctx.portrait else 8
    return column(grid(cells, 2, grow=1), pad=Pad(inset, 12, inset, 12), grow=1)


def badge(shown: Badge, ctx: Ctx, *, offline: bool = False, photo: bytes = b"") -> Box:
    """A reward to take into the order or out of it again.

    `offline`: nobody can be asked for a right now; what is not here lights up only with the
    network, and says so. `photo`: small JPEG, in place of the sign of its type.
    """
    reward, state = shown.reward, shown.state
    away = offline and not shown.here and state is not BadgeState.NOT_YET
    usable = state is BadgeState.USABLE
    fill, line, ink = _NOT_HERE if away and usable else _GROUNDS[state]
    icon = "tick" if state is BadgeState.IN_ORDER else _ICONS[TYPES[reward.kind].symbol]
    caption = ctx.t("avec le réseau") if away else _caption(shown, ctx)
    words = column(
        row(
            Text(
                reward.title, Role.BADGE, tone=ink, lines=1 if ctx.large else 2, clip=True, grow=1
            ),
            _sign(icon, photo, ink) if not ctx.large or icon == "tick" else None,
            gap=4,
            cross=Align.START,
        ),
        spring(),
        Text(caption, Role.SECOND, tone=ink, leading=1.05),
        pad=Pad(7, 8, 6, 10),
    )
    share = 1 - shown.lacks[0].missing / shown.lacks[0].whole if shown.lacks else 0.0
    tap = Take(reward.id) if usable else None
    out = Drop(reward.id) if state is BadgeState.IN_ORDER else None
    return pile(
        words,
        Meter(share) if share > 0 else None,
        fill=fill,
        line=Line(2, line),
        radius=10,
        grow=1,
        even=True,
        tap=tap or out,
        label=f"{reward.title}, {caption}",
        kind="badge",
        enabled=state is not BadgeState.NOT_YET,
    )


def more(count: int, ctx: Ctx) -> Box:
    """The badges that this page has no room for."""
    label = ctx.n("{n} autre", "{n} autres", count)
    return row(
        Text(label, Role.BADGE),
        Icon("next", size=25),
        gap=8,
        main=Align.CENTRE,
        line=Line(2),
        fill=Tone.CARD,
        radius=10,
        grow=1,
        even=True,
        tap=TurnPage(),
        label=label,
        kind="button",
    )


def _sign(icon: str, photo: bytes, ink: Tone) -> Widget:
    """What is in the order is ticked, whatever it looks like."""
    if photo and icon != "tick":
        return Photo(photo, icon, size=_PHOTO, tone=ink)
    return Icon(icon, size=25, tone=ink)


def _caption(shown: Badge, ctx: Ctx) -> str:
    reward = shown.reward
    if shown.state is BadgeState.IN_ORDER:
        return ctx.t("dans la vente")
    if shown.lacks:
        return needed(shown.lacks[0].need, shown.lacks[0].missing, ctx)
    match TYPES[reward.kind].asks:
        case Unit.CENTS:
            return ctx.t("{money} à utiliser", money=ctx.money(shown.available))
        case Unit.POINTS:
            return ctx.n("{n} point à utiliser", "{n} points à utiliser", shown.available)
    points = TYPES[reward.kind].points(reward, 0)
    return ctx.n("{n} point", "{n} points", points) if points else ctx.t("offert")
