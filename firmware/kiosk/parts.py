# SPDX-License-Identifier: Apache-2.0
"""The pieces that screens share: buttons, bars, boards, chips; each looks the same everywhere."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
    HEAD,
    OUTLINE,
    Align,
    Box,
    Ctx,
    Icon,
    Line,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
)
from firmware.kiosk.words import balance_words
from firmware.till.outcome import CustomerSeen
from firmware.till.tap import Back, KioskTap, Lock, Tap

MARGIN: Final = 24
"""Between the edge of the screen and words."""

TOUCH: Final = 68
"""Side of anything that is touched: 12 mm and a little."""

BAR: Final = 69
"""Height of the bar on top of staff's screens, its line included."""


class Look(NamedTuple):
    """How a button is drawn."""

    fill: Tone | None
    line: Line
    ink: Tone
    weight: int = 600


class Variant(StrEnum):
    """What a button is among the others of its screen."""

    PLAIN = "plain"
    GO = "go"
    """The next act; one on a screen."""
    NEXT = "next"
    """The next act on the painted front: yellow."""
    FRONT = "front"
    """On the painted front."""
    QUIET = "quiet"
    """On the painted front, less than the others."""
    CHOICE = "choice"
    """One of several, of which one is chosen."""
    CHOSEN = "chosen"


LOOKS: Final = {
    Variant.PLAIN: Look(Tone.CARD, OUTLINE, Tone.INK),
    Variant.GO: Look(Tone.SHOP, Line(2, Tone.SHOP), Tone.ON_SHOP),
    Variant.NEXT: Look(Tone.SIGN, Line(2, Tone.SIGN), Tone.ON_SIGN),
    Variant.FRONT: Look(None, Line(2, Tone.ON_FRONT), Tone.ON_FRONT),
    Variant.QUIET: Look(None, Line(2, Tone.FRONT_LINE), Tone.ON_FRONT),
    Variant.CHOICE: Look(Tone.CARD, Line(1, Tone.SOFT), Tone.INK, 500),
    Variant.CHOSEN: Look(Tone.TINT, Line(3, Tone.SHOP), Tone.INK, 700),
}


# ── buttons ─────────────────────────────────────────────────────────────────────────────────────


def button(
    label: str,
    tap: Tap | KioskTap,
    *,
    variant: Variant = Variant.PLAIN,
    icon: str = "",
    after: str = "",
    note: str = "",
    grow: float = 1,
    even: bool = True,
    pad: float = 16,
    enabled: bool = True,
    role: Role = Role.TEXT,
    lines: int = 1,
    clip: bool = False,
) -> Box:
    """A button with a word; `icon` stands before it, `after` behind, `note` is less bold."""
    look = LOOKS[variant]
    return row(
        Icon(icon, tone=look.ink, optional=True) if icon else None,
        Text(
            label,
            role,
            weight=look.weight,
            tone=look.ink,
            lines=lines,
            align=Align.CENTRE,
            clip=clip,
            leading=1.1 if lines > 1 else 0,
        ),
        Text(note, role, weight=500, tone=look.ink) if note else None,
        Icon(after, tone=look.ink) if after else None,
        gap=10,
        main=Align.CENTRE,
        pad=Pad(0, pad, 0, pad),
        least=TOUCH,
        radius=10,
        fill=look.fill,
        line=look.line,
        grow=grow,
        even=even,
        tap=tap,
        label=f"{label} {note}".strip(),
        kind="button",
        enabled=enabled,
    )


def square(
    label: str,
    tap: Tap | KioskTap,
    *,
    icon: str = "",
    word: str = "",
    variant: Variant = Variant.PLAIN,
    grow: float = 0,
) -> Box:
    """A square button with an icon or a very short word; `label` says what it does."""
    look = LOOKS[variant]
    sign: Widget = (
        Icon(icon, tone=look.ink) if icon else Text(word, weight=look.weight, tone=look.ink)
    )
    return row(
        sign,
        main=Align.CENTRE,
        width=None if grow else TOUCH,
        least=TOUCH,
        radius=10,
        fill=look.fill,
        line=look.line,
        grow=grow,
        even=bool(grow),
        tap=tap,
        label=label,
        kind="button",
    )


