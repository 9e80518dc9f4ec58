# SPDX-License-Identifier: Apache-2.0
"""List the shop's transactions on this terminal, newest first (SPEC F3, H2)."""

from dataclasses import replace
from datetime import timedelta

from firmware.kiosk.examples import NOW
from firmware.kiosk.parts import MARGIN, TOUCH, Variant, back, bar, button, key, keys, titled
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
    Box,
    Ctx,
    Icon,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.till.outcome_sales import SaleFilter, SaleRow, SalesShown
from firmware.till.tap import PickSale, Scroll, Search, ShowOnly


def _row_of(i: int, name: str, cents: int, points: int, shop: str = "", **more: bool) -> SaleRow:
    return SaleRow(
        id=str(i),
        receipt=f"{414 - i:04}",
        at=NOW - timedelta(minutes=7 * i),
        gift=more.get("gift", False),
        name=name,
        cents=cents,
        points=points,
        gift_used=more.get("gift_used", False),
        of="412" if more.get("refund") else "",
        paid_back=more.get("paid_back"),
        waiting=more.get("waiting", False),
        shop=shop,
    )


_SOME = SalesShown(
    rows=(
        _row_of(0, "…7Q2X", 4000, 0, gift=True, waiting=True),
        _row_of(1, "", 220, 0, gift_used=True, waiting=True),
        _row_of(2, "Élodie M.", -915, -9, refund=True),
        _row_of(3, "Élodie M.", 1960, 19, paid_back=False),
        _row_of(4, "Marie-Françoise de La Rochefoucauld-Montbel", 9_999_999, 99_999),
        _row_of(5, "Łukasz", 135, 1, paid_back=True),
        _row_of(6, "", 520, 0),
        _row_of(7, "Nguyễn T.", 640, 6),
        _row_of(8, "Ana", 1240, 12),
    ),
    showing=SaleFilter.ALL,
    text="",
    first=False,
    more=True,
    waiting=2,
)

_OTHERS = replace(
    _SOME,
    rows=(
        _row_of(0, "Élodie M.", 1960, 19, "Saint-Paul", paid_back=False),
        _row_of(1, "Marie-Françoise de La Rochefoucauld", 999_999, 9_999, "Saint-Gilles-les-Bains"),
        _row_of(2, "", 520, 0, "Saint-Paul"),
    ),
    showing=SaleFilter.ELSEWHERE,
    more=False,
    waiting=0,
)

EXAMPLES = {
    "elsewhere": _OTHERS,
    "elsewhere-asking": replace(_OTHERS, rows=(), asking=True),
    "elsewhere-offline": replace(_OTHERS, rows=(), unheard=True, offline=True),
    "elsewhere-barred": replace(_OTHERS, rows=(), text="414", barred=2),
    "all": _SOME,
    "gifts": replace(
        _SOME, rows=_SOME.rows[:2], showing=SaleFilter.GIFTS, more=False, first=True, offline=True
    ),
    "searched": replace(_SOME, rows=(), text="dupond", more=False, waiting=0),
    "empty": replace(_SOME, rows=(), more=False, waiting=0),
}


@screen(shows=SalesShown, examples=EXAMPLES)
def sales(shown: SalesShown, ctx: Ctx) -> Widget:
    search = key(ctx.t("Chercher"), Search(), icon="search", word=ctx.t("Chercher"))
    title = titled(_title(shown, ctx), _waiting(shown, ctx), named=bool(shown.text))
    filters = _filters(shown, ctx)
    body = _list(shown, ctx)
    head = bar(title, keys(search), back=back(ctx))
    return column(head, body, _foot(shown, filters, ctx))


def _title(shown: SalesShown, ctx: Ctx) -> str:
    return ctx.t("Ventes : « {text} »", text=shown.text) if shown.text else ctx.t("Ventes")


def _waiting(shown: SalesShown, ctx: Ctx) -> str:
    """What the hub does not have yet is safe here."""
    if shown.asking:
        return ctx.t("On demande…")
    if not shown.waiting:
        return ctx.t("Hors ligne") if shown.offline else ctx.t("Tout est envoyé")
    return ctx.n("{n} à envoyer", "{n} à envoyer", shown.waiting)


