# SPDX-License-Identifier: Apache-2.0
"""Which code leads to whom, as people change it on the web: given, blocked, good again (E5, E11)."""

from typing import Final

from hub.ledger.cardbatches import CardBatch
from hub.ledger.models import Card, Customer
from hub.ledger.own import post_own
from hub.ledger.people import free_number
from hub.merchants import feed
from hub.merchants.models import Merchant, Person, Shop
from loyalty import card
from loyalty.card import BadCode
from loyalty.entry import CardsChanged

MOST_IN_BATCH: Final = 200
"""Cards printed together: twenty sheets."""


class CodeTaken(Exception):
    """Somebody has that code; a lost card stays its owner's."""

    def __init__(self, owner: Customer) -> None:
        super().__init__(owner.uuid)
        self.owner = owner


def read(typed: str) -> str | BadCode:
    """The code as it is looked up, or why what was typed is none."""
    code = card.read(typed)
    return code if isinstance(code, BadCode) else code.text


def owner_of(merchant: Merchant, code: str) -> Customer | None:
    """Whose code it is, whether their card was lost or not."""
    found = Card.objects.filter(merchant=merchant, code=code).select_related("customer").first()
    return found.customer if found else None


def give(
    customer: Customer,
    code: str,
    *,
    lost: bool,
    note: str,
    shop: Shop | None,
    person_id: int | None,
) -> str:
    """Give somebody a code, and the merchant's next number where it is empty.

    Args:
        customer: who gets it.
        code: as `read` gives it.
        lost: whether every card they had is blocked with it; their account stays as it is.
        note: why.
        shop: where, if it was in one.
        person_id: who does it.

    Returns:
        The code.

    Raises:
        CodeTaken: it is somebody's already, be it their own.
    """
    with feed.writing(customer.merchant_id) as out:
        if code and (owner := owner_of(out.merchant, code)):
            raise CodeTaken(owner)
        if not code:
            code = free_number(out.merchant)
            out.merchant.save(update_fields=["next_serial"])
        theirs = customer.cards.filter(blocked_at=None).order_by("pk")
        codes = tuple(theirs.values_list("code", flat=True)) if lost else ()
        changed = CardsChanged(customer=customer.uuid, code=code, lost=codes, note=note)
        post_own(out, [(None, changed)], shop=shop, person_id=person_id)
    return code


def turn(row: Card, *, blocked: bool, note: str, shop: Shop | None, person_id: int | None) -> bool:
    """Block one card, or let it lead to its owner again; False: it is so already."""
    with feed.writing(row.merchant_id) as out:
        now = Card.objects.select_related("customer").get(pk=row.pk)
        if (now.blocked_at is not None) == blocked:
            return False
        codes = (now.code,)
        changed = CardsChanged(
            customer=now.customer.uuid,
            lost=codes if blocked else (),
            found=() if blocked else codes,
            note=note,
        )
        post_own(out, [(None, changed)], shop=shop, person_id=person_id)
        return True


def reserve(merchant: Merchant, *, count: int, person: Person) -> CardBatch:
    """Keep so many of the merchant's next numbers for cards to print: nobody is given them before.

    Raises:
        ValueError: more than fit a batch, or none.
    """
    if not 0 < count <= MOST_IN_BATCH:
        message = f"not a batch of cards: {count}"
        raise ValueError(message)
    with feed.writing(merchant.pk) as out:
        numbers = [free_number(out.merchant) for _card in range(count)]
        out.merchant.save(update_fields=["next_serial"])
        return CardBatch.objects.create(merchant=out.merchant, codes=numbers, person=person)
