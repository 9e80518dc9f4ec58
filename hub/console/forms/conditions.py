# SPDX-License-Identifier: Apache-2.0
"""Each condition of a segment as a row to be filled in (SPEC K1)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.campaigns import conditions
from hub.campaigns.conditions import Condition
from hub.campaigns.conditions.dealings import NO_TIER
from hub.campaigns.conditions.record import THIS_MONTH, Tie
from hub.console.forms.articles import BoughtField
from hub.console.forms.fields import EurosField, WholeField
from hub.console.forms.parts import PartForm
from hub.ledger.consents import Channel
from hub.ledger.genders import Gender
from hub.merchants.models import Merchant
from hub.programmes.models import Category
from loyalty.module import Module

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_MONTHS: Final = 120
MOST_YEARS: Final = 120
MOST_COUNTED: Final = 1_000_000
UNKNOWN: Final = "unknown"
YES, NO = "yes", "no"
_CHOOSE: Final = ("", _("Choisissez…"))

_LATELY: Final = {"months": _("derniers mois")}

Choices = Sequence[tuple[Any, Any]]


class Offer:
    """What there is to choose from at a merchant's, read when a row asks for it."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant

    @cached_property
    def categories(self) -> Choices:
        """Every category; those that left the tills are at the end."""
        found = Category.objects.filter(merchant=self.merchant).order_by("gone", "rank", "name")
        return [_CHOOSE, *((one.pk, _named(one.name, gone=one.gone)) for one in found)]

    @cached_property
    def tiers(self) -> Choices:
        """Every tier, and none."""
        found = self.merchant.tiers.values_list("pk", "name")
        return [_CHOOSE, *found, (NO_TIER, _("Sans statut"))]

    @cached_property
    def shops(self) -> Choices:
        """Every shop; who was in one that is closed now is still there."""
        found = self.merchant.shops.order_by("name")
        return [_CHOOSE, *((one.pk, _shop(one.name, closed=one.closed_at)) for one in found)]

    @property
    def kinds(self) -> Choices:
        """The conditions that make sense with the modules that are there."""
        gone = {kind for kind, module in _OF_MODULES.items() if module in self.merchant.without}
        return [(kind, form.title) for kind, form in FORMS.items() if kind not in gone]


class ConditionForm(PartForm):
    """One condition; its form is called as the condition's word is."""

    title: ClassVar[Promise]
    made: ClassVar[type[Condition]]
    units: ClassVar[Mapping[str, Promise | str]] = {}
    wide: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        data: QueryDict | None,
        *,
        prefix: str,
        offer: Offer,
        condition: Condition | None = None,
    ) -> None:
        self.sent = data
        super().__init__(data, prefix=prefix, initial=self.shown(condition) if condition else None)
        self.offer_from(offer)

    @property
    def kind(self) -> str:
        """The condition's word."""
        return self.made.kind

    @property
    def place(self) -> str:
        """Its block and its number there, as buttons name it: `0-2`."""
        return str(self.prefix).removeprefix("b")

    @property
    def condition(self) -> Condition:
        """What was typed."""
        return self.made(**self.told(self.cleaned_data))

    @property
    def parts(self) -> Iterator[tuple[BoundField, str, Promise | str]]:
        """Each field with its width and its unit, in the order in which they are read."""
        for field in self:
            yield field, self.wide.get(field.name, "m"), self.units.get(field.name, "")

    @classmethod
    def shown(cls, condition: Any) -> dict[str, Any]:  # noqa: ANN401 (each form has its own)
        """What a condition looks like in the fields."""
        return {name: getattr(condition, name) for name in cls.base_fields}

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """What the fields say, as the condition keeps it."""
        return given

    def offer_from(self, offer: Offer) -> None:
        """Fill in what there is to choose from."""


def _whether(yes: "_StrPromise", no: "_StrPromise") -> forms.TypedChoiceField:
    """One of two, which is true or false."""
    return forms.TypedChoiceField(
        label=_("ce qui est demandé"),
        choices=[(True, yes), (False, no)],
        coerce=lambda told: told == "True",
    )