def key(label: str, tap: Tap | KioskTap, *, icon: str, word: str = "", first: bool = False) -> Box:
    """A key of the bar, split from the others by a hairline."""
    return row(
        Icon(icon),
        Text(word, weight=600, optional=True) if word else None,
        gap=8,
        main=Align.CENTRE,
        pad=Pad(0, 18, 0, 18) if word else Pad(),
        width=None if word else TOUCH,
        height=BAR - 2,
        left=None if first else HAIR,
        right=HAIR if first else None,
        tap=tap,
        label=label,
        kind="key",
    )


def foot(ctx: Ctx, *buttons: Box | None, bottom: float = 16) -> Box:
    """The acts of a screen, the main one last; in portrait it goes above the others."""
    shown = [b for b in buttons if b is not None]
    if not ctx.portrait:
        return row(*shown, gap=12, pad=Pad(0, MARGIN, bottom, MARGIN), cross=Align.STRETCH)
    others, main = shown[:-1], shown[-1]
    return column(
        main,
        row(*others, gap=8, cross=Align.STRETCH) if others else None,
        gap=8,
        pad=Pad(0, MARGIN, 20, MARGIN),
    )


# ── bars and chips ──────────────────────────────────────────────────────────────────────────────


def bar(*items: Widget | None, back: Box | None = None) -> Box:
    """The bar on top of staff's screens."""
    return row(
        back,
        *items,
        gap=16,
        height=BAR,
        pad=Pad(0, 0, 0, 0 if back else MARGIN),
        fill=Tone.CARD,
        bottom=OUTLINE,
    )


def keys(*of: Box | None) -> Box:
    """Keys at the right end of a bar."""
    return row(*of)


def back(ctx: Ctx) -> Box:
    """The key that leaves a question without an answer."""
    return key(ctx.t("Retour"), Back(), icon="back", first=True)


def lock(ctx: Ctx) -> Box:
    """The key that hides the till."""
    return key(ctx.t("Verrouiller"), Lock(), icon="lock")


def titled(
    title: str,
    second: str = "",
    *,
    named: bool = False,
    naming: bool = False,
    strong: bool = False,
) -> Box:
    """What a bar is about, over a second line.

    Args:
        named: the title is a name, which may end in …; our own words always fit.
        naming: there is a name in the second line.
        strong: the second line must be read.
    """
    below = Text(
        second,
        Role.SECOND,
        tone=Tone.INK if strong else Tone.SOFT,
        weight=700 if strong else 500,
        leading=1.08,
        clip=naming,
        optional=not strong,
    )
    return column(
        Text(title, weight=700, leading=1.08, clip=named),
        below if second else None,
        grow=1,
    )


def about(ctx: Ctx, customer: CustomerSeen | None) -> str:
    """Whose order it is, for the second line of a bar."""
    if customer is None:
        return ctx.t("Sans carte")
    if customer.points is None:
        return customer.name
    return f"{customer.name} · {balance_words(customer.points, ctx)}"


def chip(
    text: str,
    *,
    icon: str = "",
    ink: Tone = Tone.INK,
    fill: Tone | None = None,
    optional: bool = False,
) -> Box:
    """A short fact with its sign: outlined, or on a ground."""
    return row(
        Icon(icon, size=24, tone=ink, optional=True) if icon else None,
        Text(text, Role.SECOND, weight=600, tone=ink, leading=1.1),
        gap=8,
        pad=Pad(5, 10, 5, 10),
        radius=6,
        fill=fill,
        line=None if fill else Line(2, ink),
        optional=optional,
    )


