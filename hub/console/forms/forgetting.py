# SPDX-License-Identifier: Apache-2.0
"""What can't be undone is typed: whose data goes, and for how long absent customers are kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import WholeField
from hub.console.forms.reasons import ReasonForm
from hub.ledger import named
from hub.ledger.models import Customer
from hub.ledger.rulings import LONGEST_REASON
from hub.merchants.words import plain


class ForgetForm(ReasonForm):
    """The customer's name, typed by who wants it gone; and why, without naming them again."""

    reason = forms.CharField(
        label=_("Raison"),
        max_length=LONGEST_REASON,
        help_text=_("Sans nommer la personne : cette raison reste, avec votre nom."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi, en quelques mots.")},
    )
    name = forms.CharField(
        label=_("Pour confirmer, tapez son nom"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Tapez le nom du client pour confirmer.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, customer: Customer) -> None:
        super().__init__(data)
        self.customer = customer
        self.fields["name"].help_text = str(customer)

    def clean_name(self) -> str:
        """As it stands on the page, whatever its accents and capitals."""
        typed = self.cleaned_data["name"]
        if plain(typed).split() != plain(str(self.customer)).split():
            raise forms.ValidationError(_("Ce n’est pas le nom de ce client."))
        return typed

    def clean(self) -> dict[str, Any]:
        """The reason stays when the person is gone: it says nothing that leads to them."""
        given = super().clean() or {}
        if named.names(self.customer, given.get("reason", "")):
            self.add_error("reason", _("Ne nommez pas la personne : cette raison reste."))
        return given


class RetentionForm(forms.Form):
    """For how many months a customer who does not come is kept."""

    months = WholeField(
        label=_("Mois sans visite"),
        least=6,
        most=120,
        error_messages={"required": _("Après combien de mois ?")},
    )
