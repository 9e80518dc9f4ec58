# SPDX-License-Identifier: Apache-2.0
"""Say that a gift card was sold and is on the disk; a virtual one's number is shown once."""

from dataclasses import replace
from datetime import date

from firmware.kiosk.examples import GIFT_SOLD, receipt
from firmware.kiosk.parts import MARGIN, big, board, fact_row, foot
from firmware.kiosk.saved_parts import head, kept, next_button, print_button
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    Align,
    Box,
    Ctx,
    Pad,
    Space,
    Text,
    Widget,
    column,
    row,
    screen,
    spring,
)
from firmware.till.outcome_gifts import GiftSaved
from loyalty.giftcard import spaced

_VIRTUAL = GiftSaved(
    receipt=receipt(GIFT_SOLD, customer="", balance=None, gift_code="4K7TP0ZC97Q2X"),
    last4="7Q2X",
    cents=4000,
    recipient="Marie",
    virtual=True,
    send_on=date(2026, 12, 24),
)

EXAMPLES = {
    "virtual": _VIRTUAL,
    "physical": replace(
        _VIRTUAL,
        receipt=receipt(replace(GIFT_SOLD, virtual=False), customer="", balance=None),
        virtual=False,
        send_on=None,
    ),
    "waiting": replace(_VIRTUAL, waiting=True, offline=True),
    "for-points": replace(
        _VIRTUAL,
        receipt=receipt(
            replace(GIFT_SOLD, customer="elodie", points=240, send_on=""),
            balance=5,
            gift_code="4K7TP0ZC97Q2X",
        ),
        points=240,
        send_on=None,
    ),
    "printing": replace(_VIRTUAL, printing=True),
    "long": replace(
        _VIRTUAL,
        cents=9_999_999,
        recipient="Marie-Françoise de La Rochefoucauld-Montbel",
        waiting=True,
        send_on=date(2026, 9, 23),
    ),
}


@screen(shows=GiftSaved, examples=EXAMPLES)
def gift_saved(done: GiftSaved, ctx: Ctx) -> Widget:
    body = (_loaded(done, ctx), _board(done, ctx))
    facts = (
        column(*body, grow=1)
        if ctx.portrait
        else row(*body, gap=MARGIN, cross=Align.STRETCH, grow=1)
    )
    return column(head(done.receipt, ctx), facts, _foot(done, ctx), fill=Tone.FRONT)


def _loaded(done: GiftSaved, ctx: Ctx) -> Box:
    text = ctx.money(done.cents, short=True)
    roles = ((8, Role.AMOUNT), (0, Role.CLOCK))
    return column(
        Space(60),
        big(text, *roles, tone=Tone.FRONT_FIGURE),
        Space(20),
        Text(
            ctx.t("pour {name}", name=done.recipient),
            Role.STRONG,
            tone=Tone.ON_FRONT,
            lines=2,
            clip=True,
        ),
        kept(ctx) if done.waiting else None,
        pad=Pad(0, 0, 0, MARGIN),
        grow=1,
    )


def _board(done: GiftSaved, ctx: Ctx) -> Box:
    line, ink = Tone.FRONT_LINE, Tone.ON_FRONT
    code = done.receipt.gift_code
    when = ctx.day(done.send_on, short=True) if done.send_on else ctx.t("tout de suite")
    facts = {ctx.t("Carte"): f"…{done.last4}", ctx.t("Prévenue"): when}
    if done.points:
        facts = {
            ctx.t("Points utilisés"): ctx.number(-done.points, signed=True),
            ctx.t("Nouveau solde"): ctx.number(done.receipt.balance or 0),
        }
    rows = [fact_row(ctx, *fact, ink=ink, hair=line) for fact in facts.items()]
    number = (
        column(
            Space(10),
            Text(ctx.t("Numéro, montré une seule fois"), Role.SECOND, tone=ink, lines=2),
            Text(spaced(code), Role.STRONG, weight=700, tone=ink, lines=2),
        )
        if code
        else None
    )
    hung = board(*rows, number, head=ink)
    if ctx.portrait:
        return column(spring(), hung, Space(10), pad=Pad(0, MARGIN, 0, MARGIN), grow=1)
    return column(spring(), hung, Space(16), pad=Pad(0, MARGIN, 0, 0), width=300 + MARGIN)


def _foot(done: GiftSaved, ctx: Ctx) -> Box:
    return foot(ctx, print_button(ctx, printing=done.printing), next_button(ctx))
