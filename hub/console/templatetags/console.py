# SPDX-License-Identifier: Apache-2.0
"""Write money, points, dates and icons the way every page of the console does."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hub.console.helping import paragraphs
from hub.console.icons import ICONS
from hub.ledger.appointments import Appointment
from hub.ledger.models import Customer
from loyalty import giftcard
from loyalty.card import mask
from loyalty.rewards import TYPES
from loyalty.rewards.type import Symbol

register = template.Library()

MINUS = "\N{MINUS SIGN}"
GAP = "\N{NO-BREAK SPACE}"
LEAP = 2000
"""A year that has every birthday."""
SYMBOLS = {
    Symbol.PERCENT: "percent",
    Symbol.GIFT: "gift",
    Symbol.EURO: "euro",
    Symbol.STAMP: "stamp",
}
"""The drawing of each."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon; the word beside it says the same."""
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawings
    )


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    """Draw the icon of a type of reward."""
    return icon(SYMBOLS[TYPES[kind].symbol])


@register.filter
def kind_name(kind: str) -> str:
    """Write the name of a type of reward."""
    return _(TYPES[kind].name)


@register.simple_tag
def mark(look: str = "") -> SafeString:
    """Draw Comptoir's bell; as an `ear` it is the large emblem of a painted front."""
    return format_html(
        '<svg class="{}" viewBox="0 0 32 32" aria-hidden="true"><path d="M3 25h26v4H3zM5 22a11 11'
        ' 0 0 1 22 0zM14.5 11V8h3v3z"/><path d="M12 5h8v3h-8z"/></svg>',
        look,
    )


@register.filter
def explanation(section: str) -> list[str]:
    """What a section is for, in some sentences."""
    return paragraphs(section)


@register.filter
def euros(cents: int) -> str:
    """Write an amount: 4 812,40 €."""
    amount = number_format(abs(cents) / 100, decimal_pos=2, force_grouping=True)
    return (MINUS if cents < 0 else "") + _("%(amount)s\u00a0€") % {"amount": amount}


@register.filter
def figure(number: int) -> str:
    """Write a whole number: 38 240."""
    return (MINUS if number < 0 else "") + number_format(abs(number), force_grouping=True)


@register.filter
def signed(number: int) -> str:
    """Write a change: +12 or −12."""
    return ("+" if number > 0 else "") + figure(number)


@register.filter
def signed_euros(cents: int) -> str:
    """Write a change of money: +0,60 €."""
    return ("+" if cents > 0 else "") + euros(cents)


@register.filter
def rate(rate_bp: int) -> str:
    """Write basis points as a percentage: 10 % or 2,5 %."""
    whole, rest = divmod(rate_bp, 100)
    places = 0 if not rest else (1 if rest % 10 == 0 else 2)
    return _("%(rate)s\u00a0%%") % {"rate": number_format(whole + rest / 100, decimal_pos=places)}


def multiple(factor_bp: int) -> str:
    """Write what multiplies points: 2 or 1,5."""
    return number_format(factor_bp / 10_000, decimal_pos=2).rstrip("0").rstrip(",.")


def signed_percent(change: int) -> str:
    """Write how something changed: +6 %."""
    return _("%(rate)s\u00a0%%") % {"rate": signed(change)}


@register.filter
def when(moment: datetime | None) -> str:
    """Write a moment as a shop says it: aujourd’hui, 14:32 · hier, 06:48 · jeu. 19 nov."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    clock = date_format(local, "H:i")
    match (timezone.localdate() - local.date()).days:
        case 0:
            return _("aujourd’hui, %(clock)s") % {"clock": clock}
        case 1:
            return _("hier, %(clock)s") % {"clock": clock}
    return day(local.date())


def when_seen(moment: datetime) -> str:
    """Write since when somebody is away: à 14:05 · hier à 18:30 · jeu. 19 nov."""
    local = timezone.localtime(moment)
    clock = date_format(local, "H:i")
    match (timezone.localdate() - local.date()).days:
        case 0:
            return _("à %(clock)s") % {"clock": clock}
        case 1:
            return _("hier à %(clock)s") % {"clock": clock}
    return day(local.date())


def since_when(moment: datetime) -> str:
    """Write since when something lasts: 13:52 · hier, 18:30 · jeu. 19 nov."""
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return date_format(local, "H:i") if today else when(moment)


@register.filter
def moment(at: datetime) -> str:
    """Write a moment in full: jeu. 19 nov., 14:32."""
    local = timezone.localtime(at)
    return f"{day(local.date())}, {date_format(local, 'H:i')}"


@register.filter
def shop_moment(appointment: Appointment) -> str:
    """Write when an appointment is, on its shop's clock, whoever reads where."""
    with timezone.override(ZoneInfo(appointment.shop.zone)):
        return moment(appointment.starts_at)


@register.filter
def minutes(pause: timedelta) -> int:
    """Write how long a pause is, in whole minutes."""
    return -(-int(pause.total_seconds()) // 60)


@register.filter
def clock(at: datetime) -> str:
    """Write the time of day: 14:32."""
    return date_format(timezone.localtime(at), "H:i")


@register.filter
def day(on: date) -> str:
    """Write a day: jeu. 19 nov., with its year when it is another."""
    pattern = _("D. j N")
    return date_format(on, pattern if on.year == timezone.localdate().year else f"{pattern} Y")


@register.filter
def times(factor_bp: int) -> str:
    """Write what multiplies points: 2, or 1,5."""
    return number_format(Decimal(factor_bp) / 10_000)


@register.filter
def named(key: str, names: Mapping[str, str]) -> str:
    """Write the name that goes by a key; none for one that is gone."""
    return names.get(key, "")


@register.filter
def birthday(known: str) -> str:
    """Write a birthday, kept as month and day: 24 décembre."""
    return date_format(date.fromisoformat(f"{LEAP}-{known}"), _("j F"))


@register.filter
def card(code: str | None) -> str:
    """Write a card number in the groups printed under its bars; other codes as they are."""
    if code is None:
        return ""
    if len(code) == 13 and code.isdigit():  # noqa: PLR2004 - an EAN-13
        return GAP.join((code[0], code[1:7], code[7:]))
    return code


@register.filter
def masked(code: str | None) -> str:
    """Write what a till shows of a code: …4415."""
    return mask(code) if code else ""


@register.filter
def at_till(customer: Customer) -> str:
    """Write somebody as a till names them, whoever stands beside: Élodie M."""
    initial = customer.initial or customer.last_name[:1]
    return f"{customer.first_name} {initial}.".strip() if initial else str(customer)


@register.filter
def grouped(number: str) -> str:
    """Write a gift-card number in groups of four."""
    return giftcard.spaced(number)


@register.filter
def described(field: BoundField) -> SafeString:
    """Draw a field's control, tied to its hint and its errors for those who hear the page."""
    tied = [f"{field.auto_id}_hint"] * bool(field.help_text)
    tied += [f"{field.auto_id}_errors"] * bool(field.errors)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(tied)} if tied else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    drawn = field.as_widget(attrs=attrs)
    if field.field.show_hidden_initial:
        drawn += field.as_hidden(only_initial=True)
    return drawn
