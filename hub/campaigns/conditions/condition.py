# SPDX-License-Identifier: Apache-2.0
"""What every condition does, and what it is told."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.merchants.models import Merchant
from loyalty.calendar import months_after

Names = Mapping[str, str]
"""What shops, tiers, products and categories are called, by id."""


@dataclass(frozen=True, slots=True)
class Day:
    """Whose customers are asked, and on which day where the merchant is."""

    merchant: Merchant
    today: date

    def ago(self, months: int) -> date:
        """The same day so many months before, or the last of that month."""
        return months_after(self.today, -months)

    def begins(self, day: date) -> datetime:
        """The first moment of a day."""
        return datetime.combine(day, time(), ZoneInfo(self.merchant.zone))


@dataclass(frozen=True, slots=True)
class Condition(ABC):
    """One thing that is asked of a customer."""

    kind: ClassVar[str]
    """The word under which it is kept."""

    @abstractmethod
    def asked(self, day: Day) -> Q:
        """Who fits, among the persons that `listings.customers` gives."""

    @property
    def articles(self) -> tuple[str, ...]:
        """Ids of products and categories that it is about."""
        return ()

    @abstractmethod
    def words(self, names: Names) -> str:
        """What is so of whoever fits, in the reader's language."""


def called(names: Names, key: str) -> str:
    """What something is called; what was deleted has no name any more."""
    return names.get(key) or _("(supprimé)")


def lately(months: int) -> str:
    """Within how many months, as the end of a sentence; empty: whenever it was."""
    if not months:
        return ""
    words = ngettext("ce dernier mois", "ces %(n)s derniers mois", months) % {"n": months}
    return f" {words}"
