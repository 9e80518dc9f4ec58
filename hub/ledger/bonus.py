# SPDX-License-Identifier: Apache-2.0
"""Points that somebody gives or takes by hand: never more than what is free (SPEC I2, I3)."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from hub.ledger.models import Account, Customer, Held
from hub.ledger.own import post_own
from hub.ledger.tellings import PointsNotice
from hub.merchants import feed
from hub.merchants.models import Merchant, Shop
from loyalty.account import Kind, Movement, points_of
from loyalty.entry import Adjusted, Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """What can be taken of a customer's points now, and what rests at which till."""

    points: int
    held: tuple[tuple[str, int], ...]
    """Terminal and points."""
    suspended: bool = False
    """The hub was restored and does not know all yet: nothing is free."""


class NotFree(Exception):
    """More was to be taken than is free; nothing was."""

    def __init__(self, free: Free) -> None:
        super().__init__(free.points)
        self.free = free


def free_of(customer: Customer, merchant: Merchant) -> Free:
    """What is free of a customer's points."""
    account = Account.objects.filter(
        merchant=merchant, kind=Kind.POINTS, owner=customer.uuid, key=""
    ).first()
    if account is None:
        return Free(points=0, held=())
    held = Held.objects.filter(account=account).exclude(amount=0)
    tills = held.values_list("segment__terminal").annotate(Sum("amount"))
    suspended = merchant.suspended_at is not None
    free = 0 if suspended else max(0, account.balance - account.held_total)
    return Free(points=free, held=tuple(tills.order_by("segment__terminal")), suspended=suspended)


def adjust_points(
    customer: Customer, points: int, *, note: str, shop: Shop | None, person_id: int | None
) -> str:
    """Give points, or take them where negative; the customer reads the note. Gives the entry's id.

    Raises:
        NotFree: so many can't be taken now.
    """
    with feed.writing(customer.merchant_id) as out:
        if points < 0:
            free = free_of(customer, out.merchant)
            if -points > free.points:
                raise NotFree(free)
        facts = Adjusted(
            cause=Cause.BY_HAND,
            moves=(Movement(points_of(customer.uuid), points),),
            customer=customer.uuid,
            note=note,
        )
        (entry,) = post_own(out, [(None, facts)], shop=shop, person_id=person_id)
        if customer.email:
            PointsNotice.objects.create(
                customer=customer, points=points, note=note, made_at=timezone.now()
            )
    return entry
