# SPDX-License-Identifier: Apache-2.0
"""The figures of a period and a shop: totals, charts with their tables, files (SPEC B4)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.console import charts, sheets
from hub.console.access import Scope, within
from hub.console.filters import read_filters
from hub.console.pages import page
from hub.console.templatetags.console import euros, figure, signed_percent
from hub.console.weekdays import names_of_days
from hub.ledger.counts import What
from hub.ledger.statements import figures, period
from hub.ledger.statements.period import DAY, Line, Period, Totals
from hub.merchants.models import Role, Shop

MOST_DAYS: Final = 1_100
"""Three years: more would be asked by mistake."""
DAILY: Final = 62
"""Up to so many days a column is a day…"""
WEEKLY: Final = 190
"""… and up to so many a week, then a month."""
KEPT_S: Final = 300
"""How long is kept what takes long to find out: the number of active customers, which alone reads
the entries, and what was sold most in many days."""
WIDE, NARROW = 1_150, 350
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days of a chart, and what they came to."""

    name: str
    totals: Totals
    before: Totals


@dataclass(frozen=True, slots=True)
class Span:
    """A period that one touch chooses."""

    name: str
    period: Period


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Show what the days came to, beside as many days before."""
    filters = read_filters(request, scope)
    shop_id = filters.shop.pk if filters.shop else ""
    asked = _asked(filters.first, filters.last)
    by_day = period.by_day(scope.merchant, asked, shop_id)
    if sheets.asked(request):
        return sheets.answer(
            request, _("chiffres"), heads=_heads(), rows=_rows(by_day), scope=scope
        )
    before = period.by_day(scope.merchant, asked.before, shop_id)
    stretches = _stretches(by_day, before)
    visits = {
        place: round(n)
        for place, n in period.visits_by_hour(scope.merchant, asked, shop_id).items()
        if round(n)
    }
    context = {
        "filters": filters,
        "shops": scope.shops,
        "whole": not scope.shop,
        "asked": asked,
        "before": asked.before,
        "spans": _spans(),
        "figures": _figures(scope, filters.shop, asked, (by_day, before)),
        "stretches": stretches,
        "sales_charts": [
            charts.columns(
                [
                    charts.Column(s.name, s.totals.sales_cents, s.before.sales_cents)
                    for s in stretches
                ],
                width=width,
            )
            for width in (WIDE, NARROW)
        ],
        "visit_charts": [
            charts.visits_by_weekday(visits, names_of_days({d for d, _ in visits}), width=width)
            for width in (WIDE, NARROW)
        ]
        if visits
        else [],
        "articles": _best(scope, What.ARTICLE, shop_id, asked),
        "rewards": _best(scope, What.REWARD, shop_id, asked),
        "export": True,
    }
    return page(request, scope, "reports/statistics.html", section="points", context=context)


# ── which days ──────────────────────────────────────────────────────────────────────────────────


def _asked(first: date | None, last: date | None) -> Period:
    """The days that the address names, whichever way round; the month under way without it."""
    today = timezone.localdate()
    last = last or (today if first is None or first <= today else first)
    first = first or last.replace(day=1)
    first, last = min(first, last), max(first, last)
    return Period(max(first, last - DAY * (MOST_DAYS - 1)), last)


def _spans() -> list[Span]:
    today = timezone.localdate()
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last_month = (month - DAY).replace(day=1)
    return [
        Span(_("Aujourd’hui"), Period(today, today)),
        Span(_("7 jours"), Period(today - 6 * DAY, today)),
        Span(_("Ce mois"), Period(month, today)),
        Span(_("Le mois dernier"), Period(last_month, month - DAY)),
        Span(_("Cette année"), Period(year, today)),
    ]


# ── what they came to ───────────────────────────────────────────────────────────────────────────


def _figures(
    scope: Scope, shop: Shop | None, asked: Period, days: Sequence[dict[date, Totals]]
) -> list[tuple[str, str, str]]:
    """Name, figure and the line below, of each."""
    merchant, shop_id = scope.merchant, shop.pk if shop else ""
    now, then = (sum(some.values(), Totals()) for some in days)
    owed = figures.liability(merchant.pk)
    active, active_then = (_active(scope, shop_id, days) for days in (asked, asked.before))
    everywhere = _("toutes boutiques, maintenant")
    return [
        (_("Ventes"), *_beside(now.sales_cents, then.sales_cents, euros)),
        (_("Nombre de ventes"), *_beside(now.sales, then.sales)),
        (_("Panier moyen"), *_beside(now.basket_cents, then.basket_cents, euros)),
        (_("Visites"), *_beside(now.visits, then.visits)),
        (_("Clients actifs"), *_beside(active, active_then)),
        (_("Nouveaux clients"), *_beside(now.joined, then.joined)),
        (_("Points gagnés"), *_beside(now.earned, then.earned)),
        (_("Points utilisés"), *_beside(now.used, then.used)),
        (_("Récompenses données"), *_beside(now.rewards, then.rewards)),
        (_("Points en circulation"), figure(owed.points), everywhere),
        (_("Dû sur les cagnottes"), euros(owed.purse_cents), everywhere),
        (_("Dû sur les cartes cadeaux"), euros(owed.gift_cents), everywhere),
    ]


def _beside(
    now: int | None, then: int | None, write: Callable[[int], str] = figure
) -> tuple[str, str]:
    """A figure, and what it was before with the change."""
    shown = "–" if now is None else write(now)
    if not then:
        return shown, _("rien avant")
    words = {
        "amount": write(then),
        "change": signed_percent(round(100 * ((now or 0) - then) / then)),
    }
    return shown, _("%(amount)s avant, %(change)s") % words


def _active(scope: Scope, shop_id: str, asked: Period) -> int:
    key = f"active:{scope.merchant.pk}:{shop_id}:{asked.first}:{asked.last}"
    return _kept(key, lambda: period.active(scope.merchant, asked, shop_id))


def _best(scope: Scope, what: What, shop_id: str, asked: Period) -> list[Line]:
    if len(asked.days) <= DAILY:
        return period.best(scope.merchant, asked, what, shop_id)
    key = f"best:{what}:{scope.merchant.pk}:{shop_id}:{asked.first}:{asked.last}"
    return _kept(key, lambda: period.best(scope.merchant, asked, what, shop_id))


def _kept(key: str, find: Callable[[], T]) -> T:
    if (kept := cache.get(key)) is None:
        kept = find()
        cache.set(key, kept, KEPT_S)
    return cast("T", kept)


def _stretches(by_day: dict[date, Totals], before: dict[date, Totals]) -> list[Stretch]:
    """The days one by one, or by whole weeks or months where they are many."""
    days, others = list(by_day), list(before)
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, day in enumerate(days):
        groups.setdefault(_group(day, len(days)), []).append(place)
    return [
        Stretch(
            _name(days[places[0]], len(days)),
            sum((by_day[days[i]] for i in places), Totals()),
            sum((before[others[i]] for i in places if i < len(others)), Totals()),
        )
        for places in groups.values()
    ]


def _group(day: date, among: int) -> tuple[int, ...]:
    if among <= DAILY:
        return (day.toordinal(),)
    if among <= WEEKLY:
        return ((day - timedelta(days=day.weekday())).toordinal(),)
    return day.year, day.month


def _name(day: date, among: int) -> str:
    if among <= WEEKLY:
        return date_format(day, "j/n")
    return date_format(day, "N" if day.month > 1 else "Y")


# ── files ───────────────────────────────────────────────────────────────────────────────────────


def _heads() -> tuple[str, ...]:
    return (
        *(_("Jour"), _("Ventes"), _("Nombre de ventes"), _("Panier moyen"), _("Visites")),
        *(_("Nouveaux clients"), _("Points gagnés"), _("Points utilisés")),
        _("Récompenses données"),
    )


def _rows(by_day: dict[date, Totals]) -> Iterator[tuple[sheets.Cell, ...]]:
    for day, its in by_day.items():
        basket = its.basket_cents
        yield (
            day,
            _euros(its.sales_cents),
            its.sales,
            None if basket is None else _euros(basket),
            its.visits,
            its.joined,
            its.earned,
            its.used,
            its.rewards,
        )


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
