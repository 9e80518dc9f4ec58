# SPDX-License-Identifier: Apache-2.0
"""Sort and page every list on the server, and say in words what is shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.console.templatetags.console import figure

ROWS: Final = 25
MOST: Final = 10_000
"""Rows that a list is turned over to, and counted where nothing keeps their number: who looks for
another narrows the list or takes the file, which has all."""
FOUND: Final = 1_000
"""The same of a list that a text was looked for in: one more word finds what more pages do not."""
SOME: Final = 500
"""Rows that a file is made of at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's head; one with a key can be sorted by."""

    name: str
    key: str = ""
    right: bool = False
    falls: bool = False
    """Sorted first from the greatest: dates and figures."""
    direction: str = ""
    next: str = ""
    """What `sort` must be for a press on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list."""

    rows: list[Any]
    number: int
    first: int
    last: int
    total: int
    """One more than `most` where there are more than that, and nothing keeps how many."""
    most: int
    """Rows that it is turned over to."""
    exact: bool
    before: int | None
    after: int | None

    @property
    def many(self) -> bool:
        """Whether there is more than this page."""
        return self.before is not None or self.after is not None

    @property
    def cut(self) -> bool:
        """Whether it is the last that is shown, though not the last there is."""
        return self.after is None and self.last < self.total


def page_of(
    rows: QuerySet | Sequence[Any],
    asked: str | None,
    *,
    total: int | None = None,
    sought: bool = False,
    every: QuerySet | None = None,
) -> Page:
    """Take the page that was asked for; a number that makes no sense is the nearest that does.

    Args:
        rows: all of them, in their order.
        asked: its number, as an address says it.
        total: how many there are, where something keeps it.
        sought: whether a text was looked for in it.
        every: what the list was narrowed from, where narrowing takes long: those on the page are
            read from it.
    """
    most = FOUND if sought else MOST
    found: Any = rows
    if sought and isinstance(rows, QuerySet):
        # much is gone through for what is found: once, for how many it is and for which
        found = list(rows.values_list("pk", flat=True)[: most + 1])
    paginator = _UpToMost(found, ROWS)
    paginator.most = most
    if total is not None:
        paginator.count = total
    page = paginator.get_page(asked)
    some: Any = page.object_list
    shown = list(_shown(rows if every is None else every, some))
    first = page.start_index()
    return Page(
        rows=shown,
        number=page.number,
        first=first,
        last=max(0, first + len(shown) - 1),
        total=paginator.count,
        most=most,
        exact=total is not None or paginator.count <= most,
        before=page.previous_page_number() if page.has_previous() else None,
        after=page.next_page_number() if page.has_next() else None,
    )


def by_some(rows: QuerySet) -> Iterator[list[Any]]:
    """Read a whole list, some rows at a time, for a file of it."""
    every = rows.iterator(SOME)
    while some := list(islice(every, SOME)):
        yield some


def spoken(page: Page, one: str, many: str) -> str:
    """Say which rows these are: « 1 à 25 sur 2 318 clients »."""
    noun = one if page.total == 1 else many
    if not page.many:
        return f"{figure(page.total)} {noun}"
    total = figure(page.total) if page.exact else _("plus de %(n)s") % {"n": figure(page.most)}
    words = {"first": figure(page.first), "last": figure(page.last), "total": total}
    return _("%(first)s à %(last)s sur %(total)s") % words + f" {noun}"


def sorted_by(
    asked: str | None, fields: Mapping[str, str], *, default: str
) -> tuple[str, tuple[str, ...]]:
    """Read `sort` (a key, with « - » from the greatest) into what it is and what orders the rows.

    The primary key settles ties, so that a row never stands on two pages.
    """
    sort = asked if asked and asked.removeprefix("-") in fields else default
    sign = "-" if sort.startswith("-") else ""
    return sort, (f"{sign}{fields[sort.removeprefix('-')]}", f"{sign}pk")


def heads(columns: Sequence[Column], sort: str) -> list[Column]:
    """Say on each column how it is sorted and what a press on it does."""
    return [_head(column, sort) for column in columns]


class _UpToMost(Paginator):
    """Has no page that nobody turns over to."""

    most = MOST

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by().values("pk")[: self.most + 1].count()

    @cached_property
    def num_pages(self) -> int:
        return max(1, -(-min(self.count, self.most) // self.per_page))


def _shown(every: QuerySet | Sequence[Any], some: QuerySet | Sequence[Any]) -> Iterable[Any]:
    """What stands on the page: rows whole, of which there may be keys alone so far."""
    if not isinstance(every, QuerySet):
        return some
    if isinstance(some, QuerySet):
        # sums and what is joined are found for these rows alone
        if not (some.query.annotations or some.query.select_related):
            return some
        some = list(some.values_list("pk", flat=True))
    found = every.in_bulk(some)
    return [found[key] for key in some if key in found]  # one may have left the list just now


def _head(column: Column, sort: str) -> Column:
    if not column.key:
        return column
    here = sort.removeprefix("-") == column.key
    falling = sort.startswith("-")
    turned = f"{'' if falling else '-'}{column.key}"
    return Column(
        name=column.name,
        key=column.key,
        right=column.right,
        falls=column.falls,
        direction=("descending" if falling else "ascending") if here else "",
        next=turned if here else f"{'-' if column.falls else ''}{column.key}",
    )
