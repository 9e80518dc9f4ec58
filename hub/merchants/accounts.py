# SPDX-License-Identifier: Apache-2.0
"""Accounts that somebody opens for somebody else: whose they are is fixed, the password is theirs.

A shop's account sees its shop alone: `hub.console.access` gives each of its requests that scope.
"""

from django.db import transaction

from hub.merchants import links
from hub.merchants.models import Person, Role, Shop


class Taken(Exception):
    """Somebody has an account under this address."""


def open_shop_account(shop: Shop, address: str, *, page: str, language: str) -> Person:
    """Make a shop's account, and let its address be mailed the link that opens it.

    Until the link is followed it has no password, and nobody gets in.

    Args:
        shop: the only one it will see.
        address: where the link goes, and what it signs in with.
        page: what links open, without their secret.
        language: of the mail.

    Raises:
        Taken: the address has an account already.
    """
    address = address.lower()
    with transaction.atomic():
        if Person.objects.filter(email=address).exists():
            raise Taken
        person = Person(
            email=address, name=shop.name, role=Role.SHOP, merchant_id=shop.merchant_id, shop=shop
        )
        person.set_unusable_password()
        person.save()
        links.invite(person, page=page, language=language)
        return person


def shop_accounts(shop: Shop) -> list[Person]:
    """Who signs in for a shop, open and closed ones, by address."""
    return list(Person.objects.filter(shop=shop).order_by("-is_active", "email"))


def let_in(person: Person, *, allowed: bool) -> None:
    """Open or close an account; closing ends its sessions."""
    person.is_active = allowed
    person.save(update_fields=["is_active"])
