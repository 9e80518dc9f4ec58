# SPDX-License-Identifier: Apache-2.0
"""A reward and the rule for earning points, as the merchant edits them."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosField, PercentField
from hub.merchants.models import Merchant
from hub.programmes.models import Kind, Reward, Rules

MOST_POINTS = 1_000_000


class PointValueField(EurosField):
    """What one point is worth; the price of a small thing at most."""

    most = 10_000


class ProgrammeForm(forms.Form):
    """One reward, with the earning rule that all of them share (SPEC C2–C5, C9, C10)."""

    kind = forms.ChoiceField(
        label=_("Type"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un des trois types.")},
    )
    cost = forms.IntegerField(
        label=_("Coût"),
        min_value=0,
        max_value=MOST_POINTS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Combien de points coûte-t-elle ? 0 est permis."),
            "invalid": _("Un nombre entier de points."),
        },
    )
    title = forms.CharField(
        label=_("Titre lu par le client"),
        max_length=60,
        error_messages={"required": _("Le client lit ce titre à la caisse : donnez-en un.")},
    )
    percentage = PercentField(label=_("Pourcentage"), required=False)
    gift_title = forms.CharField(
        label=_("Cadeau"),
        max_length=60,
        required=False,
        help_text=_("Ce qui est écrit sur le ticket, à 0 €."),
    )
    earn_points = forms.IntegerField(
        label=_("Points"),
        min_value=1,
        max_value=MOST_POINTS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Un nombre entier de points.")},
    )
    earn_per = EurosField(label=_("Montant payé"))
    point_value = PointValueField(label=_("Valeur d’un point"))
    shops = forms.MultipleChoiceField(
        label=_("Boutiques"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Cette boutique n’est pas à vous.")},
    )
    order = EurosField(label=_("Commande"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        merchant: Merchant,
        reward: Reward | None,
        rules: Rules,
    ) -> None:
        super().__init__(data, initial=_initial(merchant, reward, rules))
        self.merchant = merchant
        self.fields["shops"].choices = [  # type: ignore[attr-defined]
            (shop.pk, shop.name) for shop in merchant.shops.all()
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen type needs, and forget what it does not."""
        given = super().clean() or {}
        kind = given.get("kind")
        if kind in (Kind.DISCOUNT, Kind.CASHBACK):
            given["gift_title"] = ""
            if given.get("percentage") is None and "percentage" not in self.errors:
                self.add_error("percentage", _("Donnez un pourcentage, comme 10 ou 2,5."))
        if kind == Kind.GIFT:
            given["percentage"] = None
            self.errors.pop("percentage", None)
            if not given.get("gift_title") and "gift_title" not in self.errors:
                self.add_error("gift_title", _("Dites ce que le client reçoit."))
        return given

    @property
    def not_in_shops(self) -> list[str]:
        """Ids of the unticked shops: one that opens later has the reward."""
        ticked = set(self.cleaned_data["shops"])
        return [pk for pk, _name in self.fields["shops"].choices if pk not in ticked]  # type: ignore[attr-defined]


def _initial(merchant: Merchant, reward: Reward | None, rules: Rules) -> dict[str, object]:
    without = set(reward.not_in_shops.values_list("pk", flat=True)) if reward else set()
    ticked = [pk for pk in merchant.shops.values_list("pk", flat=True) if pk not in without]
    common: dict[str, object] = {
        "earn_points": rules.earn_points,
        "earn_per": rules.earn_per_cents,
        "point_value": rules.point_value_cents,
        "shops": ticked,
        "order": 5000,
    }
    if reward is None:
        return {**common, "kind": Kind.DISCOUNT.value}
    return {
        **common,
        "kind": reward.kind,
        "cost": reward.cost,
        "title": reward.title,
        "percentage": reward.rate_bp or None,
        "gift_title": reward.gift_title,
    }
