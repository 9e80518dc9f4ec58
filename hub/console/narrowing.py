# SPDX-License-Identifier: Apache-2.0
"""Whom the list of customers is narrowed to, from its address (SPEC E7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hub.campaigns import audiences
from hub.campaigns.models import Audience
from hub.console.access import Scope
from hub.console.filters import day_of
from hub.ledger.consenting import COLUMNS
from hub.ledger.consents import Channel
from hub.ledger.models import Card, Customer

NONE: Final = "none"
"""Who has no tier, or agreed to nothing."""
YES, NO = "yes", "no"
_LONGEST: Final = 9
"""Digits of a number of points that makes sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What the list may be narrowed to besides name, shop and last visit."""

    tier: str
    pro: str
    card: str
    accepts: str
    joined: date | None
    segment: Audience | None
    least: int | None
    """Points, from."""
    most: int | None
    """Points, up to."""

    @property
    def any(self) -> bool:
        """Whether something is narrowed."""
        told = (self.tier, self.pro, self.card, self.accepts, self.joined, self.segment)
        return any(told) or self.least is not None or self.most is not None

    def of(self, found: QuerySet[Customer], scope: Scope) -> QuerySet[Customer]:
        """Those of these customers, as `listings.customers` gives them."""
        if self.tier:
            found = found.filter(tier="" if self.tier == NONE else self.tier)
        if self.pro:
            found = found.filter(pro=self.pro == YES)
        if self.card:
            has = Exists(Card.objects.filter(customer=OuterRef("pk"), blocked_at=None))
            found = found.filter(has if self.card == YES else ~has)
        if self.accepts == NONE:
            found = found.filter(**dict.fromkeys(COLUMNS.values(), False))
        elif self.accepts:
            found = found.filter(**{COLUMNS[Channel(self.accepts)]: True})
        if self.joined:
            since = datetime.combine(self.joined, time(), scope.zone)
            found = found.filter(joined_at__gte=since)
        if self.segment:
            day = audiences.today_of(scope.merchant)
            found = found.filter(self.segment.tree.asked(day))
        if self.least is not None:
            found = found.filter(Q(points__gte=self.least))
        if self.most is not None:
            found = found.filter(Q(points__lte=self.most))
        return found


def read_narrowing(
    request: HttpRequest, *, tiers: Sequence[str], segments: Sequence[Audience]
) -> Narrowing:
    """Read the address; what makes no sense narrows nothing.

    Args:
        request: its address says what is asked for.
        tiers: ids of those there are.
        segments: those that its reader may narrow the list to.
    """
    asked = request.GET
    tier = asked.get("tier", "")
    return Narrowing(
        tier=tier if tier in (NONE, *tiers) else "",
        pro=_either(asked.get("pro", "")),
        card=_either(asked.get("card", "")),
        accepts=accepts if (accepts := asked.get("accepts", "")) in (NONE, *Channel) else "",
        joined=day_of(asked.get("joined", "")),
        segment=next((one for one in segments if one.pk == asked.get("segment")), None),
        least=_whole(asked.get("least", "")),
        most=_whole(asked.get("most", "")),
    )


def pro_choices() -> list[tuple[str, str]]:
    """Professionals or not."""
    return [("", _("Pros et particuliers")), (YES, _("Pros")), (NO, _("Particuliers"))]


def card_choices() -> list[tuple[str, str]]:
    """With a card that leads to them or not."""
    return [("", _("Avec ou sans carte")), (YES, _("Avec carte")), (NO, _("Sans carte"))]


def accepts_choices() -> list[tuple[str, str]]:
    """By what they agreed to be written to."""
    return [
        ("", _("Avec ou sans consentement")),
        (Channel.EMAIL, _("Accepte les e-mails")),
        (Channel.SMS, _("Accepte les SMS")),
        (NONE, _("N’accepte ni e-mails ni SMS")),
    ]


def _either(asked: str) -> str:
    return asked if asked in (YES, NO) else ""


def _whole(typed: str) -> int | None:
    digits = "".join(typed.split())
    fits = digits.removeprefix("-")
    return int(digits) if fits.isascii() and fits.isdigit() and len(fits) <= _LONGEST else None
