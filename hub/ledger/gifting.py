# SPDX-License-Identifier: Apache-2.0
"""Load gift cards by the rules of their day, one or many; block one, and tell the tills."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from hub.ledger.bonus import free_of
from hub.ledger.giftcards import GiftBatch, GiftCard, GiftOffer, GiftTurn
from hub.ledger.models import Customer
from hub.ledger.own import post_own
from hub.ledger.people import gift_item
from hub.merchants import each, feed, sealed
from hub.merchants.models import Merchant, Person, Shop
from hub.programmes import publish
from loyalty import giftcard
from loyalty.account import points_of
from loyalty.command import SellGiftCard
from loyalty.decide import Decided, decide
from loyalty.details import GiftDetails
from loyalty.entry import GiftSold
from loyalty.feed import GiftOffer as Offered
from loyalty.feed import GiftOffersAre
from loyalty.money import LARGEST_CENTS
from loyalty.programme import EarnRule, LoyaltyProgramme
from loyalty.situation import Situation

MOST_IN_BATCH: Final = 100
"""They are loaded in one transaction, and no page of the feed ends inside it."""


class BadGiftCard(ValueError):
    """It can't be sold like that; the text is the field's name."""


def new_number() -> str:
    """A number that nobody can guess."""
    return giftcard.number(secrets.randbits(giftcard.RANDOM_BITS))


def sale(
    shop: Shop,
    merchant: Merchant,
    details: GiftDetails,
    *,
    cents: int,
    virtual: bool,
    send_on: date | None = None,
    at: datetime | None = None,
    points: int = 0,
    customer: Customer | None = None,
    receipt: str = "",
) -> GiftSold:
    """The facts of a card that is sold, as a till would decide them.

    Args:
        shop: whose clock dates it.
        merchant: as read inside `feed.writing`.
        details: its number as it is looked up, and its people.
        cents: what is loaded.
        virtual: whether there is no card to hold.
        send_on: when its recipient is told; None: at once.
        at: when; now unless given.
        points: what the customer pays for it instead of money.
        customer: who buys it.
        receipt: number on the receipt, where one is given.

    Raises:
        BadGiftCard: the amount or the number can't be right, or so many points are not there.
    """
    if not giftcard.plausible(details.code) or giftcard.damaged(details.code):
        raise BadGiftCard("code")
    if not 0 < cents <= LARGEST_CENTS:
        raise BadGiftCard("cents")
    account = points_of(customer.uuid if customer else "")
    free = free_of(customer, merchant).points if customer and points else 0
    situation = Situation(
        programme=publish.published(merchant.pk) or LoyaltyProgramme(version=0, earn=EarnRule()),
        shop=shop.pk,
        customer=customer.uuid if customer else None,
        balances={account: free},
        rights={account: free},
        at=(at or timezone.now()).astimezone(ZoneInfo(shop.zone)).replace(tzinfo=None),
    )
    command = SellGiftCard(
        receipt=receipt,
        fingerprint=giftcard.fingerprint(bytes.fromhex(merchant.lookup_key), details.code),
        last4=details.code[-4:],
        cents=cents,
        virtual=virtual,
        send_on=send_on.isoformat() if send_on else "",
        sealed=sealed.seal(merchant.hub_key, asdict(details)),
        points=points,
    )
    decided = decide(situation, command)
    if not isinstance(decided, Decided) or not isinstance(decided.facts, GiftSold):
        raise BadGiftCard("points")
    return decided.facts


def create_batch(
    shop: Shop, *, count: int, cents: int, buyer: str, person: Person, at: datetime | None = None
) -> GiftBatch:
    """Make numbers to print; with an amount every card is loaded with it, all or none.

    Raises:
        BadGiftCard: the amount or the count can't be right.
    """
    if not 0 < count <= MOST_IN_BATCH:
        raise BadGiftCard("count")
    codes = [new_number() for _ in range(count)]
    with feed.writing(shop.merchant_id) as out:
        batch = GiftBatch.objects.create(
            merchant=out.merchant,
            shop=shop,
            cents=cents,
            codes=codes,
            buyer=buyer,
            person=person,
            made_at=at or timezone.now(),
        )
        sold = [
            sale(
                shop,
                out.merchant,
                GiftDetails(code=code, buyer=buyer, recipient="", email=""),
                cents=cents,
                virtual=False,
                at=at,
            )
            for code in codes
            if cents
        ]
        post_own(out, [(at, facts) for facts in sold], shop=shop, person_id=person.pk)
        loaded = [facts.fingerprint for facts in sold]
        out.merchant.gift_cards.filter(fingerprint__in=loaded).update(batch=batch)
    return batch


def offer(merchant_id: str, *, cents: int, points: int) -> GiftOffer:
    """Let customers have a card of so much for so many points, at every till (SPEC H4)."""
    with feed.writing(merchant_id) as out:
        made = GiftOffer.objects.create(
            merchant=out.merchant, cents=cents, points=points, told=True
        )
        out.say(offers_item(merchant_id))
    return made


def turn_offer(offer: GiftOffer) -> None:
    """Stop an offer, or let it go on."""
    with feed.writing(offer.merchant_id) as out:
        offer.on = not offer.on
        offer.save(update_fields=["on"])
        out.say(offers_item(offer.merchant_id))


def tell_offers_due() -> int:
    """Tell tills of offers that were made before any heard of them; gives how many merchants."""
    untold = GiftOffer.objects.filter(told=False)
    of_open = untold.filter(merchant__closed_at=None).order_by("merchant")
    done = 0
    for merchant_id in list(of_open.values_list("merchant", flat=True).distinct()):
        with each.apart(merchant_id), feed.writing(merchant_id) as out:
            out.say(offers_item(merchant_id))
            untold.filter(merchant=merchant_id).update(told=True)
            done += 1
    return done


def offers_item(merchant_id: str) -> GiftOffersAre:
    """What terminals know of them: those that are on, the smallest card first."""
    on = GiftOffer.objects.filter(merchant=merchant_id, on=True)
    return GiftOffersAre(tuple(sorted(Offered(one.cents, one.points) for one in on)))


def turn(card: GiftCard, *, blocked: bool, reason: str, person: Person) -> bool:
    """Block a card, or let it be used again; False: it is so already."""
    with feed.writing(card.merchant_id) as out:
        row = GiftCard.objects.get(pk=card.pk)
        if (row.blocked_at is not None) == blocked:
            return False
        now = timezone.now()
        row.blocked_at = now if blocked else None
        row.save(update_fields=["blocked_at"])
        GiftTurn.objects.create(card=row, blocked=blocked, reason=reason, person=person, at=now)
        out.say(gift_item(row))
    return True
