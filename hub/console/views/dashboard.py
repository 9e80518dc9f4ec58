# SPDX-License-Identifier: Apache-2.0
"""The merchant's day at a glance; a sale is on it within a second of being posted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hub.console import charts
from hub.console.access import Scope, within
from hub.console.attention import acts_of
from hub.console.beginning import first_steps
from hub.console.pages import page
from hub.console.templatetags.console import euros, figure, signed_percent
from hub.console.tills import tills_of, together, told
from hub.console.weekdays import names_of_days
from hub.ledger.statements import figures
from hub.merchants import stays
from hub.merchants.models import Merchant, Role, Shop
from loyalty.module import Module

PAST_S = 300
"""How long the past weeks' averages are kept: a late entry of an offline till moves them."""
WIDE, NARROW = 750, 350


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The five figures and the line below each."""

    sold_cents: int
    against_last_week: str
    visits: int
    without_card: str
    basket: str
    basket_before: str
    joined: int
    joined_at_tills: str
    points: int
    points_worth: str
    loyal: bool
    """Whether there are points."""


@require_GET
@within(Role.MERCHANT, Role.OPERATOR)
def board(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the whole page."""
    shop = scope.choose_shop(request.GET.get("shop"))
    context = _context(scope, shop)
    context["shops"] = list(scope.merchant.shops.all())
    return page(request, scope, "dashboard/page.html", section="dashboard", context=context)


@require_GET
@never_cache
@within(Role.MERCHANT, Role.OPERATOR)
def live(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Answer the page's own asking: nothing (204) until something happened."""
    shop = scope.choose_shop(request.GET.get("shop"))
    if request.GET.get("seen") == _seen(scope.merchant):
        return HttpResponse(status=204)
    return render(request, "console/dashboard/live.html", _context(scope, shop))


def _seen(merchant: Merchant) -> str:
    """Name the state that a page shows: it changes with every posted frame, till and minute."""
    tills = hash(
        tuple(
            merchant.terminals.order_by("pk").values_list(
                "pk", "online", "printer", "scanner", "kiosk", "waiting"
            )
        )
    )
    minute = int(timezone.now().timestamp()) // 60
    return f"{merchant.feed_position}.{minute}.{tills % 10**8}"


def _context(scope: Scope, shop: Shop | None) -> dict[str, object]:
    merchant, now = scope.merchant, timezone.localtime()
    seen = _seen(merchant)
    tills = tills_of(merchant)
    shop_id = shop.pk if shop else ""
    day = figures.day(merchant, now.date(), now=now, shop_id=shop_id)
    sold = {hour.hour: max(0, hour.cents) for hour in day.hours}  # a bar has no height below 0
    usual = {hour.hour: hour.usual_cents for hour in day.hours}
    week = _week(merchant, now.date(), shop_id)
    return {
        "seen": seen,
        "chosen": shop,
        "today": capfirst(date_format(now, _("l j F"))),
        "figures": _figures(day, figures.liability(merchant.pk), merchant),
        "where": _("en euros, %(shop)s") % {"shop": shop or _("toutes boutiques")},
        "usual_day": _("%(day)s habituel") % {"day": date_format(now, "l")},
        "hour_charts": [
            charts.sales_by_hour(sold, usual, hour_now=now.hour, width=width)
            for width in (WIDE, NARROW)
        ],
        "week_charts": [
            charts.visits_by_weekday(week, names_of_days({day for day, _ in week}), width=width)
            for width in (WIDE, NARROW)
        ]
        if week
        else [],
        "todo": ([] if tills else first_steps(scope)) + acts_of(scope),
        "tills": together(told([till for till in tills if shop in (None, till.shop)])),
        "visit": None if scope.stay else stays.latest(merchant),
    }


def _figures(day: figures.Day, owed: figures.Liability, merchant: Merchant) -> Figures:
    now = timezone.localtime()
    basket = day.basket_cents
    return Figures(
        sold_cents=day.sales_cents,
        against_last_week=_against(day, now),
        visits=day.visits,
        without_card=_("dont %(n)s sans carte") % {"n": figure(day.without_card)},
        basket="–" if basket is None else euros(basket),
        basket_before=_basket_before(day, now),
        joined=day.new_customers,
        joined_at_tills=ngettext(
            "%(n)s créé à la caisse", "%(n)s créés à la caisse", day.new_at_terminals
        )
        % {"n": figure(day.new_at_terminals)},
        points=owed.points,
        points_worth=_("soit %(amount)s à honorer") % {"amount": euros(owed.points_cents)},
        loyal=Module.LOYALTY not in merchant.without,
    )


def _against(day: figures.Day, now: datetime) -> str:
    words = {"day": date_format(now, "l"), "clock": date_format(now, "H:i")}
    if not day.week_ago_cents:
        return _("rien %(day)s dernier à %(clock)s") % words
    change = round(100 * (day.sales_cents - day.week_ago_cents) / day.week_ago_cents)
    return _("%(change)s sur %(day)s dernier, %(clock)s") % {
        **words,
        "change": signed_percent(change),
    }


def _basket_before(day: figures.Day, now: datetime) -> str:
    if day.month_basket_cents is None:
        return _("pas de vente le mois dernier")
    month = date_format(now.replace(day=1) - timedelta(days=1), "F")
    words = {"amount": euros(day.month_basket_cents), "month": month}
    return _("%(amount)s en %(month)s") % words


def _week(merchant: Merchant, until: date, shop_id: str) -> dict[tuple[int, int], int]:
    """Usual visits by weekday and hour, worked out once in a while rather than at each sale."""
    key = f"week:{merchant.pk}:{shop_id}:{until}"
    if (kept := cache.get(key)) is None:
        kept = figures.week(merchant, until, shop_id=shop_id)
        cache.set(key, kept, PAST_S)
    return {
        (weekday, hour): round(visits)
        for weekday, hours in enumerate(kept)
        for hour, visits in enumerate(hours)
        if round(visits)
    }
