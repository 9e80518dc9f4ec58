# SPDX-License-Identifier: Apache-2.0
"""Choose a product of a category by a touch."""

from dataclasses import replace

from firmware.kiosk.examples import CATEGORIES, ELODIE
from firmware.kiosk.parts import (
    Variant,
    about,
    back,
    bar,
    button,
    grid,
    keys,
    lock,
    page_of,
    titled,
)
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import (
    HAIR,
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
from firmware.till.outcome import Choice, ProductsShown
from firmware.till.tap import PickCategory, PickProduct, Scroll, TurnPage

_SHOWN = ProductsShown(
    customer=ELODIE,
    categories=CATEGORIES,
    chosen="cake",
    products=(
        Choice("1", "Éclair au café", 390),
        Choice("2", "Paris-Brest individuel", 520),
        Choice("3", "Tarte citron", 450),
        Choice("4", "Flan pâtissier", 320),
        Choice("5", "Mille-feuille", 480),
        Choice("6", "Religieuse au chocolat", 490),
        Choice("7", "Baba au rhum", 510),
    ),
)

EXAMPLES = {
    "category": _SHOWN,
    "many": replace(
        _SHOWN,
        categories=CATEGORIES + CATEGORIES,
        products=_SHOWN.products * 3,
        first=11,
        customer=None,
    ),
    "empty": replace(_SHOWN, products=(), chosen="other"),
    "no-categories": replace(_SHOWN, categories=(), chosen=""),
}

_SLOTS = 12


@screen(shows=ProductsShown, examples=EXAMPLES)
def products(shown: ProductsShown, ctx: Ctx) -> Widget:
    head = bar(
        titled(ctx.t("Articles"), about(ctx, shown.customer), naming=True),
        keys(lock(ctx)),
        back=back(ctx),
    )
    categories = _categories(shown, ctx) if shown.categories else None
    if ctx.portrait:
        return column(head, categories, _products(shown, ctx))
    return column(head, row(categories, _products(shown, ctx), cross=Align.STRETCH, grow=1))


def _categories(shown: ProductsShown, ctx: Ctx) -> Box:
    across, slots = (3, 6) if ctx.portrait else (1, 5)
    turning = len(shown.categories) > slots
    size = slots - 1 if turning else slots
    first, last = page_of(len(shown.categories), size, ctx.page)
    cells: list[Widget] = [
        button(
            choice.name,
            PickCategory(choice.id),
            variant=Variant.CHOSEN if choice.id == shown.chosen else Variant.CHOICE,
            role=Role.CHOICE,
            pad=6,
            lines=2,
            clip=True,
        )
        for choice in shown.categories[first:last]
    ]
    if turning:
        cells += [Space()] * (size - len(cells))
        cells.append(
            button(
                ctx.t("Autres"),
                TurnPage(),
                after="next",
                variant=Variant.CHOICE,
                role=Role.CHOICE,
                pad=6,
            )
        )
    if ctx.portrait:
        return column(grid(cells, across), pad=Pad(12, 12, 12, 12), bottom=HAIR)
    return column(grid(cells, across), pad=Pad(12, 12, 12, 12), width=190, right=HAIR)


def _products(shown: ProductsShown, ctx: Ctx) -> Box:
    """Twelve at once; with more of them the last place leads on."""
    pad = Pad(12, 12, 12, 12)
    count = len(shown.products)
    if not count:
        nothing = Text(ctx.t("Rien dans cette catégorie."), tone=Tone.SOFT, lines=2, grow=1)
        return column(nothing, spring(), pad=Pad(24, 24, 24, 24), grow=1)
    across = 2 if ctx.portrait else 3
    turning = count > _SLOTS
    size = _SLOTS - 1 if turning else _SLOTS
    first = shown.first if shown.first < count else 0
    cells: list[Widget] = [_product(p, ctx) for p in shown.products[first : first + size]]
    cells += [Space()] * (size - len(cells))
    if turning:
        on = size if first + size < count else -first
        more = ctx.t("La suite") if on > 0 else ctx.t("Début")
        cells.append(button(more, Scroll(on), after="next", pad=6))
    return column(grid(cells, across, grow=1), pad=pad, grow=1)


def _product(product: Choice, ctx: Ctx) -> Box:
    price = ctx.money(product.cents) if product.cents is not None else ""
    return column(
        Text(product.name, Role.BADGE, lines=1 if ctx.large else 2, clip=True),
        spring(),
        row(
            spring(),
            Text(price, Role.SECOND, weight=700, leading=1.05) if price else Icon("add", size=25),
        ),
        pad=Pad(8, 10, 8, 10),
        fill=Tone.CARD,
        line=Line(1, Tone.SOFT),
        radius=10,
        grow=1,
        tap=PickProduct(product.id),
        label=f"{product.name} {price}".strip(),
        kind="button",
    )
