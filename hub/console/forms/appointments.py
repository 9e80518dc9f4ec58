# SPDX-License-Identifier: Apache-2.0
"""An appointment as people make or move it, on the clock of its shop; and what it is for."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.forms.fields import DayField, EurosOrNothing
from hub.ledger.appointments import Appointment
from hub.ledger.booking import NoSuchTime, moment_of, services
from hub.merchants.models import Shop
from hub.programmes.models import Product, ProductKind

LONGEST_MIN = 24 * 60
MOST_POINTS = 1_000_000


class TimeForm(forms.Form):
    """A day, a time and how long; nothing else when an appointment moves."""

    day = DayField(label=_("Jour"), error_messages={"required": _("Quel jour ?")})
    clock = forms.TimeField(
        label=_("Heure"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("À quelle heure ?"),
            "invalid": _("Une heure, comme 14:30."),
        },
    )
    minutes = forms.IntegerField(
        label=_("Durée"),
        min_value=1,
        max_value=LONGEST_MIN,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Vide : celle de la prestation."),
    )

    zone: ZoneInfo

    @classmethod
    def moving(cls, data: QueryDict | None, appointment: Appointment) -> "TimeForm":
        """The form that moves an appointment."""
        zone = ZoneInfo(appointment.shop.zone)
        there = appointment.starts_at.astimezone(zone)
        form = cls(
            data,
            initial={
                "day": there.date(),
                "clock": there.time(),
                "minutes": appointment.minutes,
            },
        )
        form.zone = zone
        return form

    def clean(self) -> dict[str, Any]:
        """Say when that is; a time that the clocks jump over is none."""
        given = super().clean() or {}
        day, clock = given.get("day"), given.get("clock")
        if day and clock:
            try:
                given["starts_at"] = moment_of(day, clock, self.zone_of(given))
            except NoSuchTime:
                sentence = _("Cette heure n’existe pas : l’heure d’été commence cette nuit-là.")
                self.add_error("clock", sentence)
        return given

    def zone_of(self, given: dict[str, Any]) -> ZoneInfo:
        """Whose clock is meant."""
        return self.zone


class AppointmentForm(TimeForm):
    """An appointment of a customer who is known already."""

    product = forms.ChoiceField(
        label=_("Prestation"), error_messages={"required": _("Pour quelle prestation ?")}
    )
    shop = forms.ChoiceField(
        label=_("Boutique"), error_messages={"required": _("Dans quelle boutique ?")}
    )
    field_order = ("product", "shop", "day", "clock", "minutes")

    def __init__(self, data: QueryDict | None = None, *, scope: Scope, day: str = "") -> None:
        super().__init__(data, initial={"day": day or timezone.localdate()})
        self.shops = {shop.pk: shop for shop in ([scope.shop] if scope.shop else scope.open_shops)}
        self.products = {product.pk: product for product in services(scope.merchant)}
        self.fields["product"].choices = [  # type: ignore[attr-defined]
            (pk, f"{product.name}, {product.minutes} min") for pk, product in self.products.items()
        ]
        self.fields["shop"].choices = [  # type: ignore[attr-defined]
            (pk, shop.name) for pk, shop in self.shops.items()
        ]

    def zone_of(self, given: dict[str, Any]) -> ZoneInfo:
        """The shop's clock, wherever who reads is."""
        shop = self.shops.get(given.get("shop", ""))
        return ZoneInfo(shop.zone if shop else "UTC")

    @property
    def shop_chosen(self) -> Shop:
        """Where."""
        return self.shops[self.cleaned_data["shop"]]

    @property
    def product_chosen(self) -> Product:
        """For what."""
        return self.products[self.cleaned_data["product"]]

    @property
    def starts_at(self) -> datetime:
        """When."""
        found: datetime = self.cleaned_data["starts_at"]
        return found


class ServiceForm(forms.Form):
    """A service or a class: its price, how long it takes, what a booking earns."""

    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[c for c in ProductKind.choices if c[0] != ProductKind.ARTICLE],
        widget=forms.RadioSelect,
        initial=ProductKind.SERVICE,
        error_messages={"required": _("Prestation ou cours ?")},
    )
    name = forms.CharField(
        label=_("Nom"), max_length=60, error_messages={"required": _("Donnez-lui un nom.")}
    )
    cents = EurosOrNothing(label=_("Prix"), error_messages={"required": _("Combien coûte-t-il ?")})
    minutes = forms.IntegerField(
        label=_("Durée"),
        min_value=1,
        max_value=LONGEST_MIN,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Combien de minutes ?")},
    )
    earns = forms.BooleanField(label=_("Chaque rendez-vous donne des points"), required=False)
    booking_points = forms.IntegerField(
        label=_("Points"),
        min_value=0,
        max_value=MOST_POINTS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """What earns says how much."""
        given = super().clean() or {}
        given["booking_points"] = given.get("booking_points") or 0
        if given.get("earns") and not given["booking_points"]:
            self.add_error("booking_points", _("Combien de points ?"))
        return given


class DelayForm(forms.Form):
    """How long after its end an appointment is credited."""

    credit_after_min = forms.IntegerField(
        label=_("Points donnés après la fin du rendez-vous"),
        min_value=180,
        max_value=240,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "min_value": _("Entre 180 et 240 minutes : 3 à 4 heures."),
            "max_value": _("Entre 180 et 240 minutes : 3 à 4 heures."),
        },
    )
