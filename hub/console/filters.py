# SPDX-License-Identifier: Apache-2.0
"""Read what a list is narrowed to, from its address; what makes no sense narrows nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from hub.console.access import Scope
from hub.merchants.models import Shop

LONGEST_QUERY: Final = 100
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2099, 12, 31)
"""Days that lists, weeks and appointments can be of: another is a typing error."""
_LONGEST_NUMBER: Final = 18
"""Digits: every such number has its place in a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What every list may be narrowed to."""

    q: str
    shop: Shop | None
    kind: str
    way: str
    seen: str
    first: date | None
    last: date | None

    @property
    def any(self) -> bool:
        """Whether something is narrowed."""
        return bool(
            self.q or self.shop or self.kind or self.way or self.seen or self.first or self.last
        )

    def whole_days(self, scope: Scope) -> bool:
        """Whether its days are the merchant's own, by which what came to pass is counted."""
        return not (self.first or self.last) or scope.zone == ZoneInfo(scope.merchant.zone)

    def moments(self, scope: Scope) -> tuple[datetime | None, datetime | None]:
        """Give the first moment, and the one just after the last, on the reader's clock."""
        after = self.last + timedelta(days=1) if self.last else None
        since = datetime.combine(self.first, time(), scope.zone) if self.first else None
        return since, datetime.combine(after, time(), scope.zone) if after else None


def read_filters(request: HttpRequest, scope: Scope) -> Filters:
    """Read the address. A shop that is not theirs is no address at all (404)."""
    asked = request.GET
    return Filters(
        q=" ".join(asked.get("q", "").split())[:LONGEST_QUERY],
        shop=scope.choose_shop(asked.get("shop")),
        kind=asked.get("kind", ""),
        way=asked.get("way", ""),
        seen=asked.get("seen", ""),
        first=day_of(asked.get("from", "")),
        last=day_of(asked.get("to", "")),
    )


def seen_choices() -> list[tuple[str, str]]:
    """Name the spans since which somebody came, in days."""
    return [
        ("", _("Vus à tout moment")),
        ("7", _("Vus depuis 7 jours")),
        ("30", _("Vus depuis 30 jours")),
        ("90", _("Vus depuis 3 mois")),
        ("365", _("Vus depuis un an")),
    ]


def seen_moment(seen: str) -> datetime | None:
    """Give the moment since which somebody must have come."""
    known = {days for days, _words in seen_choices()} - {""}
    return timezone.now() - timedelta(days=int(seen)) if seen in known else None


def day_of(typed: str) -> date | None:
    """The day that somebody typed; one before or after all that a hub can tell of is none."""
    try:
        day = parse_date(typed)
    except ValueError:
        return None
    return day if day and FIRST <= day <= LAST else None


def number_of(typed: str | None) -> int | None:
    """The whole number that an address or a form says; one that no column holds is none."""
    said = typed or ""
    fits = said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER
    return int(said) if fits else None
