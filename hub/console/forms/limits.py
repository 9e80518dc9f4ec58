# SPDX-License-Identifier: Apache-2.0
"""How far a till may go by itself, and what that could cost at most."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosOrNothing

MOST_CENTS: Final = 10_000_00


class LimitField(EurosOrNothing):
    """A limit that a shop may set."""

    most = MOST_CENTS


class LimitsForm(forms.Form):
    """Three caps, in euros, 0 the strict setting; and where a sale may be paid back."""

    card_cents = LimitField(
        label=_("Par client"),
        help_text=_(
            "Ce qu’une caisse garde des points et de la cagnotte de chacun, pour s’en servir quand"
            " le réseau manque."
        ),
    )
    terminal_cents = LimitField(
        label=_("Tous clients ensemble"),
        help_text=_(
            "Ce qu’une caisse garde en tout ; c’est aussi ce qu’elle peut dépenser après un"
            " redémarrage sans réseau."
        ),
    )
    unheard_cents = LimitField(
        label=_("Utilisé et pas encore envoyé"),
        help_text=_(
            "Au-delà, elle n’accepte plus ni récompense, ni cagnotte, ni carte cadeau avant que le"
            " hub ait reçu les précédentes."
        ),
    )
    refunds_anywhere = forms.BooleanField(
        label=_("Une vente peut être remboursée dans une autre boutique que la sienne"),
        required=False,
    )
