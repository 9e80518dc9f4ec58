# SPDX-License-Identifier: Apache-2.0
"""Which modules a merchant has: ticked by the operator, then by the merchant (SPEC A7, A8)."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.http import QueryDict
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


class ModulesForm(forms.Form):
    """Some modules, to tick."""

    modules = forms.TypedMultipleChoiceField(
        coerce=Module, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: QueryDict | None = None, *, among: Iterable[Module], chosen: Iterable[Module]
    ) -> None:
        super().__init__(data, initial={"modules": list(chosen)})
        field: Any = self.fields["modules"]
        field.choices = [(module.value, NAMES[module]) for module in among]

    @property
    def rows(self) -> Iterator[tuple[Any, Any]]:
        """Each tick with what is so without its module."""
        for tick in self["modules"]:
            yield tick, WITHOUT[Module(tick.data["value"])]
