# SPDX-License-Identifier: Apache-2.0
"""Decide who may open a page and within whose walls: everything else answers 404."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from hub.merchants import factor, stays
from hub.merchants.deeds import Did, Stay
from hub.merchants.doing import Doing, doing
from hub.merchants.doors import is_shut
from hub.merchants.models import Merchant, Person, Role, Shop

STAY: Final = "stay"
"""Where an operator's session keeps the number of their stay in a merchant's space."""

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The walls of one request: a person, their merchant, and their shop if they have but one."""

    person: Person
    merchant: Merchant
    shop: Shop | None = None
    stay: Stay | None = None
    """Of an operator, who is here for a while."""

    @property
    def may_change(self) -> bool:
        """An operator reads; who belongs to the merchant also writes."""
        return self.person.role != Role.OPERATOR

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock the page shows."""
        return ZoneInfo((self.shop or self.merchant).zone)

    @property
    def shops(self) -> list[Shop]:
        """Those that a list may be narrowed to; a shop's account has no choice."""
        if self.shop:
            return []
        prefetch_related_objects([self.merchant], "shops")  # the page's head counts the same ones
        return list(self.merchant.shops.all())

    @property
    def open_shops(self) -> list[Shop]:
        """Those that something new may be of; a shop's account has no choice."""
        return [] if self.shop else list(self.merchant.open_shops)

    def doing(
        self, did: Did, *, about: Model | str | None = None, reason: str = ""
    ) -> AbstractContextManager[Doing]:
        """Do something here with its line of the log (`hub.merchants.doing`)."""
        return doing(did, by=self.person, merchant=self.merchant, about=about, reason=reason)

    def choose_shop(self, asked: str | None) -> Shop | None:
        """Take the shop a filter names; a shop's account has no choice."""
        if self.shop:
            return self.shop
        return get_object_or_404(self.merchant.shops, pk=asked) if asked else None


def within(
    *roles: Role,
    operators_write: bool = False,
) -> Callable[[Callable[Concatenate[HttpRequest, Scope, P], HttpResponseBase]], View]:
    """Let in those roles, and give the view their scope. An operator first chooses a merchant.

    Args:
        roles: who may look.
        operators_write: whether operators may act here too: what went wrong is theirs to mend.
    """

    def wrap(view: Callable[Concatenate[HttpRequest, Scope, P], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person: Any = request.user
            if not person.is_authenticated:
                return _ask_who(request)
            if person.role not in roles or not person.may_enter:
                raise PermissionDenied
            stay = None if person.merchant else stay_of(request)
            merchant = stay.entered.merchant if stay else person.merchant
            if merchant is None:
                return _ask_to_enter(request)
            if is_shut(request, merchant):
                raise Http404
            scope = Scope(person=person, merchant=merchant, shop=person.shop, stay=stay)
            reading = request.method in ("GET", "HEAD")
            if not (reading or scope.may_change or operators_write):
                raise PermissionDenied
            with timezone.override(scope.zone):
                return view(request, scope, *args, **kwargs)

        return guarded

    return wrap


def operators_only(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View:
    """Let in operators, whatever merchant they read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person: Any = request.user
        if not person.is_authenticated:
            return _ask_who(request)
        if person.role != Role.OPERATOR:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def signed_in(view: Callable[Concatenate[HttpRequest, Person, P], HttpResponseBase]) -> View:
    """Let in whoever has an account, to what is about that account alone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person: Any = request.user
        if not person.is_authenticated:
            return _ask_who(request)
        place = person.shop or person.merchant
        with timezone.override(ZoneInfo(place.zone) if place else None):
            return view(request, person, *args, **kwargs)

    return guarded


class SecondFactorFirst:
    """Middleware: an operator without a second factor sets one up, and does nothing else before."""

    OPEN: Final = {f"console:{name}" for name in ("factor", "sign-out", "language", "theme")}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Lead there from wherever they were going."""
        # who has no session is nobody; asking for one would make every answer differ by it
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        person: Any = request.user
        if not person.is_authenticated or not factor.must_have(person) or person.factor:
            return None
        here = request.resolver_match.view_name if request.resolver_match else ""
        return None if here in self.OPEN else redirect("console:factor")


def _ask_who(request: HttpRequest) -> HttpResponseBase:
    """Send to the sign-in page: the whole page, even where a part of one was asked for."""
    part = request.headers.get("HX-Request") == "true"
    if not part:
        return redirect_to_login(request.get_full_path())
    whole = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{whole.path}?{whole.query}" if whole.query else whole.path
    return HttpResponseClientRedirect(redirect_to_login(back or "/").url)


def _ask_to_enter(request: HttpRequest) -> HttpResponseBase:
    """Let an operator choose a merchant, or say again why they go on where their hour is over."""
    person: Any = request.user
    over = stays.lapsed(request.session.get(STAY), person)
    if over is None or request.method != "GET":
        return redirect("console:merchants")
    where = reverse("console:merchant-enter", args=[over.entered.merchant_id])
    return redirect(f"{where}?{urlencode({'next': request.get_full_path()})}")


def stay_of(request: HttpRequest) -> Stay | None:
    """An operator's stay in a merchant's space, while it lasts."""
    person: Any = request.user
    return stays.current(request.session.get(STAY), person)
