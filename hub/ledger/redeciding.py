# SPDX-License-Identifier: Apache-2.0
"""Decide sales again by the rules of their own version: where a till decided otherwise (SPEC C23).

An entry is a fact and stays one; whoever reads it is told that the rules give something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.reading import entry_of
from hub.programmes.publish import published
from loyalty.entry import Sold
from loyalty.programme import LoyaltyProgramme
from loyalty.redecide import Difference, redecide

CHUNK = 1000
"""Entries read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A sale that its till decided otherwise than its rules give."""

    row: JournalEntry
    version: int
    differences: tuple[Difference, ...]


def otherwise(merchant_id: str) -> Iterator[Otherwise]:
    """Every such sale of a merchant, in the order in which they were posted."""
    sales = JournalEntry.objects.filter(merchant=merchant_id, kind="sold", outcome=Outcome.POSTED)
    rows = sales.select_related("terminal").order_by("pk")
    versions = _Versions(merchant_id)
    for row in rows.iterator(CHUNK):
        if found := judged(row, versions):
            yield found


class _Versions(dict[int, LoyaltyProgramme | None]):
    """The versions of a merchant's rules that were asked for."""

    def __init__(self, merchant_id: str) -> None:
        self._merchant = merchant_id

    def __missing__(self, version: int) -> LoyaltyProgramme | None:
        self[version] = published(self._merchant, version)
        return self[version]


def judged(row: JournalEntry, versions: _Versions | None = None) -> Otherwise | None:
    """What differs in one sale; None: nothing does, or its rules are not known here."""
    versions = _Versions(row.merchant_id) if versions is None else versions
    entry = entry_of(row.raw)
    sold = entry.facts if entry else None
    if not isinstance(sold, Sold):
        return None
    programme = versions[sold.saw.programme]
    if programme is None:
        return None
    differences = redecide(sold, programme, shop=row.shop_id or "")
    version = programme.version
    return Otherwise(row=row, version=version, differences=differences) if differences else None
