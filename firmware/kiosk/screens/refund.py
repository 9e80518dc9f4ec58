# SPDX-License-Identifier: Apache-2.0
"""Choose what of a sale comes back, and see what that does before anybody allows it."""

from dataclasses import replace

from firmware.kiosk.examples import BAGUETTES, ECLAIRS, NOW, PARIS_BREST
from firmware.kiosk.parts import (
    MARGIN,
    TOUCH,
    Variant,
    back,
    bar,
    board,
    button,
    fact_row,
    foot,
    key,
    keys,
    offline_chip,
    page_of,
    titled,
)
from firmware.kiosk.refunds import rows_of
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
    HEAD,
    Align,
    Box,
    Ctx,
    Icon,
    Line,
    Pad,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.till.outcome_sales import BackLine, ComesBack, RefundAsked
from firmware.till.tap import Enter, PutAllBack, PutBack, TurnPage

_NOTHING = RefundAsked(
    receipt="0412",
    at=NOW,
    name="Élodie M",
    lines=(BackLine(BAGUETTES, 2, 0), BackLine(PARIS_BREST, 1, 0), BackLine(ECLAIRS, 3, 0)),
    left_cents=1960,
    cents=0,
    back=None,
)
_WHOLE = replace(
    _NOTHING,
    lines=tuple(replace(line, chosen=line.left) for line in _NOTHING.lines),
    cents=1960,
    back=ComesBack(money_cents=1960, points=61, purse_cents=-39, carry_cents=-60),
)

EXAMPLES = {
    "nothing": _NOTHING,
    "some": replace(
        _NOTHING,
        lines=(BackLine(BAGUETTES, 2, 1), BackLine(PARIS_BREST, 1, 0), BackLine(ECLAIRS, 3, 2)),
        cents=915,
        back=ComesBack(money_cents=915, points=-9, purse_cents=-18, carry_cents=-15),
    ),
    "whole": _WHOLE,
    "void": replace(_WHOLE, void=True),
    "again": replace(
        _NOTHING,
        lines=(BackLine(BAGUETTES, 0, 0), BackLine(PARIS_BREST, 1, 1), BackLine(ECLAIRS, 1, 0)),
        left_cents=910,
        cents=520,
        back=ComesBack(money_cents=220, gift_cents=300),
        name="",
        offline=True,
    ),
    "long": replace(
        _WHOLE,
        name="Marie-Françoise de La Rochefoucauld-Montbel",
        lines=_WHOLE.lines * 4,
        left_cents=9_999_999,
        cents=9_999_999,
        back=ComesBack(
            money_cents=9_000_000,
            gift_cents=999_999,
            points=-99_999,
            purse_cents=-199_999,
            carry_cents=-99,
            owed_points=12_480,
            owed_cents=99_999,
        ),
        offline=True,
    ),
}

LINES = 4
"""On the screen at once."""


@screen(shows=RefundAsked, examples=EXAMPLES)
def refund(asked: RefundAsked, ctx: Ctx) -> Widget:
    lines = [_line(i, line, asked, ctx) for i, line in enumerate(asked.lines)]
    first, last = page_of(len(lines), LINES, ctx.page)
    left = column(*lines[first:last], top=HEAD, grow=0 if ctx.portrait else 1)
    right = _does(asked, ctx)
    pad = Pad(16, MARGIN, 12, MARGIN)
    if ctx.portrait:
        body = column(left, right, gap=16, pad=pad, grow=1, even=True)
    else:
        halves = (column(left, grow=1.25, even=True), column(right, grow=1, even=True))
        body = row(*halves, gap=MARGIN, pad=pad, cross=Align.STRETCH, grow=1, even=True)
    more = button(ctx.t("La suite"), TurnPage(), after="next") if len(lines) > LINES else None
    return column(_bar(asked, ctx), body, foot(ctx, more, _act(asked, ctx)))


def _bar(asked: RefundAsked, ctx: Ctx) -> Box:
    number = ctx.t("n° {number}", number=asked.receipt)
    title = ctx.t("Annuler la vente") if asked.void else ctx.t("Rembourser")
    whose = asked.name or ctx.t("Sans carte")
    away = asked.offline and not ctx.portrait
    state = row(offline_chip(ctx), pad=Pad(0, MARGIN, 0, 0)) if away else None
    every = None
    if not asked.void and len(asked.lines) > 1:
        chosen = all(line.chosen == line.left for line in asked.lines)
        word = ctx.t("Ne rien rendre") if chosen else ctx.t("Tout rendre")
        said = "" if ctx.portrait else word
        every = keys(key(word, PutAllBack(), icon="close" if chosen else "tick", word=said))
    second = f"{number} · {ctx.clock(asked.at)} · {whose}"
    if asked.offline and ctx.portrait:
        second = f"{number} · {ctx.t('Hors ligne')}"
    return bar(titled(title, second, naming=True), state, every, back=back(ctx))


def _line(index: int, line: BackLine, asked: RefundAsked, ctx: Ctx) -> Box:
    """One touch takes one more of it; after the last, none."""
    name = line.line.label or ctx.t("Divers")
    gone = line.left == 0
    ink = Tone.SOFT if gone else Tone.INK
    if gone:
        second = ctx.t("déjà rendu")
    elif line.left == 1:
        second = ctx.money(line.line.unit_cents)
    else:
        price = ctx.money(line.line.unit_cents)
        second = ctx.t("{n} sur {all} · {price} pièce", n=line.chosen, all=line.left, price=price)
    touched = not gone and not asked.void
    more = 1 if line.chosen < line.left else -line.left
    return row(
        _mark(line),
        column(
            Text(name, weight=600, tone=ink, leading=1.1, clip=True),
            Text(second, Role.SECOND, tone=Tone.SOFT, leading=1.1, clip=True),
            grow=1,
        ),
        Text(ctx.money(line.chosen * line.line.unit_cents), weight=700) if line.chosen else None,
        gap=14,
        height=TOUCH,
        pad=Pad(0, 12, 0, 12),
        bottom=HAIR,
        fill=Tone.TINT if line.chosen else None,
        tap=PutBack(index, more) if touched else None,
        label=f"{name} {second}" if touched else "",
        kind="row" if touched else "",
    )


def _mark(line: BackLine) -> Box:
    """Ticked: comes back."""
    side = 32
    if line.chosen:
        tick = Icon("tick", size=24, tone=Tone.ON_SHOP)
        return row(tick, width=side, height=side, radius=4, fill=Tone.SHOP, main=Align.CENTRE)
    ink = Tone.RULE if not line.left else Tone.SOFT
    return row(width=side, height=side, radius=4, line=Line(2, ink))


def _does(asked: RefundAsked, ctx: Ctx) -> Box:
    """What it gives back and takes back, in rows."""
    if asked.back is None:
        left = fact_row(ctx, ctx.t("Reste à rembourser"), ctx.money(asked.left_cents))
        hint = Text(ctx.t("Touchez ce qui revient."), tone=Tone.SOFT, lines=3)
        return column(board(left), row(hint, pad=Pad(12, 0, 0, 0)), spring(), grow=0)
    return column(*rows_of(asked.back, ctx), top=HEAD, grow=1, even=True)


def _act(asked: RefundAsked, ctx: Ctx) -> Box:
    money = asked.back.money_cents if asked.back else 0
    word = ctx.t("Annuler la vente") if asked.void else ctx.t("Rembourser")
    return button(
        word,
        Enter(),
        icon="tick",
        note=ctx.money(money) if money else "",
        variant=Variant.GO,
        grow=2,
        enabled=asked.cents > 0,
    )
