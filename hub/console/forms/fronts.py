# SPDX-License-Identifier: Apache-2.0
"""What customers see on a till before anything happens: the merchant's colour, and a line of words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import ColourField


class FrontForm(forms.Form):
    """The colour as the merchant gave it; it is fitted where it is shown."""

    colour = ColourField(label=_("Votre couleur"))
    pitch_fr = forms.CharField(
        label=_("Votre phrase"),
        max_length=120,
        required=False,
        help_text=_(
            "Sous « Passez votre carte », en français. Vide : la caisse écrit elle-même ce que"
            " disent vos règles, comme elle le fait toujours dans une autre langue."
        ),
    )

    def clean_colour(self) -> str:
        """Written one way."""
        colour: str = self.cleaned_data["colour"]
        return colour.upper()
