# SPDX-License-Identifier: Apache-2.0
"""Lists a page at a time: each begins after the last one of the page before, whatever came since."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from hub.api import words
from hub.api.problems import WrongField, invalid, not_found

Row = TypeVar("Row", bound=Model)


def only(request: HttpRequest, *names: str) -> None:
    """Refuse a word of the address that the list does not know: it would narrow nothing.

    Raises:
        Problem: there is one, which is named.
    """
    wrong = sorted(request.GET.keys() - {*names, "after", "limit"})
    if wrong:
        kind = "extra_forbidden"
        raise invalid(
            WrongField(field=f"query.{name}", reason=kind, detail=words.of_field(kind))
            for name in wrong
        )


def cut(rows: QuerySet[Row], after: str, limit: int) -> tuple[list[Row], str | None]:
    """Rows in the order in which they were made, and what the next page begins after, if any.

    Args:
        rows: each known by a `uuid`.
        after: of the last one of the page before; empty: from the first one on.
        limit: how many at most.

    Raises:
        Problem: there is no such row here.
    """
    in_order = rows.order_by("pk")
    if after:
        last = rows.filter(uuid=after).values_list("pk", flat=True).first()
        if last is None:
            raise not_found()
        in_order = in_order.filter(pk__gt=last)
    some = list(in_order[: limit + 1])
    more = len(some) > limit
    return some[:limit], some[limit - 1].uuid if more else None  # type: ignore[attr-defined]
