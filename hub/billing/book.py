# SPDX-License-Identifier: Apache-2.0
"""Credits of a merchant: how many are left, and an operator's gift of some."""

from typing import Final

from django.db.models import Sum

from hub.billing.models import Cause, CreditLine, Kind

MOST: Final = 1_000_000
"""Given at once."""


def left(merchant_id: str) -> dict[Kind, int]:
    """How many credits of each kind a merchant has: the sum of its book."""
    lines = CreditLine.objects.filter(merchant=merchant_id).order_by()
    sums = dict(lines.values_list("kind").annotate(Sum("amount")))
    return {kind: sums.get(kind, 0) for kind in Kind}


def give(merchant_id: str, kind: Kind, *, amount: int, reason: str, person_id: int) -> CreditLine:
    """Write an operator's gift into the book.

    Raises:
        ValueError: nothing is given, or too much at once.
    """
    if not 0 < amount <= MOST:
        raise ValueError("credits are given by ones up to a million")
    return CreditLine.objects.create(
        merchant_id=merchant_id,
        kind=kind,
        amount=amount,
        cause=Cause.GIVEN,
        reason=reason,
        person_id=person_id,
    )
