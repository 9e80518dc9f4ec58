# SPDX-License-Identifier: Apache-2.0
"""List what a merchant, or one of its shops, may see: customers, sales, gift cards."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from hub.ledger import groups
from hub.ledger.counting import IN_LIST
from hub.ledger.giftcards import GiftCard
from hub.ledger.meetings import Meeting
from hub.ledger.models import Account, Card, Customer, Held, JournalEntry, Outcome
from hub.ledger.tails import not_counted
from hub.merchants.models import Merchant, Shop, Terminal
from hub.merchants.words import plain
from loyalty import contact
from loyalty.account import NOBODY, Kind


def customers(
    merchant: Merchant, shop: Shop | None = None, *, forgotten: bool = False
) -> QuerySet[Customer]:
    """Customers with their card, points less owed ones, and visits; of a shop, those it met.

    Who was merged is there once; who was anonymised is nobody's customer, and there where asked for.
    """
    found = groups.persons(Customer.objects.filter(merchant=merchant))
    if not forgotten:
        found = found.filter(forgotten_at=None)
    if shop:
        met = Meeting.objects.filter(shop=shop)
        others = Customer.objects.filter(merchant=merchant).exclude(head="")
        # whom it met is read at once for everybody, and one by one for the few who were merged
        others = others.filter(_met(shop, Q(Exists(met.filter(customer=OuterRef("pk"))))))
        here = _met(shop, Q(pk__in=met.values("customer")))
        found = found.filter(here | Q(uuid__in=others.values("head")))
    return found.select_related("seen_shop").annotate(
        code=Subquery(_cards().values("code")[:1]),
        points=_together("own_points"),
        visits=_together("own_visits"),
    )


def customers_named(found: QuerySet[Customer], merchant: Merchant, text: str) -> QuerySet[Customer]:
    """Those of a merchant's whom a text names, be it by what they had before they were merged."""
    said, cards = _said(merchant, text)
    mine = Customer.objects.filter(merchant=merchant).order_by()
    merged = mine.filter(said).exclude(head="").values_list("head")
    served = Case(When(head="", then="uuid"), default="head")
    others = merged.union(mine.filter(pk__in=cards).values_list(served), all=True)
    return found.filter(said | Q(uuid__in=others))


def named(merchant: Merchant, text: str) -> groups.People:
    """Of whom a text gives a name, phone, e-mail or card number, in whole or in part."""
    said, cards = _said(merchant, text)
    mine = Customer.objects.filter(merchant=merchant).order_by()
    return mine.filter(said), mine.filter(pk__in=cards)


def _said(merchant: Merchant, text: str) -> tuple[Q, QuerySet[Card, Any]]:
    """What a text says of somebody, and the customers of the cards whose number it gives."""
    cards = Card.objects.filter(merchant=merchant).values("customer")
    joined = "".join(text.split())
    if joined.isascii() and joined.strip("+-./()").isdigit():
        digits = contact.phone(text) or "".join(c for c in joined if c.isdigit())
        return Q(search__contains=digits), cards.filter(code__startswith=joined)
    words = plain(text).split()  # none of an accent alone: it names nobody, not everybody
    said = Q() if words else Q(pk__in=())
    for word in words:
        said &= Q(search__contains=word)
    return said, cards.filter(code=text.strip())


def together(found: QuerySet[Customer]) -> tuple[int, int]:
    """How many they are, and the points that all of them hold, less owed ones.

    Args:
        found: as `customers` gives them.
    """
    both = found.order_by().aggregate(number=Count("pk"), held=Sum("points"))
    return both["number"], both["held"] or 0


