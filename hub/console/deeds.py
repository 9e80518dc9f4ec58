# SPDX-License-Identifier: Apache-2.0
"""Read the log of what people did for a page: by key, never by number of page, and in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.campaigns.models import Audience
from hub.console.filters import LONGEST_QUERY, day_of, number_of
from hub.console.jobs import title_of
from hub.console.lists import ROWS
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer
from hub.merchants.deeds import Deed
from hub.merchants.doors import modules_of
from hub.merchants.models import Merchant, Person, Shop, Staff, Terminal
from hub.merchants.tokens import Token
from hub.programmes.models import Category, Product, Reward
from hub.programmes.tiers import Tier

_NAMED: Final[Mapping[str, tuple[type[Model], str]]] = {
    "customer": (Customer, "customer"),
    "giftcard": (GiftCard, "giftcard"),
    "shop": (Shop, "shop"),
    "staff": (Staff, "staff-one"),
    "terminal": (Terminal, "terminal-journal"),
    "token": (Token, "token"),
    "reward": (Reward, "programme"),
    "tier": (Tier, "tier"),
    "audience": (Audience, "segment"),
    "category": (Category, ""),
    "product": (Product, ""),
    "person": (Person, ""),
    "merchant": (Merchant, ""),
}
"""Things that have a name, and the page of each where there is one."""
_NUMBERED: Final[Mapping[str, tuple[Promise, str]]] = {
    "sale": (gettext_lazy("Transaction n° %(n)s"), "sale"),
    "journalentry": (gettext_lazy("Écriture n° %(n)s"), "shelf-one"),
    "incident": (gettext_lazy("Point n° %(n)s"), "incident"),
    "import": (gettext_lazy("Fichier n° %(n)s"), "import"),
    "appointment": (gettext_lazy("Rendez-vous n° %(n)s"), "appointment"),
    "reminder": (gettext_lazy("Rappel n° %(n)s"), ""),
    "pointsnotice": (gettext_lazy("E-mail de points n° %(n)s"), ""),
    "link": (gettext_lazy("Lien n° %(n)s"), ""),
    "cardbatch": (gettext_lazy("Lot n° %(n)s"), ""),
    "giftbatch": (gettext_lazy("Lot n° %(n)s"), ""),
}
_PAGES: Final[Mapping[str, Promise]] = {
    "customers": gettext_lazy("Liste des clients"),
    "sales": gettext_lazy("Liste des transactions"),
    "points": gettext_lazy("Mouvements de points"),
    "points-by-customer": gettext_lazy("Points par client"),
    "giftcards": gettext_lazy("Liste des cartes cadeaux"),
    "giftcard-liability": gettext_lazy("Cartes cadeaux par mois"),
    "appointment-list": gettext_lazy("Liste des rendez-vous"),
    "statistics": gettext_lazy("Chiffres"),
    "provision": gettext_lazy("Provision"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the log is narrowed to."""

    q: str
    kind: str
    first: date | None
    last: date | None

    @property
    def any(self) -> bool:
        """Whether something is narrowed."""
        return bool(self.q or self.kind or self.first or self.last)

    def of(self, found: QuerySet[Deed]) -> QuerySet[Deed]:
        """Those of these deeds, on the reader's clock."""
        for word in self.q.split():
            named = Q(name__icontains=word) | Q(email__icontains=word)
            people = Person.objects.filter(named)
            programs = Token.objects.filter(name__icontains=word)
            found = found.filter(Q(person__in=people) | Q(token__in=programs))
        if self.kind:
            found = found.filter(did__startswith=f"{self.kind}.")
        if self.first:
            found = found.filter(at__gte=_midnight(self.first))
        if self.last:
            found = found.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """A deed as the page shows it."""

    deed: Deed
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of the log, and the number of the last where there are older ones."""

    lines: list[Line]
    older: int | None
    begins: bool
    """Whether the newest are here."""


def asked_of(request: HttpRequest) -> Asked:
    """Read the address; what makes no sense narrows nothing."""
    given = request.GET
    kind = given.get("kind", "")
    return Asked(
        q=" ".join(given.get("q", "").split())[:LONGEST_QUERY],
        kind=kind if kind in dict(kinds()) else "",
        first=day_of(given.get("from", "")),
        last=day_of(given.get("to", "")),
    )


def stretch(request: HttpRequest, found: QuerySet[Deed], *, inside: Merchant | None) -> Stretch:
    """The lines that the address asks for, `before` another; some queries, however many lines.

    Args:
        request: its address says before which.
        found: of which deeds.
        inside: whose pages may be linked to; None: nobody's.
    """
    number = number_of(request.GET.get("before"))
    last = found.filter(pk=number).first() if number else None
    if last:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(found.select_related("person", "merchant", "token")[: ROWS + 1])
    more, rows = len(rows) > ROWS, rows[:ROWS]
    return Stretch(_lines(rows, inside), rows[-1].pk if more else None, begins=last is None)


def kinds() -> list[tuple[str, str]]:
    """What the log may be narrowed to: the words that deeds begin with."""
    return [
        ("", _("Toutes les actions")),
        ("account", _("Comptes et connexions")),
        ("till", _("Ventes et remboursements")),
        ("customer", _("Clients et cartes")),
        ("appointment", _("Rendez-vous")),
        ("giftcard", _("Cartes cadeaux")),
        ("programme", _("Programme et statuts")),
        ("catalogue", _("Catalogue")),
        ("campaign", _("Campagnes")),
        ("file", _("Fichiers")),
        ("shop", _("Boutiques et équipe")),
        ("terminal", _("Caisses et logiciels")),
        ("ruling", _("Décisions")),
        ("operator", _("Exploitant")),
    ]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _lines(rows: Sequence[Deed], inside: Merchant | None) -> list[Line]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        kind, _colon, key = row.about.partition(":")
        wanted[kind].add(key)
    names = {
        (kind, str(key)): str(one)
        for kind, keys in wanted.items()
        if kind in _NAMED
        for key, one in _NAMED[kind][0]._default_manager.in_bulk(keys).items()  # noqa: SLF001
    }
    return [_line(row, names, inside) for row in rows]


def _line(row: Deed, names: Mapping[tuple[str, str], str], inside: Merchant | None) -> Line:
    kind, _colon, key = row.about.partition(":")
    view, name = "", ""
    if kind in _NUMBERED:
        words, view = _NUMBERED[kind]
        name = str(words) % {"n": key}
    elif kind == "page":
        name = str(_PAGES.get(key, ""))
    elif kind == "job":
        name = title_of(key)
    elif (kind, key) in names:
        view, name = _NAMED[kind][1], names[kind, key]
    elif kind:
        name = _("n’existe plus")
    if kind == "person" and int(key) == row.person_id:
        name = ""  # an account that its own person acted upon
    url = reverse(f"console:{view}", args=[key]) if view and inside else ""
    shut = inside and modules_of(url.removeprefix("/")) & inside.without
    return Line(row, name, "" if shut else url)
