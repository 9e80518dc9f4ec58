# SPDX-License-Identifier: Apache-2.0
"""Stock a pretix with gift cards and a key to its API; runs inside pretix's own environment.

Prints the organizer's slug, the key, and the id of each card, as JSON.
"""

import json
import sys
from decimal import Decimal

import django

VALUE = Decimal(100_000)
"""Euros on each card: enough for any number of cents."""


def main(number: int) -> None:
    """Make an organizer with so many cards."""
    django.setup()
    from django_scopes import scopes_disabled
    from pretix.base.models import GiftCard, GiftCardTransaction, Organizer

    with scopes_disabled():
        shop = Organizer.objects.create(name="Comptoir", slug="comptoir")
        team = shop.teams.create(name="tills", all_organizer_permissions=True)
        cards = GiftCard.objects.bulk_create(
            GiftCard(issuer=shop, secret=f"CARD{n:06}", currency="EUR") for n in range(number)
        )
        GiftCardTransaction.objects.bulk_create(
            GiftCardTransaction(card=card, value=VALUE, acceptor=shop) for card in cards
        )
        key = team.tokens.create(name="bench").token
    print(json.dumps({"slug": shop.slug, "key": key, "cards": [card.pk for card in cards]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
