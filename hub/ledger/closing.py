# SPDX-License-Identifier: Apache-2.0
"""Close a merchant and open it again: its people and programs stay out, nothing is deleted."""

from django.db.models import QuerySet
from django.utils import timezone

from hub.ledger import decisions
from hub.ledger.rulings import Ruling, Verdict
from hub.merchants import feed, sessions
from hub.merchants.deeds import Did
from hub.merchants.doing import doing
from hub.merchants.models import Merchant, Person, Terminal


def close(merchant: Merchant, *, by: Person, reason: str) -> None:
    """Let nobody of it in any more, and ask each of its tills to leave in good order.

    A till that is on goes on until it has heard so; then it gives back what it held, sends what it
    has and sells nothing more. What customers hold stays theirs.
    """
    with doing(
        Did.MERCHANT_CLOSED, by=by, merchant=merchant, about=merchant, reason=reason
    ) as deed:
        deed.done = _turn(merchant, closed=True)
        if deed.done:
            sessions.end_all_of(merchant)
            for till in selling(merchant).filter(leaving=False):
                decisions.leave(till, reason=reason, person_id=by.pk)


def open_again(merchant: Merchant, *, by: Person, reason: str) -> None:
    """Let its people in again; tills that its closing sent away and that are still here, stay."""
    closed_at = merchant.closed_at
    with doing(
        Did.MERCHANT_REOPENED, by=by, merchant=merchant, about=merchant, reason=reason
    ) as deed:
        deed.done = _turn(merchant, closed=False)
        if deed.done:
            sent = Ruling.objects.filter(verdict=Verdict.LEAVING, at__gte=closed_at)
            for till in selling(merchant).filter(leaving=True, pk__in=sent.values("terminal")):
                decisions.stay(till, reason=reason, person_id=by.pk)


def selling(merchant: Merchant) -> QuerySet[Terminal]:
    """Its tills that are in service, leaving or not."""
    return merchant.terminals.filter(retired_at=None, signed_off_at=None)


def _turn(merchant: Merchant, *, closed: bool) -> bool:
    """Under its row's lock: two who close at once do it once."""
    with feed.writing(merchant.pk) as out:
        if (out.merchant.closed_at is not None) == closed:
            return False
        out.merchant.closed_at = timezone.now() if closed else None
        out.merchant.save(update_fields=["closed_at"])
        merchant.closed_at = out.merchant.closed_at
        return True