def points_of_everybody(merchant: Merchant) -> int:
    """Points that all customers of a merchant hold, less owed ones; of who was forgotten none.

    The other side of their accounts says it, without reading any of theirs.
    """
    held, owed = Q(kind=Kind.POINTS, key=""), Q(kind=Kind.OWED, key=Kind.POINTS)
    gone = Customer.objects.filter(merchant=OuterRef("merchant"), forgotten_at__isnull=False)
    points = gone.order_by().values("merchant").annotate(points=Sum("own_points")).values("points")
    sides = Account.objects.filter(held | owed, merchant=merchant, owner__in=NOBODY)
    sums = sides.annotate(gone=Coalesce(Subquery(points), 0)).aggregate(
        held=Sum("balance", filter=held), owed=Sum("balance", filter=owed), of_gone=Max("gone")
    )
    return (sums["owed"] or 0) - (sums["held"] or 0) - (sums["of_gone"] or 0)


def sales(merchant: Merchant, shop: Shop | None = None) -> QuerySet[JournalEntry]:
    """Sales, refunds and gift cards sold, with their terminal and shop."""
    found = JournalEntry.objects.filter(
        merchant=merchant, outcome=Outcome.POSTED, kind__in=IN_LIST
    ).select_related("terminal__shop", "shop")
    return found.filter(shop=shop) if shop else found


def sales_named(
    found: QuerySet[JournalEntry], merchant: Merchant, text: str
) -> QuerySet[JournalEntry]:
    """Those whose receipt a text gives, or whose customer it names, in the order they had."""
    people = named(merchant, text)
    few = groups.few(merchant.pk, people)
    receipts = sales(merchant).order_by().filter(receipt__icontains=text.strip()).values("pk")
    if few != {} and not any(char.isdigit() for char in text):
        # a name: numbers without a digit are another program's, and rare
        receipts = receipts.none()
    if few is None:
        meant = groups.theirs(merchant.pk, people, "customer", others=Q(pk__in=receipts))
        return found.alias(meant=meant).filter(meant=True)
    theirs = JournalEntry.objects.filter(merchant=merchant, customer__in=few.values()).values("pk")
    # by no index of the order: to walk all of a merchant's entries for a few people's takes long
    order = (
        OrderBy(Coalesce(*[name.removeprefix("-")] * 2), descending=name.startswith("-"))
        for name in map(str, found.query.order_by)
    )
    return found.filter(pk__in=theirs.union(receipts)).order_by(*order)


def refunds_of(sale: JournalEntry) -> QuerySet[JournalEntry]:
    """What was paid back of a sale, oldest first: what touched its rest."""
    rest = Account.objects.filter(
        merchant=sale.merchant_id, kind=Kind.REST, owner=sale.event_id or ""
    )
    return (
        JournalEntry.objects.filter(
            kind="refunded", movements__by_account=True, movements__account=rest.values("pk")[:1]
        )
        .select_related("terminal__shop", "shop", "person")
        .order_by("at", "pk")
    )


def sale_of(refund: JournalEntry, sale_id: str) -> JournalEntry | None:
    """The sale that a refund is of, where the hub has it."""
    return JournalEntry.objects.filter(
        merchant=refund.merchant, kind="sold", event_id=sale_id, outcome=Outcome.POSTED
    ).first()


def cents_of_all(found: QuerySet[JournalEntry]) -> int:
    """What all of them came to."""
    return found.order_by().aggregate(total=Sum("cents"))["total"] or 0


def gift_cards(merchant: Merchant, shop: Shop | None = None) -> QuerySet[GiftCard]:
    """Gift cards with what is left on them."""
    found = GiftCard.objects.filter(merchant=merchant).select_related("shop")
    if shop:
        found = found.filter(shop=shop)
    left = Account.objects.filter(
        merchant=OuterRef("merchant"), kind=Kind.GIFT, owner=OuterRef("fingerprint")
    )
    return found.annotate(left=Coalesce(Subquery(left.values("balance")[:1]), 0))


def gift_cards_named(found: QuerySet[GiftCard], text: str) -> QuerySet[GiftCard]:
    """Those whose last characters or people a text gives."""
    words = text.strip()
    return found.filter(
        Q(last4__iexact=words[-4:])
        | Q(recipient__icontains=words)
        | Q(buyer__icontains=words)
        | Q(email__icontains=words)
    )


