# SPDX-License-Identifier: Apache-2.0
"""An order as its page shows it: whose it is, what it comes to, what they may use, what is missing.

Every figure is decided by the rules that `selling.sell` decides by, a moment before it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hub.console import rulebook
from hub.console.forms.consents import asked_of
from hub.console.standings import TierStanding, standing_of
from hub.console.templatetags.console import at_till, euros
from hub.console.till import words
from hub.ledger import counter
from hub.ledger.models import Customer
from hub.ledger.orders import OpenOrder
from hub.merchants.models import Merchant
from loyalty.account import gathered, points_of, purse_of
from loyalty.badge import Badge, BadgeState, badges
from loyalty.basket import Line, Order
from loyalty.command import RecordSale
from loyalty.decide import Short, decide
from loyalty.module import Module
from loyalty.price import Askable, Priced, price
from loyalty.refusal import Reason, Refusal
from loyalty.rewards import TYPES
from loyalty.rewards.type import Unit
from loyalty.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Who is served, as staff may see them."""

    customer: Customer
    name: str
    code: str
    points: int
    here: int
    """Points that can be used here now: a terminal may keep the others for an order of its own."""
    purse_cents: int
    standing: TierStanding | None
    asked: tuple[tuple[str, str], ...]
    """What they are asked if they join now about being written to: a field, and the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reward as the customer stands to it."""

    id: str
    kind: str
    title: str
    state: BadgeState
    caption: str
    away: bool
    """It could be used, but not here: a terminal keeps what it takes."""
    share: int
    """How much of what is missing first is there, in percent; 0: no bar."""
    asks: str = ""
    """In what it is said how much is used; empty: a use is a use."""
    most: str = ""
    """The most that this order lets one use, as it is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What lowers the order: a reward, or a gift card that pays."""

    id: str
    title: str
    soft: str
    cents: int
    gift: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page's order."""

    served: Served | None
    lines: tuple[Line, ...]
    taken: tuple[Taken, ...]
    total_cents: int
    to_pay_cents: int
    earns: int
    """Points that it earns, or would earn who joins."""
    matures: str
    """Day from which they can be used, ISO; empty: at once."""
    offers: tuple[Offer, ...]
    gift_cards: bool
    loyalty: bool
    wrong: str
    """Why it can't be saved as it is; empty: it can, once there is a line."""
    kept: bool
    """Whether that is because a terminal keeps what it takes."""
    drops: bool
    """Whether it could be saved without its rewards."""


def shown(merchant: Merchant, row: OpenOrder) -> Shown | Refusal:
    """What the page of an order shows; a refusal where nothing can be sold at all."""
    told = counter.situation_of(merchant, row)
    if isinstance(told, Refusal):
        return told
    order, customer = row.order, counter.customer_of(row)
    priced = price(told, order)
    fits = priced if isinstance(priced, Priced) else None
    no = _no(told, order)
    wrong = words.refused(no) if no else ""
    return Shown(
        served=_served(merchant, told, customer, row.code) if customer else None,
        lines=order.lines,
        taken=tuple(_taken(told, row, fits)),
        total_cents=order.total_cents,
        to_pay_cents=fits.to_pay_cents if fits else order.total_cents,
        earns=fits.would_earn if fits and customer else 0,
        matures=fits.matures if fits else "",
        offers=tuple(
            _offer(told, order, badge) for badge in badges(told, order) if _is_for(told, badge)
        ),
        gift_cards=told.programme.has(Module.GIFT_CARDS),
        loyalty=told.programme.has(Module.LOYALTY),
        wrong=wrong,
        kept=bool(no and no.reason is Reason.NOT_HERE_NOW),
        drops=bool(wrong and order.uses),
    )


def _no(told: Situation, order: Order) -> Refusal | None:
    """Why the order would not be sold; the customer's points may have gone since it was begun."""
    if not order.lines:
        return None
    match decide(told, RecordSale(receipt="", code="", order=order)):
        case Refusal() as refusal:
            return refusal
        case Short(lacks=lacks):
            lack = lacks[0]
            facts: dict[str, str | int] = {"kind": lack.account.kind, "lacking": lack.amount}
            return Refusal(Reason.NOT_HERE_NOW, facts)
    return None


def _served(merchant: Merchant, told: Situation, customer: Customer, code: str) -> Served:
    own = told.customer or ""
    others = {part.owner for part in told.parts}
    here = gathered(told.rights, own, others)
    points = told.balances.get(points_of(own), 0)
    return Served(
        customer=customer,
        name=at_till(customer),
        code=code,
        points=points,
        here=min(max(0, points), here.get(points_of(own), 0)),
        purse_cents=told.balances.get(purse_of(own), 0),
        standing=standing_of(customer),
        asked=() if customer.member else asked_of(merchant, customer),
    )


def _taken(told: Situation, row: OpenOrder, priced: Priced | None) -> Iterator[Taken]:
    order = row.order
    applied = {one.reward: one for one in priced.applied} if priced else {}
    for use in order.uses:
        reward, one = told.programme.reward(use.reward), applied.get(use.reward)
        yield Taken(
            id=use.reward,
            title=one.title if one else (reward.title if reward else use.reward),
            soft=rulebook.points(one.points) if one and one.points else "",
            cents=one.cents_off if one else 0,
        )
    for gift in order.gifts:
        last4 = row.last4.get(gift.fingerprint, "")
        title = _("Carte cadeau …%(last4)s") % {"last4": last4}
        yield Taken(id=gift.fingerprint, title=title, soft="", cents=gift.cents, gift=True)


def _is_for(told: Situation, badge: Badge) -> bool:
    """Whether it is shown at all: what is for professionals is nobody else's to see."""
    return told.pro or not badge.reward.options.pro


def _offer(told: Situation, order: Order, badge: Badge) -> Offer:
    reward, kind = badge.reward, TYPES[badge.reward.kind]
    lack = badge.lacks[0] if badge.lacks else None
    may = counter.askable_here(told, order, reward) if kind.asks and not lack else None
    some = may.most if isinstance(may, Askable) else 0
    usable = badge.state is BadgeState.USABLE
    away = usable and not (some or badge.here or isinstance(may, Refusal))
    return Offer(
        id=reward.id,
        kind=reward.kind,
        title=reward.title,
        state=badge.state,
        caption=_("gardée par une autre caisse") if away else _caption(badge, may),
        away=away,
        share=100 * (lack.whole - lack.missing) // lack.whole if lack else 0,
        asks=kind.asks.value if kind.asks and badge.state is not BadgeState.NOT_YET else "",
        most=_typed(may) if isinstance(may, Askable) and some else "",
    )


def _caption(badge: Badge, may: Askable | Refusal | None) -> str:
    if badge.state is BadgeState.IN_ORDER:
        return _("dans la vente")
    if badge.lacks:
        return rulebook.lacking(badge.lacks[0])
    available = may.available if isinstance(may, Askable) else badge.available
    match TYPES[badge.reward.kind].asks:
        case Unit.CENTS:
            return _("%(money)s à utiliser") % {"money": euros(available)}
        case Unit.POINTS:
            return _("%(points)s à utiliser") % {"points": rulebook.points(available)}
    return rulebook.cost(badge.reward)


def _typed(may: Askable) -> str:
    if may.unit is Unit.POINTS:
        return str(may.most)
    return f"{may.most // 100},{may.most % 100:02d}"
