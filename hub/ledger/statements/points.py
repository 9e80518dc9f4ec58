# SPDX-License-Identifier: Apache-2.0
"""All points that customers earned and used: movement by movement, and by customer (SPEC I1, I5).

What is added up are the movements themselves, so that what was earned less what was used is what
customers hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from hub.ledger import groups, summing
from hub.ledger.history import facts_of
from hub.ledger.models import Customer, Movement
from hub.ledger.summing import NOTHING, Wanted
from hub.merchants.models import Merchant, Shop
from hub.merchants.registry import names_of
from loyalty.account import NOBODY, Kind
from loyalty.entry import Cause, Facts


class Way(StrEnum):
    """Which way points went."""

    EARNED = "earned"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Points of some movements: both are 0 or more."""

    earned: int = 0
    used: int = 0

    @property
    def left(self) -> int:
        """What they changed in all."""
        return self.earned - self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One movement of points, and what caused it."""

    movement: Movement
    facts: Facts
    customer: Customer | None
    staff: str


_NO_POINTS: Final = Q(entry__kind__in=("joined", "opted_in", "visited")) | Q(
    entry__kind="adjusted", entry__cause__in=(Cause.WELCOME, Cause.BIRTHDAY, Cause.LAPSE)
)
"""Entries that come by the thousand and move no points: their movements are not looked at."""
EARNED, USED = Q(amount__gt=0), Q(amount__lt=0)
"""Which way a movement went, as a query says it."""


def moved(merchant: Merchant, shop: Shop | None = None) -> QuerySet[Movement]:
    """Every movement of customers' points, newest first; of a shop, what it did itself."""
    found = (
        Movement.objects.filter(entry__merchant=merchant, account__kind=Kind.POINTS)
        .exclude(_NO_POINTS)
        .exclude(account__owner__in=NOBODY)
        .select_related("account", "entry__shop", "entry__terminal__shop", "entry__person")
    )
    found = found.filter(entry__shop=shop) if shop else found
    return found.order_by("-entry__at", "-entry_id", "amount", "pk")


def between(
    found: QuerySet[Movement], since: datetime | None, until: datetime | None
) -> QuerySet[Movement]:
    """Those that happened from the first moment on, before the other."""
    if since:
        found = found.filter(entry__at__gte=since)
    return found.filter(entry__at__lt=until) if until else found


def went(found: QuerySet[Movement], way: Way) -> QuerySet[Movement]:
    """Those that went one way."""
    return found.filter(EARNED if way is Way.EARNED else USED)


def of_people(
    found: QuerySet[Movement], merchant: Merchant, people: groups.People
) -> tuple[QuerySet[Movement], bool]:
    """Those of some customers and of whoever was merged into them, and whether they are few.

    Of few all can be added up; of so many that most of the newest are theirs it takes too long: there
    a movement counts as the customer's whose entry it is. That differs after two who were merged were
    parted, for what one of them did with the points of the other meanwhile.
    """
    few = groups.few(merchant.pk, people)
    if few is None:
        meant = groups.theirs(merchant.pk, people, "entry__customer")
        return found.alias(meant=meant).filter(meant=True), False
    # found by their entries: an index of movements by account is paid for by every sale
    theirs = found.filter(account__owner__in=few.values(), entry__customer__in=groups.ever(few))
    # the same order, by no index: to walk all of a merchant's entries for a few people's takes long
    return theirs.order_by("-entry__hour", *found.query.order_by), True


def of_days(merchant: Merchant, wanted: Wanted) -> tuple[Sums, int]:
    """What everybody's of some days come to, and how many they are: as kept, whatever their number.

    Args:
        merchant: whose days these are.
        wanted: which of them; of which accounts is known.
    """
    asked = replace(wanted, kinds=(Kind.POINTS,), holders=True)
    ways = summing.sums([merchant], ("up",), asked)
    up, down = ways.get((True,), NOTHING), ways.get((False,), NOTHING)
    return Sums(earned=up.amount, used=-down.amount), up.times + down.times


def sums(found: QuerySet[Movement]) -> tuple[Sums, int]:
    """What they come to, and how many they are."""
    all_of_it = found.order_by().aggregate(
        earned=Sum("amount", filter=EARNED), used=Sum("amount", filter=USED), times=Count("pk")
    )
    earned, used = all_of_it["earned"] or 0, -(all_of_it["used"] or 0)
    return Sums(earned=earned, used=used), all_of_it["times"]


def sums_by_customer(found: QuerySet[Movement], people: Sequence[Customer]) -> dict[str, Sums]:
    """What those of some customers of one merchant come to, by their uuid."""
    if not people:
        return {}
    person_of = {person.uuid: person.uuid for person in people}
    for uuid, others in groups.of_heads(people[0].merchant_id, list(person_of)).items():
        if uuid in person_of:
            person_of |= dict.fromkeys(others, uuid)
    # found by their entries: an index of movements by account is paid for by every sale
    ever = groups.ever({person.pk: person.uuid for person in people})
    rows = (
        found.filter(entry__customer__in=ever, account__owner__in=person_of)
        .order_by()
        .values_list("account__owner")
        .annotate(earned=Sum("amount", filter=EARNED), used=Sum("amount", filter=USED))
    )
    sums: dict[str, Sums] = {}
    for owner, earned, used in rows:
        before = sums.get(person_of[owner], Sums())
        sums[person_of[owner]] = Sums(
            earned=before.earned + (earned or 0), used=before.used - (used or 0)
        )
    return sums


def told(merchant: Merchant, movements: Sequence[Movement]) -> list[Moved]:
    """Read what caused each of some movements; one whose entry this hub can't read is left out."""
    owners = {movement.account.owner for movement in movements}
    people = {
        person.uuid: person
        for person in Customer.objects.filter(merchant=merchant, uuid__in=owners)
    }
    names = names_of(merchant.pk)
    return [
        Moved(
            movement=movement,
            facts=facts,
            customer=people.get(movement.account.owner),
            staff=entry.person.name if entry.person else names.get(entry.staff, ""),
        )
        for movement in movements
        if (facts := facts_of(entry := movement.entry))
    ]
