# SPDX-License-Identifier: Apache-2.0
"""Show the gift cards that a customer may have for points, as a board of departures (SPEC H4)."""

from dataclasses import replace

from firmware.kiosk.examples import ELODIE, LONGEST
from firmware.kiosk.parts import (
    MARGIN,
    TOUCH,
    about,
    back,
    bar,
    board,
    board_row,
    page_of,
    ready,
    titled,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
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
from firmware.till.outcome_gifts import OfferRow, OffersShown
from firmware.till.tap import TakeOffer, TurnPage
from loyalty.feed import GiftOffer

_SOME = OffersShown(
    customer=ELODIE,
    offers=(
        OfferRow(GiftOffer(500, 120), 0),
        OfferRow(GiftOffer(1000, 240), 0),
        OfferRow(GiftOffer(2000, 450), 205),
    ),
)

EXAMPLES = {
    "some": _SOME,
    "offline": replace(
        _SOME,
        offline=True,
        offers=(_SOME.offers[0], replace(_SOME.offers[1], here=False), _SOME.offers[2]),
    ),
    "many": OffersShown(
        customer=LONGEST,
        offers=tuple(
            OfferRow(GiftOffer(cents, cents // 4), max(0, cents // 4 - 12_480))
            for cents in (1000, 2000, 5000, 10_000, 50_000, 100_000, 250_050, 9_999_999)
        ),
    ),
    "stopped": replace(_SOME, offers=()),
}


@screen(shows=OffersShown, examples=EXAMPLES)
def offers(shown: OffersShown, ctx: Ctx) -> Widget:
    title = titled(ctx.t("Carte contre des points"), about(ctx, shown.customer), naming=True)
    return column(
        bar(title, back=back(ctx)),
        column(_board(shown, ctx), spring(), pad=Pad(16, MARGIN, 16, MARGIN), grow=1),
    )


def _board(shown: OffersShown, ctx: Ctx) -> Box:
    if not shown.offers:
        words = Text(ctx.t("Aucune carte n’est proposée en ce moment."), tone=Tone.SOFT, lines=2)
        return board(board_row(ctx, words))
    slots = 10 if ctx.portrait else 4 if ctx.large else 5
    count = len(shown.offers)
    turning = count > slots
    first, last = page_of(count, slots - 1 if turning else slots, ctx.page)
    rows = [_offer(one, ctx, offline=shown.offline) for one in shown.offers[first:last]]
    if turning:
        label = ctx.n("{n} autre", "{n} autres", count - (last - first))
        more = Text(label, weight=600, grow=1)
        turn = board_row(ctx, more, Icon("next"), height=TOUCH)
        rows.append(replace(turn, tap=TurnPage(), label=label, kind="row"))
    return board(*rows)


def _offer(one: OfferRow, ctx: Ctx, *, offline: bool) -> Box:
    """The card, its price in points, and whether it is ready (SPEC T5)."""
    money = ctx.money(one.offer.cents, short=True)
    points = ctx.n("{n} point", "{n} points", one.offer.points)
    words = ""
    if one.missing:
        words = ctx.n("encore {n} point", "encore {n} points", one.missing)
    elif offline and not one.here:
        words = ctx.t("avec le réseau")
    soft = Text(words, Role.SECOND, tone=Tone.SOFT, leading=1.1, lines=2, align=Align.END)
    state = soft if words else ready(ctx)
    card = Text(money, Role.STRONG, weight=700, grow=1)
    if ctx.portrait or ctx.large:
        both = column(card, Text(points, Role.SECOND, leading=1.1), grow=1)
        shown = board_row(ctx, both, state, height=84)
    else:
        at_end = row(state, main=Align.END, width=240)
        shown = board_row(ctx, card, Text(points, align=Align.END), at_end, height=TOUCH)
    if words:
        return shown
    return replace(
        shown, tap=TakeOffer(one.offer), label=f"{money}, {points}, {ctx.t('Prêt')}", kind="row"
    )
