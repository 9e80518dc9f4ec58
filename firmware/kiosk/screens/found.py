# SPDX-License-Identifier: Apache-2.0
"""Show whom a search named; nobody: offer to make a new customer (SPEC E6)."""

from firmware.kiosk.examples import ELODIE, LONGEST
from firmware.kiosk.parts import (
    MARGIN,
    TOUCH,
    Variant,
    back,
    bar,
    button,
    foot,
    keys,
    lock,
    page_of,
    titled,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
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
from firmware.till.outcome import CustomerSeen, FoundSome
from firmware.till.tap import Join, PickCustomer, Search, TurnPage

EXAMPLES = {
    "some": FoundSome(text="él", customers=(ELODIE, LONGEST), asking=True),
    "many": FoundSome(text="ma", customers=(ELODIE, LONGEST) * 6),
    "nobody": FoundSome(text="Dupond", customers=()),
    "asking": FoundSome(text="Dupond", customers=(), asking=True),
    "offline": FoundSome(
        text="Marie-Françoise de La Rochefoucauld-Montbel", customers=(), offline=True
    ),
}


@screen(shows=FoundSome, examples=EXAMPLES)
def found(some: FoundSome, ctx: Ctx) -> Widget:
    title = ctx.t("« {text} »", text=some.text)
    head = bar(titled(title, _second(some, ctx), named=True), keys(lock(ctx)), back=back(ctx))
    body = _list(some, ctx) if some.customers else _nobody(some, ctx)
    again = button(ctx.t("Chercher"), Search(), icon="search")
    new = button(
        ctx.t("Nouveau client"),
        Join(some.text),
        icon="add",
        variant=Variant.PLAIN if some.customers else Variant.GO,
        grow=1.5,
    )
    return column(head, body, foot(ctx, again, new))


def _second(some: FoundSome, ctx: Ctx) -> str:
    if some.asking:
        return ctx.t("On cherche encore…")
    if some.offline:
        return ctx.t("Hors ligne, sur ce terminal")
    return ctx.n("{n} client", "{n} clients", len(some.customers))


def _nobody(some: FoundSome, ctx: Ctx) -> Box:
    asking = some.asking
    title = ctx.t("Un instant") if asking else ctx.t("Personne à ce nom")
    words = (
        ctx.t("Personne sur ce terminal ; on cherche dans tout le fichier.")
        if asking
        else ctx.t("Essayez un téléphone, un e-mail ou le numéro de la carte.")
    )
    return column(
        Text(title, Role.TITLE, lines=2),
        Text(words, lines=4),
        spring(),
        gap=16,
        pad=Pad(MARGIN, MARGIN, 16, MARGIN),
        grow=1,
    )


def _list(some: FoundSome, ctx: Ctx) -> Box:
    slots = 7 if ctx.portrait else 4
    count = len(some.customers)
    turning = count > slots
    size = slots - 1 if turning else slots
    first, last = page_of(count, size, ctx.page)
    rows = [_row(customer, ctx) for customer in some.customers[first:last]]
    if turning:
        label = ctx.n("{n} autre", "{n} autres", count - (last - first))
        rows.append(
            row(
                Text(label, weight=600),
                Icon("next"),
                gap=12,
                height=TOUCH,
                pad=Pad(0, MARGIN, 0, MARGIN),
                bottom=HAIR,
                tap=TurnPage(),
                label=label,
                kind="row",
            )
        )
    return column(column(*rows, fill=Tone.CARD), spring(), grow=1)


def _row(customer: CustomerSeen, ctx: Ctx) -> Box:
    card = ctx.t("carte …{end}", end=customer.code_end)
    points = None if customer.points is None else balance_words(customer.points, ctx)
    return row(
        column(
            Text(customer.name, weight=600, leading=1.1, clip=True),
            Text(card, Role.SECOND, tone=Tone.SOFT, leading=1.1, optional=True),
            grow=1,
        ),
        Text(points, weight=600) if points else None,
        Icon("next"),
        gap=14,
        height=TOUCH,
        pad=Pad(0, MARGIN, 0, MARGIN),
        bottom=HAIR,
        tap=PickCustomer(customer.id),
        label=f"{customer.name}, {card}",
        kind="row",
    )
