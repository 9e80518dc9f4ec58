# SPDX-License-Identifier: Apache-2.0
"""Say what was not done, what is safe, and what to do now."""

from collections.abc import Mapping
from typing import Final

from firmware.kiosk.examples import ELODIE, NOW
from firmware.kiosk.parts import (
    MARGIN,
    Variant,
    bar,
    button,
    chip,
    foot,
    offline_chip,
    square,
    titled,
    ways,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
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
    screen,
    spring,
)
from firmware.kiosk.words import ONCE, amount_of, said
from firmware.till.outcome import Refused
from firmware.till.tap import Back, Finish, GiveCard, Join, Retry, Search, WithoutRewards
from loyalty.account import Kind
from loyalty.refusal import Reason, Refusal

_AT_SAINT_PAUL: Final[dict[str, str | int]] = {
    "shop": "Saint-Paul",
    "tills": 1,
    "heard": NOW.replace(hour=14, minute=5).isoformat(),
    "said": NOW.replace(hour=14, minute=12).isoformat(),
    "now": NOW.isoformat(),
}
_AT_MANY: Final = _AT_SAINT_PAUL | {
    "shop": "Saint-Gilles-les-Bains, front de mer",
    "tills": 4,
    "heard": NOW.replace(day=19).isoformat(),
    "said": NOW.replace(day=20).isoformat(),
}


def _not_here(
    kept: Mapping[str, str | int], kind: Kind, needed: int, have: int, *, offline: bool = True
) -> Refused:
    short: dict[str, str | int] = {
        "kind": kind,
        "needed": needed,
        "have": have,
        "offline": int(offline),
    }
    return Refused(
        refusal=Refusal(Reason.NOT_HERE_NOW, {**short, **kept}),
        customer=ELODIE,
        staff=True,
        drop_rewards=kind is not Kind.GIFT,
        offline=offline,
    )


def _staff(reason: Reason, *, drop: bool = False, code: str = "", **facts: str | int) -> Refused:
    return Refused(
        refusal=Refusal(reason, facts), customer=ELODIE, staff=True, drop_rewards=drop, code=code
    )


_OF_A_SALE = frozenset(
    {
        Reason.SALE_ARCHIVED,
        Reason.SALE_ELSEWHERE,
        Reason.ALREADY_REFUNDED,
        Reason.NO_MANAGER,
    }
)
"""Refusals of a sale that is saved, and so of no order."""

EXAMPLES = {
    "not-here-now": _not_here(_AT_SAINT_PAUL, Kind.POINTS, 40, 12),
    "not-here-once": _not_here({}, Kind.WELCOME, 1, 0),
    "not-here-once-online": _not_here({}, Kind.STOCK, 1, 0, offline=False),
    "not-here-stamps": _not_here(_AT_SAINT_PAUL, Kind.STAMPS, 10, 4),
    "not-here-unknown": _not_here({}, Kind.POINTS, 40, 12),
    "many-points": _not_here(_AT_MANY, Kind.POINTS, 12_800, 1250, offline=False),
    "gift-not-here": _not_here(_AT_SAINT_PAUL, Kind.GIFT, 4000, 0, offline=False),
    "not-enough": _staff(Reason.NOT_ENOUGH, drop=True, kind=Kind.POINTS, needed=80, have=45),
    "unknown-card": Refused(
        refusal=Refusal(Reason.CARD_UNKNOWN), customer=None, code="…4415", staff=True
    ),
    "unknown-goods": Refused(
        refusal=Refusal(Reason.CARD_UNKNOWN, {"unheard": 0, "goods": 1}),
        customer=ELODIE,
        code="…2003",
        staff=True,
    ),
    "unheard-card": Refused(
        refusal=Refusal(Reason.CARD_UNKNOWN, {"unheard": 1}),
        code="…4415",
        staff=True,
        offline=True,
    ),
    "customer-unheard-card": Refused(
        refusal=Refusal(Reason.CARD_UNKNOWN, {"unheard": 1}), code="…4415", offline=True
    ),
    "customer-gift-card": Refused(refusal=Refusal(Reason.GIFT_ALONE)),
    "gift_alone": Refused(refusal=Refusal(Reason.GIFT_ALONE, {"cents": 4000}), staff=True),
    "unknown-card-for-somebody": Refused(
        refusal=Refusal(Reason.CARD_UNKNOWN), customer=ELODIE, code="…4415", staff=True
    ),
    "blocked-card": Refused(
        refusal=Refusal(Reason.CARD_BLOCKED, {"whose": "É. M."}), code="…4415", staff=True
    ),
    "customer-blocked-card": Refused(refusal=Refusal(Reason.CARD_BLOCKED), code="…4415"),
    "customer-unknown-card": Refused(refusal=Refusal(Reason.CARD_UNKNOWN), code="…4415"),
    "customer-bad-code": Refused(refusal=Refusal(Reason.BAD_CODE, {"why": "check_digit"})),
    "too_much_unheard": Refused(
        refusal=Refusal(Reason.TOO_MUCH_UNHEARD, {"cents": 800, "most": 20_000}),
        customer=ELODIE,
        staff=True,
        drop_rewards=True,
        offline=True,
    ),
    "sale_archived": Refused(refusal=Refusal(Reason.SALE_ARCHIVED), staff=True),
    "sale-elsewhere": Refused(refusal=Refusal(Reason.SALE_ELSEWHERE, {"offline": 0}), staff=True),
    "sale-elsewhere-offline": Refused(
        refusal=Refusal(Reason.SALE_ELSEWHERE, {"offline": 1}), staff=True, offline=True
    ),
    "already-refunded": Refused(refusal=Refusal(Reason.ALREADY_REFUNDED), staff=True),
    "no-manager": Refused(refusal=Refusal(Reason.NO_MANAGER), staff=True),
    "order-open": _staff(Reason.ORDER_OPEN, name="Marie-Françoise"),
    **{
        reason.value: _staff(reason, most=200, least=12, field="phone")
        for reason in Reason
        if reason
        not in {
            Reason.NOT_HERE_NOW,
            Reason.NOT_ENOUGH,
            Reason.CARD_UNKNOWN,
            Reason.CARD_BLOCKED,
            Reason.GIFT_ALONE,
            Reason.ORDER_OPEN,
            Reason.TOO_MUCH_UNHEARD,
            *_OF_A_SALE,
        }
    },
}

