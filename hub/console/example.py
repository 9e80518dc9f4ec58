# SPDX-License-Identifier: Apache-2.0
"""Work out the example beside a form with the very rules that tills decide with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from hub.console import rulebook
from hub.console.templatetags.console import MINUS, day, euros
from loyalty import account
from loyalty.account import Account
from loyalty.badge import badges
from loyalty.basket import Applied, Line, Order, Use
from loyalty.calendar import ExpiryKind
from loyalty.conditions import Lack
from loyalty.price import Priced, price
from loyalty.programme import PLAIN, LoyaltyProgramme, Reward
from loyalty.rewards import TYPES
from loyalty.rewards.type import Unit
from loyalty.situation import Situation

CUSTOMER: Final = "example"
POINTS_BEYOND: Final = 45
"""What the example's customer has above the cost."""
POINTS_TO_SPEND: Final = 245
"""What they have where they choose how many to use, and how many of these they choose."""
POINTS_CHOSEN: Final = 40
PURSE_CENTS: Final = 340
ORDER_CENTS: Final = 5000
MISSING: Final = 35
MISSING_FEW: Final = 2
ARTICLES: Final = 5
"""In the order, where articles count."""


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
    sentence: str


def example_of(programme: LoyaltyProgramme, reward: Reward, cents: int) -> Example:
    """Price an order with the reward, for somebody who has a little more than it takes.

    Args:
        programme: as it is edited; of its rewards only this one is looked at.
        reward: as it is edited.
        cents: of the order.
    """
    programme = replace(programme, rewards=(reward,), windows=())
    situation = _situation(programme, reward)
    order = _order(situation, reward, cents)
    short = _short(situation, reward, order)
    return Example(
        who=_who(situation, reward),
        kind=reward.kind,
        badge=TYPES[reward.kind].title(reward),
        cost=rulebook.cost(reward),
        missing=rulebook.lacking(short) if short else _("toujours prête"),
        missing_share=100 * (short.whole - short.missing) // short.whole if short else 0,
        stops=_stops(reward.kind),
        rows=tuple(_rows(situation, price(situation, order))),
        sentence=sentence(programme, cents),
    )


def sentence(programme: LoyaltyProgramme, cents: int) -> str:
    """What an order earns by itself, in words (SPEC C14)."""
    points, _carry = programme.earn.earn(cents)
    return _("Une commande de %(order)s rapporte %(points)s, soit %(worth)s à valoir.") % {
        "order": euros(cents),
        "points": rulebook.points(points),
        "worth": euros(points * programme.point_value_cents),
    }


def earning_rows(programme: LoyaltyProgramme, cents: int) -> Iterator[Row]:
    """What an order earns: plainly, in each window and with each tier; when it counts and ends."""
    points, carry = programme.earn.earn(cents)
    yield Row(name=_("Gagne"), figure=rulebook.points(points))
    yield Row(name=_("Reporté, jamais perdu"), figure=euros(carry))
    factors = [(rulebook.window(window), window.factor_bp) for window in programme.windows] + [
        (_("Statut %(tier)s") % {"tier": tier.name}, tier.factor_bp)
        for tier in programme.tiers
        if tier.factor_bp != PLAIN
    ]
    for name, factor in factors:
        more, _carry = programme.earn.earn(cents, factor)
        yield Row(name=name, soft=rulebook.times(factor), figure=rulebook.points(more))
    today = timezone.localdate()
    usable = day(today + timedelta(days=programme.pending_days))
    yield Row(
        name=_("Utilisables"), figure=usable if programme.pending_days else _("tout de suite")
    )
    ends = programme.expiry.day(today)
    soft = _("sans nouvel achat") if programme.expiry.kind is ExpiryKind.PURCHASE else ""
    yield Row(name=_("Expirent"), soft=soft, figure=day(ends) if ends else _("jamais"))
    worth = euros(points * programme.point_value_cents)
    yield Row(name=_("Valeur à la prochaine commande"), figure=worth, kind="last")


# ── the example's customer ──────────────────────────────────────────────────────────────────────


def _situation(programme: LoyaltyProgramme, reward: Reward) -> Situation:
    """Somebody who can use it: has a little more than it takes, and is whom it is for."""
    options, kind = reward.options, TYPES[reward.kind]
    held = POINTS_TO_SPEND if kind.asks is Unit.POINTS else reward.cost + POINTS_BEYOND
    at = _moment(options.from_day)
    balances: dict[Account, int] = {
        account.points_of(CUSTOMER): POINTS_BEYOND if options.free else held,
        account.purse_of(CUSTOMER): PURSE_CENTS,
        account.visits_of(CUSTOMER): reward.cost,
        account.welcome_of(CUSTOMER): 1,
        account.birthday_of(CUSTOMER, at.year): 1,
        account.stock_of(reward.id): 1,
        account.stamps_of(CUSTOMER, reward.id): max(1, reward.number("every")),
    }
    return Situation(
        programme=programme,
        shop="",
        customer=CUSTOMER,
        balances=balances,
        at=at,
        pro=options.pro,
        tier=options.tiers[0] if options.tiers else "",
    )


