# SPDX-License-Identifier: Apache-2.0
"""Make an order: its lines on one side, what the customer may use of it on the other."""

from dataclasses import replace
from typing import Final

from firmware.kiosk.examples import (
    BADGES,
    BADGES_OFFLINE,
    BAGUETTES,
    ECLAIRS,
    ELODIE,
    LONGEST,
    PARIS_BREST,
    PHOTOS,
)
from firmware.kiosk.inviting import join_here, scan_or_search
from firmware.kiosk.parts import (
    MARGIN,
    TOUCH,
    Variant,
    away_chip,
    bar,
    button,
    key,
    keys,
    lock,
    offline_chip,
    square,
    titled,
)
from firmware.kiosk.rewards import badges
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
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.kiosk.words import balance_words
from firmware.till.outcome import AtTill, GiftPaid
from firmware.till.tap import (
    AddLine,
    Drop,
    DropCustomer,
    DropGift,
    Finish,
    GiftCard,
    RemoveLine,
    Save,
    Scroll,
    ShowSales,
    Tap,
)
from loyalty.basket import Line

_ORDER = AtTill(
    staff="Nadia",
    customer=ELODIE,
    lines=(BAGUETTES, PARIS_BREST, ECLAIRS),
    rewards=(("croissant", "Croissant offert", 80, 0),),
    total_cents=1960,
    due_cents=1960,
    to_pay_cents=1960,
    earns=19,
    badges=BADGES,
)

EXAMPLES = {
    "order": _ORDER,
    "nobody": AtTill(staff="Nadia", customer=None, lines=()),
    "customer": replace(
        _ORDER, lines=(), rewards=(), total_cents=0, due_cents=0, to_pay_cents=0, earns=0
    ),
    "without-card": replace(
        _ORDER, customer=None, rewards=(), badges=(), earns=0, offline=True, lines=(PARIS_BREST,)
    ),
    "offline": replace(_ORDER, offline=True, badges=BADGES_OFFLINE),
    "not-joined": replace(_ORDER, customer=replace(ELODIE, points=0, member=False), rewards=()),
    "tier": replace(_ORDER, customer=replace(ELODIE, tier="Or")),
    "owes": replace(_ORDER, customer=replace(ELODIE, points=-12)),
    "many-points": replace(_ORDER, customer=replace(ELODIE, points=99_999)),
    "many-points-offline": replace(
        _ORDER, customer=replace(ELODIE, points=99_999), offline=True, badges=BADGES_OFFLINE
    ),
    "scrolled": replace(
        _ORDER,
        offline=True,
        lines=(BAGUETTES, PARIS_BREST, ECLAIRS, BAGUETTES, PARIS_BREST, ECLAIRS),
        first_line=2,
        rewards=(("discount", "Remise de 10 %", 200, 392), ("purse", "Cagnotte", 0, 340)),
        gifts=(GiftPaid("7Q2X", 1000, "cafe"),),
        total_cents=3920,
        due_cents=3188,
        to_pay_cents=2188,
        earns=31,
    ),
    "photos": replace(_ORDER, photos=PHOTOS),
    "without-modules": replace(
        _ORDER, customer=replace(ELODIE, points=None), rewards=(), earns=0, gift_cards=False
    ),
    "long": replace(
        _ORDER,
        customer=LONGEST,
        offline=True,
        lines=(
            Line(label="Entremets Marie-Françoise aux fruits rouges", unit_cents=12_900),
            Line(label="Tarte citron meringuée, huit parts", unit_cents=2450, quantity=12),
            Line(label="", unit_cents=9_957_699),
        ),
        total_cents=9_999_999,
        due_cents=9_999_999,
        to_pay_cents=9_999_999,
        earns=99_999,
        badges=BADGES_OFFLINE + BADGES,
    ),
}

_ROWS: Final = 4
"""Lines of an order on the screen; with more of them the last one leads to the others."""
_MANY_POINTS: Final = 10_000
"""From here on, large letters leave the second line of a tall bar no room."""
_MOST_BESIDE: Final = 1_000_000
"""Cents of a total that leaves room for what it earns."""


@screen(shows=AtTill, examples=EXAMPLES)
def at_till(order: AtTill, ctx: Ctx) -> Widget:
    if ctx.portrait:
        return column(_bar(order, ctx), _order(order, ctx), _side(order, ctx), _foot(order, ctx))
    both = row(_order(order, ctx), _side(order, ctx), cross=Align.STRETCH, grow=1, even=True)
    return column(_bar(order, ctx), both, _foot(order, ctx))


