# SPDX-License-Identifier: Apache-2.0
"""What a customer answered about each channel, and how: without the how it proves nothing."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.console.forms.reasons import ReasonForm
from hub.ledger import consenting
from hub.ledger.consents import Channel, Consent
from hub.ledger.models import Customer
from hub.ledger.rulings import LONGEST_REASON
from hub.merchants.models import Merchant

YES, NO = "yes", "no"
_CHOICES: Final = [(YES, _("Oui")), (NO, _("Non"))]


def boxes(merchant: Merchant) -> dict[str, forms.BooleanField]:
    """A box for each channel, not ticked, with what customers are asked: for who joins."""
    return {
        column: forms.BooleanField(
            label=consenting.sentence(channel, merchant=merchant.name), required=False
        )
        for channel, column in consenting.COLUMNS.items()
    }


def asked_of(merchant: Merchant, customer: Customer) -> tuple[tuple[str, str], ...]:
    """What somebody who joins is asked: of the channels that they did not agree to yet."""
    return tuple(
        (column, consenting.sentence(channel, merchant=merchant.name))
        for channel, column in consenting.COLUMNS.items()
        if not getattr(customer, column)
    )


def agreed(given: Mapping[str, Any]) -> dict[Channel, bool]:
    """The channels whose box was ticked; of the others nothing was said."""
    return {channel: True for channel, column in consenting.COLUMNS.items() if given.get(column)}


class ConsentForm(ReasonForm):
    """Yes or no for each channel; what is left alone was not asked."""

    email = forms.ChoiceField(
        label=_("E-mail"), choices=_CHOICES, required=False, widget=forms.RadioSelect
    )
    sms = forms.ChoiceField(
        label=_("SMS"), choices=_CHOICES, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Comment l’a-t-il dit ?"),
        max_length=LONGEST_REASON,
        help_text=_(
            "Par exemple : « coché sur le bulletin du 3 mai ». Gardé pour toujours, avec votre nom :"
            " c’est la preuve."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites comment le client l’a dit, en quelques mots.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, standing: Mapping[Channel, Consent | None]
    ) -> None:
        known = {channel: one.given for channel, one in standing.items() if one}
        marked = {channel.value: YES if given else NO for channel, given in known.items()}
        super().__init__(data, initial=marked)
        self.known = known

    def clean(self) -> dict[str, Any]:
        """Something is answered otherwise than before."""
        given = super().clean() or {}
        if not self.errors and self.answers_of(given).items() <= self.known.items():
            raise forms.ValidationError(_("Rien ne change : ce sont déjà ses réponses."))
        return given

    @property
    def answers(self) -> dict[Channel, bool]:
        """What was answered."""
        return self.answers_of(self.cleaned_data)

    @staticmethod
    def answers_of(given: Mapping[str, Any]) -> dict[Channel, bool]:
        """The answers among the form's fields; a channel that was left alone has none."""
        return {
            channel: given[channel.value] == YES for channel in Channel if given.get(channel.value)
        }
