# SPDX-License-Identifier: Apache-2.0
"""What a gift card made on the web needs: everything but the message (SPEC H1)."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.console.access import Scope
from hub.console.forms.fields import DayField, EurosField, PercentField, WholeField
from hub.ledger import gifting
from hub.ledger.giftcards import GiftCard
from hub.programmes.models import Rules
from loyalty import giftcard

VIRTUAL: Final = "virtual"
PHYSICAL: Final = "physical"
MULTI: Final = "multi"
SINGLE: Final = "single"
LATEST = timedelta(days=365)


class BatchForm(forms.Form):
    """Cards to print: how many, and what is on each (SPEC H7)."""

    count = WholeField(
        label=_("Combien de cartes"),
        least=1,
        most=gifting.MOST_IN_BATCH,
        error_messages={"required": _("Combien de cartes imprimer ?")},
    )
    amount = EurosField(
        label=_("Montant de chacune"),
        required=False,
        help_text=_("Vide : des cartes vierges, chargées quand une caisse les vend."),
    )
    shop = forms.ChoiceField(
        label=_("Comptées dans la boutique"),
        error_messages={"required": _("Choisissez la boutique qui les encaisse.")},
    )
    buyer = forms.CharField(
        label=_("Acheteur"),
        max_length=80,
        required=False,
        help_text=_("Qui a payé ces cartes, si elles portent déjà un montant."),
    )

    def __init__(self, data: QueryDict | None = None, *, scope: Scope) -> None:
        super().__init__(data)
        shops = [(shop.pk, shop.name) for shop in scope.open_shops]
        self.fields["shop"].choices = shops  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Money on a card comes from somebody."""
        given = super().clean() or {}
        if given.get("amount") and not given.get("buyer"):
            self.add_error("buyer", _("Qui a payé ces cartes ?"))
        return given


class GiftRulesForm(forms.Form):
    """What every card sold from now on is: a draft, like the other rules (SPEC H7)."""

    months = WholeField(
        label=_("Valables"),
        least=1,
        most=120,
        required=False,
        help_text=_("Vide : sans limite. Une carte déjà vendue garde sa date."),
    )
    purpose = forms.ChoiceField(
        label=_("TVA"),
        choices=[(MULTI, _("Usages multiples")), (SINGLE, _("Usage unique"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un des deux.")},
    )
    vat = PercentField(label=_("Taux"), required=False)

    def __init__(self, data: QueryDict | None = None, *, rules: Rules) -> None:
        initial = {
            "months": rules.gift_months or None,
            "purpose": SINGLE if rules.gift_single_purpose else MULTI,
            "vat": rules.gift_vat_bp or None,
        }
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """One rate, where there is but one."""
        given = super().clean() or {}
        if given.get("purpose") == MULTI:
            given["vat"] = None
            self.errors.pop("vat", None)
        elif given.get("vat") is None and "vat" not in self.errors:
            self.add_error("vat", _("Le taux de tout ce qu’elle peut payer, comme 5,5."))
        return given

    def fill(self, rules: Rules) -> None:
        """Write it into the draft."""
        given = self.cleaned_data
        rules.gift_months = given["months"] or 0
        rules.gift_single_purpose = given["purpose"] == SINGLE
        rules.gift_vat_bp = given["vat"] or 0


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
    send_on = DayField(
        label=_("Prévenir le"), error_messages={"required": _("Quel jour le prévenir ?")}
    )

    def __init__(self, data: QueryDict | None = None, *, scope: Scope) -> None:
        super().__init__(data, initial={"send_on": timezone.localdate()})
        self.scope = scope
        if scope.shop:
            del self.fields["shop"]
        else:
            shops = [(shop.pk, shop.name) for shop in scope.open_shops]
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
