# SPDX-License-Identifier: Apache-2.0
"""What people do on the web: each becomes an entry of the hub's own, by the one writer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from hub.ledger import gifting
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer, JournalEntry, Outcome
from hub.ledger.own import is_free, post_own
from hub.ledger.people import free_number
from hub.ledger.reading import entry_of
from hub.ledger.receipts import next_receipt, take_receipt
from hub.merchants import feed, sealed
from hub.merchants.models import Merchant, Shop, new_id
from loyalty import contact, giftcard
from loyalty.details import GiftDetails, PersonDetails
from loyalty.entry import GiftSold, Joined

AT_ONCE: Final = 100
"""Customers in one hub transaction: no page of the feed ends inside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Somebody to register; without a code they are given the merchant's next card number."""

    first_name: str
    last_name: str = ""
    phone: str = ""
    email: str = ""
    code: str = ""
    joined_at: datetime | None = None
    member: bool = True


def create_gift_card(
    shop: Shop,
    *,
    cents: int,
    buyer: str,
    recipient: str,
    email: str,
    message: str = "",
    send_on: date | None = None,
    code: str = "",
    at: datetime | None = None,
    person_id: int | None = None,
    points: int = 0,
    customer: Customer | None = None,
    once: str = "",
) -> GiftCard:
    """Load a gift card that was paid for; its recipient is told by e-mail from `send_on`.

    Args:
        shop: whose figures it counts in.
        cents: what is loaded.
        buyer: who paid, in words.
        recipient: who may spend it, in words.
        email: the recipient's.
        message: the buyer's words to the recipient.
        send_on: None is today.
        code: the number of a physical card as it was typed; empty makes a virtual one.
        at: when; now unless given.
        person_id: who did it.
        points: what the customer paid for it instead of money.
        customer: who bought it.
        once: id of its entry, made by the page that asks: sent again, it is the card there is.

    Raises:
        BadGiftCard: `cents`, `code` or `points` can't be right.
    """
    number = giftcard.normalise(code) or gifting.new_number()
    with feed.writing(shop.merchant_id) as out:
        if made := gift_card_of(out.merchant, once):
            return made
        details = GiftDetails(
            code=number, buyer=buyer, recipient=recipient, email=email, message=message
        )
        sold = gifting.sale(
            shop,
            out.merchant,
            details,
            cents=cents,
            virtual=not code,
            send_on=send_on,
            at=at,
            points=points,
            customer=customer,
            receipt=next_receipt(shop),
        )
        ids = [once] if is_free(once) else []
        post_own(out, [(at, sold)], shop=shop, person_id=person_id, ids=ids)
        take_receipt(shop)
        return GiftCard.objects.get(merchant=out.merchant, fingerprint=sold.fingerprint)


def gift_card_of(merchant: Merchant, entry_id: str) -> GiftCard | None:
    """The card that an entry has loaded."""
    row = JournalEntry.objects.filter(
        merchant=merchant, event_id=entry_id, kind="gift_sold", outcome=Outcome.POSTED
    ).first()
    read = entry_of(row.raw) if row else None
    if read is None or not isinstance(read.facts, GiftSold):
        return None
    return merchant.gift_cards.filter(fingerprint=read.facts.fingerprint).first()


def register_customers(
    shop: Shop, people: Sequence[NewCustomer], *, person_id: int | None = None
) -> list[Customer]:
    """Register customers, in the order given; their terminals know them a moment later."""
    uuids = []
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        with feed.writing(shop.merchant_id) as out:
            uuids += register(out, shop, some, person_id=person_id)
    found = {
        customer.uuid: customer
        for start in range(0, len(uuids), AT_ONCE)
        for customer in Customer.objects.filter(
            merchant_id=shop.merchant_id, uuid__in=uuids[start : start + AT_ONCE]
        )
    }
    return [found[uuid] for uuid in uuids]


def register(
    out: feed.Writing,
    shop: Shop,
    people: Sequence[NewCustomer],
    *,
    person_id: int | None = None,
    staff: str = "",
) -> list[str]:
    """Register some customers inside `feed.writing`; gives their uuids, in the order given."""
    joined = [_joined(out.merchant, person) for person in people]
    out.merchant.save(update_fields=["next_serial"])
    times = [person.joined_at for person in people]
    every = list(zip(times, joined, strict=True))
    post_own(out, every, shop=shop, person_id=person_id, staff=staff)
    return [facts.customer for facts in joined]


def _joined(merchant: Merchant, person: NewCustomer) -> Joined:
    key = bytes.fromhex(merchant.lookup_key)
    contacts = (contact.phone(person.phone), contact.email(person.email))
    details = PersonDetails(last_name=person.last_name, phone=person.phone, email=person.email)
    return Joined(
        customer=new_id(),
        code=person.code or free_number(merchant),
        first_name=person.first_name,
        initial=person.last_name[:1],
        sealed=sealed.seal(merchant.hub_key, asdict(details)),
        hashes=tuple(giftcard.fingerprint(key, text) for text in contacts if text),
        welcome=int(person.member),
        member=person.member,
    )
