# SPDX-License-Identifier: Apache-2.0
"""A person's reason for what they decide: never empty, kept with their name."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.ledger.rulings import LONGEST_REASON


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Raison"),
        max_length=LONGEST_REASON,
        help_text=_("Gardée avec votre nom, et montrée à qui rouvre cette page."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi, en quelques mots.")},
    )


class EnterForm(ReasonForm):
    """Why an operator goes into a merchant's space."""

    def __init__(self, posted: Mapping[str, Any] | None) -> None:
        super().__init__(posted)
        self.fields["reason"].help_text = _("Le gérant la lit, avec votre nom et l’heure.")


class RetireForm(ReasonForm):
    """Why a terminal is retired; with entries still on it, that they are given up."""

    give_up = forms.BooleanField(
        label=_("Renoncer à ce qu’elle n’a pas envoyé"),
        error_messages={"required": _("Cochez pour y renoncer, ou sortez la caisse du service.")},
    )

    def __init__(self, posted: Mapping[str, Any] | None, *, waiting: int) -> None:
        super().__init__(posted)
        self.fields["give_up"].required = waiting > 0


class NoteForm(ReasonForm):
    """What was found and done about an incident."""

    reason = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_REASON,
        help_text=_("Ce que vous avez vu et fait. Gardée avec votre nom."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites en quelques mots ce que vous avez vu ou fait.")},
    )
