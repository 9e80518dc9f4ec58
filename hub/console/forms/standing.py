# SPDX-License-Identifier: Apache-2.0
"""What a merchant knows of a customer: professional or not, their birthday, their group."""

import calendar
from typing import Any, Final

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from hub.ledger.models import Customer

LEAP: Final = 2000
"""A year that has every day a birthday can be on."""


class StandingForm(forms.Form):
    """Nothing of it is asked at the till; all of it may be empty."""

    pro = forms.BooleanField(label=_("Client professionnel"), required=False)
    day = forms.TypedChoiceField(
        label=_("Jour"),
        required=False,
        coerce=int,
        choices=[("", "–"), *((n, n) for n in range(1, 32))],
    )
    month = forms.TypedChoiceField(
        label=_("Mois"),
        required=False,
        coerce=int,
        choices=[("", "–"), *MONTHS.items()],
    )
    segment = forms.CharField(label=_("Groupe"), required=False, max_length=40)

    @classmethod
    def of(cls, customer: Customer, data: Any = None) -> "StandingForm":  # noqa: ANN401 (QueryDict)
        """The form as the customer is known now."""
        month, _dash, day = customer.birthday.partition("-")
        known = {"pro": customer.pro, "segment": customer.segment}
        if month:
            known |= {"month": int(month), "day": int(day)}
        return cls(data, initial=known)

    def clean(self) -> dict[str, Any]:
        """A birthday is a day that there is, or none at all."""
        given = super().clean() or {}
        day, month = given.get("day") or 0, given.get("month") or 0
        if bool(day) != bool(month):
            self.add_error("day", _("Le jour et le mois, ou aucun des deux."))
        elif month and day > calendar.monthrange(LEAP, month)[1]:
            self.add_error("day", _("Ce jour n’existe pas."))
        given["birthday"] = f"{month:02}-{day:02}" if day and month else ""
        return given