def _fits(ctx: Ctx) -> int:
    return 8 if ctx.portrait else 4


def _list(shown: SalesShown, ctx: Ctx) -> Box:
    if not shown.rows:
        words = Text(_none(shown, ctx), tone=Tone.SOFT, lines=4)
        return column(words, pad=Pad(24, 24, 24, 24), grow=1)
    rows = [_row(sale, ctx) for sale in shown.rows[: _fits(ctx)]]
    return column(*rows, spring(), grow=1)


def _none(shown: SalesShown, ctx: Ctx) -> str:
    """Why the list is empty."""
    if shown.asking:
        return ctx.t("Deux secondes au plus.")
    if shown.unheard:
        return ctx.t("Sans le réseau, seules les ventes de cette caisse sont ici.")
    if shown.barred:
        return ctx.n(
            "{n} vente d’une autre boutique : elle se rembourse là-bas.",
            "{n} ventes d’autres boutiques : elles se remboursent là-bas.",
            shown.barred,
        )
    if shown.showing is SaleFilter.ELSEWHERE:
        return ctx.t("Rien de tel aux autres caisses.")
    return ctx.t("Rien de tel ici.") if shown.text else ctx.t("Pas encore de vente ici.")


def _row(sale: SaleRow, ctx: Ctx) -> Box:
    used = ctx.t("carte cadeau utilisée") if sale.gift_used else ""
    if sale.of:
        back = ctx.t("remboursement")
    elif sale.paid_back is not None:
        back = ctx.t("remboursée") if sale.paid_back else ctx.t("remboursée en partie")
    else:
        back = ""
    if sale.gift:
        name = ctx.t("Carte cadeau {last4}", last4=sale.name)
    else:
        name = sale.name or ctx.t("Sans carte")
    gained = ctx.n("{n} point", "{n} points", sale.points) if sale.points else ""
    number = ctx.t("n° {number}", number=sale.receipt)
    second = " · ".join(x for x in (sale.shop, number, back, gained, used) if x)
    return row(
        Text(ctx.clock(sale.at), weight=700),
        column(
            Text(name, leading=1.1, clip=True),
            Text(second, Role.SECOND, tone=Tone.SOFT, leading=1.1, clip=True, optional=True),
            grow=1,
        ),
        Icon("offline", size=24, tone=Tone.SOFT) if sale.waiting else None,
        Text(ctx.money(sale.cents), weight=600),
        gap=16,
        height=TOUCH,
        pad=Pad(0, MARGIN, 0, MARGIN),
        bottom=HAIR,
        fill=Tone.CARD,
        tap=PickSale(sale.id),
        label=" ".join(
            x for x in (ctx.clock(sale.at), name, ctx.money(sale.cents), back, sale.shop) if x
        ),
        kind="row",
    )


def _filters(shown: SalesShown, ctx: Ctx) -> list[Box]:
    words = {
        SaleFilter.ALL: ctx.t("Tout"),
        SaleFilter.SALES: ctx.t("Ventes"),
        SaleFilter.GIFTS: ctx.t("Cadeaux"),
        SaleFilter.ELSEWHERE: ctx.t("Ailleurs"),
    }
    return [
        button(
            word,
            ShowOnly(showing),
            variant=Variant.CHOSEN if showing is shown.showing else Variant.CHOICE,
            even=False,
            pad=6 if ctx.large and ctx.portrait else 12,
        )
        for showing, word in words.items()
    ]


def _foot(shown: SalesShown, filters: list[Box], ctx: Ctx) -> Box:
    fits = _fits(ctx)
    older = shown.more or len(shown.rows) > fits
    up = _arrow("up", ctx.t("Récentes"), -fits) if shown.first else Space(grow=1)
    down = _arrow("down", ctx.t("Anciennes"), fits) if older else Space(grow=1)
    pad = Pad(8, 12, 8, 12)
    if ctx.portrait:
        arrows = row(up, down, gap=8)
        return column(row(*filters, gap=8), arrows, gap=8, pad=pad, top=HAIR)
    return row(*filters, Space(8), up, down, gap=8, pad=pad, top=HAIR)


def _arrow(icon: str, label: str, rows: int) -> Box:
    return button(label, Scroll(rows), icon=icon, even=False, pad=12)