class CardState(StrEnum):
    """What a gift card can be, as lists are narrowed to it."""

    FULL = "full"
    BEGUN = "begun"
    EMPTY = "empty"
    BLOCKED = "blocked"
    EXPIRED = "expired"


def gift_cards_in(found: QuerySet[GiftCard], state: CardState, today: date) -> QuerySet[GiftCard]:
    """Those that are in a state: a blocked one is nothing else."""
    blocked, expired = Q(blocked_at__isnull=False), Q(expires_on__lte=today)
    usable = found.exclude(blocked).exclude(expired)
    match state:
        case CardState.FULL:
            return usable.filter(Q(left__gte=F("cents")))
        case CardState.BEGUN:
            return usable.filter(Q(left__gt=0, left__lt=F("cents")))
        case CardState.EMPTY:
            return found.exclude(blocked).filter(Q(left__lte=0))
        case CardState.BLOCKED:
            return found.filter(blocked)
        case CardState.EXPIRED:
            return found.exclude(blocked).filter(expired, Q(left__gt=0))


def left_of_all(found: QuerySet[GiftCard]) -> int:
    """What is still to be honoured on all of them."""
    return found.order_by().aggregate(total=Sum("left"))["total"] or 0


def gift_card_uses(card: GiftCard) -> QuerySet[JournalEntry]:
    """Every entry that loaded the card or paid with it, newest first, with its `moved` cents."""
    account = Account.objects.filter(
        merchant=card.merchant_id, kind=Kind.GIFT, owner=card.fingerprint
    )
    # the merchant is not named again: by that index, every entry that there is would be looked at
    return (
        JournalEntry.objects.filter(
            movements__by_account=True, movements__account=account.values("pk")[:1]
        )
        .annotate(moved=F("movements__amount"))
        .select_related("terminal__shop", "shop", "person")
        .order_by("-at", "-pk")
    )


def held_by(terminal: Terminal) -> dict[str, int]:
    """What a terminal may still spend without asking, by kind of account."""
    return together_held(held_in(terminal))


def held_in(terminal: Terminal) -> dict[int, dict[str, int]]:
    """The same in each segment where there is something."""
    found: dict[int, dict[str, int]] = {}
    held = Held.objects.filter(segment__terminal=terminal).exclude(amount=0)
    rows = held.values_list("segment", "account__kind").annotate(Sum("amount"))
    for segment, kind, amount in rows.order_by("account__kind"):
        found.setdefault(segment, {})[kind] = amount
    return found


def together_held(held: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    """What several segments hold, by kind of account."""
    total: Counter[str] = Counter()
    for amounts in held.values():
        total.update(amounts)
    return dict(sorted(total.items()))


def seen_since(found: QuerySet[Customer], moment: datetime) -> QuerySet[Customer]:
    """Those who came since then."""
    return found.filter(seen_at__gte=moment)


def _cards() -> QuerySet[Card]:
    return Card.objects.filter(customer=OuterRef("pk"), blocked_at=None).order_by("pk")


def _together(own: str) -> Case:
    """What the customers have together who are one person: as a rule one alone."""
    same = Customer.objects.filter(merchant=OuterRef("merchant"), head=OuterRef("uuid"))
    # said again for the small index of those who were merged
    sums = same.exclude(head="").order_by().values("head").annotate(sum=Sum(own))
    return Case(When(head="", then=F(own)), default=Coalesce(Subquery(sums.values("sum")), F(own)))


def _met(shop: Shop, noted: Q) -> Q:
    """Who joined there or dealt with it, also in the last minute, which nobody has counted yet."""
    just_now = not_counted(shop.merchant_id).filter(shop=shop)
    return (
        Q(joined_shop=shop) | noted | Q(uuid__in=just_now.exclude(customer="").values("customer"))
    )
