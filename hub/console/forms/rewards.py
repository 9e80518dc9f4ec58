# SPDX-License-Identifier: Apache-2.0
"""A reward as the merchant edits it: what each type wants to be told makes the form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.articles import CountedField
from hub.console.forms.earning import MOST_POINTS, EarnForm, earn_initial, ends_before, iso
from hub.console.forms.fields import DayField, EurosField, PercentField, PictureField, WholeField
from hub.merchants.models import Merchant, Shop
from hub.programmes.models import Reward, Rules
from loyalty.rewards import TYPES
from loyalty.rewards.type import RewardType, Term, Unit
from loyalty.tier import Tier

FLAGS: Final = ("welcome", "per_visit", "pro", "birthday")
"""Options that are on or off."""
OWN: Final = frozenset({"rate_bp", "gift_title"})
"""Terms that a reward has a column for."""
TERMS: Final = {term.name: term for kind in TYPES.values() for term in kind.terms}
MISSING: Final = {
    Unit.RATE: _("Donnez un pourcentage, comme 10 ou 2,5."),
    Unit.TEXT: _("Dites ce que le client reçoit."),
    Unit.ARTICLE: _("Choisissez un article ou une catégorie."),
}
UNITS: Final = {Unit.RATE: "%", Unit.CENTS: "€", Unit.POINTS: _("points")}
WIDTHS: Final = {Unit.TEXT: "xl", Unit.ARTICLE: "xl", Unit.RATE: "s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A term's field, and for which types it shows."""

    field: BoundField
    places: str
    unit: str
    wide: str


