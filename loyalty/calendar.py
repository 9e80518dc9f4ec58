# SPDX-License-Identifier: Apache-2.0
"""Days and hours in rules: windows that multiply points, birthdays, when points mature and expire.

Everything here is told its days, which are those of the shop's or the merchant's time zone.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

LONGEST_WAIT: Final = timedelta(days=90)
"""SPEC C18: a day further away than any rule allows came from a clock that was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When points are multiplied: all that it says must hold (SPEC C21)."""

    factor_bp: int = 20_000
    weekdays: tuple[int, ...] = ()
    """0 is Monday; none: every day."""
    from_minute: int = 0
    until_minute: int = 24 * 60
    """Of the day, the last one excluded."""
    from_day: str = ""
    until_day: str = ""
    """First and last, ISO; empty: no limit."""

    def holds(self, at: datetime) -> bool:
        """Whether the shop's wall clock is inside."""
        return (
            (not self.weekdays or at.weekday() in self.weekdays)
            and self.from_minute <= at.hour * 60 + at.minute < self.until_minute
            and within(self.from_day, self.until_day, at)
        )


def within(from_day: str, until_day: str, at: datetime) -> bool:
    """Whether a moment's day is one from the first to the last; empty: no limit."""
    day = at.date().isoformat()
    return from_day <= day and (not until_day or day <= until_day)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one where that month is shorter."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# ── birthdays ───────────────────────────────────────────────────────────────────────────────────


def birthday_open(*, month: int, day: int, today: date, days: int) -> int | None:
    """The year of the birthday whose window is open: from the day itself, so many days long.

    Who is born on the 29th of February has it on the 28th in the other years.
    """
    for year in (today.year, today.year - 1):
        last = calendar.monthrange(year, month)[1]
        begins = date(year, month, min(day, last))
        if begins <= today < begins + timedelta(days=days):
            return year
    return None


# ── waiting points ──────────────────────────────────────────────────────────────────────────────


def matures_on(at: datetime | None, days: int) -> str:
    """The day on which points of a sale can be spent, ISO; long ago where the till knew no day."""
    return (at.date() + timedelta(days=days) if at else date.min).isoformat()


def mature(day: str, today: date) -> bool:
    """Whether points that wait for a day are there; a day that can't be right is over, too."""
    return day <= today.isoformat() or day > (today + LONGEST_WAIT).isoformat()


# ── expiry ──────────────────────────────────────────────────────────────────────────────────────


class ExpiryKind(StrEnum):
    """Whether and from when points expire (SPEC C19)."""

    NEVER = "never"
    AWARD = "award"
    """So many months after each award."""
    PURCHASE = "purchase"
    """So many months after the last purchase, all at once."""


@dataclass(frozen=True, slots=True)
class ExpiryRule:
    """The rule of one version; it dates what is awarded under it, never what was before."""

    kind: ExpiryKind = ExpiryKind.NEVER
    months: int = 0

    def day(self, awarded: date) -> date | None:
        """The first day on which what was awarded is not there any more; None: never."""
        return None if self.kind is ExpiryKind.NEVER else months_after(awarded, self.months)


NO_EXPIRY: Final = ExpiryRule()

Lots = Mapping[date | None, int]
"""Points awarded, by the day that they expire on; None: never."""


def awarded(lots: Lots, points: int, *, on: date, rule: ExpiryRule) -> dict[date | None, int]:
    """With one award more; after a purchase, what expires by the last one gets its day, too.

    A day once given never moves nearer.
    """
    day = rule.day(on)
    found: dict[date | None, int] = {}
    for old, amount in lots.items():
        later = old
        if rule.kind is ExpiryKind.PURCHASE and old is not None and day is not None:
            later = max(old, day)
        found[later] = found.get(later, 0) + amount
    found[day] = found.get(day, 0) + points
    return {at: amount for at, amount in found.items() if amount}


def due(lots: Lots, *, balance: int, today: date) -> int:
    """What should be gone by today: the oldest is spent first, so what is left is the newest."""
    later = sum(amount for day, amount in lots.items() if day is None or day > today)
    return max(0, balance - later)


def expires(lots: Lots, *, balance: int, held: int, today: date) -> int:
    """What expires now: of what is due, only what is free and in no right (RIGHTS 20)."""
    return max(0, min(balance, due(lots, balance=balance, today=today)) - held)


def next_due(lots: Lots, *, balance: int, today: date) -> tuple[date, int] | None:
    """The next day on which something will expire, and how much: what a reminder says."""
    for day in sorted(day for day in lots if day is not None and day > today):
        if amount := due(lots, balance=balance, today=day):
            return day, amount
    return None


def days_to_keep(lots: Lots, today: date) -> dict[date | None, int]:
    """The lots that still say something: those that are not over."""
    return {day: amount for day, amount in lots.items() if day is None or day > today}
