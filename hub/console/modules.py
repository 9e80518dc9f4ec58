# SPDX-License-Identifier: Apache-2.0
"""What each module is called, and what is so without it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from loyalty.module import Module

NAMES: Final = {
    Module.LOYALTY: _("Fidélité"),
    Module.TIERS: _("Statuts"),
    Module.GIFT_CARDS: _("Cartes cadeaux"),
    Module.CAMPAIGNS: _("Campagnes"),
    Module.BOOKINGS: _("Rendez-vous"),
}
WITHOUT: Final = {
    Module.LOYALTY: _(
        "Points, récompenses et cagnotte. Sans ce module les achats ne donnent rien ; ce que vos"
        " clients ont déjà gagné reste à eux, et revient avec lui."
    ),
    Module.TIERS: _(
        "Bronze, argent, or. Sans ce module personne ne change de statut ; chacun retrouve le sien"
        " avec lui."
    ),
    Module.GIFT_CARDS: _(
        "Leur vente. Sans ce module on n’en vend plus ; celles qui sont vendues paient encore à la"
        " caisse, scannées ou tapées dans « Chercher »."
    ),
    Module.CAMPAIGNS: _("Messages aux clients. Sans ce module rien n’est plus envoyé."),
    Module.BOOKINGS: _(
        "L’agenda. Sans ce module on n’en prend plus ; ceux qui sont pris donnent encore leurs"
        " points."
    ),
}
