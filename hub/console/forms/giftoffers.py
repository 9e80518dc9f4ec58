# SPDX-License-Identifier: Apache-2.0
"""Gift cards for points: what is offered, and who takes it (SPEC H4)."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.forms.fields import EurosField, WholeField
from hub.console.rulebook import points
from hub.console.templatetags.console import euros
from hub.ledger.giftcards import GiftOffer
from hub.ledger.models import Customer
from hub.merchants.models import Shop

MOST_POINTS = 1_000_000


class OfferForm(forms.Form):
    """A card of so much for so many points."""

    amount = EurosField(label=_("Carte de"), error_messages={"required": _("De combien d’euros ?")})
    points = WholeField(
        label=_("Contre"),
        least=1,
        most=MOST_POINTS,
        error_messages={"required": _("Contre combien de points ?")},
    )


class ExchangeForm(forms.Form):
    """Which one, and who is sent it: the customer unless somebody else is named."""

    offer = forms.ModelChoiceField(
        label=_("Carte"),
        queryset=GiftOffer.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choisissez une carte."),
            "invalid_choice": _("Cette carte n’est plus proposée."),
        },
    )
    shop = forms.ModelChoiceField(
        label=_("Comptée dans la boutique"), queryset=Shop.objects.none(), empty_label=None
    )
    recipient = forms.CharField(
        label=_("Nom du bénéficiaire"),
        max_length=80,
        error_messages={"required": _("À qui est-elle offerte ?")},
    )
    email = forms.EmailField(
        label=_("E-mail du bénéficiaire"),
        max_length=254,
        error_messages={
            "required": _("C’est là que la carte est envoyée."),
            "invalid": _("Ce n’est pas une adresse e-mail : il y manque peut-être un « @ »."),
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, scope: Scope, customer: Customer | None
    ) -> None:
        initial = {"recipient": str(customer), "email": customer.email} if customer else {}
        super().__init__(data, initial=initial)
        offers = GiftOffer.objects.filter(merchant=scope.merchant, on=True)
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]
        self.fields["offer"].label_from_instance = _named  # type: ignore[attr-defined]
        if scope.shop:
            del self.fields["shop"]
        else:
            self.fields["shop"].queryset = scope.merchant.open_shops  # type: ignore[attr-defined]


def _named(offer: GiftOffer) -> str:
    return f"{euros(offer.cents)} · {points(offer.points)}"
