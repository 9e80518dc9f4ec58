# SPDX-License-Identifier: Apache-2.0
"""Tell one customer's story: every movement of their accounts, and what caused it (SPEC I6)."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from hub.ledger.models import Account, Customer, JournalEntry, Movement, Outcome
from hub.ledger.reading import entry_of
from hub.merchants.models import Shop, Staff
from loyalty.account import Kind
from loyalty.entry import CarryConverted, Facts, Sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What a customer holds; `carry_cents` has not made a whole step yet."""

    points: int
    visits: int
    purse_cents: int
    carry_cents: int
    owed_points: int = 0
    """What a refund could not take back: later earnings pay it first."""
    owed_cents: int = 0
    """The same, of the purse."""


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

    @property
    def rules(self) -> str:
        """The version of the rules it was decided with, or the rule itself; empty: none was."""
        match self.facts:
            case Sold(saw=saw):
                return str(saw.programme)
            case CarryConverted(earn=earn):
                return earn.key
        return ""


def balances(customer: Customer) -> Balances:
    """What the customer's accounts hold now."""
    held = Account.objects.filter(merchant=customer.merchant, owner=customer.uuid)
    by_kind: dict[str, int] = {}
    owed: dict[str, int] = {}
    for account in held:
        if account.kind == Kind.OWED:
            owed[account.key] = account.balance
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
    """Everything that happened to the customer, newest first; of a shop, what it did itself."""
    found = JournalEntry.objects.filter(
        merchant=customer.merchant, customer=customer.uuid, outcome=Outcome.POSTED
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
    for pk, change in in_order.values_list("pk", "points"):
        points += change
        after[pk] = points
    return after


def _moved(customer: Customer, rows: list[JournalEntry]) -> dict[int, dict[str, int]]:
    found = Movement.objects.filter(entry__in=rows, account__owner=customer.uuid)
    moved: dict[int, dict[str, int]] = {}
    for entry, kind, amount in found.values_list("entry", "account__kind", "amount"):
        kinds = moved.setdefault(entry, {})
        kinds[kind] = kinds.get(kind, 0) + amount
    return moved
