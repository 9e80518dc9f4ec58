# SPDX-License-Identifier: Apache-2.0
"""What is written of a customer on the web: made, changed, and told to every till (SPEC E6, E7)."""

from dataclasses import dataclass, fields
from typing import Final

from django.db.models import Q, QuerySet

from hub.ledger.acts import NewCustomer, register
from hub.ledger.models import Customer
from hub.ledger.people import customer_item, search_text
from hub.merchants import feed
from hub.merchants.models import Merchant, Shop
from loyalty import contact, giftcard

INITIAL: Final = 1
"""Letters of the family name that tills show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a merchant knows of somebody; all but the first name may be empty."""

    first_name: str
    last_name: str = ""
    phone: str = ""
    email: str = ""
    birthday: str = ""
    """Month and day, `12-24`."""
    birth_year: int | None = None
    gender: str = ""
    postcode: str = ""
    """In capitals, without blanks."""
    pro: bool = False
    segment: str = ""
    """Whom the merchant counts them among."""

    @classmethod
    def of(cls, row: Customer) -> "Record":
        """What is known of somebody now."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


def create(
    shop: Shop, record: Record, *, code: str, member: bool, person_id: int | None
) -> Customer:
    """Register somebody on the web; without a code they are given the merchant's next number.

    Args:
        shop: where they join.
        record: who they are.
        code: of the card they hold, as `codes.read` gives it.
        member: whether they join the programme with it (SPEC C15).
        person_id: who does it.
    """
    new = NewCustomer(
        first_name=record.first_name,
        last_name=record.last_name,
        phone=record.phone,
        email=record.email,
        code=code,
        member=member,
    )
    with feed.writing(shop.merchant_id) as out:
        (uuid,) = register(out, shop, [new], person_id=person_id)
        customer = Customer.objects.get(merchant=out.merchant, uuid=uuid)
        write(out, customer, record)
        return customer


def change(customer: Customer, record: Record) -> bool:
    """Write what is known of somebody; their tills know it a moment later.

    Returns:
        False: they were anonymised meanwhile, and nobody is to know it again.
    """
    with feed.writing(customer.merchant_id) as out:
        row = Customer.objects.get(pk=customer.pk)
        if row.forgotten_at:
            return False
        write(out, row, record)
        return True


def hashes_of(merchant: Merchant, *, phone: str, email: str) -> list[str]:
    """The keyed hashes by which tills find somebody; what is no phone or e-mail has none."""
    key = bytes.fromhex(merchant.lookup_key)
    contacts = (contact.phone(phone), contact.email(email))
    return [giftcard.fingerprint(key, text) for text in contacts if text]


def reached_by(
    merchant: Merchant, *, phone: str, email: str, but: Customer | None = None
) -> QuerySet[Customer]:
    """Who gave the same phone or e-mail, however it was spaced; not the one who is asked about."""
    same = Q(pk__in=())
    for hashed in hashes_of(merchant, phone=phone, email=email):
        same |= Q(hashes__contains=hashed)
    found = Customer.objects.filter(same, merchant=merchant, stub=False).order_by("pk")
    if but is None:
        return found
    return found.exclude(Q(pk=but.pk) | ~Q(head="") & Q(head=but.head))


def write(out: feed.Writing, row: Customer, record: Record) -> None:
    """Write what is known of somebody, inside `feed.writing`."""
    row.first_name, row.last_name = record.first_name, record.last_name
    row.initial = record.last_name[:INITIAL].upper()
    row.phone, row.email = record.phone, record.email
    row.hashes = " ".join(hashes_of(out.merchant, phone=record.phone, email=record.email))
    row.birthday, row.birth_year = record.birthday, record.birth_year
    row.gender, row.postcode = record.gender, record.postcode
    row.pro, row.segment = record.pro, record.segment
    row.search = search_text(row)
    row.save(
        update_fields=[
            *("first_name", "last_name", "initial", "phone", "email", "hashes", "search"),
            *("birthday", "birth_year", "gender", "postcode", "pro", "segment"),
        ]
    )
    out.say(customer_item(row))
