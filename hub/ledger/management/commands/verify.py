# SPDX-License-Identifier: Apache-2.0
"""`verify`: hash every journal again from its bytes; exits with 1 where one was changed."""

from collections.abc import Iterable

from hub.ledger.chains import breaks
from hub.ledger.management.checking import Checking
from hub.ledger.models import JournalEntry
from hub.merchants.models import Merchant


class Command(Checking):
    help = "Vérifie que chaque journal est, à l’octet près, celui que sa caisse a écrit."

    def said(self, merchant: Merchant) -> Iterable[str]:
        yield f"{JournalEntry.objects.filter(merchant=merchant).count()} écritures relues"

    def wrong(self, merchant: Merchant) -> Iterable[str]:
        return breaks(merchant.pk)