def _threshold() -> forms.TypedChoiceField:
    return _whether(_("au moins"), _("moins de"))


def _which(label: "_StrPromise", missing: "_StrPromise") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, error_messages=_missing(missing))


def _missing(words: "_StrPromise") -> dict[str, "_StrPromise"]:
    return {"required": words, "invalid_choice": words}


def _ever() -> WholeField:
    return WholeField(
        label=_("derniers mois"),
        least=1,
        most=MOST_MONTHS,
        required=False,
        help_text=_("Vide : depuis toujours."),
    )


class _ArticleForm(ConditionForm):
    units = _LATELY
    wide: ClassVar = {"did": "l", "article": "xl", "months": "l"}
    did = _whether(_("a acheté"), _("n’a pas acheté"))
    article = _which(_("Rayon"), _("Choisissez dans la liste."))
    months = _ever()

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """No months is ever."""
        return given | {"months": given["months"] or 0}

    @classmethod
    def shown(cls, condition: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ever is no months."""
        return super().shown(condition) | {"months": condition.months or None}


class CategoryForm(_ArticleForm):
    """Bought of a category."""

    title, made = _("Rayon acheté"), conditions.BoughtCategory

    def offer_from(self, offer: Offer) -> None:
        """Of the catalogue."""
        self.fields["article"].choices = offer.categories  # type: ignore[attr-defined]


class ProductForm(_ArticleForm):
    """Bought a product."""

    title, made = _("Article acheté"), conditions.BoughtProduct
    article = BoughtField(label=_("Article"), error_messages=_missing(_("Choisissez un article.")))

    def offer_from(self, offer: Offer) -> None:
        """Of the catalogue, as far as it was searched."""
        name, kept = self.add_prefix("article"), self.get_initial_for_field
        field: BoughtField = self.fields["article"]  # type: ignore[assignment]
        field.offer(offer.merchant, name, self.sent, kept=(kept(field, "article") or "",))


class NothingForm(ConditionForm):
    """Bought nothing for some months."""

    title, made = _("Aucun achat depuis"), conditions.BoughtNothing
    units: ClassVar = {"months": _("mois")}
    months = WholeField(
        label=_("Mois"),
        least=1,
        most=MOST_MONTHS,
        help_text=_("Qui n’a jamais acheté compte depuis son inscription."),
        error_messages={"required": _("Depuis combien de mois ?")},
    )


class SpentForm(ConditionForm):
    """Spent so much."""

    title, made = _("Montant dépensé"), conditions.HasSpent
    units: ClassVar = {"cents": "€", **_LATELY}
    wide: ClassVar = {"months": "l"}
    least = _threshold()
    cents = EurosField(label=_("Montant"), error_messages={"required": _("Quel montant ?")})
    months = _ever()

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """No months is ever."""
        return given | {"months": given["months"] or 0}

    @classmethod
    def shown(cls, condition: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ever is no months."""
        return super().shown(condition) | {"months": condition.months or None}


class VisitsForm(ConditionForm):
    """Came so often."""

    title, made = _("Visites"), conditions.HasVisited
    units: ClassVar = {"times": _("fois")}
    least = _threshold()
    times = WholeField(
        label=_("Fois"),
        least=1,
        most=MOST_COUNTED,
        error_messages={"required": _("Combien de fois ?")},
    )


class PointsForm(ConditionForm):
    """Has so many points."""

    title, made = _("Points"), conditions.HasPoints
    units: ClassVar = {"points": _("points")}
    least = _threshold()
    points = WholeField(
        label=_("Points"),
        least=0,
        most=MOST_COUNTED,
        error_messages={"required": _("Combien de points ?")},
    )


class TierForm(ConditionForm):
    """Has a tier."""

    title, made = _("Statut"), conditions.HasTier
    wide: ClassVar = {"tier": "xl"}
    tier = _which(_("Statut"), _("Choisissez dans la liste."))

    def offer_from(self, offer: Offer) -> None:
        """Of those there are."""
        self.fields["tier"].choices = offer.tiers  # type: ignore[attr-defined]


class GenderForm(ConditionForm):
    """What they said of themselves."""

    title, made = _("Genre"), conditions.IsGender
    wide: ClassVar = {"gender": "l"}
    gender = forms.ChoiceField(
        label=_("Genre"),
        choices=[_CHOOSE, *Gender.choices, (UNKNOWN, _("Non indiqué"))],
        error_messages={"required": _("Choisissez dans la liste.")},
    )

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """Nothing known is empty."""
        return {"gender": "" if given["gender"] == UNKNOWN else given["gender"]}

    @classmethod
    def shown(cls, condition: Any) -> dict[str, Any]:  # noqa: ANN401
        """Empty is a choice."""
        return {"gender": condition.gender or UNKNOWN}


class AgeForm(ConditionForm):
    """So many years old."""

    title, made = _("Âge"), conditions.IsAged
    units: ClassVar = {"years": _("ans")}
    least = _threshold()
    years = WholeField(
        label=_("Ans"),
        least=1,
        most=MOST_YEARS,
        help_text=_("Qui n’a pas d’année de naissance n’est ni l’un ni l’autre."),
        error_messages={"required": _("Quel âge ?")},
    )


class BirthdayForm(ConditionForm):
    """Born in a month."""

    title, made = _("Anniversaire"), conditions.HasBirthday
    wide: ClassVar = {"month": "l"}
    month = forms.TypedChoiceField(
        label=_("Mois"),
        coerce=int,
        choices=[(THIS_MONTH, _("ce mois-ci")), *MONTHS.items()],
    )


class PostcodeForm(ConditionForm):
    """Lives under a postcode."""

    title, made = _("Code postal"), conditions.LivesIn
    wide: ClassVar = {"begins": "xl"}
    begins = forms.CharField(
        label=_("Commence par"),
        max_length=80,
        help_text=_("Plusieurs : une espace entre eux."),
        error_messages={"required": _("Par quels chiffres commence-t-il ?")},
    )

    def clean_begins(self) -> str:
        """As records keep theirs."""
        return " ".join(self.cleaned_data["begins"].replace(",", " ").upper().split())


class ShopForm(ConditionForm):
    """Of a shop."""

    title, made = _("Boutique"), conditions.OfShop
    wide: ClassVar = {"tie": "xl", "shop": "xl"}
    tie = forms.ChoiceField(
        label=_("Lien"),
        choices=[(Tie.SEEN, _("venu la dernière fois à")), (Tie.JOINED, _("inscrit à"))],
    )
    shop = _which(_("Boutique"), _("Choisissez dans la liste."))

    def offer_from(self, offer: Offer) -> None:
        """Of those there are or were."""
        self.fields["shop"].choices = offer.shops  # type: ignore[attr-defined]


class ConsentForm(ConditionForm):
    """Agreed or not."""

    title, made = _("Consentement"), conditions.Accepts
    wide: ClassVar = {"agreed": "l", "channel": "l"}
    agreed = _whether(_("accepte"), _("n’accepte pas"))
    channel = forms.ChoiceField(
        label=_("Canal"), choices=[(Channel.EMAIL, _("les e-mails")), (Channel.SMS, _("les SMS"))]
    )


FORMS: Final[dict[str, type[ConditionForm]]] = {
    form.made.kind: form
    for form in (
        *(CategoryForm, ProductForm, NothingForm, SpentForm, VisitsForm, PointsForm, TierForm),
        *(GenderForm, AgeForm, BirthdayForm, PostcodeForm, ShopForm, ConsentForm),
    )
}
"""By the condition's word, in the order in which they are offered."""
_OF_MODULES: Final = {
    conditions.HasTier.kind: Module.TIERS,
    conditions.HasPoints.kind: Module.LOYALTY,
}


def _named(name: str, *, gone: bool) -> str:
    return _now("%(name)s (retiré)") % {"name": name} if gone else name


def _shop(name: str, *, closed: object) -> str:
    return _now("%(name)s (fermée)") % {"name": name} if closed else name