def _moment(from_day: str) -> datetime:
    now = timezone.localtime()
    first = date.fromisoformat(from_day) if from_day else now.date()
    return now.replace(tzinfo=None) + max(timedelta(), first - now.date())


def _order(situation: Situation, reward: Reward, cents: int) -> Order:
    """An order of one article which the reward is for, and the reward in it, where it can be."""
    kind = TYPES[reward.kind]
    each, rest = divmod(cents, ARTICLES) if reward.number("every") else (0, cents)
    lines = (
        *(
            (Line(label="", unit_cents=each, quantity=ARTICLES, product=reward.text("article")),)
            if each
            else ()
        ),
        *((Line(label="", unit_cents=rest),) if rest else ()),
    )
    amount = 0
    if kind.asks:
        value = situation.programme.point_value_cents if kind.asks is Unit.POINTS else 1
        most = reward.number("most_points") or cents
        wanted = min(POINTS_CHOSEN, most) if kind.asks is Unit.POINTS else PURSE_CENTS
        amount = min(wanted, cents // value)
    order = Order(lines=lines, uses=(Use(reward.id, amount),))
    return order if isinstance(price(situation, order), Priced) else Order(lines=lines)


def _short(situation: Situation, reward: Reward, order: Order) -> Lack | None:
    """What the same person would lack first if they had a little less."""
    less = dict(situation.balances)
    less[account.points_of(CUSTOMER)] = max(0, reward.cost - MISSING)
    less[account.visits_of(CUSTOMER)] = max(0, reward.cost - MISSING_FEW)
    every = reward.number("every")
    less[account.stamps_of(CUSTOMER, reward.id)] = max(0, every - MISSING_FEW)
    for own in (account.welcome_of(CUSTOMER), account.purse_of(CUSTOMER)):
        less[own] = 0
    if TYPES[reward.kind].asks is Unit.POINTS:
        less[account.points_of(CUSTOMER)] = 0
    poor = replace(situation, balances=less, pro=False, tier="")
    lacks = badges(poor, Order(lines=order.lines))[0].lacks
    return lacks[0] if lacks else None


def _who(situation: Situation, reward: Reward) -> str:
    """Who the example is about, by what they have that matters here."""
    kind, has = TYPES[reward.kind], situation.balances
    parts = [rulebook.points(has[account.points_of(CUSTOMER)])]
    if kind.asks is Unit.CENTS:
        parts.append(_("%(purse)s en cagnotte") % {"purse": euros(PURSE_CENTS)})
    if every := reward.number("every"):
        parts.append(rulebook.stamps(every))
    if reward.options.per_visit:
        parts.append(rulebook.visits(reward.cost))
    if tier := situation.programme.tier(situation.tier):
        parts.append(_("statut %(tier)s") % {"tier": tier.name})
    return _("Élodie, %(has)s") % {"has": ", ".join(parts)}


# ── its lines ───────────────────────────────────────────────────────────────────────────────────


def _rows(situation: Situation, priced: object) -> Iterator[Row]:
    if not isinstance(priced, Priced):
        return
    programme = situation.programme
    for used in priced.applied:
        off = f"{MINUS}{euros(used.cents_off)}" if used.cents_off else euros(0)
        yield Row(name=used.title, soft=_took(programme, used), figure=off)
    yield Row(name=_("À payer"), figure=euros(priced.to_pay_cents), kind="sum")
    yield Row(name=_("Gagne"), figure=rulebook.points(priced.points))
    if priced.purse_cents:
        yield Row(name=_("Ajouté à la cagnotte"), figure=euros(priced.purse_cents))
    for gained in priced.gained:
        yield Row(name=_("Ajouté à la carte"), figure=rulebook.stamps(gained.amount))
    yield Row(name=_("Reporté, jamais perdu"), figure=euros(priced.carry_cents))
    worth = priced.points * programme.point_value_cents
    yield Row(name=_("Valeur à la prochaine commande"), figure=euros(worth), kind="last")


def _took(programme: LoyaltyProgramme, used: Applied) -> str:
    """What the use cost, in words."""
    if used.points:
        return rulebook.points(used.points)
    reward = programme.reward(used.reward)
    if reward is None or TYPES[reward.kind].asks:
        return ""
    return rulebook.cost(reward)


def _stops(kind: str) -> tuple[Stop, ...]:
    """The types in their order, and what pays after all of them."""
    short = {
        "points": _("Points"),
        "cashback": _("Cagnotte"),
        "stamps": _("Tampons"),
    }
    here = TYPES[kind]
    by_rank = {one.rank: one for one in reversed(list(TYPES.values()))} | {here.rank: here}
    stops = [
        Stop(name=short.get(one.kind, _(one.name)), here=one is here)
        for _rank, one in sorted(by_rank.items())
    ]
    return (*stops, Stop(name=_("Carte"), here=False))
