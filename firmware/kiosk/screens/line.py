# SPDX-License-Identifier: Apache-2.0
"""Type a line of the order: an amount, in a category."""

from dataclasses import replace

from firmware.kiosk.examples import CATEGORIES, ELODIE
from firmware.kiosk.pads import asking, keypad, padded, typed
from firmware.kiosk.parts import (
    Variant,
    about,
    back,
    bar,
    button,
    grid,
    key,
    keys,
    lock,
    titled,
    wrong_line,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.ui import Box, Ctx, Space, Widget, column, screen, spring
from firmware.kiosk.words import said
from firmware.till.outcome import Choice, LineAsked
from firmware.till.tap import Enter, PickCategory, Scroll, ShowProducts
from loyalty.refusal import Reason, Refusal

_TYPED = LineAsked(customer=ELODIE, cents=1280, categories=CATEGORIES, chosen="cake")

EXAMPLES = {
    "typed": _TYPED,
    "empty": LineAsked(customer=None, cents=0, categories=CATEGORIES, has_products=True),
    "wrong": replace(_TYPED, cents=0, has_products=True, wrong=Refusal(Reason.TOTAL_MISSING)),
    "more": replace(_TYPED, categories=CATEGORIES + CATEGORIES, first_category=3),
    "no-categories": LineAsked(customer=ELODIE, cents=9_999_999, categories=()),
}


@screen(shows=LineAsked, examples=EXAMPLES)
def line(asked: LineAsked, ctx: Ctx) -> Widget:
    amount = ctx.money(asked.cents)
    products = (
        key(ctx.t("Articles"), ShowProducts(), icon="product", word=ctx.t("Articles"))
        if asked.has_products
        else None
    )
    head = bar(
        titled(ctx.t("Nouvelle ligne"), about(ctx, asked.customer), naming=True),
        keys(products, lock(ctx)),
        back=back(ctx),
    )
    add = ctx.t("Ajouter {money}", money=amount) if asked.cents else ctx.t("Ajouter")
    left = asking(
        ctx,
        typed(ctx, amount, empty=not asked.cents),
        wrong_line(said(asked.wrong, ctx).short) if asked.wrong else Space(16),
        _categories(asked, ctx),
        Space(16) if ctx.portrait else spring(),
        button(add, Enter(), icon="add", variant=Variant.GO, grow=0),
    )
    return column(head, padded(ctx, left, keypad(ctx, corner="00")))


def _categories(asked: LineAsked, ctx: Ctx) -> Box | None:
    if not asked.categories:
        return None
    across, slots = (3, 6) if ctx.portrait else (2, 4)
    count = len(asked.categories)
    cells: list[Widget]
    if count <= slots:
        cells = [_category(choice, asked) for choice in asked.categories]
    else:
        size = slots - 1
        first = asked.first_category if asked.first_category < count else 0
        cells = [_category(c, asked) for c in asked.categories[first : first + size]]
        on = size if first + size < count else -first
        more = ctx.t("Autres") if on > 0 else ctx.t("Début")
        cells += [Space()] * (size - len(cells))
        cells.append(
            button(more, Scroll(on), after="next", variant=Variant.CHOICE, role=Role.CHOICE, pad=6)
        )
    return grid(cells, across)


def _category(choice: Choice, asked: LineAsked) -> Box:
    chosen = choice.id == asked.chosen
    return button(
        choice.name,
        PickCategory(choice.id),
        variant=Variant.CHOSEN if chosen else Variant.CHOICE,
        role=Role.CHOICE,
        pad=6,
        lines=2,
        clip=True,
    )