# ── the bar ─────────────────────────────────────────────────────────────────────────────────────


def _bar(order: AtTill, ctx: Ctx) -> Box:
    customer = order.customer
    if customer is None:
        sales = key(ctx.t("Ventes"), ShowSales(), icon="list", word=ctx.t("Ventes"))
        name = titled(ctx.t("Nouvelle vente"), _second(order.staff, order, ctx))
        return bar(name, _chip(order, ctx), keys(sales, lock(ctx)))
    card = ctx.t("carte …{end}", end=customer.code_end)
    second = _second(f"{card} · {customer.tier}" if customer.tier else card, order, ctx)
    has = customer.points
    owes = has is not None and has < 0
    if has is not None and owes:  # not a figure to spend of: it takes the second line, to be read
        away = _away(order, ctx)
        less = ctx.n("{n} point", "{n} points", has)
        second = f"{away} · {less}" if away else balance_words(has, ctx)
    points = None if has is None or owes else _points(has, ctx)
    drop = key(ctx.t("Retirer le client"), DropCustomer(), icon="close")
    name = titled(customer.name, second, named=True, naming=bool(customer.tier), strong=owes)
    return bar(name, _chip(order, ctx), points, keys(drop, lock(ctx)))


def _points(has: int, ctx: Ctx) -> Box:
    many = ctx.portrait and ctx.large and has >= _MANY_POINTS
    word = Text(ctx.n("point", "points", has), Role.SECOND, tone=Tone.SOFT, optional=True)
    return row(Text(ctx.number(has), Role.TOTAL), None if many else word, gap=8)


def _second(words: str, order: AtTill, ctx: Ctx) -> str:
    """The second line, which says in portrait what a chip has no room for."""
    return _away(order, ctx) or words


def _away(order: AtTill, ctx: Ctx) -> str:
    """In portrait, what is not there; empty: a chip says so, or nothing is missing."""
    if not ctx.portrait or not (ctx.away or order.offline):
        return ""
    return ctx.t("Sans lecteur") if ctx.away else ctx.t("Hors ligne")


def _chip(order: AtTill, ctx: Ctx) -> Box | None:
    if ctx.portrait:
        return None
    if ctx.away:
        return away_chip(ctx)
    return offline_chip(ctx) if order.offline else None


# ── the order ───────────────────────────────────────────────────────────────────────────────────


def _order(order: AtTill, ctx: Ctx) -> Box:
    rows = _rows(order, ctx)
    shown = rows
    if len(rows) > _ROWS:
        size = _ROWS - 1
        first = min(order.first_line, len(rows) - size)
        shown = [
            *rows[first : first + size],
            _scroll(order.first_line, first, size, len(rows), ctx),
        ]
    return column(
        *shown,
        spring(),
        _total(order, ctx),
        fill=Tone.CARD,
        right=None if ctx.portrait else HAIR,
        width=None if ctx.portrait else 400,
        height=_ROWS * TOUCH + 60 if ctx.portrait else None,
    )


def _rows(order: AtTill, ctx: Ctx) -> list[Box]:
    """Products, then rewards, then gift cards, each with its way out."""
    rows = []
    for i, line in enumerate(order.lines):
        label = line.label or ctx.t("Divers")
        times = f"{line.quantity} × {ctx.money(line.unit_cents)}"
        several = line.quantity > 1
        price = ctx.money(line.cents)
        rows.append(_row(label, times, price, RemoveLine(i), ctx, keep=several))
    for reward, title, points, cents_off in order.rewards:
        cost = ctx.n("{n} point", "{n} points", points) if points else ""
        rows.append(_row(title, cost, ctx.money(-cents_off), Drop(reward), ctx, tinted=True))
    for gift in order.gifts:
        title = ctx.t("Carte cadeau …{last4}", last4=gift.last4)
        off = ctx.money(-gift.cents)
        rows.append(_row(title, "", off, DropGift(gift.fingerprint), ctx, tinted=True))
    return rows


def _row(
    name: str,
    second: str,
    price: str,
    out: Tap,
    ctx: Ctx,
    *,
    tinted: bool = False,
    keep: bool = False,
) -> Box:
    """One line; a long name takes the place of what is below it, unless that must be kept."""
    title = Text(name, lines=1 if keep else 2, clip=True, leading=1.1)
    below = Text(second, Role.SECOND, tone=Tone.SOFT, leading=1.15, clip=True, optional=not keep)
    return row(
        column(
            title,
            below if second else None,
            grow=1,
            height=TOUCH - 1,
            main=Align.CENTRE,
        ),
        Text(price, weight=600),
        _out(ctx.t("Retirer {name}", name=name), out, ctx),
        gap=6,
        height=TOUCH,
        pad=Pad(0, 0, 0, MARGIN),
        bottom=HAIR,
        fill=Tone.TINT if tinted else None,
    )


