# SPDX-License-Identifier: Apache-2.0
"""What a category and a product of the catalogue need (SPEC D1, D2)."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosOrNothing, VatField
from hub.ledger import codes
from hub.merchants.models import Merchant
from hub.programmes.models import Category, Product, Rules
from loyalty.card import EAN_DIGITS, UPC_DIGITS, check_digit

_LENGTHS = (8, UPC_DIGITS, EAN_DIGITS)
_CARD = _("C’est un numéro de carte de client.")


class CategoryForm(forms.Form):
    """Its name is all there is to it."""

    name = forms.CharField(
        label=_("Nom du rayon"),
        max_length=40,
        error_messages={"required": _("Donnez-lui un nom, comme « Pains ».")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, merchant: Merchant, category: Category | None = None
    ) -> None:
        super().__init__(data, initial={"name": category.name} if category else None)
        self._merchant, self._category = merchant, category

    def clean_name(self) -> str:
        """Two of one name could not be told apart at the till."""
        name: str = self.cleaned_data["name"]
        others = self._merchant.categories.filter(gone=False, name__iexact=name)
        if others.exclude(pk=self._category.pk if self._category else "").exists():
            raise forms.ValidationError(_("Ce rayon existe déjà."))
        return name


class ProductForm(forms.Form):
    """A product: where it stands, what it costs, how it is scanned, whether it earns."""

    name = forms.CharField(
        label=_("Nom"), max_length=60, error_messages={"required": _("Donnez-lui un nom.")}
    )
    category = forms.ModelChoiceField(
        label=_("Rayon"),
        queryset=Category.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choisissez un rayon."),
            "invalid_choice": _("Ce rayon n’est plus au catalogue."),
        },
    )
    cents = EurosOrNothing(
        label=_("Prix, TVA comprise"), error_messages={"required": _("Combien coûte-t-il ?")}
    )
    vat_bp = VatField(label=_("TVA"), required=False)
    ean = forms.CharField(
        label=_("Code-barres"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Scannez-le ici : à la caisse, le scanner posera l’article sur la commande."),
    )
    earns = forms.BooleanField(label=_("Donne des points"), required=False, initial=True)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        merchant: Merchant,
        rules: Rules,
        product: Product | None = None,
        category: str = "",
    ) -> None:
        shown = ("name", "category", "cents", "vat_bp", "ean")
        initial: dict[str, Any] = {"category": category}
        if product:
            initial = {name: getattr(product, name) for name in shown}
            initial["earns"] = product.pk not in rules.not_earning
        super().__init__(data, initial=initial)
        self.fields["category"].queryset = merchant.categories.filter(gone=False)  # type: ignore[attr-defined]
        self._merchant, self._product = merchant, product

    def clean_ean(self) -> str:
        """A barcode names one product, and no customer."""
        if not (ean := barcode(self.cleaned_data["ean"], self._merchant)):
            return ""
        if codes.owner_of(self._merchant, ean):
            raise forms.ValidationError(_CARD)
        others = self._merchant.products.filter(gone=False, ean=ean)
        if other := others.exclude(pk=self._product.pk if self._product else "").first():
            raise forms.ValidationError(
                _("« %(name)s » a déjà ce code-barres.") % {"name": other.name}
            )
        return ean


def barcode(typed: str, merchant: Merchant) -> str:
    """A barcode as it was typed or scanned, "" for none; a number of the merchant's cards is none.

    Raises:
        ValidationError: it can't be one.
    """
    ean = "".join(typed.split())
    if not ean:
        return ""
    if not (ean.isascii() and ean.isdigit() and len(ean) in _LENGTHS):
        raise forms.ValidationError(_("Un code-barres a 8, 12 ou 13 chiffres."))
    if check_digit(ean[:-1].zfill(EAN_DIGITS - 1)) != int(ean[-1]):
        raise forms.ValidationError(_("Un chiffre est faux : scannez-le, ou relisez-le."))
    if len(ean) == EAN_DIGITS and ean.startswith(merchant.card_prefix):
        raise forms.ValidationError(_CARD)
    return ean
