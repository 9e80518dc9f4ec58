# SPDX-License-Identifier: Apache-2.0
"""The daily equation: what was issued, less what was used, is what is held, to the unit (I7).

Everything is added up again from the movements and compared with what the ledger says it has.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from hub.ledger.models import Account, Held, JournalEntry, Movement, Segment, Why
from loyalty.account import MERCHANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unit's equation."""

    unit: str
    """Kind of account."""
    by_entry: dict[str, int] = field(default_factory=dict)
    """What each kind of entry moved, in all."""
    balances: int
    """Of all holders."""
    owed: int
    """The merchant's side, turned round."""
    held: int
    """In rights of terminals."""

    @property
    def difference(self) -> int:
        """0 where the three agree."""
        moved = sum(self.by_entry.values())
        return max(abs(moved - self.balances), abs(self.owed - self.balances))


def equation(merchant_id: str) -> list[Line]:
    """The equation of each unit that the merchant has."""
    moved: defaultdict[str, dict[str, int]] = defaultdict(dict)
    of_merchant = Movement.objects.filter(account__merchant_id=merchant_id)
    for unit, kind, amount in of_merchant.values_list("account__kind", "entry__kind").annotate(
        Sum("amount")
    ):
        moved[unit][kind] = amount
    mine = Q(owner=MERCHANT)
    units = (
        Account.objects.filter(merchant_id=merchant_id)
        .order_by("kind")
        .values("kind")
        .annotate(
            balances=Coalesce(Sum("balance", filter=~mine), 0),
            issued=Coalesce(Sum("balance", filter=mine), 0),
            held=Sum("held_total"),
        )
    )
    return [
        Line(
            unit=row["kind"],
            by_entry=moved[row["kind"]],
            balances=row["balances"],
            owed=-row["issued"],
            held=row["held"],
        )
        for row in units
    ]


def faults(merchant_id: str) -> list[str]:
    """Every way in which the ledger does not add up, a sentence each; none is the only good."""
    found = [
        f"{line.unit} : écart de {line.difference}"
        for line in equation(merchant_id)
        if line.difference
    ]
    accounts = Account.objects.filter(merchant_id=merchant_id).exclude(owner=MERCHANT)
    found += [
        f"compte {pk} : solde {balance}, mouvements {moved}"
        for pk, balance, moved in accounts.annotate(moved=Coalesce(Sum("movements__amount"), 0))
        .exclude(moved=F("balance"))
        .values_list("pk", "balance", "moved")
    ]
    found += [
        f"compte {pk} : {balance} au solde, {total} réservés"
        for pk, balance, total in accounts.filter(
            Q(held_total__gt=F("balance")) | Q(balance__lt=0) | Q(held_total__lt=0)
        )
        .exclude(held_total=0, balance=0)
        .values_list("pk", "balance", "held_total")
    ]
    held = dict(
        Held.objects.filter(account__merchant_id=merchant_id)
        .values_list("account_id")
        .annotate(Sum("amount"))
    )
    found += [
        f"compte {pk} : {total} réservés, {held.get(pk, 0)} chez les terminaux"
        for pk, total in accounts.values_list("pk", "held_total")
        if total != held.get(pk, 0)
    ]
    return found + _gaps(merchant_id)


def _gaps(merchant_id: str) -> list[str]:
    """Received = posted + waiting + shelved, in each segment."""
    received = dict(
        JournalEntry.objects.filter(merchant_id=merchant_id, segment__isnull=False)
        .exclude(why=Why.FORK)
        .values_list("segment_id")
        .annotate(Count("pk"))
    )
    segments = Segment.objects.filter(terminal__merchant_id=merchant_id)
    return [
        f"journal {uuid} : {watermark} reçues, {received.get(pk, 0)} gardées"
        for pk, uuid, watermark in segments.values_list("pk", "uuid", "watermark")
        if received.get(pk, 0) != watermark
    ]
