# SPDX-License-Identifier: Apache-2.0
"""What the till invites to where there are no badges yet: scan a card, or join the programme."""

from dataclasses import replace

from firmware.kiosk.parts import MARGIN, button, ways
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Box, Ctx, Icon, Pad, Space, Text, column, row, spring
from firmware.till.tap import Join, OptIn, Search


def scan_or_search(ctx: Ctx) -> Box:
    """Nobody yet: where to scan, and two other ways to somebody."""
    sign = row(
        column(
            Text(ctx.t("Scannez\nla carte"), Role.STRONG, weight=700, tone=Tone.ON_NOW, lines=2),
            ways(Tone.ON_NOW),
            gap=12,
            grow=1,
        ),
        Icon(f"arrow_{ctx.pointing}", size=150 if ctx.portrait else 120, tone=Tone.ON_NOW),
        pad=Pad(16, 16, 16, 20),
        radius=10,
        fill=Tone.NOW,
        grow=1,
        even=True,
    )
    join = button(ctx.t("Nouveau client"), Join(), icon="add", even=False, pad=8)
    if ctx.portrait:
        find = button(ctx.t("Chercher"), Search(), icon="search", even=False, pad=8)
        both = row(find, join, gap=8)
        return column(sign, both, gap=8, pad=Pad(12, 12, 12, 12), grow=1)
    find = button(ctx.t("Chercher un client"), Search(), icon="search", grow=0)
    return column(sign, find, replace(join, grow=0), gap=8, pad=Pad(8, 12, 8, 12), grow=1)


def join_here(points: int, ctx: Ctx) -> Box:
    """A customer who has not joined: what this order would give, and the way in (SPEC C15)."""
    would = ctx.n("Cet achat donnerait {n} point.", "Cet achat donnerait {n} points.", points)
    inset = MARGIN if ctx.portrait else 16
    return column(
        Text(ctx.t("Pas encore au programme"), Role.STRONG, lines=2),
        Space(8),
        Text(would, lines=2, leading=1.2) if points else None,
        Text(
            ctx.t("Dès maintenant, chaque achat compte."),
            Role.SECOND,
            tone=Tone.SOFT,
            lines=3,
            optional=True,
        ),
        spring(),
        button(ctx.t("Rejoindre"), OptIn(), icon="add", grow=0),
        pad=Pad(inset, 16, 12, 16),
        grow=1,
    )
