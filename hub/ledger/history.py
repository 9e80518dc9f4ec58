# SPDX-License-Identifier: Apache-2.0
"""Tell one customer's story: every movement of their accounts, and what caused it (SPEC I6)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.utils import timezone

from hub.ledger import groups
from hub.ledger.dating import day_of
from hub.ledger.merges import Merge
from hub.ledger.models import Account, Card, Customer, JournalEntry, Movement, Outcome
from hub.ledger.reading import entry_of
from hub.merchants.models import Shop
from hub.merchants.registry import names_of
from loyalty.account import Account as AccountName
from loyalty.account import Kind, shown
from loyalty.calendar import mature
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
    """Amount by kind of account, what became owed taken off."""
    balance: int = 0
    """Points after it, what is owed taken off."""


def balances(customer: Customer) -> Balances:
    """What the accounts of the person hold now."""
    return _balances(customer, _ones(customer))


def waiting(customer: Customer) -> list[tuple[date | None, int]]:
    """Points of the person that wait, by the day they can be used from; None: any moment now."""
    rows = Account.objects.filter(
        merchant=customer.merchant, owner__in=_ones(customer), kind=Kind.PENDING, balance__gt=0
    )
    sums = rows.values_list("key").annotate(Sum("balance")).order_by("key")
    today = timezone.now().astimezone(ZoneInfo(customer.merchant.zone)).date()
    return [(None if mature(day, today) else day_of(day), points) for day, points in sums]


def own_balances(customer: Customer) -> Balances:
    """What the customer's own accounts hold now: theirs alone, should they be parted."""
    return _balances(customer, (customer.uuid,))


def cards(customer: Customer) -> list[Card]:
    """Every card of the person, those that lead to them and the customer's own first."""
    found = Card.objects.filter(
        customer__merchant=customer.merchant, customer__uuid__in=_ones(customer)
    ).select_related("customer")
    return sorted(
        found,
        key=lambda card: (card.blocked_at is not None, card.customer_id != customer.pk, card.pk),
    )


def merges(customer: Customer) -> list[Merge]:
    """Who decided that the person is one, what stands before what was undone, newest first."""
    uuids = groups.ever({customer.pk: customer.uuid})
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
    if once := groups.ever({customer.pk: customer.uuid}) - set(ones):
        moved = Movement.objects.filter(entry=OuterRef("pk"), account__owner__in=ones)
        told |= Q(Exists(moved), customer__in=once)
    found = JournalEntry.objects.filter(
        told, merchant=customer.merchant, outcome=Outcome.POSTED
    ).select_related("shop", "terminal__shop", "person")
    return (found.filter(shop=shop) if shop else found).order_by("-at", "-pk")


def told(customer: Customer, rows: list[JournalEntry]) -> list[Told]:
    """Read what each of these entries did, with the points that the customer then had."""
    after = _points_after(customer)
    moved = _moved(customer, rows)
    names = names_of(customer.merchant_id)
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
    """The points after each entry, in the order in which they happened, what is owed taken off."""
    in_order = entries(customer).order_by("at", "pk")
    change = Sum(Case(When(account__kind=Kind.POINTS, then="amount"), default=-F("amount")))
    of_points = Q(account__kind=Kind.POINTS, account__key="")
    of_points |= Q(account__kind__in=(Kind.OWED, Kind.SHORT), account__key=Kind.POINTS)
    moved = Movement.objects.filter(
        of_points, entry__in=in_order, account__owner__in=_ones(customer)
    )
    changes = dict(moved.order_by().values_list("entry").annotate(change=change))
    pks = in_order.values_list("pk", flat=True)
    return dict(zip(pks, accumulate(changes.get(pk, 0) for pk in pks), strict=True))


def _ones(customer: Customer) -> tuple[str, ...]:
    return groups.ones(customer.merchant_id, customer.uuid)


def _moved(customer: Customer, rows: list[JournalEntry]) -> dict[int, dict[str, int]]:
    """What each entry changed of what the customer sees, by kind of account."""
    found = Movement.objects.filter(entry__in=rows, account__owner__in=_ones(customer))
    accounts = ("account__kind", "account__owner", "account__key")
    by_entry: dict[int, Counter[AccountName]] = defaultdict(Counter)
    for entry, amount, kind, *named in found.values_list("entry", "amount", *accounts):
        by_entry[entry][AccountName(Kind(kind), *named)] += amount
    moved: dict[int, dict[str, int]] = {}
    for entry, amounts in by_entry.items():
        kinds = moved.setdefault(entry, Counter())
        for account, amount in shown(amounts).items():
            kinds[account.kind] += amount
    return moved