_COUNTED = 40
"""So many points are shown one by one; more of them as a bar."""


@screen(shows=Refused, examples=EXAMPLES)
def refused(no: Refused, ctx: Ctx) -> Widget:
    not_here = no.refusal.reason is Reason.NOT_HERE_NOW
    counted = not_here and no.refusal.facts["kind"] not in ONCE
    words = said(no.refusal, ctx, staff=no.staff)
    body = column(
        Text(words.title, Role.TITLE, lines=4, balance=True),
        *(_parts(no.refusal, words.sentence, ctx) if counted else _sentence(no, words.sentence)),
        spring(),
        pad=Pad(20 if no.staff else MARGIN, MARGIN, 10, MARGIN),
        grow=1,
        even=True,
    )
    if no.staff:
        return column(_bar(no, ctx), body, _foot(no, ctx))
    own = column(body, _foot(no, ctx), grow=1)
    if ctx.portrait:
        return column(own, _sign(ctx))
    return row(own, _sign(ctx), cross=Align.STRETCH)


def _sign(ctx: Ctx) -> Box:
    """Where to scan again."""
    again = Text(ctx.t("Ici"), Role.STRONG, weight=700, tone=Tone.ON_NOW)
    arrow = Icon(f"arrow_{ctx.pointing}", size=160, tone=Tone.ON_NOW)
    if ctx.portrait:
        words = column(again, ways(Tone.ON_NOW), gap=12, grow=1)
        return row(words, arrow, pad=Pad(20, MARGIN, 20, MARGIN), fill=Tone.NOW)
    return column(
        spring(),
        row(arrow, main=Align.CENTRE),
        spring(),
        row(again, ways(Tone.ON_NOW), main=Align.BETWEEN),
        pad=Pad(MARGIN, 20, MARGIN, 20),
        width=220,
        fill=Tone.NOW,
    )


def _bar(no: Refused, ctx: Ctx) -> Box:
    second = ""
    kind = str(no.refusal.facts.get("kind", ""))
    if no.refusal.reason is Reason.NOT_HERE_NOW and kind not in ONCE:
        amount = amount_of(kind, int(no.refusal.facts["needed"]), ctx)
        second = ctx.t("veut utiliser {amount}", amount=amount)
        if ctx.large:
            second = ctx.t("demande {amount}", amount=amount)
    nobody = ctx.t("Ventes") if no.refusal.reason in _OF_A_SALE else ctx.t("Vente en cours")
    name = no.customer.name if no.customer else nobody
    state = row(offline_chip(ctx), pad=Pad(0, MARGIN, 0, 0)) if no.offline else None
    return bar(titled(name, second, named=no.customer is not None), state)


def _sentence(no: Refused, sentence: str) -> tuple[Widget, ...]:
    code = (row(chip(no.code, icon="barcode")), Space(16)) if no.code else ()
    return (Space(16), *code, Text(sentence, lines=6, leading=1.25))


# ── what can be used here, counted ──────────────────────────────────────────────────────────────


