# SPDX-License-Identifier: Apache-2.0
"""Work out the example beside a reward's form with the very rules that tills decide with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console.templatetags.console import MINUS, euros, figure
from loyalty.account import points_of, purse_of
from loyalty.basket import Line, Order, Use
from loyalty.price import Priced, price
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.situation import Situation

CUSTOMER: Final = "example"
POINTS_BEYOND: Final = 45
"""What the example's customer has above the cost."""
PURSE_CENTS: Final = 340
ORDER_CENTS: Final = 5000
MISSING: Final = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the example; `kind` says how it is ruled off."""

    name: str
    figure: str
    soft: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A kind of reward in the order in which they apply."""

    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An order with the reward, priced, and the badge that the till would light."""

    who: str
    kind: str
    badge: str
    cost: str
    missing: str
    missing_share: int
    stops: tuple[Stop, ...]
    rows: tuple[Row, ...]
    refused: str


def example_of(values: Mapping[str, Any]) -> Example:
    """Price an order with what the form holds; what is missing or wrong takes a plain value.

    Args:
        values: cleaned values of a ProgrammeForm, those without error.
    """
    kind = values.get("kind") or "discount"
    cost = values.get("cost") or 0
    reward = Reward(
        id="example",
        kind=kind,
        title=values.get("title") or _("Votre récompense"),
        cost=cost,
        rate_bp=values.get("percentage") or 0,
        gift_title=values.get("gift_title") or "",
    )
    programme = LoyaltyProgramme(
        version=0,
        earn=EarnRule(values.get("earn_points") or 1, values.get("earn_per") or 100),
        rewards=(reward,),
        point_value_cents=values.get("point_value") or 1,
    )
    held = cost + POINTS_BEYOND
    priced = _priced(programme, reward, values.get("order") or ORDER_CENTS, held)
    who = _("Élodie, %(points)s") % {"points": _points(held)}
    if kind == "cashback":
        who += ", " + _("%(purse)s en cagnotte") % {"purse": euros(PURSE_CENTS)}
    return Example(
        who=who,
        kind=kind,
        badge=reward.gift_title or reward.title,
        cost=_points(cost) if cost else _("sans points"),
        missing=_("encore %(points)s") % {"points": _points(min(cost, MISSING))},
        missing_share=max(0, 100 * (cost - MISSING) // cost) if cost else 0,
        stops=_stops(kind),
        rows=tuple(_rows(programme, priced)) if isinstance(priced, Priced) else (),
        refused=""
        if isinstance(priced, Priced)
        else _("Cette commande ne peut pas être faite ainsi."),
    )


def _priced(programme: LoyaltyProgramme, reward: Reward, cents: int, held: int) -> object:
    deducted = min(PURSE_CENTS, cents) if reward.kind == "cashback" else 0
    order = Order(lines=(Line(label="", unit_cents=cents),), uses=(Use(reward.id, deducted),))
    balances = {points_of(CUSTOMER): held, purse_of(CUSTOMER): PURSE_CENTS}
    return price(
        Situation(programme=programme, shop="", customer=CUSTOMER, balances=balances), order
    )


def _rows(programme: LoyaltyProgramme, priced: Priced) -> list[Row]:
    rows = [
        Row(
            name=used.title,
            soft=_points(used.points) if used.points else "",
            figure=f"{MINUS}{euros(used.cents_off)}" if used.cents_off else euros(0),
        )
        for used in priced.applied
    ]
    rows.append(Row(name=_("À payer"), figure=euros(priced.to_pay_cents), kind="sum"))
    rows.append(Row(name=_("Gagne"), figure=_points(priced.points)))
    if priced.purse_cents:
        rows.append(Row(name=_("Ajouté à la cagnotte"), figure=euros(priced.purse_cents)))
    rows.append(Row(name=_("Reporté, jamais perdu"), figure=euros(priced.carry_cents)))
    worth = priced.points * programme.point_value_cents
    rows.append(Row(name=_("Valeur à la prochaine commande"), figure=euros(worth), kind="last"))
    return rows


def _stops(kind: str) -> tuple[Stop, ...]:
    return (
        Stop(name=_("Remise"), here=kind == "discount"),
        Stop(name=_("Cadeau"), here=kind == "gift"),
        Stop(name=_("Cagnotte"), here=kind == "cashback"),
        Stop(name=_("Carte cadeau"), here=False),
    )


def _points(count: int) -> str:
    return ngettext("%(n)s point", "%(n)s points", count) % {"n": figure(count)}
