# SPDX-License-Identifier: Apache-2.0
"""What is known of a shop."""

from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.merchants.models import Merchant, Shop
from loyalty import contact

FRENCH_ZONES = (
    ("Europe/Paris", _("Métropole")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("Guyane")),
    ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")),
    ("Pacific/Noumea", _("Nouvelle-Calédonie")),
    ("Pacific/Tahiti", _("Polynésie française")),
    ("Pacific/Wallis", _("Wallis-et-Futuna")),
)


class ShopForm(forms.ModelForm):
    """A shop, all of it (SPEC B1); its name is its own within the merchant."""

    class Meta:
        model = Shop
        fields = ["name", "street", "postcode", "city", "phone", "email", "zone"]
        labels = {"email": _("Adresse e-mail"), "zone": _("Heure de")}
        error_messages = {
            "name": {"required": _("Donnez-lui un nom : vos clients le lisent sur le ticket.")},
            "street": {"required": _("Tapez le numéro et la rue.")},
            "postcode": {"required": _("Tapez le code postal.")},
            "city": {"required": _("Tapez la ville.")},
            "phone": {"required": _("Tapez le téléphone de la boutique.")},
            "email": {
                "required": _("Tapez l’adresse e-mail de la boutique : elle reçoit son accès."),
                "invalid": _("Ce n’est pas une adresse e-mail : il y manque peut-être un « @ »."),
            },
        }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        merchant: Merchant,
        instance: Shop | None = None,
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, instance=instance or Shop(merchant=merchant), initial=initial)
        self.merchant = merchant
        for field in self.fields.values():
            field.required = True
        known = {name for name, _words in FRENCH_ZONES}
        here = self.instance.zone
        others = [(here, here)] if here not in known and here in available_timezones() else []
        self.fields["zone"] = forms.ChoiceField(
            label=_("Heure de"), choices=[*FRENCH_ZONES, *others]
        )

    def clean_phone(self) -> str:
        """One that can be called."""
        phone = str(self.cleaned_data["phone"])
        if not contact.phone(phone):
            raise forms.ValidationError(_("Ce n’est pas un numéro de téléphone."))
        return phone

    def clean_name(self) -> str:
        """Two shops of one name could not be told apart in a list."""
        name = str(self.cleaned_data["name"]).strip()
        others = self.merchant.shops.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Une de vos boutiques a déjà ce nom."))
        return name