def _parts(refusal: Refusal, sentence: str, ctx: Ctx) -> tuple[Widget, ...]:
    kind = str(refusal.facts["kind"])
    needed, have = int(refusal.facts["needed"]), int(refusal.facts["have"])
    counted = kind == Kind.POINTS and needed <= _COUNTED
    shown = _cells(have, needed, ctx) if counted else _split(have / max(1, needed))
    here = _part(
        ctx.t("{amount} ici", amount=amount_of(kind, have, ctx)),
        ctx.t("à utiliser maintenant") if have else ctx.t("rien pour l’instant"),
        filled=True,
    )
    kept = _part(
        ctx.t("{amount} ailleurs", amount=amount_of(kind, needed - have, ctx)),
        sentence,
        filled=False,
    )
    if ctx.portrait:
        both = column(here, kept, gap=16)
    else:
        both = row(column(here, width=240), column(kept, grow=1), gap=24, cross=Align.START)
    return Space(20, optional=True), shown, Space(16), both


def _part(title: str, sentence: str, *, filled: bool) -> Box:
    square_ = row(
        width=24,
        height=24,
        radius=3,
        fill=Tone.NOW if filled else None,
        line=Line(2, Tone.INK if filled else Tone.SOFT),
    )
    return column(
        row(square_, Text(title, weight=700, lines=2, grow=1), gap=10),
        Text(sentence, lines=5, leading=1.22),
    )


def _cells(have: int, needed: int, ctx: Ctx) -> Box:
    across = 10 if ctx.portrait else 20
    cells = [_cell(ctx, filled=i < have) for i in range(needed)]
    rows = []
    for i in range(0, needed, across):
        line: list[Widget] = [*cells[i : i + across]]
        line += [Space(grow=1)] * (across - len(line))
        rows.append(row(*line, gap=4))
    return column(*rows, gap=4)


def _cell(ctx: Ctx, *, filled: bool) -> Box:
    return row(
        height=34 if ctx.large else 42,
        radius=3,
        fill=Tone.NOW if filled else None,
        line=Line(2, Tone.INK if filled else Tone.SOFT),
        grow=1,
        even=True,
    )


def _split(share: float) -> Box:
    """A bar in two parts."""
    here = row(height=42, radius=3, fill=Tone.NOW, line=Line(2, Tone.INK), grow=share, even=True)
    rest = row(height=42, radius=3, line=Line(2, Tone.SOFT), grow=1 - share, even=True)
    return row(here if share else None, rest if share < 1 else None, gap=4)


# ── the acts ────────────────────────────────────────────────────────────────────────────────────


def _foot(no: Refused, ctx: Ctx) -> Box:
    reason = no.refusal.reason
    if not no.staff:
        done = button(ctx.t("Terminé"), Finish(), icon="tick", variant=Variant.GO, grow=1.5)
        if reason is Reason.CARD_UNKNOWN:
            return foot(ctx, button(ctx.t("Créer ma carte"), Join(), icon="add"), done)
        return foot(ctx, done)
    out = square(ctx.t("Retour à la vente"), Back(), icon="close")
    if reason is Reason.CARD_BLOCKED:
        find = button(ctx.t("Chercher"), Search(), icon="search", variant=Variant.GO, grow=1.5)
        return foot(ctx, out, find)
    goods = bool(no.refusal.facts.get("goods"))
    if reason in {Reason.CARD_UNKNOWN, Reason.NOBODY_FOUND} and not goods:
        search = button(ctx.t("Chercher"), Search(), icon="search")
        if no.customer and reason is Reason.CARD_UNKNOWN:
            words = ctx.t("Lui donner cette carte")
            give = button(words, GiveCard(), icon="add", variant=Variant.GO, grow=1.5)
            return foot(ctx, out, search, give)
        join = button(ctx.t("Nouveau client"), Join(), icon="add", variant=Variant.GO, grow=1.5)
        return foot(ctx, out, search, join)
    retry = button(ctx.t("Réessayer"), Retry(), icon="retry")
    if no.drop_rewards:
        without = button(
            ctx.t("Sans récompense"), WithoutRewards(), icon="tick", variant=Variant.GO, grow=1.5
        )
        again = retry if reason is Reason.NOT_HERE_NOW else None
        return foot(ctx, out, again, without)
    if reason is Reason.NOT_HERE_NOW:
        again = button(ctx.t("Réessayer"), Retry(), icon="retry", variant=Variant.GO, grow=1.5)
        return foot(ctx, out, again)
    where = ctx.t("Retour") if reason in _OF_A_SALE else ctx.t("Retour à la vente")
    return foot(ctx, button(where, Back(), icon="back", variant=Variant.GO))
