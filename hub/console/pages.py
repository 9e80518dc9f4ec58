# SPDX-License-Identifier: Apache-2.0
"""Put a page into its shell: the sections that its reader has, and whose business it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted
from django.utils.translation import ngettext

from hub.billing import book
from hub.console import helping
from hub.console.access import Scope, stay_of
from hub.console.tills import is_fine, tills_of
from hub.ledger import incidents
from hub.merchants.deeds import Stay
from hub.merchants.doors import modules_of
from hub.merchants.models import Merchant, Person, Role
from loyalty.module import Module

_ALL: Final = (Role.OPERATOR, Role.MERCHANT, Role.SHOP)
_WHOLE: Final = (Role.OPERATOR, Role.MERCHANT)
_SELLING: Final = (Role.MERCHANT, Role.SHOP)
ON_A_PHONE: Final = 3
"""Tabs beside « Plus »; a fourth word does not fit a narrow phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A place of the console, as the panel names it."""

    name: str
    short: str
    """On a phone's tab."""
    view: str
    url: str
    icon: str
    here: bool
    count: int = 0
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    view: str
    name: str
    icon: str
    roles: tuple[Role, ...]
    tab: int
    """Rank on a phone."""
    apart: bool = False
    short: str = ""
    opens: str = ""
    """The page that it opens, where that has another name than its section."""


_PLACES: Final = (
    _Place("dashboard", noted("Tableau de bord"), "bell", _WHOLE, 1, short=noted("Tableau")),
    _Place("till", noted("Caisse"), "till", _SELLING, 2),
    _Place("shops", noted("Boutiques"), "shop", _WHOLE, 6),
    _Place("staff", noted("Équipe"), "badge", _WHOLE, 13),
    _Place("customers", noted("Clients"), "people", _ALL, 3),
    _Place("segments", noted("Segments"), "filter", _WHOLE, 16),
    _Place("programmes", noted("Programmes"), "gift", _WHOLE, 5),
    _Place("tiers", noted("Statuts"), "medal", _WHOLE, 12),
    _Place("catalogue", noted("Catalogue"), "archive", _WHOLE, 14),
    _Place("giftcards", noted("Cartes cadeaux"), "giftcard", _ALL, 7),
    _Place("sales", noted("Transactions"), "ticket", _ALL, 4),
    _Place("appointments", noted("Rendez-vous"), "calendar", _ALL, 11),
    _Place("points", noted("Rapports"), "report", _ALL, 10, opens="statistics"),
    _Place("terminals", noted("Terminaux"), "terminal", _WHOLE, 8, apart=True),
    _Place("incidents", noted("À voir"), "stop", _WHOLE, 9),
    _Place("deeds", noted("Journal des actions"), "book", _WHOLE, 15, short=noted("Journal")),
)
_OUTER: Final = (
    _Place("merchants", noted("Commerces"), "merchants", (Role.OPERATOR,), 1),
    _Place("terminals-all", noted("Terminaux"), "terminal", (Role.OPERATOR,), 2),
    _Place("incidents-all", noted("À voir"), "stop", (Role.OPERATOR,), 3),
    _Place(
        "shelf-all", noted("Mises de côté"), "archive", (Role.OPERATOR,), 4, short=noted("De côté")
    ),
    _Place("equation-all", noted("Équation"), "check", (Role.OPERATOR,), 5),
    _Place("jobs", noted("Travaux"), "hourglass", (Role.OPERATOR,), 6),
    _Place("mails", noted("E-mails"), "mail", (Role.OPERATOR,), 7),
    _Place("accounts", noted("Comptes"), "people", (Role.OPERATOR,), 8),
    _Place(
        "deeds-all",
        noted("Journal des actions"),
        "book",
        (Role.OPERATOR,),
        9,
        short=noted("Journal"),
    ),
)
_RULED: Final = (
    ("programmes", Module.LOYALTY),
    ("tiers", Module.TIERS),
    ("giftcard-rules", Module.GIFT_CARDS),
)
"""Pages on which rules are edited that tills decide by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What surrounds every page."""

    person: str
    initials: str
    role: str
    merchant: Merchant | None
    extent: str
    sections: tuple[Section, ...]
    tabs: tuple[Section, ...]
    more: tuple[Section, ...]
    stay: Stay | None
    """Of an operator, in whichever merchant's space."""
    may_change: bool
    has: Mapping[str, bool]
    """By its name, whether each module is there."""
    publishing: str = ""
    """Where who publishes comes from and goes back to."""
    modules: bool = False
    """Whether its reader may look at which are."""

    @property
    def more_here(self) -> bool:
        """Whether this page is behind « Plus »."""
        return any(section.here for section in self.more)

    @property
    def more_count(self) -> int:
        """What is to be seen behind « Plus »."""
        return sum(section.count for section in self.more)


