# SPDX-License-Identifier: Apache-2.0
"""Which modules a merchant has: ticked by the operator, then by the merchant (SPEC A7, A8)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from hub.console.modules import NAMES, WITHOUT
from loyalty.module import Module


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
