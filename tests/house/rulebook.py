# SPDX-License-Identifier: Apache-2.0
"""Tell the rules of the game to who reads them: from the rules themselves and their stories."""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Final

from loyalty.account import gift_of, points_of, purse_of
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.price import Priced, price
from loyalty.programme import EarnRule, LoyaltyProgramme, Options, Reward
from loyalty.rewards import TYPES
from loyalty.rewards.type import RewardType
from loyalty.situation import Situation
from tests.scenarios.domain import CHAPTERS, FOLDER
from tests.scenarios.story import heading, told

ORDER: Final = (
    *(
        "earning",
        "money",
        "joining",
        "cards",
        "one_person",
        "options",
        "scarce",
        "one_order",
        "stamps",
        "days",
    ),
    *("tiers", "giftcards", "refunds", "by_hand", "versions", "two_tills", "refusals"),
)
"""Of the chapters."""


_INTRO: Final = """\
# The rules of the game

Made by `./run docs` from the rules themselves (`loyalty/`) and from the stories that test them \
(`tests/scenarios/`); do not edit by hand.

Every till and the hub decide by the same rules, in one package. A till decides at once, network \
or not; what two tills could give twice (points, a purse, a gift card, the last mug, a welcome) a \
till only spends with a right to it, which it asks the hub for."""

_EVERYTHING: Final = """\
## One order with everything

Élodie has 120 points, 5.00 € in her purse and a gift card of 30.00 €; she buys for 60.00 € and \
40.00 €:"""

_CONDITIONS: Final = """\
## Conditions of a reward

They may be combined, and all must hold. The till says what is missing, the nearest first."""

_TOLD: Final = """\
## The rules, told

Each line below is a story that is played on the bare rules, on a till’s own store, and on till and \
hub together; a rule that is broken spoils its story. One of each chapter stands here as it is \
written: who does what at which till, and what must come of it."""


def page() -> str:
    """Render docs/rules.md."""
    parts = [
        _INTRO,
        "## What an order earns",
        "1 point per 1 €, a point worth 0.01 €:",
        _earns(),
        _EVERYTHING,
        _everything(),
        "## Types of reward, in the order in which they apply",
        _table(("type", "what it is", "what the merchant says", "how"), map(_type, _types())),
        _CONDITIONS,
        _table(("condition", "what it means"), _fields(Options)),
        "## Settings of a programme",
        _table(("setting", "what it means"), _fields(LoyaltyProgramme)),
        _TOLD,
        *_chapters(),
    ]
    return "\n\n".join(parts) + "\n"


# ── worked examples ─────────────────────────────────────────────────────────────────────────────


def _earns() -> str:
    programme = LoyaltyProgramme(version=1, earn=EarnRule())
    rows = []
    for cents in (50_00, 4_20, 99):
        priced = _priced(programme, Order((Line(label="", unit_cents=cents),)), {})
        worth = priced.points * programme.point_value_cents
        rows.append((euros(cents), str(priced.points), euros(worth), euros(priced.carry_cents)))
    return _table(("an order of", "points", "worth", "carried to the next order"), rows)


def _everything() -> str:
    rewards = (
        Reward(id="discount", kind="discount", title="10 % off", cost=50, rate_bp=1_000),
        Reward(id="gift", kind="gift", title="A coffee", cost=10),
        Reward(id="points", kind="points", title="Points as payment", cost=0),
        Reward(id="purse", kind="cashback", title="5 % cashback", cost=0, rate_bp=500),
    )
    programme = LoyaltyProgramme(version=1, earn=EarnRule(), rewards=rewards)
    order = Order(
        (Line(label="", unit_cents=60_00), Line(label="", unit_cents=40_00)),
        (Use("discount"), Use("gift"), Use("points", 40), Use("purse", 5_00)),
        (GiftUse("card", 25_00),),
    )
    has = {points_of("élodie"): 120, purse_of("élodie"): 5_00, gift_of("card"): 30_00}
    priced = _priced(programme, order, has)
    rows = [("The order", "", euros(priced.total_cents))]
    for used in priced.applied:
        cost = f"{used.points} points" if used.points else ""
        off = f"−{euros(used.cents_off)}" if used.cents_off else "free"
        rows.append((used.title, cost, off))
    rows += [
        ("**Due, which is what earns**", "", f"**{euros(priced.due_cents)}**"),
        ("Paid with the gift card", "", f"−{euros(priced.due_cents - priced.to_pay_cents)}"),
        ("**To pay**", "", f"**{euros(priced.to_pay_cents)}**"),
        ("Earned", f"{priced.points} points", ""),
        ("Into the purse", "", euros(priced.purse_cents)),
        ("Carried to the next order", "", euros(priced.carry_cents)),
    ]
    return _table(("", "points", "€"), rows)


def _priced(programme: LoyaltyProgramme, order: Order, has: dict) -> Priced:
    situation = Situation(
        programme=programme, shop="shop", customer="élodie", balances=has, rights=has
    )
    priced = price(situation, order)
    assert isinstance(priced, Priced)
    return priced


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def _types() -> list[RewardType]:
    return sorted(TYPES.values(), key=lambda kind: kind.rank)


def _type(kind: RewardType) -> tuple[str, ...]:
    module = sys.modules[type(kind).__module__]
    terms = [f"{term.label}{'' if term.required else ' (optional)'}" for term in kind.terms]
    says = [*terms, *(["Coût en points"] if kind.priced else [])]
    how = " ".join((inspect.getdoc(type(kind)) or "").split())
    alone = " At most one in an order." if kind.alone else ""
    whole = " Comes back only with the whole order." if kind.whole else ""
    return (f"**{kind.name}**", _sentence(module.__doc__), ", ".join(says), how + alone + whole)


def _fields(kind: type) -> Iterator[tuple[str, ...]]:
    """Name and docstring of each field, as they stand in the source."""
    (node,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(node, ast.ClassDef)
    name = ""
    for part in node.body:
        match part:
            case ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                yield name.replace("_", " "), " ".join(text.split())
                name = ""


def _sentence(text: str | None) -> str:
    """The first sentence of a docstring."""
    return " ".join((text or "").split("\n\n")[0].split())


def _table(head: tuple[str, ...], rows: object) -> str:
    lines = [head, ("---",) * len(head), *rows]  # type: ignore[misc]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def euros(cents: int) -> str:
    """As money is written in English."""
    return f"{cents // 100}.{cents % 100:02} €"


# ── stories ─────────────────────────────────────────────────────────────────────────────────────


def _chapters() -> Iterator[str]:
    assert {path.stem for path in CHAPTERS} == set(ORDER)
    for name in ORDER:
        path = FOLDER / f"{name}.txt"
        title, rule = heading(path)
        stories = told(path)
        first, *others = stories
        yield f"### {title}"
        yield rule
        yield f"**{first}**"
        yield f"```\n{stories[first]}\n```"
        if others:
            yield "\n".join(f"- {other}" for other in others)
        yield f"[All of them, line by line](../tests/scenarios/{name}.txt)"
