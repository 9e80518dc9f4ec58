# SPDX-License-Identifier: Apache-2.0
"""What was posted and is not in what is kept yet: a minute's worth, read from the entries themselves.

It is read before what is kept is, and of it counts what lies beyond that: then whatever was added up
between the two questions is in one of them, and in one alone.
"""

from django.db.models import Expression, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hub.ledger.counts import CountBook
from hub.ledger.models import JournalEntry, Outcome


def upto(books: QuerySet) -> Expression:
    """How far a book goes, as a query says it; 0 where there is none yet.

    Args:
        books: the one, or nothing.
    """
    return Coalesce(Subquery(books.values("upto")[:1]), 0)


def posted_since(place: int | Expression, *, merchant_id: str) -> QuerySet[JournalEntry]:
    """Entries of a merchant that were posted under greater keys than that.

    The merchant is named so that no index serves: by its own, all that it ever had would be looked
    at for the few that are new.
    """
    found = JournalEntry.objects.filter(pk__gt=place, outcome=Outcome.POSTED)
    return found.alias(whose=Coalesce("merchant_id", Value(""))).filter(whose=merchant_id)


def not_counted(merchant_id: str) -> QuerySet[JournalEntry]:
    """Entries of a merchant that no count has yet."""
    counted = upto(CountBook.objects.filter(merchant=merchant_id))
    return posted_since(counted, merchant_id=merchant_id)
