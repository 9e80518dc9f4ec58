# SPDX-License-Identifier: Apache-2.0
"""What a merchant expects of the points that customers have: for the books."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosOrNothing, PercentField


class ProvisionForm(forms.Form):
    """How many will be used, and what they cost then."""

    use = PercentField(
        label=_("Utilisation attendue"),
        error_messages={"required": _("Quelle part des points sera utilisée ? 100 : tous.")},
    )
    cost = EurosOrNothing(
        label=_("Coût de 100 points"),
        help_text=_("Ce qu’ils vous coûtent quand ils servent : le prix d’achat, pas de vente."),
        error_messages={"required": _("Combien coûtent 100 points utilisés ?")},
    )
