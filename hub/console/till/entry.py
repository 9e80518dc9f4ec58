# SPDX-License-Identifier: Apache-2.0
"""What is scanned or typed into a till's one entry bar: whose card, which article, what pays (E1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils import timezone

from hub.ledger import groups, listings, selling
from hub.ledger.giftcards import GiftCard, stopped
from hub.ledger.models import Card, Customer
from hub.merchants import tries
from hub.merchants.models import Merchant, Person
from hub.programmes.models import Product
from hub.programmes.names import searched
from loyalty import card, contact, giftcard
from loyalty.account import Kind
from loyalty.card import BadCode

MOST: Final = 8
"""Customers or articles that are offered at once."""
_SHORTEST_CODE: Final = 6
"""Characters of a card's code; fewer are the beginning of something."""
_PHONE_DIGITS: Final = 10


class Nothing(Enum):
    """Why something leads nowhere."""

    WRONG_DIGIT = "wrong digit"
    LOST = "lost"
    GIFT_UNUSABLE = "gift unusable"
    """One answer for every number that can't be used (SPEC H6)."""
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose card it is."""

    customer: Customer
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A gift card, and what can be used of it here now."""

    fingerprint: str
    last4: str
    free_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a text may mean."""

    people: tuple[Customer, ...] = ()
    articles: tuple[Product, ...] = ()
    more: bool = False
    """There are others: more letters are needed."""
    blank: str = ""
    """A code that is nobody's: it may become somebody's."""

    @property
    def any(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.people or self.articles)


def exact(
    merchant: Merchant, person: Person, typed: str
) -> Owner | Product | Gift | Nothing | None:
    """The one thing that a scan or a number names; None: it has to be searched for."""
    code = card.read(typed)
    if isinstance(code, BadCode):
        return Nothing.WRONG_DIGIT if code is BadCode.CHECK_DIGIT else None
    cards = Card.objects.filter(merchant=merchant, code=code.text).select_related("customer")
    if known := cards.first():
        return Nothing.LOST if known.blocked_at else Owner(known.customer, known.code)
    if product := _of_barcode(merchant, code.text):
        return product
    number = giftcard.normalise(typed)
    if not _may_be_gift(typed, number):
        return None
    gift = gift_card(merchant, person, number)
    # a number that we never made may be a new card's, or a name
    told = gift is Nothing.GIFT_UNUSABLE and not giftcard.ours(number)
    return None if told else gift


def gift_card(merchant: Merchant, person: Person, typed: str) -> Gift | Nothing:
    """The gift card of a number; one that is none counts as a guess, ten of them end the minute."""
    try:
        guess = tries.attempt(tries.What.GIFT, address="", account=str(person.pk))
    except tries.TooMany:
        return Nothing.TOO_MANY
    number = giftcard.normalise(typed)
    found = giftcard.fingerprint(bytes.fromhex(merchant.lookup_key), number)
    known = GiftCard.objects.filter(merchant=merchant, fingerprint=found).exists()
    if not known or stopped(merchant, [found], now=timezone.now()):
        return Nothing.GIFT_UNUSABLE
    guess.undo()
    suspended = merchant.suspended_at is not None
    left = selling.funds(merchant.pk, (found,), suspended=suspended).of(Kind.GIFT)
    return Gift(fingerprint=found, last4=number[-4:], free_cents=left.free)


def search(merchant: Merchant, typed: str) -> Found:
    """Whom and what a text may mean: by name, phone, e-mail, the beginning of a card's number."""
    people = listings.customers(merchant)
    some = list(
        listings.customers_named(people, merchant, typed).order_by("search", "pk")[: MOST + 1]
    )
    goods = _articles(merchant, typed)
    code = card.read("".join(typed.split()) if typed[:1].isdigit() else typed)
    blank = "" if isinstance(code, BadCode) or " " in code.text else code.text
    return Found(
        people=tuple(some[:MOST]),
        articles=tuple(goods[:MOST]),
        more=max(len(some), len(goods)) > MOST,
        blank=blank if not some and not goods and _may_be_card(blank) else "",
    )


def code_of(customer: Customer) -> str:
    """A card that leads to the person; empty: they have none."""
    ones = groups.ones(customer.merchant_id, customer.uuid)
    good = Card.objects.filter(
        merchant=customer.merchant_id, customer__uuid__in=ones, blocked_at=None
    )
    return good.order_by("pk").values_list("code", flat=True).first() or ""


def _of_barcode(merchant: Merchant, code: str) -> Product | None:
    eans = [ean for ean in (code, card.other_length(code)) if ean]
    found = Product.objects.filter(merchant=merchant, ean__in=eans, gone=False)
    return found.order_by("rank", "pk").first()


def _articles(merchant: Merchant, typed: str) -> Sequence[Product]:
    found = Product.objects.filter(merchant=merchant, gone=False)
    return list(found.filter(searched(typed)).order_by("rank", "name", "pk")[: MOST + 1])


def _may_be_gift(typed: str, number: str) -> bool:
    """Whether it looks like a number on a gift card: no name, address or phone from abroad."""
    if not giftcard.plausible(number) or contact.email(typed) or typed.startswith(("+", "00")):
        return False
    return giftcard.ours(number) or any(c.isdigit() for c in typed)


def _may_be_card(code: str) -> bool:
    """Whether it looks like the code of a card that nobody has yet."""
    phone = code.isdigit() and len(code) == _PHONE_DIGITS and code.startswith("0")
    fits = len(code) >= _SHORTEST_CODE and any(c.isdigit() for c in code)
    return fits and not phone and not set(code) & set("@+")