def _out(label: str, tap: Tap, ctx: Ctx) -> Box:
    return row(
        Icon("close"),
        main=Align.CENTRE,
        width=66 if ctx.portrait else 62,
        height=TOUCH - 1,
        tap=tap,
        label=label,
        kind="key",
    )


def _scroll(asked: int, first: int, size: int, count: int, ctx: Ctx) -> Box:
    """Whole lines further up and down, where the order is longer than the screen."""
    above, below = first, count - first - size
    up = _arrow("up", ctx.n("{n} ligne", "{n} lignes", above), max(0, first - size) - asked, above)
    down = _arrow(
        "down",
        ctx.n("+ {n} ligne", "+ {n} lignes", below),
        min(first + size, count - size) - asked,
        below,
    )
    return row(up, down, height=TOUCH, bottom=HAIR, cross=Align.STRETCH, fill=Tone.PAPER)


def _arrow(icon: str, label: str, rows: int, count: int) -> Box:
    if not count:
        return row(grow=1, even=True)
    return row(
        Icon(icon),
        Text(label, Role.SECOND),
        gap=8,
        main=Align.CENTRE,
        grow=1,
        even=True,
        tap=Scroll(rows),
        label=label,
        kind="key",
    )


def _total(order: AtTill, ctx: Ctx) -> Box:
    less = order.to_pay_cents != order.total_cents
    earns = ctx.n("gagne {n} point", "gagne {n} points", order.earns)
    if order.customer and not order.customer.member:
        earns = ctx.n("gagnerait {n} point", "gagnerait {n} points", order.earns)
    return row(
        column(
            Text(ctx.t("À payer") if less else ctx.t("Total"), weight=600, leading=1.02),
            Text(earns, Role.SECOND, tone=Tone.SOFT, leading=1.02, optional=True)
            if order.earns and order.to_pay_cents < _MOST_BESIDE
            else None,
            grow=1,
            height=51,
            main=Align.CENTRE,
        ),
        Text(ctx.money(order.to_pay_cents), Role.TOTAL),
        gap=12,
        height=60 if ctx.portrait else 54,
        pad=Pad(0, MARGIN, 0, MARGIN),
        top=HEAD,
        bottom=HAIR if ctx.portrait else None,
    )


# ── the other side: what a card may do ──────────────────────────────────────────────────────────


def _side(order: AtTill, ctx: Ctx) -> Box:
    if order.customer is None:
        return scan_or_search(ctx)
    if order.customer.points is None:
        return _said(ctx.t("La vente sera à son nom."))
    if not order.customer.member:
        return join_here(order.earns, ctx)
    if not order.badges:
        return _said(ctx.t("Pas de récompense en ce moment."))
    return badges(order, ctx)


def _said(words: str) -> Box:
    """One line where there is nothing to choose."""
    inset = Pad(MARGIN, MARGIN, MARGIN, MARGIN)
    return row(Text(words, tone=Tone.SOFT, lines=2), pad=inset, grow=1, main=Align.CENTRE)


# ── the acts ────────────────────────────────────────────────────────────────────────────────────


def _foot(order: AtTill, ctx: Ctx) -> Box:
    def act(label: str, tap: Tap, icon: str = "", after: str = "") -> Box:
        go = bool(after)
        return button(
            label,
            tap,
            icon=icon,
            after=after,
            variant=Variant.GO if go else Variant.PLAIN,
            grow=3 if go else 1,
            even=False,
            pad=12,
        )

    gift = act(ctx.t("Carte cadeau"), GiftCard(), "gift") if order.gift_cards else None
    if order.lines:
        others = [
            square(ctx.t("Abandonner"), Finish(), icon="close"),
            act(ctx.t("Ligne"), AddLine(), "add"),
            gift,
        ]
        main = act(ctx.t("Enregistrer"), Save(), after="next")
    else:
        others = [gift]
        main = act(ctx.t("Commande"), AddLine(), after="next")
    if ctx.portrait and any(others):
        pad = Pad(8, 12, 8, 12)
        return column(main, row(*others, gap=8), gap=8, pad=pad, top=HAIR)
    return row(*others, main, gap=8, pad=Pad(8, 12, 8, 12), top=HAIR)
