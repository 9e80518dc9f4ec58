# SPDX-License-Identifier: Apache-2.0
"""A tier as a merchant edits it, and how customers are classified (SPEC J1–J4, J11)."""

from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import (
    ColourField,
    EurosOrNothing,
    HundredthsField,
    PictureField,
    WholeField,
)
from hub.programmes.tiers import LONGEST_NAME, Tier, Tiering
from loyalty.colour import contrast, of_hex
from loyalty.fitting import TEXT, WHITE
from loyalty.money import LARGEST_CENTS
from loyalty.tier import Criterion, Downgrade, Period

MOST_TIMES_BP: Final = 100_000

CRITERIA: Final = (
    (Criterion.AMOUNT, _("Montant acheté")),
    (Criterion.POINTS, _("Points gagnés")),
    (Criterion.VISITS, _("Visites")),
    (Criterion.ORDERS, _("Commandes")),
    (Criterion.SEGMENT, _("Groupe")),
)
PERIODS: Final = (
    (Period.ALL, _("Depuis toujours")),
    (Period.ROLLING, _("12 derniers mois")),
    (Period.YEAR, _("Année civile")),
)
DOWNGRADES: Final = (
    (Downgrade.AT_ONCE, _("Dès que le seuil n’est plus atteint")),
    (Downgrade.STEP, _("Un statut par nuit")),
    (Downgrade.NEVER, _("Jamais")),
)


class TimesField(HundredthsField):
    """What multiplies points: « 1,5 » is 15 000 hundredths of a percent."""

    most = MOST_TIMES_BP // 100
    default_error_messages = {"invalid": _("Un nombre, comme 1 ou 1,5.")}


class TieringForm(forms.ModelForm):
    """What is counted, since when, and how a tier is lost."""

    criterion = forms.ChoiceField(label=_("Un statut se gagne par"), choices=CRITERIA)
    period = forms.ChoiceField(label=_("Compté"), choices=PERIODS)
    downgrade = forms.ChoiceField(label=_("Un statut se perd"), choices=DOWNGRADES)
    warn_days = WholeField(label=_("Prévenir avant"), least=0, most=365)

    class Meta:
        model = Tiering
        fields = ("criterion", "period", "downgrade", "warn_days")


class TierForm(forms.Form):
    """One tier: its name and look, its threshold, what it gives."""

    name = forms.CharField(label=_("Nom"), max_length=LONGEST_NAME)
    segment = forms.CharField(label=_("Groupe"), max_length=40)
    factor = TimesField(label=_("Points multipliés par"))
    colour = ColourField(label=_("Couleur du nom"))
    description = forms.CharField(
        label=_("Description"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    image = PictureField(label=_("Image"), required=False)
    no_image = forms.BooleanField(label=_("Retirer l’image"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile] | None,
        *,
        criterion: Criterion,
        tier: Tier,
    ) -> None:
        self.tier = tier
        known = {
            "name": tier.name,
            "threshold": tier.threshold,
            "segment": tier.segment,
            "factor": tier.factor_bp // 100,
            "colour": tier.colour,
            "description": tier.description,
        }
        super().__init__(data, files, initial=known)
        if criterion is Criterion.SEGMENT:
            return
        del self.fields["segment"]
        self.fields["threshold"] = (
            EurosOrNothing(label=_("Seuil"))
            if criterion is Criterion.AMOUNT
            else WholeField(label=_("Seuil"), least=0, most=LARGEST_CENTS)
        )

    def clean_colour(self) -> str:
        """A name that nobody can read is none."""
        colour: str = self.cleaned_data["colour"]
        if contrast(of_hex(colour), WHITE) < TEXT:
            raise forms.ValidationError(_("Trop clair : le nom ne se lirait pas sur du blanc."))
        return colour.upper()

    def save(self) -> Tier:
        """Keep it as a draft."""
        given, tier = self.cleaned_data, self.tier
        for name in ("name", "threshold", "segment", "colour", "description"):
            if name in given:
                setattr(tier, name, given[name])
        tier.factor_bp = given["factor"] * 100
        if given["image"]:
            tier.image, tier.image_type = given["image"]
        elif given["no_image"]:
            tier.image, tier.image_type = b"", ""
        tier.save()
        return tier
