# SPDX-License-Identifier: Apache-2.0
"""Who works at the tills: a name, a PIN, a badge, and whether they are a manager."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.ledger.models import Card
from hub.merchants.models import Merchant, Staff
from hub.merchants.registry import hash_badge
from loyalty import card
from loyalty.pin import DIGITS, matches

SHORTEST_BADGE: Final = 6
"""Characters; a shorter code is one that anybody's article may have."""


class StaffForm(forms.Form):
    """Somebody of the team; of who is there already PIN and badge stay unless they are given."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=40,
        error_messages={"required": _("Donnez-lui un nom : il est lu sur le ticket.")},
    )
    pin = forms.CharField(
        label=_("Code"),
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": DIGITS}
        ),
    )
    badge = forms.CharField(
        label=_("Badge"),
        help_text=_("Passez-le devant le lecteur, ou tapez ce qui est écrit dessus."),
        required=False,
        max_length=card.LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    manager = forms.BooleanField(label=_("Responsable"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, merchant: Merchant, staff: Staff | None = None
    ) -> None:
        known = {"name": staff.name, "manager": staff.manager} if staff else {}
        super().__init__(data, initial=known)
        self.merchant, self.staff = merchant, staff
        self._others = merchant.staff.exclude(pk=staff.pk if staff else None)

    @property
    def has_access(self) -> bool:
        """Whether they unlock the tills as it is."""
        return self.staff is not None and self.staff.works

    def clean_name(self) -> str:
        """Two people of one name could not be told apart on a receipt."""
        name = str(self.cleaned_data["name"]).strip()
        if any(other.works and other.name.casefold() == name.casefold() for other in self._others):
            raise forms.ValidationError(_("Quelqu’un de l’équipe a déjà ce nom."))
        return name

    def clean_pin(self) -> str:
        """Four digits, nobody else's: a sale would be said to be theirs."""
        pin = str(self.cleaned_data["pin"]).strip()
        if not pin:
            return ""
        if len(pin) != DIGITS or not (pin.isascii() and pin.isdecimal()):
            raise forms.ValidationError(_("Quatre chiffres."))
        if any(matches(pin, other.pin) for other in self._others):
            raise forms.ValidationError(_("Quelqu’un a déjà ce code : choisissez-en un autre."))
        return pin

    def clean_badge(self) -> str:
        """A code as tills read it, nobody else's, and no customer's card."""
        typed = str(self.cleaned_data["badge"])
        if not typed:
            return ""
        code = card.read(typed)
        if not isinstance(code, card.CardCode) or len(code.text) < SHORTEST_BADGE:
            raise forms.ValidationError(_("Ce n’est pas le code d’un badge."))
        badge = hash_badge(self.merchant, code.text)
        if any(other.badge == badge for other in self._others):
            raise forms.ValidationError(_("Quelqu’un de l’équipe a déjà ce badge."))
        if Card.objects.filter(merchant=self.merchant, code=code.text).exists():
            raise forms.ValidationError(_("C’est la carte d’un client."))
        return code.text

    def clean(self) -> dict[str, Any]:
        """Somebody without PIN and badge could not unlock anything."""
        given = super().clean() or {}
        nothing = not (given.get("pin") or given.get("badge") or self.has_access)
        if nothing and not self.errors:
            self.add_error("pin", _("Donnez un code ou un badge."))
        return given
