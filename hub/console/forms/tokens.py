# SPDX-License-Identifier: Apache-2.0
"""Another program's access: what it is called and what it may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.merchants.tokens import LONGEST_NAME, May


class TokenForm(forms.Form):
    """A name, and at least one right."""

    name = forms.CharField(
        label=_("Logiciel"),
        max_length=LONGEST_NAME,
        help_text=_("Comme vous l’appelez : caisse du bar, site de vente, agenda."),
        error_messages={"required": _("Quel logiciel s’en servira ?")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    may = forms.TypedMultipleChoiceField(
        label=_("Ce qu’il peut faire"),
        choices=May.choices,
        coerce=May,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un droit.")},
    )
