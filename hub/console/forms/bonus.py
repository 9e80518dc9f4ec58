# SPDX-License-Identifier: Apache-2.0
"""Points by hand: how many, « - » takes them, and what the customer is told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.ledger.tellings import LONGEST_NOTE

MOST_POINTS = 1_000_000


class BonusForm(forms.Form):
    """An amount and its description, which the customer reads."""

    points = forms.CharField(
        label=_("Points"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        help_text=_("« - » devant les retire, comme -20."),
        error_messages={"required": _("Combien de points ?")},
    )
    note = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Le client la lit, et la reçoit par e-mail s’il en a donné un."),
        error_messages={"required": _("Dites pourquoi : le client le lit.")},
    )

    def clean_points(self) -> int:
        """A whole number; either minus will do."""
        typed = "".join(self.cleaned_data["points"].split()).replace("\N{MINUS SIGN}", "-")
        try:
            points = int(typed)
        except ValueError:
            raise forms.ValidationError(_("Un nombre entier, comme 50 ou -20.")) from None
        if not 0 < abs(points) <= MOST_POINTS:
            raise forms.ValidationError(_("Entre 1 et 1 000 000 de points."))
        return points