class RewardForm(EarnForm):
    """One reward, with the step that all of them share (SPEC C2–C13, C20–C22)."""

    kind = forms.ChoiceField(
        label=_("Type"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez un type."),
            "invalid_choice": _("Choisissez un des types proposés."),
        },
    )
    cost = WholeField(label=_("Coût"), least=0, most=MOST_POINTS, required=False)
    title = forms.CharField(
        label=_("Titre lu par le client"),
        max_length=60,
        error_messages={"required": _("Le client lit ce titre à la caisse : donnez-en un.")},
    )
    from_day = DayField(label=_("À partir du"), required=False)
    until_day = DayField(label=_("Jusqu’au"), required=False)
    per_customer = WholeField(label=_("Par client, au plus"), least=1, most=1000, required=False)
    stock = WholeField(
        # what it was when the page was opened: tills give some of it meanwhile
        label=_("Il en reste"),
        least=0,
        most=MOST_POINTS,
        required=False,
        show_hidden_initial=True,
    )
    photo = PictureField(
        label=_("Photo"),
        required=False,
        help_text=_(
            "PNG, JPEG ou WebP, 300 Ko au plus. Vos clients la voient sur la page et à la caisse."
        ),
    )
    no_photo = forms.BooleanField(label=_("Retirer la photo"), required=False)
    welcome = forms.BooleanField(label=_("Bienvenue, première commande"), required=False)
    per_visit = forms.BooleanField(label=_("À la n-ième visite"), required=False)
    pro = forms.BooleanField(label=_("Réservée aux clients pro"), required=False)
    birthday = forms.BooleanField(label=_("À l’anniversaire"), required=False)
    tiers = forms.MultipleChoiceField(
        label=_("Réservée aux statuts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ce statut n’existe plus.")},
    )
    shops = forms.MultipleChoiceField(
        label=_("Boutiques"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Cette boutique n’est pas à vous.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        merchant: Merchant,
        reward: Reward | None,
        rules: Rules,
        tiers: Sequence[Tier] = (),
        stock: int = 0,
    ) -> None:
        super().__init__(data, files, initial=_initial(merchant, reward, rules, stock))
        self.rules = rules
        self._choose("kind", [(kind, _(one.name)) for kind, one in TYPES.items()])
        self._choose("tiers", [(tier.id, tier.name) for tier in tiers])
        self._choose("shops", [(shop.pk, shop.name) for shop in merchant.open_shops])
        without = reward.not_in_shops.exclude(closed_at=None) if reward else Shop.objects.none()
        self._shut: list[str] = list(without.values_list("pk", flat=True))
        for term in TERMS.values():
            self.fields[term.name] = field = _field_of(term)
            if isinstance(field, CountedField):
                kept = (str(self.initial.get(term.name) or ""),)
                field.offer(merchant, term.name, data, kept=kept)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen type and options need, and forget what they do not."""
        given = super().clean() or {}
        kind = TYPES.get(given.get("kind", ""))
        if kind:
            for name in TERMS.keys() - {term.name for term in kind.terms}:
                given[name] = None
                self.errors.pop(name, None)
            for term in kind.terms:
                self._check(term, given.get(term.name))
            self._check_cost(kind, given)
        if wrong := ends_before(given):
            self.add_error("until_day", wrong)
        if given.get("birthday") and not self.rules.birthday_days:
            said = _("Dites d’abord dans « Règles de gain » combien de jours elle peut servir.")
            self.add_error("birthday", said)
        return given

    @property
    def asked(self) -> Iterator[Asked]:
        """The terms of all types, each for the places of its types among them."""
        for name, term in TERMS.items():
            kinds = {kind for kind, one in TYPES.items() if any(t.name == name for t in one.terms)}
            yield Asked(
                field=self[name],
                places=_places(kinds),
                unit=str(UNITS.get(term.unit, "")),
                wide=WIDTHS.get(term.unit, "m"),
            )

    @property
    def priced(self) -> str:
        """The places of types that cost points."""
        return _places({kind for kind, one in TYPES.items() if one.priced})

    @property
    def by_itself(self) -> str:
        """The places of types that a till can apply by itself."""
        return _places({kind for kind, one in TYPES.items() if _by_itself(one)})

    @property
    def not_in_shops(self) -> list[str]:
        """Ids of the unticked shops: one that opens later has the reward.

        What was said of one that is closed is as it was, for the day it opens again.
        """
        ticked = set(self.cleaned_data.get("shops", ()))
        asked = self.fields["shops"].choices  # type: ignore[attr-defined]
        return [*(pk for pk, _name in asked if pk not in ticked), *self._shut]

    def fill(self, row: Reward) -> Reward:
        """Write what was understood into a reward; what was not takes a plain value."""
        given = self.cleaned_data
        kind = given.get("kind") or next(iter(TYPES))
        row.kind, row.title = kind, given.get("title") or str(_("Votre récompense"))
        row.cost = given.get("cost") or 0
        row.rate_bp, row.gift_title = given.get("rate_bp") or 0, given.get("gift_title") or ""
        row.terms = {
            term.name: given[term.name]
            for term in TYPES[kind].terms
            if term.name not in OWN and given.get(term.name)
        }
        row.options = {flag: True for flag in FLAGS if given.get(flag)}
        for day in ("from_day", "until_day"):
            if given.get(day):
                row.options[day] = iso(given[day])
        if given.get("tiers"):
            row.options["tiers"] = given["tiers"]
        if given.get("per_customer"):
            row.options["per_customer"] = given["per_customer"]
        if given.get("stock") is not None:
            row.options["stock"] = True
        if given.get("photo"):
            row.photo, row.photo_type = given["photo"]
        elif given.get("no_photo"):
            row.photo, row.photo_type = b"", ""
        return row

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _check(self, term: Term, value: int | str | None) -> None:
        if term.name in self.errors:
            return
        if value in (None, ""):
            if term.required:
                self.add_error(term.name, MISSING.get(term.unit, _("Combien ? Un nombre entier.")))
        elif isinstance(value, int) and not term.least <= value <= term.most:
            wrong = _("Entre %(least)s et %(most)s.")
            self.add_error(term.name, wrong % {"least": term.least, "most": term.most})

    def _check_cost(self, kind: RewardType, given: dict[str, Any]) -> None:
        if given.get("per_visit"):
            if not _by_itself(kind):
                said = _("La caisse ne peut pas l’appliquer seule : on lui dit combien.")
                self.add_error("per_visit", said)
            elif not given.get("cost") and "cost" not in self.errors:
                self.add_error("cost", _("À quelle visite ? 10 : à la dixième."))
        elif given.get("welcome") or not kind.priced:
            given["cost"] = 0
            self.errors.pop("cost", None)
        elif given.get("cost") is None and "cost" not in self.errors:
            self.add_error("cost", _("Combien de points coûte-t-elle ? 0 est permis."))


def _by_itself(kind: RewardType) -> bool:
    return kind.priced and kind.asks is None


def _places(kinds: set[str]) -> str:
    """Classes that name the places of some types among all: the style sheet goes by place."""
    return " ".join(f"k{place}" for place, kind in enumerate(TYPES, 1) if kind in kinds)


def _field_of(term: Term) -> forms.Field:
    label = _(term.label)
    hint = "" if term.required else _("Vide : sans limite.")
    match term.unit:
        case Unit.RATE:
            return PercentField(label=label, required=False)
        case Unit.CENTS:
            return EurosField(label=label, required=False, help_text=hint)
        case Unit.TEXT:
            return forms.CharField(label=label, max_length=term.most, required=False)
        case Unit.ARTICLE:
            missing = {"invalid_choice": _("Cet article n’est plus au catalogue.")}
            return CountedField(label=label, required=False, error_messages=missing)
        case Unit.POINTS | Unit.COUNT:
            return WholeField(
                label=label, least=term.least, most=term.most, required=False, help_text=hint
            )


def _initial(
    merchant: Merchant, reward: Reward | None, rules: Rules, stock: int
) -> dict[str, object]:
    without = set(reward.not_in_shops.values_list("pk", flat=True)) if reward else set()
    ticked = [pk for pk in merchant.open_shops.values_list("pk", flat=True) if pk not in without]
    common: dict[str, object] = {**earn_initial(rules), "shops": ticked}
    if reward is None:
        return {**common, "kind": next(iter(TYPES))}
    options = dict(reward.options)
    return {
        **common,
        **reward.terms,
        **options,
        "stock": stock if options.get("stock") else None,
        "kind": reward.kind,
        "cost": reward.cost,
        "title": reward.title,
        "rate_bp": reward.rate_bp or None,
        "gift_title": reward.gift_title,
    }
