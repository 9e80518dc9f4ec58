# SPDX-License-Identifier: Apache-2.0
"""Conditions on what is written in a customer's record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.campaigns.conditions.condition import Condition, Day, Names, called
from hub.ledger.consenting import COLUMNS
from hub.ledger.consents import Channel
from hub.ledger.genders import Gender

THIS_MONTH: Final = 0
"""In the place of the month of a birthday."""


@dataclass(frozen=True, slots=True)
class IsGender(Condition):
    """What they said of themselves."""

    kind = "gender"
    gender: str
    """Of `Gender`; empty: nothing is known."""

    def asked(self, day: Day) -> Q:
        """Who said so."""
        return Q(gender=self.gender)

    def words(self, names: Names) -> str:
        """« est une femme »."""
        match self.gender:
            case Gender.WOMAN:
                return _("est une femme")
            case Gender.MAN:
                return _("est un homme")
            case Gender.OTHER:
                return _("est d’un autre genre")
        return _("n’a pas de genre indiqué")


@dataclass(frozen=True, slots=True)
class IsAged(Condition):
    """So many years old at least, or not yet; whose year of birth is not known is neither."""

    kind = "age"
    least: bool
    years: int

    def asked(self, day: Day) -> Q:
        """By the year and the day of birth, which stand apart."""
        year, today = day.today.year - self.years, f"{day.today:%m-%d}"
        if self.least:
            return Q(birth_year__lt=year) | Q(birth_year=year, birthday__lte=today)
        return Q(birth_year__gt=year) | Q(birth_year=year, birthday__gt=today)

    def words(self, names: Names) -> str:
        """« a au moins 60 ans »."""
        if self.least:
            words = ngettext("a au moins %(n)s an", "a au moins %(n)s ans", self.years)
        else:
            words = ngettext("a moins de %(n)s an", "a moins de %(n)s ans", self.years)
        return words % {"n": self.years}


@dataclass(frozen=True, slots=True)
class HasBirthday(Condition):
    """Born in a month, of whatever year."""

    kind = "birthday"
    month: int
    """1 to 12, or `THIS_MONTH`."""

    def asked(self, day: Day) -> Q:
        """Whose birthday is known and in it."""
        return Q(birthday__startswith=f"{self.month or day.today.month:02}-")

    def words(self, names: Names) -> str:
        """« a son anniversaire en mai »."""
        if self.month == THIS_MONTH:
            return _("a son anniversaire ce mois-ci")
        return _("a son anniversaire en %(month)s") % {"month": MONTHS[self.month]}


@dataclass(frozen=True, slots=True)
class LivesIn(Condition):
    """Under a postcode that begins so."""

    kind = "postcode"
    begins: str
    """In capitals; several with a blank between them, one of which is enough."""

    def asked(self, day: Day) -> Q:
        """Whose postcode is known and begins with one of them."""
        found = Q(pk__in=())
        for begin in self.begins.split():
            found |= Q(postcode__startswith=begin)
        return found

    def words(self, names: Names) -> str:
        """« a un code postal qui commence par 974 »."""
        begins = _(" ou ").join(self.begins.split())
        return _("a un code postal qui commence par %(begins)s") % {"begins": begins}


class Tie(StrEnum):
    """How a customer belongs to a shop."""

    JOINED = "joined"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class OfShop(Condition):
    """Registered in a shop, or last seen there; a closed shop is one that they were in."""

    kind = "shop"
    tie: str
    """Of `Tie`."""
    shop: str

    def asked(self, day: Day) -> Q:
        """Whose record names the shop."""
        if self.tie == Tie.JOINED:
            return Q(joined_shop=self.shop)
        return Q(seen_shop=self.shop)

    def words(self, names: Names) -> str:
        """« s’est inscrit à Saint-Denis »."""
        words = (
            _("s’est inscrit à %(shop)s")
            if self.tie == Tie.JOINED
            else _("est venu la dernière fois à %(shop)s")
        )
        return words % {"shop": called(names, self.shop)}


@dataclass(frozen=True, slots=True)
class Accepts(Condition):
    """By what they agreed to be written to, or not."""

    kind = "consent"
    channel: str
    """Of `Channel`."""
    agreed: bool

    def asked(self, day: Day) -> Q:
        """Whose last answer it is; who never answered did not agree."""
        return Q(**{COLUMNS[Channel(self.channel)]: self.agreed})

    def words(self, names: Names) -> str:
        """« accepte les e-mails »."""
        match Channel(self.channel), self.agreed:
            case Channel.EMAIL, True:
                return _("accepte les e-mails")
            case Channel.EMAIL, False:
                return _("n’accepte pas les e-mails")
            case Channel.SMS, True:
                return _("accepte les SMS")
        return _("n’accepte pas les SMS")
