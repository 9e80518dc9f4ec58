# SPDX-License-Identifier: Apache-2.0
"""Which terminal a board becomes."""

from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hub.merchants import enrolment
from hub.merchants.models import Merchant, Shop, Terminal

SHORTEST_STEM: Final = 6
"""With « -1 » behind it, a name as long as a terminal's has to be."""


class EnrolForm(forms.Form):
    """A shop, and the terminal's name for ever; a known name is enrolled again."""

    shop = forms.ChoiceField(
        label=_("Boutique"), error_messages={"required": _("Dans quelle boutique se tient-il ?")}
    )
    terminal = forms.CharField(
        label=_("Nom du terminal"),
        max_length=40,
        help_text=_(
            "Minuscules, chiffres et tirets. Un nom déjà pris remplace l’appareil d’avant, qui ne"
            " peut plus se connecter."
        ),
        error_messages={"required": _("Donnez-lui un nom, comme saint-denis-1.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, merchant: Merchant, terminal: str = ""
    ) -> None:
        self._shops, self._closed = list(merchant.open_shops), merchant.closed_at
        known = merchant.terminals.filter(pk=terminal).first()
        shop = known.shop if known else next(iter(self._shops), None)
        name = known.pk if known else _next_name(shop) if shop else ""
        super().__init__(data, initial={"shop": shop and shop.pk, "terminal": name})
        self.fields["shop"].choices = [(one.pk, one.name) for one in self._shops]  # type: ignore[attr-defined]

    @property
    def chosen_shop(self) -> Shop:
        """The shop, of a valid form."""
        return next(one for one in self._shops if one.pk == self.cleaned_data["shop"])

    def clean(self) -> None:
        """Refuse a name that no terminal of this merchant can have."""
        found = self.cleaned_data
        if self._closed:
            self.add_error(None, _("Ce commerce est fermé : rouvrez-le d’abord."))
        if {"shop", "terminal"} <= set(found):
            try:
                enrolment.check(self.chosen_shop, found["terminal"])
            except enrolment.BadTerminal as bad:
                self.add_error("terminal", str(bad).capitalize() + ".")


def _next_name(shop: Shop) -> str:
    """A name that nobody on this hub has, after the shop's: saint-denis-2."""
    stem = slugify(shop.name)[:32].strip("-") or "terminal"
    if len(stem) < SHORTEST_STEM:
        stem = f"terminal-{stem}"
    taken = set(Terminal.objects.filter(pk__startswith=stem).values_list("pk", flat=True))
    return next(name for n in range(1, 1000) if (name := f"{stem}-{n}") not in taken)
