# SPDX-License-Identifier: Apache-2.0
"""What is typed at a till besides the entry bar: a line by its amount."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosField, WholeField
from hub.merchants.models import Merchant
from hub.programmes.models import Category
from loyalty.basket import Line

MOST_OF_ONE = 999


class LineForm(forms.Form):
    """An amount, and what it is for."""

    amount = EurosField(
        label=_("Montant"), error_messages={"required": _("Tapez un montant, comme 12,50.")}
    )
    category = forms.ChoiceField(label=_("Rayon"), required=False)
    quantity = WholeField(label=_("Quantité"), least=1, most=MOST_OF_ONE, required=False)

    def __init__(self, data: QueryDict | None = None, *, merchant: Merchant) -> None:
        super().__init__(data, initial={"quantity": 1})
        shelves = Category.objects.filter(merchant=merchant, gone=False)
        self.names = dict(shelves.values_list("pk", "name"))
        choices = [("", _("Divers")), *self.names.items()]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    @property
    def line(self) -> Line:
        """What was typed."""
        given = self.cleaned_data
        return Line(
            label=self.names.get(given["category"], ""),
            unit_cents=given["amount"],
            quantity=given["quantity"] or 1,
            category=given["category"],
        )