def page(
    request: HttpRequest,
    scope: Scope,
    template: str,
    *,
    section: str,
    context: Mapping[str, object],
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of one merchant."""
    around = {
        "shell": _shell_of(scope, section),
        "first_help": helping.of_page(request, section),
        "credits_left": book.left(scope.merchant.pk),
    }
    return render(request, f"console/{template}", {**context, **around}, status=status)


def own_page(
    request: HttpRequest,
    person: Person,
    template: str,
    *,
    context: Mapping[str, object],
) -> HttpResponse:
    """Answer with a page about the account that is signed in."""
    if person.merchant is None:
        return outer_page(request, template, section="", context=context)
    scope = Scope(person=person, merchant=person.merchant, shop=person.shop)
    return page(request, scope, template, section="", context=context)


def outer_page(
    request: HttpRequest, template: str, *, section: str, context: Mapping[str, object]
) -> HttpResponse:
    """Answer with an operator's page that stands outside any merchant."""
    person: Any = request.user
    counts = {"incidents-all": incidents.still_open(None).count()}
    sections = [_section(place, here=section, count=counts.get(place.view, 0)) for place in _OUTER]
    shell = Shell(
        person=person.name,
        initials=_initials(person.name),
        role=_("Exploitant du hub"),
        merchant=None,
        extent="",
        sections=tuple(sections),
        tabs=tuple(sections[:ON_A_PHONE]),
        more=tuple(sections[ON_A_PHONE:]),
        stay=stay_of(request),
        may_change=False,
        has={},
    )
    around = {"shell": shell, "first_help": helping.of_page(request, section)}
    return render(request, f"console/{template}", {**context, **around})


def _shell_of(scope: Scope, here: str) -> Shell:
    role, without = Role(scope.person.role), scope.merchant.without
    tills = tills_of(scope.merchant)
    counts = {
        "terminals": sum(not is_fine(till) for till in tills),
        "incidents": incidents.still_open(scope.merchant.pk).count(),
    }
    sections = {
        place.tab: _section(place, here=here, count=counts.get(place.view, 0))
        for place in _PLACES
        if role in place.roles and _is_there(place, scope.merchant)
    }
    by_rank = [sections[rank] for rank in sorted(sections)]
    return Shell(
        person=scope.person.name,
        initials=_initials(scope.person.name),
        role=_role(scope),
        merchant=scope.merchant,
        extent=scope.shop.name if scope.shop else _extent(scope.merchant, len(tills)),
        sections=tuple(sections.values()),
        tabs=tuple(by_rank[:ON_A_PHONE]),
        more=tuple(by_rank[ON_A_PHONE:]),
        stay=scope.stay,
        may_change=scope.may_change,
        has={module: module not in without for module in Module},
        publishing=rules_page(scope),
        modules=role in _WHOLE,
    )


def rules_page(scope: Scope) -> str:
    """Where rules are edited that tills decide by: of the first module that is there."""
    there = (view for view, module in _RULED if module not in scope.merchant.without)
    return reverse(f"console:{next(there, 'modules')}")


def _is_there(place: _Place, merchant: Merchant) -> bool:
    return not modules_of(_url(place).removeprefix("/")) & merchant.without


def _url(place: _Place) -> str:
    return reverse(f"console:{place.opens or place.view}")


def _section(place: _Place, *, here: str, count: int) -> Section:
    return Section(
        name=_(place.name),
        short=_(place.short or place.name),
        view=place.view,
        url=_url(place),
        icon=place.icon,
        here=place.view == here,
        count=count,
        apart=place.apart,
    )


def _extent(merchant: Merchant, tills: int) -> str:
    shops = merchant.shops.count()
    return " · ".join(
        (
            ngettext("%(n)s boutique", "%(n)s boutiques", shops) % {"n": shops},
            ngettext("%(n)s terminal", "%(n)s terminaux", tills) % {"n": tills},
        )
    )


def _role(scope: Scope) -> str:
    match Role(scope.person.role):
        case Role.OPERATOR:
            return _("Exploitant du hub")
        case Role.MERCHANT:
            return _("Gérant de %(merchant)s") % {"merchant": scope.merchant.name}
        case Role.SHOP:
            return _("Boutique %(shop)s") % {"shop": scope.shop}


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])).upper() if words else ""
