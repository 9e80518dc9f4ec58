# SPDX-License-Identifier: Apache-2.0
"""Conditions on what a customer bought, has and is given for it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.campaigns.conditions.condition import Condition, Day, Names, called, lately
from hub.ledger.models import Customer
from hub.ledger.purchases import ANYTHING, Bought, Spent

NO_TIER: Final = "none"
"""In the place of a tier."""


@dataclass(frozen=True, slots=True)
class _BoughtArticle(Condition):
    did: bool
    """Whether they did, or did not."""
    article: str
    """Its id, which a new name does not change; what is sold no more was bought all the same."""
    months: int = 0
    """Within how many; 0: ever."""

    @property
    def articles(self) -> tuple[str, ...]:
        """The one that was bought or not."""
        return (self.article,)

    def asked(self, day: Day) -> Q:
        """Who has a sale with it that was not paid back."""
        found = _buyers(day, self.article, since=day.ago(self.months) if self.months else None)
        return found if self.did else ~found


@dataclass(frozen=True, slots=True)
class BoughtCategory(_BoughtArticle):
    """Bought of a category: as itself, or a product that was in it when it was sold."""

    kind = "category"

    def words(self, names: Names) -> str:
        """« a acheté au rayon « Pains » ces 3 derniers mois »."""
        words = (
            _("a acheté au rayon « %(name)s »%(lately)s")
            if self.did
            else _("n’a rien acheté au rayon « %(name)s »%(lately)s")
        )
        return words % {"name": called(names, self.article), "lately": lately(self.months)}


@dataclass(frozen=True, slots=True)
class BoughtProduct(_BoughtArticle):
    """Bought a product."""

    kind = "product"

    def words(self, names: Names) -> str:
        """« a acheté « Baguette » ces 3 derniers mois »."""
        words = (
            _("a acheté « %(name)s »%(lately)s")
            if self.did
            else _("n’a pas acheté « %(name)s »%(lately)s")
        )
        return words % {"name": called(names, self.article), "lately": lately(self.months)}


@dataclass(frozen=True, slots=True)
class BoughtNothing(Condition):
    """Bought nothing for so many months, and was a customer before."""

    kind = "absent"
    months: int

    def asked(self, day: Day) -> Q:
        """Who joined before then, and has no sale since that was not paid back."""
        since = day.ago(self.months)
        return ~_buyers(day, ANYTHING, since=since) & Q(joined_at__lt=day.begins(since))

    def words(self, names: Names) -> str:
        """« n’a rien acheté depuis 6 mois »."""
        words = ngettext(
            "n’a rien acheté depuis %(n)s mois", "n’a rien acheté depuis %(n)s mois", self.months
        )
        return words % {"n": self.months}


@dataclass(frozen=True, slots=True)
class HasSpent(Condition):
    """Spent so much at least, or less: what was due after rewards, less what was paid back."""

    kind = "spent"
    least: bool
    cents: int
    months: int = 0
    """Within how many, the one of then counted whole; 0: ever."""

    def asked(self, day: Day) -> Q:
        """Whose sales came to it."""
        rows = Spent.objects.filter(customer__merchant=day.merchant)
        if self.months:
            rows = rows.filter(month__gte=day.ago(self.months).replace(day=1))
        head = NullIf(F("customer__head"), Value(""))
        sums = rows.values(person=Coalesce(head, F("customer__uuid"))).annotate(sum=Sum("cents"))
        found = Q(uuid__in=sums.filter(Q(sum__gte=self.cents)).values("person"))
        return found if self.least else ~found

    def words(self, names: Names) -> str:
        """« a dépensé au moins 500 € »."""
        words = (
            _("a dépensé au moins %(amount)s\u00a0€%(lately)s")
            if self.least
            else _("a dépensé moins de %(amount)s\u00a0€%(lately)s")
        )
        amount = number_format(self.cents / 100, decimal_pos=2, force_grouping=True)
        return words % {"amount": amount, "lately": lately(self.months)}


@dataclass(frozen=True, slots=True)
class HasVisited(Condition):
    """Came so often at least, or less often."""

    kind = "visits"
    least: bool
    times: int

    def asked(self, day: Day) -> Q:
        """By the visits that were counted."""
        return Q(visits__gte=self.times) if self.least else Q(visits__lt=self.times)

    def words(self, names: Names) -> str:
        """« est venu au moins 10 fois »."""
        words = (
            _("est venu au moins %(n)s fois") if self.least else _("est venu moins de %(n)s fois")
        )
        return words % {"n": number_format(self.times, force_grouping=True)}


@dataclass(frozen=True, slots=True)
class HasPoints(Condition):
    """Has so many points at least, or fewer, less those that are owed."""

    kind = "points"
    least: bool
    points: int

    def asked(self, day: Day) -> Q:
        """By what their page says that they have."""
        return Q(points__gte=self.points) if self.least else Q(points__lt=self.points)

    def words(self, names: Names) -> str:
        """« a au moins 100 points »."""
        if self.least:
            words = ngettext("a au moins %(n)s point", "a au moins %(n)s points", self.points)
        else:
            words = ngettext("a moins de %(n)s point", "a moins de %(n)s points", self.points)
        return words % {"n": number_format(self.points, force_grouping=True)}


@dataclass(frozen=True, slots=True)
class HasTier(Condition):
    """Has a tier, as the last night found; one that was deleted nobody has."""

    kind = "tier"
    tier: str
    """Its id, or `NO_TIER`."""

    def asked(self, day: Day) -> Q:
        """Whose it is."""
        return Q(tier="" if self.tier == NO_TIER else self.tier)

    def words(self, names: Names) -> str:
        """« a le statut Or »."""
        if self.tier == NO_TIER:
            return _("n’a pas de statut")
        return _("a le statut « %(name)s »") % {"name": called(names, self.tier)}


def _buyers(day: Day, article: str, *, since: date | None) -> Q:
    """Persons one of whom bought it, since a day or ever."""
    rows = Bought.objects.filter(merchant=day.merchant, article=article)
    if since:
        rows = rows.filter(last_on__gte=since)
    return _are(day, rows.values("customer"))


def _are(day: Day, customers: QuerySet) -> Q:
    """Persons of whom one is among these customers."""
    merged = Customer.objects.filter(merchant=day.merchant, pk__in=customers).exclude(head="")
    return Q(pk__in=customers) | Q(uuid__in=merged.values("head"))
