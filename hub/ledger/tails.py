# SPDX-License-Identifier: Apache-2.0
"""What was posted and is not in what is kept yet: a minute's worth, read from the entries themselves.

It is read before what is kept is, and of it counts what lies beyond that: then whatever was added up
between the two questions is in one of them, and in one alone.
"""

from typing import Final

from django.db.models import BigIntegerField, Expression, Max, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hub.ledger.counts import CountBook
from hub.ledger.models import JournalEntry, Outcome

FAR: Final = 5_000
"""Entries of other merchants among which a merchant's new ones are looked for, at most as a rule."""


def upto(books: QuerySet) -> Expression:
    """How far a book goes, as a query says it; 0 where there is none yet.

    Args:
        books: the one, or nothing.
    """
    return Coalesce(Subquery(books.values("upto")[:1]), 0)


def after(place: int | Expression) -> Q:
    """Rows of greater keys than that.

    A last key is named so that PostgreSQL takes them for few, as they are: of an open end that it does
    not know it expects a third of all rows.
    """
    return Q(pk__gt=place, pk__lte=BigIntegerField.MAX_BIGINT)


def posted_since(place: int | Expression, *, merchant_id: str) -> QuerySet[JournalEntry]:
    """Entries of a merchant that were posted under greater keys than that.

    The merchant is named so that no index serves: by its own, all that it ever had would be looked
    at for the few that are new.
    """
    found = JournalEntry.objects.filter(after(place), outcome=Outcome.POSTED)
    return found.alias(whose=Coalesce("merchant_id", Value(""))).filter(whose=merchant_id)


def is_behind(place: int, *, merchant_id: str) -> bool:
    """Whether a book that goes so far is to go on: its merchant posted since, or others so much."""
    newest = _newest()
    if newest <= place:
        return False
    return newest > place + FAR or posted_since(place, merchant_id=merchant_id).exists()


def next_of(
    found: QuerySet[JournalEntry], *, most: int | None = None
) -> tuple[list[JournalEntry], int]:
    """The next entries for a book, and how far it goes with them, inside `feed.writing`.

    That is beyond all that it does not want, of its merchant and of others, so that these are not
    looked at again.

    Args:
        found: what it wants of what was posted since.
        most: how many at once.
    """
    # under the merchant's lock: whatever it posts from now on gets a greater key
    newest = _newest()
    rows = list(found.order_by("pk")[:most])
    return rows, rows[-1].pk if rows and len(rows) == most else newest


def _newest() -> int:
    """Key of the last entry of any merchant."""
    return JournalEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def not_counted(merchant_id: str) -> QuerySet[JournalEntry]:
    """Entries of a merchant that no count has yet."""
    counted = upto(CountBook.objects.filter(merchant=merchant_id))
    return posted_since(counted, merchant_id=merchant_id)
