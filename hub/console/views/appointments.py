# SPDX-License-Identifier: Apache-2.0
"""Appointments: a shop's week, the list of all, and making, moving or ending one (SPEC D6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.filters import day_of, read_filters
from hub.console.forms.appointments import AppointmentForm, TimeForm
from hub.console.lists import by_some, page_of, spoken
from hub.console.pages import page
from hub.console.picking import pick
from hub.console.templatetags.console import moment
from hub.ledger import booking, listings
from hub.ledger.appointments import Appointment, State
from hub.merchants.deeds import Did
from hub.merchants.models import Role

ENDS: Final = {
    "cancel": (booking.cancel, Did.BOOKING_CANCELLED),
    "miss": (booking.miss, Did.BOOKING_MISSED),
}


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def week(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show a shop's week, on the clock of the shop."""
    shops = [scope.shop] if scope.shop else list(scope.merchant.shops.all())
    shop = scope.choose_shop(request.GET.get("shop")) or (shops[0] if shops else None)
    zone = ZoneInfo(shop.zone) if shop else scope.zone
    with timezone.override(zone):
        days, since, until = booking.week_of(
            day_of(request.GET.get("day", "")) or timezone.localdate(), zone
        )
        all_of_it = booking.appointments(scope.merchant, shop)
        found = list(booking.between(all_of_it, since, until))
        met = booking.meetings(found)
        context = {
            "shop": shop,
            "shops": [] if scope.shop else shops,
            "days": [_column(day, found, met, zone) for day in days],
            "first": days[0],
            "last": days[-1],
            "before": days[0] - timedelta(days=7),
            "after": days[0] + timedelta(days=7),
            "whole": not scope.shop,
            "services": booking.services(scope.merchant).exists(),
        }
        return page(
            request, scope, "appointments/week.html", section="appointments", context=context
        )


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List the appointments; search, filter and page."""
    filters = read_filters(request, scope)
    found = booking.appointments(scope.merchant, filters.shop)
    found = booking.between(found, *filters.moments(scope)).order_by("-starts_at", "-pk")
    if filters.kind in State.values:
        found = found.filter(state=filters.kind)
    if filters.q:
        everybody = listings.customers(scope.merchant)
        people = listings.customers_named(everybody, scope.merchant, filters.q)
        found = found.filter(customer__in=people.order_by().values("pk"))
    if sheets.asked(request):
        return sheets.answer(
            request, _("rendez-vous"), heads=_heads(), rows=_rows(found), scope=scope
        )
    rows = page_of(found, request.GET.get("page"))
    context = {
        "page": rows,
        "count": spoken(rows, _("rendez-vous"), _("rendez-vous")),
        "filters": filters,
        "whole": not scope.shop,
        "kinds": [("", _("Tous les états")), *State.choices],
        "shops": scope.shops,
        "nothing": _nothing(narrowed=filters.any),
        "export": True,
    }
    return page(request, scope, "appointments/list.html", section="appointments", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def create(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make an appointment: the customer first, then for what, where and when."""
    chosen = pick(request, scope)
    day = day_of(request.GET.get("day", ""))
    form = AppointmentForm(request.POST or None, scope=scope, day=day.isoformat() if day else "")
    if request.method == "POST" and chosen.customer and form.is_valid():
        product = form.product_chosen
        with scope.doing(Did.BOOKED) as deed:
            made = booking.book(
                form.shop_chosen,
                chosen.customer,
                product,
                starts_at=form.starts_at,
                minutes=form.cleaned_data["minutes"] or product.minutes,
                person_id=scope.person.pk,
            )
            deed.about = made
        _say_when(request, made, _("Rendez-vous pris : %(when)s."))
        return redirect("console:appointment", appointment=made.pk)
    context = {"form": form, "pick": chosen, "services": bool(form.products)}
    return page(request, scope, "appointments/form.html", section="appointments", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, appointment: int) -> HttpResponse:
    """Show an appointment with all that was done to it; move it, cancel it, or say it was missed."""
    row = get_object_or_404(booking.appointments(scope.merchant, scope.shop), pk=appointment)
    act = request.POST.get("act", "")
    form = TimeForm.moving(request.POST if act == "move" else None, row)
    try:
        if act in ENDS:
            end, did = ENDS[act]
            with scope.doing(did, about=row):
                end(row, person_id=scope.person.pk)
            return redirect("console:appointment", appointment=row.pk)
        if act == "move" and form.is_valid():
            given = form.cleaned_data
            with scope.doing(Did.BOOKING_MOVED, about=row):
                moved = booking.move(
                    row,
                    starts_at=given["starts_at"],
                    minutes=given["minutes"] or row.minutes,
                    person_id=scope.person.pk,
                )
            _say_when(request, moved, _("Rendez-vous déplacé : %(when)s."))
            return redirect("console:appointment", appointment=row.pk)
    except booking.Settled:
        messages.error(request, _("Ce rendez-vous est déjà terminé : rien n’est changé."))
        return redirect("console:appointment", appointment=row.pk)
    with timezone.override(ZoneInfo(row.shop.zone)):
        context = {
            "row": row,
            "form": form,
            "beside": booking.beside(row),
            "begun": row.starts_at <= timezone.now(),
            "changes": list(row.changes.select_related("person", "token").order_by("pk")),
            "hours": scope.merchant.credit_after_min / 60,
        }
        return page(
            request, scope, "appointments/one.html", section="appointments", context=context
        )


def _column(
    day: date, found: list[Appointment], met: set[int], zone: ZoneInfo
) -> dict[str, object]:
    return {
        "day": day,
        "today": day == timezone.localdate(),
        "rows": [
            {"row": row, "meets": row.pk in met}
            for row in found
            if row.starts_at.astimezone(zone).date() == day
        ],
    }


def _say_when(request: HttpRequest, row: Appointment, words: str) -> None:
    with timezone.override(ZoneInfo(row.shop.zone)):
        messages.success(request, words % {"when": moment(row.starts_at)})
    if booking.beside(row):
        messages.warning(request, _("Un autre rendez-vous a lieu au même moment."))


def _rows(found: QuerySet[Appointment]) -> Iterator[tuple[sheets.Cell, ...]]:
    for some in by_some(found):
        for row in some:
            yield (
                row.starts_at,
                row.minutes,
                str(row.customer),
                row.product.name,
                row.shop.name,
                str(row.get_state_display()),
                row.points,
            )


def _heads() -> tuple[str, ...]:
    return (
        *(_("Date"), _("Minutes"), _("Client"), _("Prestation")),
        *(_("Boutique"), _("État"), _("Points")),
    )


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucun rendez-vous trouvé"),
            _("Élargissez les dates, ou effacez les filtres pour les voir tous."),
        )
    return (
        _("Aucun rendez-vous encore"),
        _("Créez une prestation ou un cours, puis prenez le premier rendez-vous."),
    )
