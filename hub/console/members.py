# SPDX-License-Identifier: Apache-2.0
"""The columns of a file of members: what is exported is read again by its heads (SPEC M6)."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.console.lists import by_some
from hub.console.sheets import Cell
from hub.ledger import consenting
from hub.ledger.consenting import COLUMNS
from hub.ledger.consents import Channel
from hub.ledger.models import Customer


class Column(StrEnum):
    """What a file says of each member."""

    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    CARD = "card"
    PHONE = "phone"
    EMAIL = "email"
    BIRTHDAY = "birthday"
    BIRTH_YEAR = "birth_year"
    GENDER = "gender"
    POSTCODE = "postcode"
    MEMBER = "member"
    """1: joined the programme; a file that is read with 1 lets them join."""
    PRO = "pro"
    SEGMENT = "segment"
    ACCEPTS_EMAIL = "accepts_email"
    """1 or 0: what they last answered; empty: they were not asked."""
    ACCEPTS_SMS = "accepts_sms"
    TIER = "tier"
    POINTS = "points"
    VISITS = "visits"
    SEEN = "seen"
    SHOP = "shop"
    JOINED = "joined"


HEADS: Final = {
    Column.LAST_NAME: _("Nom"),
    Column.FIRST_NAME: _("Prénom"),
    Column.CARD: _("Carte"),
    Column.PHONE: _("Téléphone"),
    Column.EMAIL: _("E-mail"),
    Column.BIRTHDAY: _("Anniversaire"),
    Column.BIRTH_YEAR: _("Année de naissance"),
    Column.GENDER: _("Genre"),
    Column.POSTCODE: _("Code postal"),
    Column.MEMBER: _("Adhésion au programme de fidélité"),
    Column.PRO: _("Professionnel"),
    Column.SEGMENT: _("Groupe"),
    Column.ACCEPTS_EMAIL: _("Accepte les e-mails"),
    Column.ACCEPTS_SMS: _("Accepte les SMS"),
    Column.TIER: _("Statut"),
    Column.POINTS: _("Points"),
    Column.VISITS: _("Visites"),
    Column.SEEN: _("Dernière visite"),
    Column.SHOP: _("Boutique"),
    Column.JOINED: _("Inscrit"),
}
"""In the order of the file, in the reader's language."""


def heads() -> tuple[str, ...]:
    """The head of each column."""
    return tuple(str(words) for words in HEADS.values())


def cells(found: QuerySet[Customer], *, tiers: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    """One row for each of these customers, as `listings.customers` gives them.

    Args:
        found: who.
        tiers: the name of each tier by its id.
    """
    for some in by_some(found):
        answers = _answers(some)
        for person in some:
            yield (
                person.last_name or person.initial,
                person.first_name,
                person.code or "",
                person.phone,
                person.email,
                _typed(person.birthday),
                person.birth_year or "",
                person.get_gender_display(),
                person.postcode,
                int(person.member),
                int(person.pro),
                person.segment,
                *(answers.get((person.pk, channel), "") for channel in COLUMNS),
                tiers.get(person.tier, ""),
                person.points,
                person.visits,
                person.seen_at,
                person.seen_shop.name if person.seen_shop else "",
                person.joined_at,
            )


def _answers(people: Sequence[Customer]) -> dict[tuple[int, Channel], int]:
    """By person and channel what they last answered; who was not asked is not there."""
    if not people:
        return {}
    served = {person.head or person.uuid: person.pk for person in people}
    last = consenting.standings(people[0].merchant_id, served)
    return {
        (served[uuid], channel): int(one.given)
        for uuid, known in last.items()
        for channel, one in known.items()
    }


def _typed(birthday: str) -> str:
    """A birthday as people write it: 24/12."""
    month, _dash, day = birthday.partition("-")
    return f"{day}/{month}" if day else ""
