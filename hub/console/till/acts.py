# SPDX-License-Identifier: Apache-2.0
"""What each press at a till on the web does to the order on its page (SPEC E1, F1, G2, H3)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from hub.console import rulebook
from hub.console.filters import number_of
from hub.console.forms.consents import agreed
from hub.console.forms.fields import EurosField, WholeField
from hub.console.templatetags.console import euros
from hub.console.till import entry, words
from hub.console.till.entry import Gift, Nothing, Owner
from hub.ledger import consenting, counter, listings, recalls, standing
from hub.ledger.consents import Surface
from hub.ledger.models import Customer
from hub.ledger.orders import OpenOrder
from hub.ledger.own import post_own
from hub.merchants import feed
from hub.merchants.models import Person
from hub.programmes.models import Product
from loyalty.badge import automatic
from loyalty.basket import GiftUse, Line, Use
from loyalty.money import LARGEST_CENTS
from loyalty.price import Priced, price
from loyalty.refusal import Refusal
from loyalty.rewards.type import Unit
from loyalty.situation import Situation


@dataclass(slots=True, kw_only=True)
class Press:
    """A button that was pressed, with what was typed beside it."""

    out: feed.Writing
    order: OpenOrder
    """As it is now; nobody else changes it meanwhile."""
    person: Person
    posted: QueryDict
    line: Line | None = None
    """Where the form beside the button is of a line: what it says."""
    said: list[str] = field(default_factory=list)
    """What the next page tells."""
    search: str = ""
    """What the next page looks for."""
    waits: bool = False
    """Whether other tills were asked for something that the next page may use."""

    @property
    def stale(self) -> bool:
        """Whether the page that was pressed showed another order than there is."""
        return self.posted.get("turn") != str(self.order.turn)


def digest(posted: QueryDict) -> str:
    """Tells one press from another: the same from the same page is a double click."""
    told = sorted((key, value) for key, value in posted.items() if key != "csrfmiddlewaretoken")
    return hashlib.sha256(repr(told).encode()).hexdigest()


def number(typed: str | None) -> int:
    """A whole number of ours; what is none is no place, no amount and nobody."""
    told = number_of(typed)
    return -1 if told is None else told


def do(press: Press) -> None:
    """Do what was pressed; a word that is none does nothing."""
    act = _ACTS.get(press.posted.get("act", ""))
    if act is not None:
        act(press)


# ── whose, and what ─────────────────────────────────────────────────────────────────────────────


def _enter(press: Press) -> None:
    """The entry bar: a scan acts at once, a text is searched for."""
    typed = " ".join(press.posted.get("q", "").split())
    if not typed:
        return
    match entry.exact(press.out.merchant, press.person, typed):
        case Owner(customer=customer, code=code):
            _serve(press, customer, code)
        case Product() as product:
            _add(press, _line_of(product))
        case Gift() as gift:
            _pay(press, gift, None)
        case Nothing() as why:
            press.said.append(words.nothing(why))
        case None:
            press.search = typed


def _pick(press: Press) -> None:
    """Somebody of those who were found."""
    people = listings.customers(press.out.merchant)
    customer = get_object_or_404(people, pk=number(press.posted.get("customer")))
    _serve(press, customer, entry.code_of(customer))


def _serve(press: Press, customer: Customer, code: str) -> None:
    refused = counter.serve(press.out, press.order, customer, code=code, person_id=press.person.pk)
    if refused:
        press.said.append(words.refused(refused))


def _nobody(press: Press) -> None:
    """Go on without a customer, and so without rewards."""
    press.order.customer = press.order.code = ""
    press.order.order = replace(press.order.order, uses=())


def _join(press: Press) -> None:
    """The customer joins the programme at their order: from here on it counts (SPEC C15)."""
    customer = counter.customer_of(press.order)
    if customer is None or customer.member:
        return
    facts = standing.joining(press.out, customer)
    post_own(press.out, [(None, facts)], shop=press.order.shop, person_id=press.person.pk)
    proof = consenting.Proof(
        said=_("Dit en rejoignant le programme : %(shop)s.") % {"shop": press.order.shop.name},
        surface=Surface.TILL,
        person_id=press.person.pk,
    )
    consenting.note_some(press.out, [(customer, agreed(press.posted))], proof)
    if told := _situation(press):
        press.order.order = automatic(told, press.order.order, offline=True)


def _article(press: Press) -> None:
    goods = Product.objects.filter(merchant=press.out.merchant, gone=False)
    _add(press, _line_of(get_object_or_404(goods, pk=press.posted.get("product", ""))))


def _line(press: Press) -> None:
    if press.line is not None:
        _add(press, press.line)


def _unline(press: Press) -> None:
    """A line by its place, which is another one once the order has changed."""
    if press.stale:
        press.said.append(_("La vente a changé entre-temps : regardez-la, puis recommencez."))
        return
    place = number(press.posted.get("place"))
    if 0 <= place < len(press.order.order.lines):
        press.order.order = press.order.order.without_line(place)


def _add(press: Press, line: Line) -> None:
    press.order.order = press.order.order.adding(line)


def _line_of(product: Product) -> Line:
    return Line(
        label=product.name,
        unit_cents=product.cents,
        category=product.category_id,
        product=product.pk,
    )


# ── rewards and what pays ───────────────────────────────────────────────────────────────────────


def _use(press: Press) -> None:
    """Put a reward in; where it asks how much and nothing was typed, as much as it may take."""
    told, wanted = _situation(press), press.posted.get("reward", "")
    reward = told.programme.reward(wanted) if told else None
    if told is None or reward is None:
        return
    may = counter.askable_here(told, press.order.order, reward)
    if may is None:
        press.order.order = press.order.order.using(Use(reward.id))
        return
    if isinstance(may, Refusal):
        press.said.append(words.refused(may))
        return
    in_points = may.unit is Unit.POINTS
    amount = _amount(press, in_points=in_points, most=may.most)
    if amount is None:
        return
    if not 0 < amount <= may.most:
        most = rulebook.points(may.most) if in_points else euros(may.most)
        press.said.append(_("Ici, %(most)s au plus.") % {"most": most})
        return
    press.order.order = press.order.order.using(Use(reward.id, amount))


def _unuse(press: Press) -> None:
    press.order.order = press.order.order.without_use(press.posted.get("reward", ""))


def _plain(press: Press) -> None:
    """Take every reward out: the customer keeps what they have."""
    press.order.order = replace(press.order.order, uses=())


def _recall(press: Press) -> None:
    """Ask the terminals for what they keep of the customer's, as one till asks for another's."""
    recalls.ask_back(press.out, counter.owners_of(press.order))
    press.waits = True


def _gift(press: Press) -> None:
    """Pay with a gift card by its number, a part of it or as much as it may (SPEC H3)."""
    typed = press.posted.get("number", "")[:100]
    if not typed.strip():
        return
    match entry.gift_card(press.out.merchant, press.person, typed):
        case Nothing() as why:
            press.said.append(words.nothing(why))
        case Gift() as gift:
            cents = _amount(press, in_points=False, most=0)
            if cents is not None:
                _pay(press, gift, cents or None)


def _pay(press: Press, gift: Gift, cents: int | None) -> None:
    """Let a card pay so much, or what is left to pay as far as it goes."""
    order, told = press.order.order, _situation(press)
    free = euros(gift.free_cents)
    if not order.lines:
        press.said.append(
            _(
                "Carte cadeau : il reste %(left)s. Elle paie une commande : tapez d’abord un montant."
            )
            % {"left": free}
        )
        return
    without = order.paying(GiftUse(gift.fingerprint, 0))
    priced = price(told, without) if told else None
    if not isinstance(priced, Priced):
        return
    most = min(gift.free_cents, priced.to_pay_cents)
    if not 0 < (cents or most) <= most:
        press.said.append(
            _("Ici, %(most)s au plus ; il reste %(left)s sur la carte.")
            % {"most": euros(most), "left": free}
        )
        return
    press.order.order = without.paying(GiftUse(gift.fingerprint, cents or most))
    press.order.last4[gift.fingerprint] = gift.last4


def _ungift(press: Press) -> None:
    gone = press.posted.get("gift", "")
    press.order.order = press.order.order.paying(GiftUse(gone, 0))
    press.order.last4.pop(gone, None)


def _situation(press: Press) -> Situation | None:
    told = counter.situation_of(press.out.merchant, press.order)
    return None if isinstance(told, Refusal) else told


def _amount(press: Press, *, in_points: bool, most: int) -> int | None:
    """What was typed as an amount; `most` where nothing was. None: it is no amount, and said so."""
    typed = press.posted.get("amount", "")
    if not typed.strip():
        return most
    fit = WholeField(least=1, most=int(LARGEST_CENTS)) if in_points else EurosField()
    try:
        return int(fit.clean(typed))
    except ValidationError as wrong:
        press.said.extend(wrong.messages)
        return None


_ACTS: Final[Mapping[str, Callable[[Press], None]]] = {
    "enter": _enter,
    "pick": _pick,
    "nobody": _nobody,
    "join": _join,
    "article": _article,
    "line": _line,
    "unline": _unline,
    "use": _use,
    "unuse": _unuse,
    "plain": _plain,
    "recall": _recall,
    "gift": _gift,
    "ungift": _ungift,
}