def offline_chip(ctx: Ctx, *, ink: Tone = Tone.INK) -> Box:
    """The hub is not heard: ink, never red, for nothing is wrong."""
    return chip(ctx.t("Hors ligne"), icon="offline", ink=ink)


def away_chip(ctx: Ctx) -> Box:
    """A scanner is unplugged: a person must repair that."""
    return chip(ctx.t("Lecteur débranché"), icon="barcode", fill=Tone.STOP_PALE)


def ways(ink: Tone) -> Box:
    """What may be scanned: a card, a phone, a tag."""
    icons = (Icon(name, size=36, tone=ink) for name in ("barcode", "phone", "waves"))
    return row(*icons, gap=10, optional=True)


# ── boards ──────────────────────────────────────────────────────────────────────────────────────


def board(*rows: Box | None, head: Tone = Tone.INK, grow: float = 0) -> Box:
    """Rows that hang from a strong line."""
    return column(*rows, top=Line(HEAD.width, head), grow=grow)


def board_row(
    ctx: Ctx,
    *items: Widget | None,
    height: float = 0,
    hair: Tone | None = Tone.RULE,
    optional: bool = False,
) -> Box:
    """One row of a board."""
    bottom = Line(1, hair) if hair else None
    least = height or (52 if ctx.portrait else 54)
    return row(*items, gap=14, least=least, bottom=bottom, optional=optional)


def fact_row(
    ctx: Ctx,
    name: str,
    figure: str,
    *,
    ink: Tone = Tone.INK,
    hair: Tone | None = Tone.RULE,
    strong: bool = False,
    named: bool = False,
    height: float = 0,
    optional: bool = False,
) -> Box:
    """What it is on the left and its figure on the right; `named`: a name, which may end in …."""
    return board_row(
        ctx,
        Text(name, tone=ink, weight=700 if strong else 500, clip=named, grow=1),
        Text(figure, Role.STRONG if strong else Role.TEXT, tone=ink, weight=700),
        height=height,
        hair=hair,
        optional=optional,
    )


def ready(ctx: Ctx) -> Box:
    """Usable here, now."""
    return row(
        Text(ctx.t("Prêt"), Role.SECOND, weight=700, tone=Tone.ON_NOW),
        pad=Pad(5, 9, 5, 9),
        fill=Tone.NOW,
        radius=4,
    )


def page_of(count: int, size: int, page: int) -> tuple[int, int]:
    """First and last of the page shown when `count` things go on pages of `size`."""
    pages = max(1, -(-count // size))
    first = page % pages * size
    return first, min(count, first + size)


def big(text: str, *roles: tuple[int, Role], tone: Tone = Tone.INK) -> Box:
    """The one large figure of a screen; its digits begin where the words below begin.

    Args:
        roles: the largest first, each with the most characters that there is room for; the last
            one takes what is longer, for a figure never shrinks.
    """
    role = next((role for most, role in roles if len(text) <= most), roles[-1][1])
    inside = {Role.EARNED: 6.8, Role.POINTS: 4.5}.get(role, 2)
    return row(Text(text, role, tone=tone), pad=Pad(0, 0, 0, -inside))


def wrong_line(sentence: str) -> Box:
    """Why what was typed can't be meant, under where it was typed."""
    return row(Text(sentence, Role.SECOND, weight=700, lines=2, grow=1), pad=Pad(8, 0, 8, 0))


def grid(cells: Sequence[Widget], across: int, *, gap: float = 8, grow: float = 0) -> Box:
    """Cells of one width in rows, all rows of one height where they grow; places stay empty."""
    places = [*cells, *[Space()] * (-len(cells) % across)]
    rows = [
        row(
            *(row(cell, cross=Align.STRETCH, grow=1, even=True) for cell in places[i : i + across]),
            gap=gap,
            cross=Align.STRETCH,
            grow=grow,
            even=bool(grow),
        )
        for i in range(0, len(places), across)
    ]
    return column(*rows, gap=gap, grow=grow)
