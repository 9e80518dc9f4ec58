# SPDX-License-Identifier: Apache-2.0
"""Keypads and the touch keyboard: keys split by hairlines, all large enough for a thumb."""

from dataclasses import replace
from typing import Final

from firmware.kiosk.parts import MARGIN
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
    HEAD,
    Align,
    Box,
    Ctx,
    Icon,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
)
from firmware.till.tap import Enter, Erase, Key, Shift, Symbols, Tap

KEYPAD_WIDTH: Final = 384

TILL: Final = ("789", "456", "123")
"""As on a cash register, for amounts."""
PHONE: Final = ("123", "456", "789")
"""As on a telephone, for numbers that people know by heart."""

_MOST_LARGE: Final = 8
"""Characters of an amount that the largest letters have room for: 999,99 €."""

_LETTERS: Final = ("azertyuiop", "qsdfghjklm", "wxcvbn’-")
_SIGNS: Final = ("âëîïôöûüùœ", "&'\"()/+=*#", ".,:;!?_°")
_ACCENTS: Final = "éèêàç"
_SIGN_ENDS: Final = "@%€«»"


def padded(ctx: Ctx, left: Box, pad: Box) -> Box:
    """A question with its keys beside it, below it in portrait."""
    if ctx.portrait:
        return column(left, pad, grow=1)
    return row(left, pad, cross=Align.STRETCH, grow=1)


def asking(ctx: Ctx, *children: Widget | None) -> Box:
    """The part with the question."""
    return column(*children, pad=Pad(20, MARGIN, 16, MARGIN), grow=0 if ctx.portrait else 1)


def typed(ctx: Ctx, amount: str, *, empty: bool = False) -> Box:
    """The amount that is typed, on its line."""
    fits = len(amount) <= _MOST_LARGE
    shown = Text(amount, Role.AMOUNT if fits else Role.CLOCK, tone=Tone.SOFT if empty else Tone.INK)
    height = 82 if ctx.portrait else 69
    return column(Space(22), row(shown, height=height), Space(16), bottom=HEAD)


def keypad(
    ctx: Ctx, rows: tuple[str, ...] = TILL, *, corner: str = "", enabled: bool = True
) -> Box:
    """Ten digits, something in the corner (00, + or nothing) and a way to take back."""
    lines: list[tuple[Box, ...]] = [
        tuple(_cell(digit, Key(digit), enabled=enabled) for digit in digits) for digits in rows
    ]
    left = _cell(corner, Key(corner), enabled=enabled, ground=Tone.PAPER) if corner else _blank()
    back = _cell(
        ctx.t("Effacer"), Erase(), enabled=enabled, ground=Tone.PAPER, icon="erase", size=48
    )
    lines.append((left, _cell("0", Key("0"), enabled=enabled), back))
    return _grid(
        ctx, [[(cell, 1.0) for cell in line] for line in lines], width=KEYPAD_WIDTH, edge=True
    )


def keyboard(
    ctx: Ctx, *, capitals: bool, symbols: bool, mail: bool, enter: str, height: float
) -> Box:
    """AZERTY with digits and accents; `enter` is the main act, a key of its own in landscape."""
    first, second, third = _SIGNS if symbols else _LETTERS

    def letters(row_of: str) -> list[tuple[Box, float]]:
        shown = row_of.upper() if capitals else row_of
        return [(_cell(c, Key(c), role=Role.STRONG), 1.0) for c in shown]

    shift = _cell(
        ctx.t("Minuscules") if capitals else ctx.t("Majuscules"),
        Shift(),
        icon="capitals",
        ground=Tone.TINT if capitals else Tone.PAPER,
    )
    erase = _cell(ctx.t("Effacer"), Erase(), icon="erase", ground=Tone.PAPER)
    lines = [
        letters("1234567890"),
        letters(first),
        letters(second),
        [(shift, 1.0), *letters(third), (erase, 1.0)],
        _last_row(ctx, capitals=capitals, symbols=symbols, mail=mail, enter=enter),
    ]
    return _grid(ctx, lines, height=height)


def _last_row(
    ctx: Ctx, *, capitals: bool, symbols: bool, mail: bool, enter: str
) -> list[tuple[Box, float]]:
    switch = _cell("abc" if symbols else "&â", Symbols(), role=Role.TEXT, ground=Tone.PAPER)
    space = _cell(ctx.t("espace"), Key(" "), role=Role.SECOND)
    go = _cell(enter, Enter(), role=Role.TEXT, ground=Tone.SHOP, ink=Tone.ON_SHOP)
    wide = 3.5 if ctx.portrait else 1.5
    if mail:
        ends = [(_cell(c, Key(c), role=Role.STRONG), 1.0) for c in "@.-_"]
        hosts = 2.25 if ctx.portrait else 1.25
        ends += [(_cell(host, Key(host), role=Role.TEXT), hosts) for host in (".fr", ".com")]
        keys = [(switch, 1.0), *ends]
    else:
        signs = _SIGN_ENDS if symbols else _ACCENTS.upper() if capitals else _ACCENTS
        ends = [(_cell(c, Key(c), role=Role.STRONG), 1.0) for c in signs]
        keys = [(switch, 1.5), *ends, (space, wide)]
    used = sum(share for _, share in keys)
    return keys if ctx.portrait else [*keys, (go, 10 - used)]


def _cell(
    label: str,
    tap: Tap,
    *,
    role: Role = Role.KEY,
    icon: str = "",
    size: float = 32,
    ground: Tone = Tone.CARD,
    ink: Tone = Tone.INK,
    enabled: bool = True,
) -> Box:
    shown: Widget = (
        Icon(icon, size=size, tone=ink)
        if icon
        else Text(label, role, weight=600, tone=ink if enabled else Tone.SOFT)
    )
    return row(
        shown,
        main=Align.CENTRE,
        fill=ground,
        tap=tap,
        label=label,
        kind="key",
        enabled=enabled,
    )


def _blank() -> Box:
    return row(fill=Tone.PAPER)


def _grid(
    ctx: Ctx,
    lines: list[list[tuple[Box, float]]],
    *,
    width: float | None = None,
    height: float | None = None,
    edge: bool = False,
) -> Box:
    """Cells in rows, hairlines between them."""
    rows = []
    for y, line in enumerate(lines):
        cells = [
            row(
                replace(cell, grow=1),
                left=HAIR if x or (edge and not ctx.portrait) else None,
                top=HAIR if y or not edge or ctx.portrait else None,
                cross=Align.STRETCH,
                grow=share,
                even=True,
            )
            for x, (cell, share) in enumerate(line)
        ]
        rows.append(row(*cells, cross=Align.STRETCH, grow=1, even=True))
    return column(
        *rows,
        width=None if ctx.portrait else width,
        height=height,
        grow=0 if height or not ctx.portrait else 1,
    )
