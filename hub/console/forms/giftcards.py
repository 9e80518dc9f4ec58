# SPDX-License-Identifier: Apache-2.0
"""What a gift card made on the web needs: everything but the message (SPEC H1)."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.forms.fields import EurosField
from hub.ledger.models import GiftCard
from loyalty import giftcard

VIRTUAL: Final = "virtual"
PHYSICAL: Final = "physical"
LATEST = timedelta(days=365)


class GiftCardForm(forms.Form):
    """A card, who pays for it, and who may spend it."""

    medium = forms.ChoiceField(
        label=_("Type"),
        choices=[(VIRTUAL, _("Virtuelle")), (PHYSICAL, _("Physique"))],
        widget=forms.RadioSelect,
        initial=VIRTUAL,
        error_messages={"required": _("Choisissez virtuelle ou physique.")},
    )
    amount = EurosField(
        label=_("Montant"), error_messages={"required": _("Combien d’euros y charger ?")}
    )
    number = forms.CharField(
        label=_("Numéro de la carte"),
        max_length=giftcard.LONGEST,
        required=False,
        help_text=_("Tel qu’il est imprimé dessus ; espaces et tirets ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shop = forms.ChoiceField(
        label=_("Comptée dans la boutique"),
        error_messages={"required": _("Choisissez la boutique qui l’encaisse.")},
    )
    buyer = forms.CharField(
        label=_("Acheteur"),
        max_length=80,
        error_messages={"required": _("Qui offre cette carte ?")},
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
            "required": _("C’est là qu’il est prévenu."),
            "invalid": _("Ce n’est pas une adresse e-mail : il y manque peut-être un « @ »."),
        },
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send_on = forms.DateField(
        label=_("Prévenir le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Quel jour le prévenir ?"),
            "invalid": _("Une date, comme 24/12/2026."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, scope: Scope) -> None:
        super().__init__(data, initial={"send_on": timezone.localdate()})
        self.scope = scope
        if scope.shop:
            del self.fields["shop"]
        else:
            shops = [(shop.pk, shop.name) for shop in scope.merchant.shops.all()]
            self.fields["shop"].choices = shops  # type: ignore[attr-defined]

    def clean_send_on(self) -> date:
        """Today or later, within a year."""
        on: date = self.cleaned_data["send_on"]
        today = timezone.localdate()
        if not today <= on <= today + LATEST:
            raise forms.ValidationError(_("Aujourd’hui ou plus tard, dans l’année."))
        return on

    def clean(self) -> dict[str, Any]:
        """A physical card has a number that no other card has; a virtual one is given its own."""
        given = super().clean() or {}
        if given.get("medium") == VIRTUAL:
            given["number"] = ""
        elif wrong := self._wrong(giftcard.normalise(given.get("number", ""))):
            self.add_error("number", wrong)
        return given

    def _wrong(self, number: str) -> Any:  # noqa: ANN401 (a sentence, translated late)
        if not number:
            return _("Tapez le numéro imprimé sur la carte.")
        if not giftcard.plausible(number):
            return _("Ce numéro est trop court : il en faut au moins 12 caractères.")
        if giftcard.damaged(number):
            return _("Un caractère de ce numéro est faux : relisez-le.")
        key = bytes.fromhex(self.scope.merchant.lookup_key)
        if GiftCard.objects.filter(
            merchant=self.scope.merchant, fingerprint=giftcard.fingerprint(key, number)
        ).exists():
            return _("Cette carte est déjà chargée : elle ne peut l’être deux fois.")
        return None
