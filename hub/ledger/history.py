# SPDX-License-Identifier: Apache-2.0
"""Tell one customer's story: every movement of their accounts, and what caused it (SPEC I6)."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, fields

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from hub.ledger import groups
from hub.ledger.merges import Merge
from hub.ledger.models import Account, Card, Customer, JournalEntry, Movement, Outcome
from hub.ledger.reading import entry_of
from hub.merchants.models import Shop, Staff
from loyalty.account import Kind
from loyalty.entry import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What a customer holds; `carry_cents` has not made a whole step yet."""

    points: int = 0
    visits: int = 0
    purse_cents: int = 0
    carry_cents: int = 0
    owed_points: int = 0
    """What a refund could not take back: later earnings pay it first."""
    owed_cents: int = 0
    """The same, of the purse."""

    @property
    def usable_points(self) -> int:
        """Points that the customer sees: what is owed is off."""
        return max(0, self.points - self.owed_points)

    @property
    def usable_cents(self) -> int:
        """The purse that the customer sees."""
        return max(0, self.purse_cents - self.owed_cents)

    @property
    def lacking_points(self) -> int:
        """What is owed beyond what is there: it is earned first."""
        return max(0, self.owed_points - self.points)

    @property
    def lacking_cents(self) -> int:
        """The same, of the purse."""
        return max(0, self.owed_cents - self.purse_cents)

    def __add__(self, other: "Balances") -> "Balances":
        both = zip(astuple(self), astuple(other), strict=True)
        return Balances(**dict(zip((f.name for f in fields(self)), map(sum, both), strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry and what it did to the customer's accounts."""

    row: JournalEntry
    facts: Facts
    staff: str
    moved: dict[str, int] = field(default_factory=dict)
    """Amount by kind of account."""
    balance: int = 0
    """Points after it."""


def balances(customer: Customer) -> Balances:
    """What the accounts of the person hold now."""
    return _balances(customer, _ones(customer))


def own_balances(customer: Customer) -> Balances:
    """What the customer's own accounts hold now: theirs alone, should they be parted."""
    return _balances(customer, (customer.uuid,))


def cards(customer: Customer) -> list[Card]:
    """Every card that leads to the person, the customer's own first."""
    found = Card.objects.filter(
        customer__merchant=customer.merchant, customer__uuid__in=_ones(customer)
    ).select_related("customer")
    return sorted(found, key=lambda card: (card.customer_id != customer.pk, card.pk))


def merges(customer: Customer) -> list[Merge]:
    """Who decided that the person is one, what stands before what was undone, newest first."""
    uuids = groups.ever(customer)
    found = Merge.objects.filter(
        member__merchant=customer.merchant, member__uuid__in=uuids
    ).select_related("into", "member", "person", "undone_by")
    return sorted(found, key=lambda merge: (merge.undone_at is not None, -merge.pk))


def _balances(customer: Customer, owners: Sequence[str]) -> Balances:
    held = Account.objects.filter(merchant=customer.merchant, owner__in=owners)
    by_kind: dict[str, int] = {}
    owed: dict[str, int] = {}
    for account in held:
        if account.kind == Kind.OWED:
            owed[account.key] = owed.get(account.key, 0) + account.balance
        by_kind[account.kind] = by_kind.get(account.kind, 0) + account.balance
    return Balances(
        points=by_kind.get(Kind.POINTS, 0),
        visits=by_kind.get(Kind.VISITS, 0),
        purse_cents=by_kind.get(Kind.PURSE, 0),
        carry_cents=by_kind.get(Kind.CARRY, 0),
        owed_points=owed.get(Kind.POINTS, 0),
        owed_cents=owed.get(Kind.PURSE, 0),
    )


def entries(customer: Customer, shop: Shop | None = None) -> QuerySet[JournalEntry]:
    """Everything that happened to the person, newest first; of a shop, what it did itself.

    What was sold to somebody while they were the same person may have moved these accounts too.
    """
    ones = _ones(customer)
    told = Q(customer__in=ones)
    if once := groups.ever(customer) - set(ones):
        moved = Movement.objects.filter(entry=OuterRef("pk"), account__owner__in=ones)
        told |= Q(Exists(moved), customer__in=once)
    found = JournalEntry.objects.filter(
        told, merchant=customer.merchant, outcome=Outcome.POSTED
    ).select_related("shop", "terminal", "person")
    return (found.filter(shop=shop) if shop else found).order_by("-at", "-pk")


def told(customer: Customer, rows: list[JournalEntry]) -> list[Told]:
    """Read what each of these entries did, with the points that the customer then had."""
    after = _points_after(customer)
    moved = _moved(customer, rows)
    names = dict(Staff.objects.filter(merchant=customer.merchant).values_list("pk", "name"))
    return [
        Told(
            row=row,
            facts=facts,
            staff=row.person.name if row.person else names.get(row.staff, ""),
            moved=moved.get(row.pk, {}),
            balance=after[row.pk],
        )
        for row in rows
        if (facts := facts_of(row))
    ]


def facts_of(row: JournalEntry) -> Facts | None:
    """What an entry says, read from its original bytes; None where this hub can't."""
    entry = entry_of(row.raw)
    return entry.facts if entry else None


def _points_after(customer: Customer) -> dict[int, int]:
    """The points after each entry, in the order in which they happened."""
    after: dict[int, int] = {}
    points = 0
    in_order = entries(customer).order_by("at", "pk")
    moved = dict(in_order.values_list("pk", "points"))
    if groups.ever(customer) != {customer.uuid}:  # an entry may have moved others' points as well
        mine = Movement.objects.filter(
            entry__in=in_order, account__owner__in=_ones(customer), account__kind=Kind.POINTS
        )
        moved |= dict.fromkeys(moved, 0)
        moved |= dict(mine.order_by().values_list("entry").annotate(Sum("amount")))
    for pk, change in moved.items():
        points += change
        after[pk] = points
    return after


def _ones(customer: Customer) -> tuple[str, ...]:
    return groups.ones(customer.merchant_id, customer.uuid)


def _moved(customer: Customer, rows: list[JournalEntry]) -> dict[int, dict[str, int]]:
    found = Movement.objects.filter(entry__in=rows, account__owner__in=_ones(customer))
    moved: dict[int, dict[str, int]] = {}
    for entry, kind, amount in found.values_list("entry", "account__kind", "amount"):
        kinds = moved.setdefault(entry, {})
        kinds[kind] = kinds.get(kind, 0) + amount
    return moved
